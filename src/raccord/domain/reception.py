"""A reception: an invoice that a public body received through Chorus Pro, and the statuses that it posts back."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum


class ReceptionState(StrEnum):
    """Where a reception stands on our side: it counts as fetched only once its bytes are stored and verified."""

    SEEN = "seen"
    STORED = "stored"

    @property
    def label(self) -> str:
        """The words on the screens."""
        return {"seen": "Vue dans Chorus Pro, à récupérer", "stored": "Récupérée"}[self.value]


class Family(StrEnum):
    """The two loops of the recipient's search (specifications/recipient.md §2)."""

    FACTURE = "FACTURE"
    FACTURE_TRAVAUX = "FACTURE_TRAVAUX"


@dataclass(frozen=True)
class Document:
    """One file of a reception, kept in the archive: kind is pivot, original, pdf or attachment."""

    kind: str
    name: str
    mime: str
    sha256: str
    size: int


@dataclass(frozen=True)
class Reception:
    """An invoice received by a public body."""

    id: str
    connection_id: str
    structure_id: str
    state: ReceptionState
    family: Family
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
    platform_status: str
    platform_status_at: datetime | None
    platform_comment: str
    documents: tuple[Document, ...]
    created_at: datetime
    updated_at: datetime

    @property
    def is_works(self) -> bool:
        """Whether it belongs to the chain of a works contract."""
        return self.family is Family.FACTURE_TRAVAUX


class PostState(StrEnum):
    """Where a status that we post stands. It shows on screens as done only when Chorus Pro has answered."""

    WAITING = "waiting"
    SENDING = "sending"
    UNCERTAIN = "uncertain"
    DONE = "done"
    REFUSED = "refused"

    @property
    def label(self) -> str:
        """The words on the screens, as for « une demande »."""
        return {
            "waiting": "en attente d’envoi", "sending": "envoi en cours", "uncertain": "vérification en cours",
            "done": "acceptée par Chorus Pro", "refused": "refusée par Chorus Pro",
        }[self.value]  # fmt: skip

    @property
    def is_open(self) -> bool:
        """Whether Chorus Pro has not answered yet."""
        return self not in (PostState.DONE, PostState.REFUSED)


@dataclass(frozen=True)
class NewStatus:
    """What a person or a program asks: give this reception that status."""

    reception_id: str
    target: str
    motif: str = ""
    mandate_number: str = ""
    author: str = ""
    source: str = "api"


@dataclass(frozen=True)
class StatusPost:
    """A status on its way to Chorus Pro."""

    id: str
    reception_id: str
    target: str
    motif: str
    mandate_number: str
    state: PostState
    answer: str
    author: str
    created_at: datetime
    updated_at: datetime
