"""The criteria of the invoice searches, each as a test of one invoice (specifications/api/factures.md §4, §12, §17).

A criterion left out makes no test; an ill-formed one is refused with 400 by `fields`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date, datetime
from typing import Any

from chorus_simulator import fields, values
from chorus_simulator.clock import PARIS
from chorus_simulator.model import Facture
from chorus_simulator.operations import Body, Call

Test = Callable[[Facture], bool]
SHORT_CADRES = {long: short for short, long in values.CADRES.items()}


def common_tests(call: Call, body: Body) -> list[Test]:
    """The criteria that every search shares."""
    tests: list[Test] = []
    numero = fields.text(body, "numeroFacture")
    if numero:
        tests.append(lambda f: f.numero == numero)
    for name in ("numeroMarche", "numeroBonCommande", "numeroFactureOrigine"):
        wanted = fields.text(body, name)
        if wanted:
            tests.append(equals(name, wanted))
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


def kinds(call: Call, body: Body, request: str) -> list[Test]:
    """The kind of request asked for (empty for all), and kinds of invoice and of works document: what recipients and
    validators ask alike."""
    tests: list[Test] = []
    if request:
        tests.append(equals("typeDemandePaiement", request))
    invoices = set(fields.choices(call, body, "listeTypeFacture", values.TYPES_FACTURE))
    if invoices:
        tests.append(among("typeFacture", invoices))
    works = set(fields.choices(call, body, "listeTypeFactureTravaux", values.TYPES_TRAVAUX))
    if works:
        tests.append(among("typeFactureTravaux", works))
    return tests


def service(call: Call, body: Body) -> list[Test]:
    """`idServiceExecutant`: the service of the recipient that the invoice names by its code."""
    wanted, structures = fields.number(body, "idServiceExecutant"), call.world.structures
    if wanted is None:
        return []

    def test(facture: Facture) -> bool:
        found = structures[facture.idDestinataire].service(facture.codeService)
        return found is not None and found.idService == wanted

    return [test]


def equals(attribute: str, wanted: object) -> Test:
    """Whether this attribute of the invoice is `wanted`."""
    return lambda f: bool(getattr(f, attribute) == wanted)


def among(attribute: str, wanted: Collection[object]) -> Test:
    """Whether this attribute of the invoice is one of `wanted`."""
    return lambda f: getattr(f, attribute) in wanted


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


def within_period(body: Body) -> list[Test]:
    """The same period as a test, for candidates that came by another way."""
    since, until = status_period(body)
    tests: list[Test] = []
    if since:
        tests.append(lambda f: f.etat_depuis >= since)
    if until:
        tests.append(lambda f: f.etat_depuis <= until)
    return tests
