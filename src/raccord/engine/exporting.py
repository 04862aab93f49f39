"""Exports: which rows go in which file. Rows are read page after page, so that a large export stays small in memory."""

import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from itertools import islice
from typing import TypeVar

from lxml import etree

from raccord import exports
from raccord.domain.deadlines import Standing
from raccord.domain.deposit import Deposit, DepositState
from raccord.domain.entries import Accounts
from raccord.domain.errors import Invalid, RaccordError
from raccord.domain.reception import Reception
from raccord.engine.boards import Boards, Line
from raccord.engine.entries import EntryAccounts, among
from raccord.engine.foundation.ground import Ground
from raccord.exports import Entry, PivotAmounts, Table
from raccord.store import deposits, receptions
from raccord.store.deposits import DepositQuery
from raccord.store.entry_accounts import HOUSE
from raccord.store.pages import Page
from raccord.store.receptions import ReceptionQuery

SUBJECTS = {"depots": "Factures déposées", "receptions": "Factures reçues", "ecritures": "Journal d’achats"}
FORMS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_PAGE = 1000

Row = TypeVar("Row", Deposit, Reception)


@dataclass(frozen=True)
class ExportQuery:
    """What to export: the days are those of creation in Raccord; `decimal` is `virgule` or `point` (CSV)."""

    subject: str
    form: str = "csv"
    since: date | None = None
    until: date | None = None
    connection_id: str = ""
    structure_id: str = ""
    text: str = ""
    platform_status: str = ""
    decimal: str = "virgule"
    accounts: Mapping[str, str] = field(default_factory=dict)
    """Entries: `journal`, `expense`, `vat`, `supplier` in place of those chosen for the structure."""


@dataclass(frozen=True)
class Export:
    """A file being made: its name, its type, its bytes piece after piece."""

    name: str
    mime: str
    pieces: Iterator[bytes]

    def whole(self) -> bytes:
        """All its bytes."""
        return b"".join(self.pieces)


class Exports:
    """Makes the files."""

    def __init__(self, ground: Ground, boards: Boards) -> None:
        self._ground, self._boards = ground, boards
        self.accounts = EntryAccounts(ground)

    def make(self, query: ExportQuery) -> Export:
        """The file that was asked. Raises `Invalid` (`EXPORT_INCONNU`, `ECRITURES_COMPTE`) before anything is read."""
        if query.subject not in SUBJECTS or query.form not in FORMS or query.decimal not in ("virgule", "point"):
            raise Invalid(
                "EXPORT_INCONNU",
                "Cet export n’existe pas.",
                f"Demandez {', '.join(SUBJECTS)} en {' ou '.join(FORMS)}, avec « virgule » ou « point ».",
            )
        Accounts().changed(query.accounts)  # a bad code is told before the file begins
        name = f"raccord_{query.subject}_{self._boards.today:%Y-%m-%d}.{query.form}"
        return Export(name, FORMS[query.form], self._pieces(query))

    def _pieces(self, query: ExportQuery) -> Iterator[bytes]:
        table = self._table(query)
        if query.form == "xlsx":
            yield exports.write_xlsx(table)
            return
        yield from exports.write_csv(table, decimal="," if query.decimal == "virgule" else ".")

    def _table(self, query: ExportQuery) -> Table:
        if query.subject == "depots":
            return exports.deposit_table(self._deposits(query))
        if query.subject == "receptions":
            return exports.reception_table(self._receptions(query))
        return exports.entry_table(self._entries(query))

    def _deposits(self, query: ExportQuery) -> Iterator[tuple[Deposit, Standing | None]]:
        asked = DepositQuery(
            connection_id=query.connection_id, since=query.since, until=query.until, text=query.text,
            platform_status=query.platform_status,
        )  # fmt: skip
        dated = self._dated(lambda conn, after: deposits.search(conn, asked, after, _PAGE), self._boards.of_deposits)
        for one, due in dated:
            yield one, due if one.state is DepositState.INTEGRATED else None

    def _receptions(self, query: ExportQuery) -> Iterator[tuple[Reception, Standing | None]]:
        asked = ReceptionQuery(
            connection_id=query.connection_id, structure_id=query.structure_id, since=query.since, until=query.until,
            text=query.text, platform_status=query.platform_status,
        )  # fmt: skip
        return self._dated(lambda conn, after: receptions.search(conn, asked, after, _PAGE), self._boards.of_receptions)

    def _dated(
        self, read: Callable[..., Page[Row]], lines_of: Callable[[Sequence[str]], Mapping[str, Line]]
    ) -> Iterator[tuple[Row, Standing | None]]:
        """Each row, and where it stands in its payment period; read page after page."""
        after = ""
        while True:
            with self._ground.store.read() as conn:
                page = read(conn, after)
            lines = lines_of([row.id for row in page.items])
            yield from ((row, lines[row.id].standing if row.id in lines else None) for row in page.items)
            after = page.next
            if not after:
                return

    def preview(self, query: ExportQuery, invoices: int) -> Table:
        """The entries of the newest invoices, so many at most. Raises `Invalid` (`ECRITURES_COMPTE`)."""
        return exports.entry_table(islice(self._entries(query), invoices))

    def _entries(self, query: ExportQuery) -> Iterator[Entry]:
        """The entries asked for; what they go by is read before the first."""
        chosen = self.accounts.every()
        structures = {one: among(chosen, one).changed(query.accounts) for one in (*chosen, HOUSE)}
        dated = self._receptions(query)
        return (
            Entry(
                one, self._amounts(one), due.due if due else None, structures.get(one.structure_id, structures[HOUSE])
            )
            for one, due in dated
        )

    def _amounts(self, reception: Reception) -> PivotAmounts:
        """The amounts that the stored pivot gives; those of the search have no amount without VAT."""
        with self._ground.store.read() as conn:
            documents = receptions.get(conn, reception.id).documents
        pivot = next((one for one in documents if one.kind == "pivot"), None)
        if pivot is None:
            return PivotAmounts(None, reception.amount_total)
        try:
            return pivot_amounts(self._ground.archive.get(pivot.sha256)) or PivotAmounts(None, reception.amount_total)
        except RaccordError:
            return PivotAmounts(None, reception.amount_total)


def pivot_amounts(data: bytes) -> PivotAmounts | None:
    """`DonneesFacture/Montants` of one invoice of a pivot (specifications/recipient.md §3); None when unreadable."""
    options = {"huge_tree": True, "resolve_entities": False, "no_network": True, "load_dtd": False}
    try:
        for _event, element in etree.iterparse(io.BytesIO(data), events=("end",), tag="{*}Montants", **options):
            return PivotAmounts(_amount(element, "MontantHT"), _amount(element, "MontantTTC"))
    except etree.XMLSyntaxError:
        return None
    return None


def _amount(element: "etree._Element", name: str) -> Decimal | None:
    text = element.findtext(f"{{*}}{name}")
    try:
        return Decimal(text.strip()) if text else None
    except InvalidOperation:
        return None
