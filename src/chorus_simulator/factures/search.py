"""Searching invoices from the index that narrows the most; the criteria themselves are in `criteria`.

A search never reads more than it must: by number, by flux, by the date of the present status, else the lists
of the structures in date order, stopping at the number of results that was asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from heapq import merge
from typing import Any

from chorus_simulator import fields
from chorus_simulator.factures.criteria import Test, status_period
from chorus_simulator.indexes import Entry
from chorus_simulator.model import Facture
from chorus_simulator.operations import Body, Call
from chorus_simulator.writing import Paging


def scope(call: Call, wanted: int | None) -> list[int]:
    """The structures searched: the one named, when it is the account's, else all of the account's."""
    if wanted is None:
        return sorted(call.reach)
    return [wanted] if wanted in call.reach else []


def maximum(call: Call) -> int:
    """How many results a search gives when the caller sets no limit."""
    return int(call.world.switches.number("resultats_maximum"))


def column_key(call: Call, column: str) -> Callable[[Facture], Any] | None:
    """How to sort on a column of the API; None for the natural order, that of `dateDepot`."""
    structures = call.world.structures
    keys: dict[str, Callable[[Facture], Any]] = {
        "numerofacture": lambda f: f.numero,
        "datefacture": lambda f: f.dateFacture,
        "montantht": lambda f: f.montantHT,
        "montantttc": lambda f: f.montantTTC,
        "montantapayer": lambda f: f.montantAPayer,
        "statut": lambda f: f.statut,
        "idfacture": lambda f: f.id,
        "typefacture": lambda f: f.typeFacture,
        "devise": lambda f: f.devise,
        "numeromarche": lambda f: f.numeroMarche,
        "numeroboncommande": lambda f: f.numeroBonCommande,
        "numeroengagement": lambda f: f.numeroBonCommande,
        "numerofluxdepot": lambda f: f.numeroFluxDepot or "",
        "modedepot": lambda f: f.modeDepot,
        "codeserviceexecutant": lambda f: f.codeService,
        "codefournisseur": lambda f: structures[f.idFournisseur].identifiant,
        "designationfournisseur": lambda f: structures[f.idFournisseur].designation,
        "fournisseur": lambda f: structures[f.idFournisseur].designation,
        "codedestinataire": lambda f: structures[f.idDestinataire].identifiant,
        "designationdestinataire": lambda f: structures[f.idDestinataire].designation,
        "destinataire": lambda f: structures[f.idDestinataire].designation,
    }
    return keys.get(column.lower())


def candidates(
    call: Call,
    body: Body,
    structures: Iterable[int],
    lists: dict[int, list[Entry]],
    changes: dict[int, list[Entry]] | None = None,
) -> tuple[Iterator[Facture], int | None]:
    """Invoices worth testing, newest deposit first, and their number when nothing but the structures narrows them."""
    invoices = call.world.invoices
    numero, flux = fields.text(body, "numeroFacture"), fields.text(body, "numeroFluxDepot")
    since, until = status_period(body)
    if numero or flux:
        ids = invoices.by_number.get(numero, []) if numero else invoices.by_flux.get(flux, [])
        return _by_deposit(call, ids), None
    if changes is not None and (since or until):
        changed = {n for number in structures for n in invoices.changed(changes.get(number, []), since, until)}
        return _by_deposit(call, changed), None
    entries = [lists[number] for number in structures if number in lists]
    ordered = merge(*(reversed(one) for one in entries), reverse=True)
    return (invoices.by_id[number] for _, number in ordered), sum(map(len, entries))


def _by_deposit(call: Call, ids: Iterable[int]) -> Iterator[Facture]:
    found = [call.world.invoices.by_id[number] for number in ids]
    return iter(sorted(found, key=lambda f: (f.dateDepot, f.id), reverse=True))


def page(
    call: Call, found: Iterator[Facture], known: int | None, tests: list[Test], asked: Paging
) -> tuple[list[Facture], int]:
    """The page asked for and the total, which `nbResultatsMaximum` caps. Without test or column, only the page is
    read: the cost does not grow with the number of invoices."""
    key = column_key(call, asked.column)
    most = asked.maximum or 1 << 62
    if known is not None and not tests and key is None and asked.descending:
        total = min(known, most)
        return _slice(found, asked.first, min(asked.first + asked.size, total)), total
    kept: list[Facture] = []
    for facture in found:
        if all(test(facture) for test in tests):
            kept.append(facture)
            if len(kept) >= most and key is None and asked.descending:
                break
    if key is not None:
        kept.sort(key=key, reverse=asked.descending)
    elif not asked.descending:
        kept.reverse()
    kept = kept[: min(most, len(kept))]
    return kept[asked.first : asked.first + asked.size], len(kept)


def _slice(found: Iterator[Facture], first: int, last: int) -> list[Facture]:
    for _ in range(first):
        if next(found, None) is None:
            return []
    return [facture for _, facture in zip(range(max(0, last - first)), found, strict=False)]
