"""Searching invoices by the criteria of the API, from the index that narrows the most.

A search never reads more than it must: by number, by flux, by the date of the present status, else the lists
of the structures in date order, stopping at the number of results that was asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from heapq import merge
from typing import Any

from chorus_simulator import fields, values
from chorus_simulator.clock import PARIS
from chorus_simulator.indexes import Entry
from chorus_simulator.model import Facture
from chorus_simulator.operations import Body, Call
from chorus_simulator.writing import Paging

Test = Callable[[Facture], bool]
SHORT_CADRES = {long: short for short, long in values.CADRES.items()}


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


def common_tests(call: Call, body: Body) -> list[Test]:
    """The criteria that every search shares."""
    tests: list[Test] = []
    numero = fields.text(body, "numeroFacture")
    if numero:
        tests.append(lambda f: f.numero == numero)
    for name in ("numeroMarche", "numeroBonCommande", "numeroFactureOrigine"):
        wanted = fields.text(body, name)
        if wanted:
            tests.append(_equals(name, wanted))
    statuses = set(fields.choices(call, body, "statutCourant", values.STATUTS))
    if statuses:
        tests.append(lambda f: f.statut in statuses)
    cadre = fields.choice(call, body, "cadreFacturation", values.CADRES.values())
    if cadre:
        tests.append(lambda f: f.cadre == SHORT_CADRES[cadre])
    tests += _date_tests(body)
    tests += _amount_tests(body)
    return tests


def _date_tests(body: Body) -> list[Test]:
    tests: list[Test] = []
    for name, read in (("Depot", _deposit_day), ("Facture", _invoice_day), ("Fournisseur", _invoice_day)):
        since, until = _days(body, f"periodeDate{name}Du", f"periodeDate{name}Au")
        if since:
            tests.append(_at_least(read, since))
        if until:
            tests.append(_at_most(read, until))
    return tests


def _deposit_day(facture: Facture) -> date:
    return facture.dateDepot.astimezone(PARIS).date()


def _invoice_day(facture: Facture) -> date:
    return facture.dateFacture


def _days(body: Body, since: str, until: str) -> tuple[date | None, date | None]:
    first, last = fields.moment(body, since), fields.moment(body, until, end=True)
    return (
        first.astimezone(PARIS).date() if first else None,
        last.astimezone(PARIS).date() if last else None,
    )


def _amount_tests(body: Body) -> list[Test]:
    tests: list[Test] = []
    for names, read in (
        (("montantHT",), lambda f: f.montantHT),
        (("montantTTC",), lambda f: f.montantTTC),
        (("montantApayer", "montantAPayer"), lambda f: f.montantAPayer),
    ):
        for name in names:
            low, high = fields.amount(body, f"{name}Min"), fields.amount(body, f"{name}Max")
            if low is not None:
                tests.append(_at_least(read, low))
            if high is not None:
                tests.append(_at_most(read, high))
    return tests


def _equals(name: str, wanted: str) -> Test:
    return lambda f: bool(getattr(f, name) == wanted)


def _at_least(read: Callable[[Facture], Any], low: Any) -> Test:
    return lambda f: bool(read(f) >= low)


def _at_most(read: Callable[[Facture], Any], high: Any) -> Test:
    return lambda f: bool(read(f) <= high)


def status_period(body: Body) -> tuple[datetime | None, datetime | None]:
    """The period of the present status, both ends included, None when open: the delta search (recipient.md §2)."""
    return (
        fields.moment(body, "periodeDateHeureEtatCourantDu"),
        fields.moment(body, "periodeDateHeureEtatCourantAu", end=True),
    )


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


def within_period(body: Body) -> list[Test]:
    """The same period as a test, for candidates that came by another way."""
    since, until = status_period(body)
    tests: list[Test] = []
    if since:
        tests.append(lambda f: f.etat_depuis >= since)
    if until:
        tests.append(lambda f: f.etat_depuis <= until)
    return tests


def page(
    call: Call, found: Iterator[Facture], known: int | None, tests: list[Test], asked: Paging
) -> tuple[list[Facture], int]:
    """The page asked for and the total, which `nbResultatsMaximum` caps. Without test or column, only the page is
    read: the cost does not grow with the number of invoices."""
    key = column_key(call, asked.column)
    maximum = asked.maximum or 1 << 62
    if known is not None and not tests and key is None and asked.descending:
        total = min(known, maximum)
        return _slice(found, asked.first, min(asked.first + asked.size, total)), total
    kept: list[Facture] = []
    for facture in found:
        if all(test(facture) for test in tests):
            kept.append(facture)
            if len(kept) >= maximum and key is None and asked.descending:
                break
    if key is not None:
        kept.sort(key=key, reverse=asked.descending)
    elif not asked.descending:
        kept.reverse()
    kept = kept[: min(maximum, len(kept))]
    return kept[asked.first : asked.first + asked.size], len(kept)


def _slice(found: Iterator[Facture], first: int, last: int) -> list[Facture]:
    for _ in range(first):
        if next(found, None) is None:
            return []
    return [facture for _, facture in zip(range(max(0, last - first)), found, strict=False)]
