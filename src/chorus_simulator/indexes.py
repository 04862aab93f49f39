"""How invoices are found without reading them all: lists sorted by date, per supplier, recipient and flux.

A list holds (date, id) pairs; dates come in order, so adding is an append. The lists of present statuses
keep former entries until they outnumber the true ones: a pair is true when the invoice still has that date.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from heapq import merge

from chorus_simulator.model import Facture
from chorus_simulator.values import BEFORE_RECIPIENT

Entry = tuple[datetime, int]
FOREVER = 1 << 62


def _add(entries: list[Entry], entry: Entry) -> None:
    if not entries or entries[-1] <= entry:
        entries.append(entry)
    else:
        insort(entries, entry)


class Invoices:
    """Every invoice of a world by id, and the ways to it."""

    def __init__(self) -> None:
        self.shown: set[int] = set()
        self.by_id: dict[int, Facture] = {}
        self.by_flux: dict[str, list[int]] = defaultdict(list)
        self.by_number: dict[str, list[int]] = defaultdict(list)
        self.triples: dict[tuple[str, int, str], int] = {}
        self.of_supplier: dict[int, list[Entry]] = defaultdict(list)
        self.of_recipient: dict[int, list[Entry]] = defaultdict(list)
        self.of_validator: dict[int, list[Entry]] = defaultdict(list)
        self.works: list[Entry] = []
        self.supplier_changes: dict[int, list[Entry]] = defaultdict(list)
        self.recipient_changes: dict[int, list[Entry]] = defaultdict(list)

    def add(self, facture: Facture) -> None:
        """Index a new invoice everywhere, under its present status; the recipient sees it only once made available."""
        self.by_id[facture.id] = facture
        self.by_number[facture.numero].append(facture.id)
        if facture.numeroFluxDepot:
            self.by_flux[facture.numeroFluxDepot].append(facture.id)
        entry = (facture.dateDepot, facture.id)
        _add(self.of_supplier[facture.idFournisseur], entry)
        if facture.typeDemandePaiement == "FACTURE_TRAVAUX":
            _add(self.works, entry)
        for validator in {facture.idValideur1, facture.idValideur2} - {None}:
            _add(self.of_validator[validator or 0], entry)
        if facture.historique:
            self.status_changed(facture)

    def status_changed(self, facture: Facture) -> None:
        """Note a status just given: delta searches find it, and the recipient sees the invoice if it is due."""
        entry = (facture.etat_depuis, facture.id)
        self._note(self.supplier_changes[facture.idFournisseur], entry, len(self.of_supplier[facture.idFournisseur]))
        if facture.statut not in BEFORE_RECIPIENT:
            self._show(facture)
        if facture.id in self.shown:
            received = self.of_recipient[facture.idDestinataire]
            self._note(self.recipient_changes[facture.idDestinataire], entry, len(received))

    def _show(self, facture: Facture) -> None:
        """The recipient sees an invoice from the moment it is made available, never before, and ever after."""
        if facture.id not in self.shown:
            self.shown.add(facture.id)
            _add(self.of_recipient[facture.idDestinataire], (facture.dateDepot, facture.id))

    def _note(self, changes: list[Entry], entry: Entry, alive: int) -> None:
        _add(changes, entry)
        if len(changes) > 64 + 2 * alive:
            changes[:] = [kept for kept in changes if self._true(kept)]

    def _true(self, entry: Entry) -> bool:
        return self.by_id[entry[1]].etat_depuis == entry[0]

    def moved(self, facture: Facture, former_recipient: int, former_validators: set[int | None]) -> None:
        """After `recycler` or `corriger/valideur`: the invoice belongs to others now."""
        entry = (facture.dateDepot, facture.id)
        if facture.idDestinataire != former_recipient and facture.id in self.shown:
            self.shown.remove(facture.id)
            self.of_recipient[former_recipient].remove(entry)
            changes = self.recipient_changes[former_recipient]
            changes[:] = [kept for kept in changes if kept[1] != facture.id]
        for validator in former_validators - {None, facture.idValideur1, facture.idValideur2}:
            self.of_validator[validator or 0].remove(entry)
        for validator in {facture.idValideur1, facture.idValideur2} - {None} - former_validators:
            _add(self.of_validator[validator or 0], entry)

    def changed(self, entries: list[Entry], since: datetime | None, until: datetime | None) -> Iterator[int]:
        """Ids whose present status dates from the period, newest first, each once."""
        low = bisect_left(entries, (since, 0)) if since else 0
        high = bisect_right(entries, (until, FOREVER)) if until else len(entries)
        last = -1
        for position in range(high - 1, low - 1, -1):
            entry = entries[position]
            if entry[1] != last and self._true(entry):
                last = entry[1]
                yield entry[1]


class Newest:
    """The invoices of some lists, newest deposit first, read no further than they are asked for."""

    def __init__(self, invoices: Invoices, lists: Iterable[list[Entry]]) -> None:
        self._invoices, self._lists = invoices, list(lists)

    def __len__(self) -> int:
        return sum(map(len, self._lists))

    def __iter__(self) -> Iterator[Facture]:
        ordered = merge(*map(reversed, self._lists), reverse=True)
        return (self._invoices.by_id[number] for _, number in ordered)
