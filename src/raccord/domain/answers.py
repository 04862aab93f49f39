"""What a supplier answers to a public body: a suspended invoice completed, a rejection dealt with."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from raccord.domain.reception import PostState


class AnswerKind(StrEnum):
    """The two answers of a supplier (specifications/api/factures.md §7, §9)."""

    COMPLETE = "complete"
    """`completer`: attachments or a comment, from SUSPENDUE to COMPLETEE."""
    REJECTION = "rejection"
    """`traiterRejet`: the rejection has been dealt with; a new invoice, with a new number, may follow."""

    @property
    def label(self) -> str:
        """The words on the screens."""
        return {"complete": "Compléter la facture suspendue", "rejection": "Déclarer le rejet traité"}[self.value]

    @property
    def asks_for(self) -> str:
        """The status at Chorus Pro from which alone this answer is taken."""
        return {"complete": "SUSPENDUE", "rejection": "REJETEE"}[self.value]


@dataclass(frozen=True)
class Joined:
    """A file that a person joins: its name, its bytes, what it is (100 characters at most)."""

    name: str
    data: bytes
    designation: str = ""


@dataclass(frozen=True)
class NewAnswer:
    """What a face asks: answer so about this deposit. `comment` counts 2,000 characters at most."""

    deposit_id: str
    kind: AnswerKind
    comment: str = ""
    files: tuple[Joined, ...] = ()
    author: str = ""
    source: str = "api"


@dataclass(frozen=True)
class KeptFile:
    """A file beside the original of a deposit; its bytes are in the archive. `kind`: terms, pdf, joined."""

    kind: str
    name: str
    designation: str
    sha256: str
    size: int


@dataclass(frozen=True)
class Answer:
    """An answer on its way to Chorus Pro; it counts as given only once the platform has said yes."""

    id: str
    deposit_id: str
    kind: AnswerKind
    comment: str
    files: tuple[KeptFile, ...]
    state: PostState
    reply: str
    author: str
    created_at: datetime
    updated_at: datetime
