"""What the API shows of each thing. These shapes are a promise: a field may be added, none is renamed or removed."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Generic, TypeVar

import msgspec

from raccord.domain.cadres import cadre_label
from raccord.domain.connection import Connection, Structure
from raccord.domain.deposit import Deposit
from raccord.domain.faults import Fault
from raccord.domain.journal import Event
from raccord.domain.next_steps import next_step
from raccord.domain.reception import Reception, StatusPost
from raccord.domain.statuses import AFNOR, label
from raccord.domain.verdict import Verdict
from raccord.engine.deposits.outlook import Outlook

Item = TypeVar("Item")


class Listing(msgspec.Struct, Generic[Item], frozen=True):
    """Some items, and the token that asks for the following ones (empty at the end)."""

    items: list[Item]
    next: str


class Sequence(msgspec.Struct, Generic[Item], frozen=True):
    """Some items in order, and the number to give as `after` next time (the same one when nothing new came)."""

    items: list[Item]
    next: int


class FaultView(msgspec.Struct, frozen=True):
    """What a check found: `code` for life, `path` where, `sentence` what is wrong, `cure` what to do instead."""

    code: str
    severity: str
    path: str
    sentence: str
    cure: str
    sentence_en: str
    rule_set: str
    business_term: str

    @classmethod
    def of(cls, fault: Fault) -> "FaultView":
        """The view of this fault."""
        return cls(
            fault.code, fault.severity.value, fault.path, fault.sentence, fault.cure, fault.sentence_en, fault.rule_set,
            fault.bt,
        )  # fmt: skip


class PlatformStatus(msgspec.Struct, frozen=True):
    """A status at Chorus Pro: its code as it came, its French label, the AFNOR status, since when, the comment."""

    code: str
    label: str
    afnor: str
    at: datetime | None
    comment: str


def _platform(code: str, at: datetime | None, comment: str) -> PlatformStatus | None:
    return PlatformStatus(code, label(code), AFNOR.get(code, ""), at, comment) if code else None


class OutlookView(msgspec.Struct, frozen=True):
    """What becomes of a deposit now. `code`: leaving, later, kept, paused, disabled, on_its_way, done, to_act."""

    code: str
    waits: bool
    sentence: str
    cure: str

    @classmethod
    def of(cls, outlook: Outlook) -> "OutlookView":
        """The view of this outlook."""
        return cls(outlook.code, outlook.waits, outlook.sentence, outlook.cure)


class DepositView(msgspec.Struct, frozen=True):
    """An invoice that we send, and where it stands."""

    id: str
    connection_id: str
    state: str
    state_label: str
    filename: str
    syntax: str
    sha256: str
    size: int
    number: str
    issue_date: date | None
    supplier_siret: str
    supplier_name: str
    recipient_siret: str
    recipient_name: str
    service_code: str
    commitment: str
    type_code: str
    cadre: str
    currency: str
    amount_due: Decimal | None
    amount_total: Decimal | None
    faults: list[FaultView]
    platform_status: PlatformStatus | None
    id_facture: int | None
    numero_flux: str
    author: str
    source: str
    created_at: datetime
    updated_at: datetime
    urgent: bool
    not_before: datetime | None
    next_step: str
    cadre_label: str
    outlook: OutlookView | None = None

    @classmethod
    def of(cls, deposit: Deposit, outlook: Outlook | None = None) -> "DepositView":
        """The view of this deposit, and what becomes of it now when that is told."""
        return cls(
            id=deposit.id, connection_id=deposit.connection_id, state=deposit.state.value,
            state_label=deposit.state.label, filename=deposit.filename, syntax=deposit.syntaxe_flux,
            sha256=deposit.sha256, size=deposit.size, number=deposit.number, issue_date=deposit.issue_date,
            supplier_siret=deposit.supplier_siret, supplier_name=deposit.supplier_name,
            recipient_siret=deposit.recipient_siret, recipient_name=deposit.recipient_name,
            service_code=deposit.service_code, commitment=deposit.commitment, type_code=deposit.type_code,
            cadre=deposit.cadre, currency=deposit.currency, amount_due=deposit.amount_due,
            amount_total=deposit.amount_total, faults=[FaultView.of(fault) for fault in deposit.faults],
            platform_status=_platform(deposit.platform_status, deposit.platform_status_at, deposit.platform_comment),
            id_facture=deposit.id_facture, numero_flux=deposit.numero_flux, author=deposit.author,
            source=deposit.source, created_at=deposit.created_at, updated_at=deposit.updated_at,
            urgent=deposit.urgent, not_before=deposit.not_before, next_step=next_step(deposit.platform_status),
            cadre_label=cadre_label(deposit.cadre), outlook=OutlookView.of(outlook) if outlook else None,
        )  # fmt: skip


class DocumentView(msgspec.Struct, frozen=True):
    """One file of a reception; fetch it under `/receptions/{id}/documents/{sha256}`."""

    kind: str
    name: str
    mime: str
    sha256: str
    size: int


class ReceptionView(msgspec.Struct, frozen=True):
    """An invoice that a public body received. `sequence` orders the stored ones for consumers."""

    id: str
    sequence: int | None
    structure_id: str
    state: str
    family: str
    id_facture: int
    number: str
    issue_date: date | None
    deposit_date: date | None
    supplier_siret: str
    supplier_name: str
    recipient_siret: str
    service_code: str
    service_name: str
    commitment: str
    market: str
    type_code: str
    currency: str
    amount_total: Decimal | None
    amount_due: Decimal | None
    platform_status: PlatformStatus | None
    documents: list[DocumentView]
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, reception: Reception, sequence: int | None = None) -> "ReceptionView":
        """The view of this reception."""
        return cls(
            id=reception.id, sequence=sequence, structure_id=reception.structure_id, state=reception.state.value,
            family=reception.family.value, id_facture=reception.id_facture, number=reception.number,
            issue_date=reception.issue_date, deposit_date=reception.deposit_date,
            supplier_siret=reception.supplier_siret, supplier_name=reception.supplier_name,
            recipient_siret=reception.recipient_siret, service_code=reception.service_code,
            service_name=reception.service_name, commitment=reception.commitment, market=reception.market,
            type_code=reception.type_code, currency=reception.currency, amount_total=reception.amount_total,
            amount_due=reception.amount_due,
            platform_status=_platform(
                reception.platform_status, reception.platform_status_at, reception.platform_comment
            ),
            documents=[DocumentView(one.kind, one.name, one.mime, one.sha256, one.size) for one in reception.documents],
            created_at=reception.created_at, updated_at=reception.updated_at,
        )  # fmt: skip


class StatusPostView(msgspec.Struct, frozen=True):
    """A status on its way to Chorus Pro; it counts as done only once the platform has answered."""

    id: str
    reception_id: str
    target: str
    motif: str
    mandate_number: str
    state: str
    answer: str
    author: str
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, post: StatusPost) -> "StatusPostView":
        """The view of this post."""
        return cls(
            post.id, post.reception_id, post.target, post.motif, post.mandate_number, post.state.value, post.answer,
            post.author, post.created_at, post.updated_at,
        )  # fmt: skip


class ConnectionView(msgspec.Struct, frozen=True):
    """A way to Chorus Pro and its light. No secret is ever shown."""

    id: str
    label: str
    environment: str
    model: str
    login: str
    enabled: bool
    light: str
    light_sentence: str
    light_since: datetime | None
    cause: str
    expires_at: datetime | None
    expiry_source: str
    last_success_at: datetime | None
    calls_stopped: bool
    paused: bool

    @classmethod
    def of(cls, connection: Connection) -> "ConnectionView":
        """The view of this connection."""
        return cls(
            id=connection.id, label=connection.label, environment=connection.environment.value,
            model=connection.model.value, login=connection.login, enabled=connection.enabled,
            light=connection.light.value, light_sentence=connection.light.sentence,
            light_since=connection.light_since, cause=connection.cause, expires_at=connection.expires_at,
            expiry_source=connection.expiry_source.value, last_success_at=connection.last_success_at,
            calls_stopped=connection.breaker_open, paused=connection.paused,
        )  # fmt: skip


class StructureView(msgspec.Struct, frozen=True):
    """A supplier or a public body served by a connection."""

    id: str
    connection_id: str
    siret: str
    label: str
    id_structure_cpp: int | None
    is_supplier: bool
    is_recipient: bool
    receive_from: datetime | None

    @classmethod
    def of(cls, structure: Structure) -> "StructureView":
        """The view of this structure."""
        return cls(
            structure.id, structure.connection_id, structure.siret, structure.label, structure.id_structure_cpp,
            structure.is_supplier, structure.is_recipient, structure.receive_from,
        )  # fmt: skip


class RungView(msgspec.Struct, frozen=True):
    """One question to the chain and its answer."""

    name: str
    title: str
    state: str
    sentence: str
    evidence: str
    duration_ms: float


class SuspicionView(msgspec.Struct, frozen=True):
    """A cause that the evidence allows, its odds in percent, its sentence and the steps of its cure."""

    code: str
    title: str
    percent: int
    sentence: str
    steps: list[str]


class VerdictView(msgspec.Struct, frozen=True):
    """The doctor's answer: the light, each rung, the causes (most likely first)."""

    connection_id: str
    at: datetime
    light: str
    light_sentence: str
    rungs: list[RungView]
    suspicions: list[SuspicionView]
    retry_at: datetime | None
    expires_at: datetime | None

    @classmethod
    def of(cls, verdict: Verdict) -> "VerdictView":
        """The view of this verdict."""
        rungs = [
            RungView(rung.name, rung.title, rung.state.value, rung.sentence, rung.evidence, rung.duration_ms)
            for rung in verdict.rungs
        ]
        suspicions = [
            SuspicionView(one.cause.code, one.cause.title, one.percent, one.sentence, list(one.cause.steps))
            for one in verdict.suspicions
        ]
        return cls(
            verdict.connection_id, verdict.at, verdict.light.value, verdict.light.sentence, rungs, suspicions,
            verdict.retry_at, verdict.expires_at,
        )  # fmt: skip


class EventView(msgspec.Struct, frozen=True):
    """One line of the journal, sealed to the one before."""

    seq: int
    subject: str
    kind: str
    at: datetime
    actor: str
    data: Mapping[str, Any]
    hash: str

    @classmethod
    def of(cls, event: Event) -> "EventView":
        """The view of this event."""
        return cls(event.seq, event.subject, event.kind, event.at, event.actor, event.data, event.hash)
