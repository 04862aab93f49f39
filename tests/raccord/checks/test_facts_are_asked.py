"""What the directory knows of the recipient, and what we already sent: asked through two small protocols."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date

import pytest

from raccord.checks import Facts, RecipientFacts, ServiceFacts, check
from raccord.domain.directory import Requirement
from raccord.domain.identifiers import Siren, Siret
from raccord.domain.invoice import Invoice
from raccord.formats import cii
from raccord.formats.sample import make_invoice

TODAY = date(2026, 11, 22)


@dataclass
class Annuaire:
    """A directory of one town, as the gateway's store would answer."""

    town: RecipientFacts | None
    services: dict[str, ServiceFacts] = field(default_factory=dict)

    def recipient(self, siret: Siret) -> RecipientFacts | None:
        return self.town if self.town and self.town.siret == siret else None

    def service(self, siret: Siret, code: str) -> ServiceFacts | None:
        return self.services.get(code)


@dataclass
class Outbox:
    """What was deposited before."""

    triplets: set[tuple[str, int, str]]

    def already_deposited(self, supplier: Siren, year: int, number: str) -> str | None:
        return "dépôt du 3 novembre" if (supplier, year, number) in self.triplets else None


INVOICE = make_invoice(1, service="TRAVAUX", commitment="EJ-1")
SIRET = INVOICE.recipient_siret
assert SIRET is not None


def town(requirement: Requirement, active: bool = True) -> Annuaire:
    services = {
        "TRAVAUX": ServiceFacts("TRAVAUX", "Travaux", active=True, commitment_required=True),
        "FERME": ServiceFacts("FERME", "Ancien service", active=False),
    }
    assert SIRET is not None
    return Annuaire(RecipientFacts(SIRET, "Commune de Val-Fictif", active, requirement), services)


def codes(invoice: Invoice, annuaire: Annuaire | None = None, outbox: Outbox | None = None) -> list[str]:
    report = check(cii.write(invoice), "f.xml", today=TODAY, facts=Facts(directory=annuaire, known=outbox))
    return [fault.code for fault in report.errors]


@pytest.mark.parametrize(
    ("requirement", "without_service", "without_commitment", "without_both"),
    [
        (Requirement.NONE, [], [], []),
        (Requirement.SERVICE, ["CP-DEST-03"], [], ["CP-DEST-03"]),
        (Requirement.COMMITMENT, [], ["CP-DEST-04"], ["CP-DEST-04"]),
        (Requirement.EITHER, [], [], ["CP-DEST-05"]),
        (Requirement.BOTH, ["CP-DEST-03"], ["CP-DEST-04"], ["CP-DEST-03", "CP-DEST-04"]),
    ],
)
def test_the_five_requirements(
    requirement: Requirement, without_service: list[str], without_commitment: list[str], without_both: list[str]
) -> None:
    annuaire = town(requirement)
    annuaire.services["TRAVAUX"] = ServiceFacts("TRAVAUX", "Travaux", active=True)
    assert codes(INVOICE, annuaire) == []
    assert codes(replace(INVOICE, service=""), annuaire) == without_service
    assert codes(replace(INVOICE, commitment=""), annuaire) == without_commitment
    assert codes(replace(INVOICE, service="", commitment=""), annuaire) == without_both


def test_a_service_may_demand_the_commitment_that_its_structure_does_not() -> None:
    assert codes(replace(INVOICE, commitment=""), town(Requirement.NONE)) == ["CP-DEST-08"]


def test_an_unknown_or_closed_service_is_told() -> None:
    assert codes(replace(INVOICE, service="INCONNU"), town(Requirement.NONE)) == ["CP-DEST-06"]
    assert codes(replace(INVOICE, service="FERME"), town(Requirement.NONE)) == ["CP-DEST-07"]


def test_an_unknown_or_inactive_recipient_is_told() -> None:
    assert codes(INVOICE, Annuaire(None)) == ["CP-DEST-01"]
    assert codes(INVOICE, town(Requirement.NONE, active=False)) == ["CP-DEST-02"]


def test_the_same_triplet_is_a_duplicate_and_another_year_is_not() -> None:
    siren = INVOICE.seller.siren
    assert siren is not None
    assert codes(INVOICE, outbox=Outbox({(siren, 2026, INVOICE.number)})) == ["CP-UNI-01"]
    assert codes(INVOICE, outbox=Outbox({(siren, 2025, INVOICE.number)})) == []
