"""What the boards of deadlines read: open invoices, paid ones, their passages, the kinds of public bodies."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from raccord.domain.clock import PARIS
from raccord.domain.deadlines import BodyKind, Passage
from raccord.domain.deposit import DepositState
from raccord.domain.statuses import FINAL
from raccord.store.dialects import insert
from raccord.store.tables.core import deposits, events, flux, receptions
from raccord.store.tables.outward import payment_terms

_TOLD = {
    "deposit.integrated": "status",
    "deposit.status": "status",
    "reception.seen": "status",
    "reception.status": "status",
    "status.done": "target",
}
"""The events that say a status, and where in their data."""
_CHUNK = 500
_PAID = "MISE_EN_PAIEMENT"


@dataclass(frozen=True)
class Awaited:
    """One invoice as the boards see it: `party` is the other side, `body_siret` the public body that pays."""

    id: str
    subject: str
    number: str
    party: str
    party_siret: str
    body_siret: str
    service: str
    amount: Decimal | None
    deposited: date
    status: str
    status_at: datetime | None


def open_deposits(conn: sa.Connection, connection_id: str, limit: int) -> tuple[Awaited, ...]:
    """Deposits whose payment is awaited, oldest first."""
    return _deposits(conn, _awaited(connection_id), limit)


def awaited_deposits(conn: sa.Connection, ids: Sequence[str]) -> tuple[Awaited, ...]:
    """Those of these deposits whose payment is awaited."""
    return _deposits(conn, (deposits.c.id.in_(ids), *_awaited("")), len(ids))


def paid_deposits(conn: sa.Connection, connection_id: str, since: datetime, limit: int) -> tuple[Awaited, ...]:
    """Deposits paid since that instant."""
    paid = (deposits.c.platform_status == _PAID, deposits.c.platform_status_at >= since)
    return _deposits(conn, (*paid, *_through(connection_id)), limit)


def one_deposit(conn: sa.Connection, deposit_id: str) -> Awaited | None:
    """That deposit as the boards see it."""
    return next(iter(_deposits(conn, (deposits.c.id == deposit_id,), 1)), None)


def these_deposits(conn: sa.Connection, ids: Sequence[str]) -> tuple[Awaited, ...]:
    """Those deposits as the boards see them."""
    return _deposits(conn, (deposits.c.id.in_(ids),), len(ids))


def open_receptions(conn: sa.Connection, structure_id: str, limit: int) -> tuple[Awaited, ...]:
    """Receptions whose payment is awaited, oldest first."""
    return _receptions(conn, structure_id, (receptions.c.platform_status.not_in(FINAL),), limit)


def awaited_receptions(conn: sa.Connection, ids: Sequence[str]) -> tuple[Awaited, ...]:
    """Those of these receptions whose payment is awaited."""
    wanted = (receptions.c.id.in_(ids), receptions.c.platform_status.not_in(FINAL))
    return _receptions(conn, "", wanted, len(ids))


def paid_receptions(conn: sa.Connection, structure_id: str, since: datetime, limit: int) -> tuple[Awaited, ...]:
    """Receptions paid since that instant."""
    at = sa.func.coalesce(receptions.c.platform_status_at, receptions.c.updated_at)
    return _receptions(conn, structure_id, (receptions.c.platform_status == _PAID, at >= since), limit)


def one_reception(conn: sa.Connection, reception_id: str) -> Awaited | None:
    """That reception as the boards see it."""
    return next(iter(_receptions(conn, "", (receptions.c.id == reception_id,), 1)), None)


def these_receptions(conn: sa.Connection, ids: Sequence[str]) -> tuple[Awaited, ...]:
    """Those receptions as the boards see them."""
    return _receptions(conn, "", (receptions.c.id.in_(ids),), len(ids))


def passages(conn: sa.Connection, invoices: Sequence[Awaited]) -> dict[str, tuple[Passage, ...]]:
    """The statuses that each invoice went through, as the journal tells them, by identifier."""
    told: dict[str, list[Passage]] = {invoice.subject: [] for invoice in invoices}
    subjects = list(told)
    for begin in range(0, len(subjects), _CHUNK):
        query = sa.select(events.c.subject, events.c.kind, events.c.at, events.c.data).where(
            events.c.subject.in_(subjects[begin : begin + _CHUNK]), events.c.kind.in_(_TOLD)
        )
        for row in conn.execute(query.order_by(events.c.seq)):
            status = str(row.data.get(_TOLD[row.kind]) or "")
            if status:
                told[row.subject].append(Passage(status, _instant(row.data.get("at"), row.at)))
    return {invoice.id: _completed(invoice, told[invoice.subject]) for invoice in invoices}


def kinds(conn: sa.Connection) -> dict[str, BodyKind]:
    """The public bodies whose period is not the ordinary one, by SIRET."""
    return {row.siret: BodyKind(row.kind) for row in conn.execute(sa.select(payment_terms))}


def set_kind(conn: sa.Connection, siret: str, kind: BodyKind, now: datetime) -> None:
    """Choose the period of a public body."""
    if kind is BodyKind.ORDINARY:
        conn.execute(payment_terms.delete().where(payment_terms.c.siret == siret))
        return
    chosen = insert(conn, payment_terms).values(siret=siret, kind=kind.value, updated_at=now)
    conn.execute(chosen.on_conflict_do_update(index_elements=["siret"], set_={"kind": kind.value, "updated_at": now}))


def _instant(told: object, otherwise: datetime) -> datetime:
    """The instant that Chorus Pro gave, else the one at which we heard of it."""
    try:
        at = datetime.fromisoformat(str(told)) if told else otherwise
    except ValueError:
        return otherwise
    return at if at.tzinfo else at.replace(tzinfo=PARIS)


def _completed(invoice: Awaited, told: list[Passage]) -> tuple[Passage, ...]:
    """The journal's passages, and the present status where the journal does not have it last."""
    if not invoice.status:
        return tuple(told)
    if not told:
        return (Passage(invoice.status, invoice.status_at),) if invoice.status_at else ()
    if told[-1].status != invoice.status:
        at = max(told[-1].at, invoice.status_at or told[-1].at)
        told = [*told, Passage(invoice.status, at)]
    elif len(told) == 1 and invoice.status_at:
        told = [Passage(invoice.status, min(invoice.status_at, told[0].at))]
    return tuple(told)


