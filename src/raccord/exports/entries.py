"""Accounting entries of received invoices (« journal d'achats »): expense, VAT, supplier; always balanced.

A credit note reverses the sides. Where the pivot does not give the amount without VAT, the whole amount goes to the
expense, and the label says so: nothing is guessed.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from raccord.domain.entries import Accounts
from raccord.domain.money import ZERO
from raccord.domain.reception import Reception
from raccord.exports.tables import Table, Value

HEADERS = (
    "Journal", "Date", "Compte", "Tiers", "Pièce", "Libellé", "Débit", "Crédit", "Devise", "Échéance", "Engagement",
    "Service", "Identifiant Chorus Pro",
)  # fmt: skip


@dataclass(frozen=True)
class PivotAmounts:
    """What the invoice says of its amounts; None when it does not."""

    untaxed: Decimal | None
    total: Decimal | None


@dataclass(frozen=True)
class Entry:
    """A received invoice to enter, its due date, and where it goes."""

    reception: Reception
    amounts: PivotAmounts
    due: date | None
    accounts: Accounts = field(default_factory=Accounts)


def entry_table(entries: Iterable[Entry]) -> Table:
    """The entries of these invoices."""
    return Table("Journal d’achats", HEADERS, (line for entry in entries for line in lines_of(entry)))


def lines_of(entry: Entry) -> Iterator[Sequence[Value]]:
    """The lines of one invoice: their debits and credits are equal. None without amount."""
    accounts, siret = entry.accounts, entry.reception.supplier_siret
    whole = entry.amounts.total if entry.amounts.total is not None else entry.reception.amount_total
    if whole is None or not whole:
        return
    sign = -1 if _is_credit(entry.reception) and whole > ZERO else 1
    whole *= sign
    untaxed = None if entry.amounts.untaxed is None else entry.amounts.untaxed * sign
    split = bool(accounts.vat) and untaxed is not None
    vat = whole - untaxed if split and untaxed is not None else ZERO
    note = "" if split or not accounts.vat else " (TVA non ventilée)"
    yield _line(entry, accounts.expense, whole - vat, note)
    if vat:
        yield _line(entry, accounts.vat, vat, " TVA")
    yield _line(entry, accounts.supplier_of(siret), -whole, "", third=siret)


def _line(entry: Entry, account: str, amount: Decimal, note: str, *, third: str = "") -> Sequence[Value]:
    one = entry.reception
    debit, credit = (amount, ZERO) if amount > ZERO else (ZERO, -amount)
    return (
        entry.accounts.journal, one.issue_date or one.deposit_date, account, third, one.number,
        f"{one.supplier_name} {one.number}{note}", debit or None, credit or None, one.currency, entry.due,
        one.commitment, one.service_code, one.id_facture,
    )  # fmt: skip


def _is_credit(reception: Reception) -> bool:
    return reception.type_code.upper() in ("AVOIR", "381")
