"""Write docs/reference/couverture-des-controles.md: each rejection that Chorus Pro pronounces on an invoice's content,
and the check of ours that says it before the deposit. The rejections are those of the simulator's rules.

Usage: python scripts/reference_coverage.py [--check]
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path

from chorus_simulator import rules
from chorus_simulator.bench import Bench
from chorus_simulator.clock import PARIS
from chorus_simulator.documents import container
from chorus_simulator.parties import Structure
from chorus_simulator.world import World
from raccord import checks
from raccord.checks.facts import Facts, RecipientFacts, ServiceFacts
from raccord.domain.directory import Requirement
from raccord.domain.faults import Fault
from raccord.domain.identifiers import Siren, Siret
from raccord.domain.invoice import Attachment, Identifier, Invoice
from raccord.formats import cii
from raccord.formats.sample import make_invoice

PAGE = Path(__file__).parents[1] / "docs" / "reference" / "couverture-des-controles.md"
FIRM, TOWN = "45251785100010", "21970999400017"
SERVICE = "SERV-TECH"
FILE = Attachment(reference="BL-1", filename="bon.pdf", mime="application/pdf", content=b"%PDF-1.4 bon")

Change = Callable[[Invoice], Invoice]
Prepare = Callable[[World], object]
Rewrite = Callable[[bytes], bytes]


@dataclass(frozen=True)
class Case:
    """One way to be rejected: what is wrong, in the invoice, in the world of Chorus Pro or in the XML itself."""

    wrong: str
    change: Change = lambda invoice: invoice
    prepare: Prepare = lambda _: None
    rewrite: Rewrite = lambda data: data


def _town(world: World) -> Structure:
    found = world.structure_of(TOWN)
    assert found is not None
    return found


def _firm(world: World) -> Structure:
    found = world.structure_of(FIRM)
    assert found is not None
    return found


def _flags(*, service: bool = False, commitment: bool = False, either: bool = False) -> Prepare:
    def prepare(world: World) -> None:
        town = _town(world)
        town.codeServiceDoitEtreRenseigne, town.numeroEJDoitEtreRenseigne = service, commitment
        town.gestionNumeroEJOuCodeService = either

    return prepare


def _close_service(world: World) -> None:
    for service in _town(world).services:
        service.estActif = service.codeService != SERVICE


def _demand_commitment(world: World) -> None:
    _flags()(world)
    for service in _town(world).services:
        service.numeroEngagement = service.codeService == SERVICE


def _buyer(siret: str) -> Change:
    identity = (Identifier(value=siret, scheme="0009"),)
    return lambda invoice: replace(invoice, buyer=replace(invoice.buyer, identifiers=identity))


def _seller(siret: str) -> Change:
    identity = (Identifier(value=siret, scheme="0009"),)
    legal = Identifier(value=siret[:9], scheme="0002")
    return lambda invoice: replace(invoice, seller=replace(invoice.seller, identifiers=identity, legal_id=legal))


def _with(**fields: object) -> Change:
    return lambda invoice: replace(invoice, **fields)  # type: ignore[arg-type]  # fields of Invoice, by name


def _means(code: str, *, iban: bool = True) -> Change:
    def change(invoice: Invoice) -> Invoice:
        (means,) = invoice.payment_means[:1]
        return replace(invoice, payment_means=(replace(means, code=code, account=means.account if iban else None),))

    return change


def _joined(**fields: object) -> Change:
    return _with(attachments=(replace(FILE, **fields),))  # type: ignore[arg-type]  # fields of Attachment, by name


def _totals(**fields: object) -> Change:
    return lambda invoice: replace(invoice, totals=replace(invoice.totals, **fields))  # type: ignore[arg-type]


def _deposited(world: World) -> None:
    invoice = _usual(world)
    world.invoices.triples[FIRM[:9], invoice.issue_year, invoice.number] = 1  # type: ignore[index]


def _today(world: World) -> date:
    return world.now().astimezone(PARIS).date()


CASES = (
    Case("Numéro absent", _with(number="")),
    Case("Numéro de plus de 20 caractères", _with(number="F" * 21)),
    Case("Signe interdit dans le numéro", _with(number="F 2026 1")),
    Case("Numéro égal à la date du jour", lambda invoice: replace(invoice, number=f"{invoice.issue_date:%Y%m%d}")),
    Case("Date absente", _with(issue_date=None)),
    Case("Type de document non admis", _with(type_code="999")),
    Case("Devise absente", _with(currency="")),
    Case("Cadre hors de A1 à A25", _with(cadre="A26")),
    Case("Fournisseur inconnu", _seller("99999999900017")),
    Case("Fournisseur inactif", prepare=lambda world: setattr(_firm(world), "statut", "INACTIF")),
    Case("Destinataire inconnu", _buyer("99999999900017")),
    Case("Destinataire inactif", prepare=lambda world: setattr(_town(world), "statut", "INACTIF")),
    Case("Destinataire privé", _buyer(FIRM)),
    Case("Ni service ni engagement", _with(service="", commitment=""), _flags(either=True)),
    Case("Service exigé et absent", _with(service=""), _flags(service=True)),
    Case("Engagement exigé et absent", _with(commitment=""), _flags(commitment=True)),
    Case("Service inconnu", _with(service="NULLE-PART")),
    Case("Service fermé", prepare=_close_service),
    Case("Service réservé aux entités publiques", _with(service="FACTURES_PUBLIQUES")),
    Case("Engagement exigé par le service", _with(commitment=""), _demand_commitment),
    Case("Mode de paiement absent", _with(payment_means=())),
    Case("Mode de paiement non admis", _means("99")),
    Case("Virement sans IBAN", _means("30", iban=False)),
    Case("Engagement trop long", _with(commitment="E" * 51)),
    Case("Numéro de marché trop long", _with(contract="M" * 51)),
    Case("Code service trop long", _with(service="S" * 101)),
    Case("Total hors taxes absent", _totals(net=None)),
    Case("Total TTC absent", _totals(gross=None)),
    Case("Net à payer absent", _totals(payable=None)),
    Case("Totaux incohérents", _totals(gross=Decimal("1.00"))),
    Case("Pièce jointe annoncée sans contenu", _joined(content=None)),
    Case("Pièce jointe vide", _joined(content=b"")),
    Case("Pièce jointe trop lourde", _joined(content=b"%PDF-1.4" + bytes(10 * 1024 * 1024))),
    Case("Nom de pièce jointe trop long", _joined(filename="b" * 50 + ".pdf")),
    Case("Extension de pièce jointe non admise", _joined(filename="bon.exe")),
    Case("Numéro déjà déposé", prepare=_deposited),
)


class Directory:
    """What a copy of the directory, fresh of this very minute, would answer."""

    def __init__(self, world: World) -> None:
        self._world = world

    def recipient(self, siret: Siret) -> RecipientFacts | None:
        """The public structure of this SIRET."""
        found = self._world.structure_of(str(siret))
        if found is None or not found.publique:
            return None
        return RecipientFacts(str(siret), found.designation, found.active, _demand(found))

    def service(self, siret: Siret, code: str) -> ServiceFacts | None:
        """One of its services."""
        found = self._world.structure_of(str(siret))
        services = found.services if found else []
        one = next((service for service in services if service.codeService == code), None)
        return None if one is None else ServiceFacts(code, code, one.estActif, bool(one.numeroEngagement))


class Numbers:
    """What our own deposits would answer."""

    def __init__(self, world: World) -> None:
        self._world = world

    def already_deposited(self, supplier: Siren, year: int, number: str) -> str | None:
        """Whether that number is taken."""
        return "premier dépôt" if (str(supplier), year, number) in self._world.invoices.triples else None


class Suppliers:
    """The suppliers that the technical account reaches."""

    def __init__(self, world: World) -> None:
        self._world = world

    def reaches(self, siret: Siret) -> bool | None:
        """Whether an active supplier of this account bears that SIRET."""
        found = self._world.structure_of(str(siret))
        return found is not None and found.active


def _demand(found: Structure) -> Requirement:
    if found.gestionNumeroEJOuCodeService:
        return Requirement.EITHER
    wanted = (found.codeServiceDoitEtreRenseigne, found.numeroEJDoitEtreRenseigne)
    return {
        (False, False): Requirement.NONE,
        (True, False): Requirement.SERVICE,
        (False, True): Requirement.COMMITMENT,
        (True, True): Requirement.BOTH,
    }[wanted]


def _usual(world: World) -> Invoice:
    return make_invoice(
        3, number="F-2026-1", supplier=Siret.parse(FIRM), recipient=Siret.parse(TOWN), service=SERVICE,
        issue_date=_today(world), commitment="ENG-1",
    )  # fmt: skip


def play(case: Case) -> tuple[list[str], tuple[Fault, ...]]:
    """What Chorus Pro says of a case, and what our checks said before."""
    world = Bench().sandbox
    case.prepare(world)
    data = case.rewrite(cii.write(case.change(_usual(world))))
    said = rules.judge(world, container.read_any(data))
    facts = Facts(directory=Directory(world), known=Numbers(world), suppliers=Suppliers(world))
    return said, checks.check(data, "facture.xml", today=_today(world), facts=facts).errors


def page(cases: Iterable[Case] = CASES) -> str:
    """The page, made by playing every case."""
    lines = [
        "# Couverture des contrôles",
        "",
        "Page faite par `scripts/reference_coverage.py`. Chaque ligne est une façon d’être rejeté par Chorus Pro pour",
        "le contenu d’une facture : la phrase de la plateforme (telle que le simulateur la prononce), et le code des",
        "contrôles de Raccord qui l’annoncent avant tout dépôt. Un test rejoue la table entière.",
        "",
        "| Défaut | Ce que dit Chorus Pro | Contrôles de Raccord |",
        "|---|---|---|",
    ]
    for case in cases:
        said, faults = play(case)
        codes = ", ".join(f"`{code}`" for code in sorted({fault.code for fault in faults}))
        lines.append(f"| {case.wrong} | {' ; '.join(said)} | {codes} |")
    return "\n".join(lines) + "\n"


def main(arguments: list[str]) -> int:
    """Write the page, or say that it is stale."""
    text = page()
    if PAGE.exists() and PAGE.read_text(encoding="utf-8") == text:
        return 0
    if "--check" in arguments:
        print("docs/reference/couverture-des-controles.md n’est plus à jour", file=sys.stderr)
        return 1
    PAGE.write_text(text, encoding="utf-8")
    print("docs/reference/couverture-des-controles.md")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
