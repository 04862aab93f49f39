"""What a person must do about the invoices sent: correct, decide, answer the public body."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum


class Task(StrEnum):
    """What is to be done."""

    CORRECT = "correct"
    """Faulty, or refused by Chorus Pro at control: correct and deposit again."""
    DECIDE = "decide"
    """Chorus Pro cannot tell whether it arrived: look on the portal."""
    COMPLETE = "complete"
    """Suspended by the public body: join what it asks for."""
    REPLACE = "replace"
    """Rejected by the public body: deal with it, then invoice again."""
    ELSEWHERE = "elsewhere"
    """To be put right on the portal: works, validators, wrong service."""

    @property
    def label(self) -> str:
        """The words on the screens."""
        return _LABELS[self]


_LABELS = {
    Task.CORRECT: "À corriger",
    Task.DECIDE: "À vérifier sur le portail",
    Task.COMPLETE: "Suspendue : à compléter",
    Task.REPLACE: "Rejetée : à traiter",
    Task.ELSEWHERE: "À reprendre sur le portail",
}


@dataclass(frozen=True)
class ToDo:
    """One invoice that waits for a person. `since`: when it came to wait; `age`: in days, today."""

    deposit_id: str
    task: Task
    number: str
    filename: str
    recipient: str
    amount: Decimal | None
    currency: str
    issue_date: date | None
    reason: str
    since: datetime
    age: int


@dataclass(frozen=True)
class ToDoList:
    """Those that have waited longest first; `counts` and `amounts` (by currency) are those of all."""

    items: tuple[ToDo, ...]
    counts: Mapping[Task, int]
    amounts: Mapping[str, Decimal]

    @property
    def total(self) -> int:
        """How many invoices wait for a person."""
        return sum(self.counts.values())
