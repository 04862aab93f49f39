"""What Chorus Pro knows and Raccord does not: invoices sent, invoices received, their statuses."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum


class Finding(StrEnum):
    """What is to be made of one invoice."""

    ADOPTED = "adopted"
    """Raccord believes it waiting or refused; Chorus Pro holds it."""
    RECOVERED = "recovered"
    """Deposited by a program after the backup; Raccord has lost it."""
    STATUS = "status"
    """Sent, known here, and its status has changed."""
    CONFLICT = "conflict"
    """Waiting here, while Chorus Pro holds another invoice under its number: it would be refused."""
    RECEIVED = "received"
    """Received by a public body, unknown here."""
    RECEIVED_STATUS = "received_status"
    """Received, known here, and its status has changed."""

    @property
    def label(self) -> str:
        """The words on the screens."""
        return _LABELS[self]


_LABELS = {
    Finding.ADOPTED: "Déjà dans Chorus Pro : ne partira pas une seconde fois",
    Finding.RECOVERED: "Déposée depuis, absente de Raccord",
    Finding.STATUS: "Statut changé dans Chorus Pro",
    Finding.CONFLICT: "Numéro déjà pris dans Chorus Pro par une autre facture",
    Finding.RECEIVED: "Reçue depuis, absente de Raccord",
    Finding.RECEIVED_STATUS: "Statut changé dans Chorus Pro (facture reçue)",
}
SHOWN = 200
"""Lines kept for each finding: the counts are whole."""


@dataclass(frozen=True)
class Line:
    """One invoice of the difference. `here` is where Raccord believes it, `there` its status at Chorus Pro."""

    finding: Finding
    number: str
    party: str
    amount: Decimal | None
    currency: str
    here: str
    there: str
    id_facture: int
    subject_id: str = ""
    """The deposit or the reception, empty for one that is not in Raccord."""


@dataclass(frozen=True)
class Difference:
    """The answer to « what happened since »."""

    connection_id: str
    since: datetime
    asked_at: datetime
    applied: bool
    counts: Mapping[Finding, int]
    lines: tuple[Line, ...]
    """The first of each finding, `SHOWN` at most."""
    elsewhere: int
    """Invoices typed on the portal since then: they are none of Raccord's."""
    waiting: int
    """Deposits that Chorus Pro does not hold: they leave when sending resumes."""

    @property
    def total(self) -> int:
        """How many invoices differ."""
        return sum(self.counts.values())
