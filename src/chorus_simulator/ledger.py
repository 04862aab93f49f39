"""What the platform received, as a witness that outlives the story told by either side.

A test of « never twice, never lost » compares a client's books with this ledger: every deposit, with the
account that made it and the invoices that came out of it, and the number of calls per operation.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(slots=True)
class Deposit:
    """One accepted deposit; `numbers` are the invoice numbers read in it, known once it has been judged."""

    operation: str
    reference: str
    at: datetime
    account: str
    fichier: str
    numbers: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Change:
    """One accepted call that changed an invoice: completed, treated, validated…"""

    operation: str
    idFacture: int
    at: datetime
    account: str
    statut: str


class Ledger:
    """`deposits` by flux number or piece id, `changes` in order, `calls` per operation, `statuses` per HTTP status."""

    def __init__(self) -> None:
        self.calls: Counter[str] = Counter()
        self.statuses: Counter[int] = Counter()
        self.refused_accounts = 0
        self.tokens = 0
        self.deposits: dict[str, Deposit] = {}
        self.changes: list[Change] = []

    def deposited(self, operation: str, reference: str, at: datetime, account: str, fichier: str) -> Deposit:
        """Witness a deposit that was just accepted; the entry, whose `numbers` and `refused` are filled when it is
        judged."""
        deposit = Deposit(operation, reference, at, account, fichier)
        self.deposits[reference] = deposit
        return deposit
