"""Works invoices come in their own search: fetched beside the others, named as such, never offered what is refused."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from raccord.domain.reception import Family, Reception
from raccord.domain.roles import Role

TOWN = "21970999400017"


@pytest.fixture
def received(office: Any) -> dict[str, Reception]:
    """One ordinary invoice, one works document, by family."""
    connection = office.connect(TOWN, "Commune")
    office.simulator.control.invoices(TOWN, 1)
    office.simulator.control.invoices(TOWN, 1, cadre="A15", statut="PRISE_EN_COMPTE_DESTINATAIRE")
    (structure,) = (one for one in office.gateway.connections.structures(connection.id) if one.is_recipient)
    office.gateway.inbox.begin(structure.id, office.hours() - timedelta(days=30), "cli")
    office.work(3)
    return {reception.family.value: reception for _, reception in office.gateway.inbox.since(0)}


def test_both_families_are_fetched_with_their_documents(received: dict[str, Reception]) -> None:
    assert set(received) == {family.value for family in Family}
    assert all("pivot" in {document.kind for document in one.documents} for one in received.values())


def test_the_list_and_the_page_tell_a_works_invoice(office: Any, received: dict[str, Reception]) -> None:
    visitor = office.visitor(Role.COMPTABLE)
    assert visitor.open("receptions").text.count(">Travaux</span>") == 1
    works = visitor.open(f"receptions/{received['FACTURE_TRAVAUX'].id}").text
    assert "Facture de travaux" in works
    assert "Aucun statut ne peut être donné d’ici" in works
    assert "sur le portail Chorus Pro" in works
    assert "Facture de travaux" not in visitor.open(f"receptions/{received['FACTURE'].id}").text


def test_the_dossier_is_within_reach_of_a_paid_invoice_and_of_a_reader(
    office: Any, received: dict[str, Reception]
) -> None:
    paid = received["FACTURE"]
    office.simulator.control.status(paid.id_facture, "MISE_EN_PAIEMENT")
    office.gateway.inbox.retrieve(paid.structure_id, "cli")
    office.work(2)
    for role in (Role.COMPTABLE, Role.LECTEUR):
        text = office.visitor(role).open(f"receptions/{paid.id}").text
        assert f"/archive/reception/{paid.id}" in text
        assert ("Aucun statut ne peut être donné d’ici depuis" in text) is (role is Role.COMPTABLE)