def _awaited(connection_id: str) -> tuple[sa.ColumnElement[bool], ...]:
    waiting = (deposits.c.state == DepositState.INTEGRATED.value, deposits.c.followed.is_(True))
    return (*waiting, *_through(connection_id))


def _through(connection_id: str) -> tuple[sa.ColumnElement[bool], ...]:
    return (deposits.c.connection_id == connection_id,) if connection_id else ()


def _deposits(conn: sa.Connection, wanted: Iterable[sa.ColumnElement[bool]], limit: int) -> tuple[Awaited, ...]:
    names = ("id", "number", "recipient_name", "recipient_siret", "service_code", "amount_total", "amount_due",
             "platform_status", "platform_status_at", "created_at")  # fmt: skip
    query = (
        sa.select(*(deposits.c[name] for name in names), flux.c.created_at.label("left_at"))
        .select_from(deposits.outerjoin(flux, flux.c.id == deposits.c.flux_id))
        .where(*wanted)
        .order_by(deposits.c.created_at)
        .limit(limit)
    )
    return tuple(_deposit(row) for row in conn.execute(query).all())


def _deposit(row: Any) -> Awaited:
    return Awaited(
        id=row.id,
        subject=f"deposit/{row.id}",
        number=row.number,
        party=row.recipient_name or row.recipient_siret,
        party_siret=row.recipient_siret,
        body_siret=row.recipient_siret,
        service=row.service_code,
        amount=row.amount_total if row.amount_total is not None else row.amount_due,
        deposited=(row.left_at or row.created_at).astimezone(PARIS).date(),
        status=row.platform_status,
        status_at=row.platform_status_at,
    )


def _receptions(
    conn: sa.Connection, structure_id: str, wanted: Iterable[sa.ColumnElement[bool]], limit: int
) -> tuple[Awaited, ...]:
    names = ("id", "number", "supplier_name", "supplier_siret", "recipient_siret", "service_code", "service_name",
             "amount_total", "amount_due", "deposit_date", "issue_date", "platform_status", "platform_status_at",
             "created_at")  # fmt: skip
    query = (
        sa.select(*(receptions.c[name] for name in names))
        .where(*wanted, *([receptions.c.structure_id == structure_id] if structure_id else []))
        .order_by(receptions.c.deposit_date, receptions.c.created_at)
        .limit(limit)
    )
    return tuple(_reception(row) for row in conn.execute(query))


def _reception(row: Any) -> Awaited:
    return Awaited(
        id=row.id,
        subject=f"reception/{row.id}",
        number=row.number,
        party=row.supplier_name or row.supplier_siret,
        party_siret=row.supplier_siret,
        body_siret=row.recipient_siret,
        service=row.service_name or row.service_code,
        amount=row.amount_total if row.amount_total is not None else row.amount_due,
        deposited=row.deposit_date or row.created_at.astimezone(PARIS).date(),
        status=row.platform_status,
        status_at=row.platform_status_at,
    )
