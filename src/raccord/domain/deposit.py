"""A deposit: an invoice that we send. Its states, the only changes allowed between them, and what a face asks."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from raccord.domain.faults import Fault


class DepositState(StrEnum):
    """Where a deposit stands on our side. What Chorus Pro says of it is `platform_status`, kept beside, as it came."""

    FAULTY = "faulty"
    READY = "ready"
    SENDING = "sending"
    UNCERTAIN = "uncertain"
    TO_DECIDE = "to_decide"
    SENT = "sent"
    INTEGRATED = "integrated"
    REFUSED = "refused"
    CANCELLED = "cancelled"

    @property
    def label(self) -> str:
        """The words on the screens."""
        return _LABELS[self]

    @property
    def holds_number(self) -> bool:
        """Whether the triple (supplier SIREN, issue year, number) is taken by a deposit in this state.

        A flux refused at control does not consume the number (specifications/flux.md §7).
        """
        return self not in (DepositState.FAULTY, DepositState.REFUSED, DepositState.CANCELLED)


_LABELS = {
    DepositState.FAULTY: "À corriger",
    DepositState.READY: "En attente d’envoi",
    DepositState.SENDING: "Envoi en cours",
    DepositState.UNCERTAIN: "Envoi non confirmé, vérification en cours",
    DepositState.TO_DECIDE: "À décider : Chorus Pro ne permet pas de savoir si l’envoi a abouti",
    DepositState.SENT: "Envoyée, contrôle en cours par Chorus Pro",
    DepositState.INTEGRATED: "Intégrée dans Chorus Pro",
    DepositState.REFUSED: "Refusée au contrôle par Chorus Pro",
    DepositState.CANCELLED: "Annulée avant envoi",
}

TRANSITIONS: frozenset[tuple[DepositState, DepositState]] = frozenset(
    {
        (DepositState.READY, DepositState.SENDING),
        (DepositState.READY, DepositState.CANCELLED),
        (DepositState.READY, DepositState.INTEGRATED),  # Chorus Pro holds it already: it left before a restore
        (DepositState.SENDING, DepositState.SENT),  # the answer came
        (DepositState.SENDING, DepositState.INTEGRATED),  # submitted by fields: Chorus Pro answers at once
        (
            DepositState.SENDING,
            DepositState.READY,
        ),  # certainly not sent: nothing left this machine, or 429 before work
        (DepositState.SENDING, DepositState.UNCERTAIN),  # no answer: ask before sending again
        (DepositState.SENDING, DepositState.REFUSED),  # a synchronous refusal (too large, malformed)
        (DepositState.UNCERTAIN, DepositState.SENT),  # found in a flux at Chorus Pro
        (DepositState.UNCERTAIN, DepositState.INTEGRATED),  # found as an invoice at Chorus Pro
        (DepositState.UNCERTAIN, DepositState.READY),  # asked after the take-over delay: not there
        (DepositState.UNCERTAIN, DepositState.TO_DECIDE),  # the platform cannot tell
        (DepositState.TO_DECIDE, DepositState.READY),
        (DepositState.TO_DECIDE, DepositState.CANCELLED),
        (DepositState.TO_DECIDE, DepositState.INTEGRATED),
        (DepositState.SENT, DepositState.INTEGRATED),
        (DepositState.SENT, DepositState.REFUSED),
        (DepositState.SENT, DepositState.READY),  # IN_INCIDENTE: the whole flux must be sent again
        (DepositState.REFUSED, DepositState.INTEGRATED),  # refused as a duplicate of itself: Chorus Pro holds it
        (DepositState.REFUSED, DepositState.READY),  # a person sends again what was refused at control
        (DepositState.FAULTY, DepositState.READY),  # checked again, without fault this time
    }
)


def may_become(current: DepositState, target: DepositState) -> bool:
    """Whether the table above allows this change."""
    return (current, target) in TRANSITIONS


RECOVERED = "reconcile"
"""The source of a deposit that was lost here and taken back from Chorus Pro."""
BY_FIELDS = "DEPOT_PDF_API"
"""In the place of `syntaxeFlux`, for a deposit that leaves by `soumettre` and not in a flux."""


class Road(StrEnum):
    """By which road an invoice given as data (JSON, with or without a PDF) goes to Chorus Pro."""

    FACTURX = "facturx"
    """Raccord makes a Factur-X of it, which travels like any other file."""
    FIELDS = "fields"
    """`ajouter/fichier` for the PDF, `soumettre` for the data (specifications/saisie.md)."""


@dataclass(frozen=True)
class NewDeposit:
    """What a face asks: this invoice, through this connection. The same key gives back the same deposit.

    `data` is the file; with `terms` (the data of the invoice, JSON) it is the PDF that people read, or is empty. An
    invoice in JSON alone may also come as `data`. `corrects` is the deposit that this one replaces, if any.
    """

    connection_id: str
    data: bytes
    filename: str
    idempotency_key: str = ""
    author: str = ""
    source: str = "api"
    urgent: bool = False
    not_before: datetime | None = None
    terms: bytes = b""
    road: Road = Road.FACTURX
    corrects: str = ""
    piece: int | None = None
    """The identifier of the PDF at Chorus Pro, when this connection has had it read there (`road` FIELDS)."""


@dataclass(frozen=True)
class Deposit:
    """A deposit as it stands; the bytes are in the archive under `sha256`."""

    id: str
    connection_id: str
    state: DepositState
    filename: str
    syntaxe_flux: str
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
    faults: tuple[Fault, ...]
    platform_status: str
    platform_status_at: datetime | None
    platform_comment: str
    id_facture: int | None
    flux_id: str
    numero_flux: str
    author: str
    source: str
    created_at: datetime
    updated_at: datetime
    urgent: bool = False
    not_before: datetime | None = None


@dataclass(frozen=True)
class Accepted:
    """The answer to `NewDeposit`: the deposit, and whether it existed already."""

    deposit: Deposit
    replayed: bool
