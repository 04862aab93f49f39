"""Any Chorus Pro says who the account may act for, whom it may invoice, and what each recipient demands."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from choruspro import ChorusPro, ChorusProError, Refused
from choruspro.models.structures import ParametresRechercherServicesStructure, RechercherStructureInput


def identity(chorus: ChorusPro, siret: str) -> int:
    criteria = RechercherStructureInput(identifiantStructure=siret, typeIdentifiantStructure="SIRET")
    (found,) = chorus.structures.rechercher(structure=criteria).listeStructures
    assert (found.identifiantStructure, found.statut) == (siret, "ACTIVE")
    assert found.idStructureCPP
    return found.idStructureCPP


def test_the_account_reaches_its_own_structure(fournisseur: ChorusPro, platform: Any) -> None:
    reached = fournisseur.transverses.recuperer_structures_actives_fournisseur().listeStructures
    assert platform.supplier.siret in {structure.identifiant for structure in reached}


def test_the_recipient_reaches_its_own_structure(destinataire: ChorusPro, platform: Any) -> None:
    reached = destinataire.transverses.recuperer_structures_actives_destinataire().listeStructures
    assert platform.recipient.siret in {structure.identifiant for structure in reached}


def test_a_siret_leads_to_one_structure_and_its_demands(fournisseur: ChorusPro, platform: Any) -> None:
    number = identity(fournisseur, platform.recipient.siret)
    found = fournisseur.structures.consulter(idStructureCPP=number)
    assert found.informationGenerales is not None
    assert found.informationGenerales.identifiantStructure == platform.recipient.siret
    assert found.parametres is not None
    flags = found.parametres
    assert isinstance(flags.codeServiceDoitEtreRenseigne, bool)
    assert isinstance(flags.numeroEJDoitEtreRenseigne, bool)
    assert isinstance(flags.gestionNumeroEJOuCodeService, bool)


def test_services_come_page_by_page_and_add_up(fournisseur: ChorusPro, platform: Any) -> None:
    number = identity(fournisseur, platform.recipient.siret)
    one = ParametresRechercherServicesStructure(nbResultatsParPage=1)
    search = fournisseur.structures.rechercher_services
    singly = list(search.iter_rows(idStructure=number, parametresRechercherServicesStructure=one))
    assert {service.idService for service in singly} == {row.idService for row in search.iter_rows(idStructure=number)}
    for service in singly[:2]:
        assert service.idService is not None
        detail = fournisseur.structures.consulter_service(idStructure=number, idService=service.idService)
        assert detail.informationsGenerales is not None
        assert detail.informationsGenerales.codeService == service.codeService


def test_an_unknown_siret_is_nobody(fournisseur: ChorusPro) -> None:
    criteria = RechercherStructureInput(identifiantStructure="00000000000000", typeIdentifiantStructure="SIRET")
    assert fournisseur.structures.rechercher(structure=criteria).listeStructures == []


def test_a_search_without_criterion_is_refused(fournisseur: ChorusPro) -> None:
    with pytest.raises(Refused):
        fournisseur.structures.rechercher()


def test_the_code_lists_are_filled(fournisseur: ChorusPro) -> None:
    transverses = fournisseur.transverses
    assert "EUR" in {currency.codeDevise for currency in transverses.recuperer_devises().listeDevises}
    assert "FR" in {country.codePays for country in transverses.recuperer_pays().listePays}
    assert "VIREMENT" in {mode.modePaiement for mode in transverses.recuperer_modereglements().listeModePaiement}
    cadres = transverses.recuperer_cadrefacturation(typeDemandePaiement="FACTURE").listeCadreFacturation
    assert {"A1_FACTURE_FOURNISSEUR", "A9_FACTURE_SOUSTRAITANT"} <= {cadre.codeCadreFacturation for cadre in cadres}


def test_the_health_check_answers(fournisseur: ChorusPro) -> None:
    assert fournisseur.transverses.health_check().statusCodeValue in (200, None)


def test_the_directory_is_a_zip(fournisseur: ChorusPro) -> None:
    archive = fournisseur.transverses.telecharger_annuaire_destinataire().fichierResultat
    assert archive is not None
    assert archive[:2] == b"PK"


def test_the_account_lists_its_attachments(fournisseur: ChorusPro, platform: Any) -> None:
    rows = list(fournisseur.utilisateurs.mon_compte_recuperer_rattachements.iter_rows())
    assert platform.supplier.siret in {row.identifiantStructure for row in rows}


@pytest.mark.parametrize("family", ["engagements_juridiques", "factures_travaux"])
def test_a_family_answers_or_says_that_it_is_closed(fournisseur: ChorusPro, family: str) -> None:
    questions = {
        "engagements_juridiques": lambda: fournisseur.engagements_juridiques.rechercher(numeroEngagementJuridique="0"),
        "factures_travaux": lambda: fournisseur.factures_travaux.rechercher(roleUtilisateur="FOURNISSEUR"),
    }
    assert outcome(questions[family]) in {"answered", "credentials.access"}


def outcome(question: Callable[[], Any]) -> str:
    """How a question ended; an empty search counts as an answer."""
    try:
        question()
    except ChorusProError as error:
        return error.code
    return "answered"
