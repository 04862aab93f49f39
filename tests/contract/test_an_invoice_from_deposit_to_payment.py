"""Any Chorus Pro takes an invoice, integrates it, shows it to its recipient and follows its life."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from choruspro import ChorusPro, Refused
from choruspro.enumerations import StatutFacture
from choruspro.models.factures_recues import IdFactureInput
from choruspro.models.factures_suites import PieceJointeComplementaire
from choruspro.models.transverses_flux import RetourConsulterCRDetaille

Eventually = Callable[..., Any]
Invoice = Callable[..., bytes]


def deposit(chorus: ChorusPro, content: bytes, name: str) -> str:
    answer = chorus.factures.deposer_flux(fichierFlux=content, nomFichier=name, syntaxeFlux="IN_DP_E1_CII_16B")
    assert answer.codeRetour == 0
    assert answer.numeroFluxDepot
    return answer.numeroFluxDepot


def report(chorus: ChorusPro, flux: str, eventually: Eventually) -> RetourConsulterCRDetaille:
    def settled(answer: RetourConsulterCRDetaille) -> bool:
        return answer.etatCourantDepotFlux is not None and answer.etatCourantDepotFlux.final

    found: RetourConsulterCRDetaille = eventually(
        lambda: chorus.transverses.consulter_cr_detaille(numeroFluxDepot=flux), settled
    )
    return found


@pytest.fixture
def sent(fournisseur: ChorusPro, invoice: Invoice, numero: str, eventually: Eventually) -> tuple[str, int]:
    """An integrated invoice: its flux and its identifier."""
    flux = deposit(fournisseur, invoice(numero), f"{numero}.xml")
    assert report(fournisseur, flux, eventually).etatCourantDepotFlux == "IN_INTEGRE"
    (row,) = fournisseur.factures.rechercher_fournisseur.iter_rows(numeroFluxDepot=flux)
    assert row.identifiantFactureCPP
    return flux, row.identifiantFactureCPP


def status(chorus: ChorusPro, number: int) -> str | None:
    return chorus.factures.consulter_historique(idFacture=number).statutCourantCode


def received(chorus: ChorusPro, number: int, eventually: Eventually) -> None:
    eventually(lambda: status(chorus, number), lambda code: code == StatutFacture.MISE_A_DISPOSITION)
    assert status(chorus, number) == StatutFacture.MISE_A_DISPOSITION


def test_a_deposit_gets_an_opaque_number(fournisseur: ChorusPro, invoice: Invoice, numero: str) -> None:
    flux = deposit(fournisseur, invoice(numero), f"{numero}.xml")
    assert len(flux) == 25
    assert flux.startswith("CPP001")


def test_an_integrated_flux_reports_no_error(
    fournisseur: ChorusPro, invoice: Invoice, numero: str, eventually: Eventually
) -> None:
    found = report(fournisseur, deposit(fournisseur, invoice(numero), f"{numero}.xml"), eventually)
    assert found.etatCourantDepotFlux == "IN_INTEGRE"
    assert found.listeErreurDP == found.listeErreurTechnique == []
    assert found.dateDepotFlux is not None
    assert found.dateDepotFlux.tzinfo is not None


def test_the_invoice_of_a_flux_is_found_with_its_exact_amounts(
    fournisseur: ChorusPro, sent: tuple[str, int], numero: str
) -> None:
    flux, number = sent
    (row,) = fournisseur.factures.rechercher_fournisseur(numeroFluxDepot=flux).listeFactures
    assert (row.numeroFacture, row.montantTTC, row.montantHT) == (numero, Decimal("1481.40"), Decimal("1234.50"))
    assert fournisseur.factures.consulter_fournisseur(identifiantFactureCPP=number).facture is not None


def test_the_same_number_twice_is_refused_by_its_report(
    fournisseur: ChorusPro, invoice: Invoice, numero: str, eventually: Eventually, sent: tuple[str, int]
) -> None:
    second = deposit(fournisseur, invoice(numero), f"{numero}.xml")
    assert second != sent[0]
    found = report(fournisseur, second, eventually)
    assert found.etatCourantDepotFlux == "IN_REJETE"
    assert [error.numeroDP for error in found.listeErreurDP] == [numero]
    assert found.listeErreurDP[0].libelleErreurDP


def test_an_unknown_supplier_is_refused_by_its_report(
    fournisseur: ChorusPro, invoice: Invoice, numero: str, eventually: Eventually
) -> None:
    flux = deposit(fournisseur, invoice(numero, seller="99999999999999"), f"{numero}.xml")
    found = report(fournisseur, flux, eventually)
    assert found.etatCourantDepotFlux == "IN_REJETE"
    assert found.listeErreurDP
    assert list(fournisseur.factures.rechercher_fournisseur.iter_rows(numeroFluxDepot=flux)) == []


def test_a_format_code_is_no_syntax(fournisseur: ChorusPro, invoice: Invoice, numero: str) -> None:
    with pytest.raises(Refused):
        fournisseur.factures.deposer_flux(
            fichierFlux=invoice(numero), nomFichier="a.xml", syntaxeFlux="IN_DP_E2_FACTURX"
        )


def test_the_recipient_finds_downloads_and_pays(
    destinataire: ChorusPro,
    fournisseur: ChorusPro,
    sent: tuple[str, int],
    numero: str,
    invoice: Invoice,
    eventually: Eventually,
) -> None:
    received(destinataire, sent[1], eventually)
    (row,) = destinataire.factures.rechercher_recipiendaire.iter_rows(
        numeroFacture=numero, typeDemandePaiement="FACTURE"
    )
    assert row.idFacture == sent[1]
    assert row.factureTelechargeeParDestinataire is False
    pivot = destinataire.factures.telecharger_groupe(
        format="PIVOT", listeFacture=[IdFactureInput(idFacture=sent[1])]
    ).fichierResultat
    assert pivot is not None
    assert b"CPPFacturePivot" in pivot
    assert numero.encode() in pivot
    (row,) = destinataire.factures.rechercher_recipiendaire.iter_rows(numeroFacture=numero)
    assert row.factureTelechargeeParDestinataire is True
    for target, mandate in (("SERVICE_FAIT", None), ("MANDATEE", "2026-1234"), ("MISE_EN_PAIEMENT", None)):
        answer = destinataire.factures.traiter_recue(idFacture=sent[1], nouveauStatut=target, numeroDPMandat=mandate)
        assert answer.nouveauStatut == target
    assert status(fournisseur, sent[1]) == StatutFacture.MISE_EN_PAIEMENT
    with pytest.raises(Refused):
        destinataire.factures.traiter_recue(idFacture=sent[1], nouveauStatut="SUSPENDUE", motif="trop tard")


def test_a_suspended_invoice_is_completed(
    destinataire: ChorusPro, fournisseur: ChorusPro, sent: tuple[str, int], eventually: Eventually
) -> None:
    received(destinataire, sent[1], eventually)
    destinataire.factures.traiter_recue(idFacture=sent[1], nouveauStatut="SUSPENDUE", motif="Il manque le bon signé")
    history = fournisseur.factures.consulter_historique(idFacture=sent[1])
    assert history.statutCourantCode == StatutFacture.SUSPENDUE
    assert history.historiquesDesStatuts is not None
    reasons = [entry.histoStatutCommentaire for entry in history.historiquesDesStatuts.histoStatut]
    assert "Il manque le bon signé" in reasons
    file = fournisseur.transverses.ajouter_fichier(
        pieceJointeFichier=b"%PDF-1.4 bon",
        pieceJointeNom="bon.pdf",
        pieceJointeTypeMime="application/pdf",
        pieceJointeExtension="pdf",
    )
    assert file.pieceJointeId
    part = PieceJointeComplementaire(
        pieceJointeComplementaireDesignation="Bon signé",
        pieceJointeComplementaireType="01",
        pieceJointeComplementaireId=file.pieceJointeId,
    )
    fournisseur.factures.completer(
        identifiantFactureCPP=sent[1], commentaire="Voici le bon.", pieceJointeComplementaire=[part]
    )
    assert status(fournisseur, sent[1]) == StatutFacture.COMPLETEE
    with pytest.raises(Refused):
        fournisseur.factures.completer(identifiantFactureCPP=sent[1], commentaire="Encore.")


def test_a_rejection_needs_a_reason_and_keeps_the_number(
    destinataire: ChorusPro, sent: tuple[str, int], eventually: Eventually
) -> None:
    received(destinataire, sent[1], eventually)
    with pytest.raises(Refused):
        destinataire.factures.traiter_recue(idFacture=sent[1], nouveauStatut="REJETEE")
    destinataire.factures.traiter_recue(idFacture=sent[1], nouveauStatut="REJETEE", motif="Double facturation")
    assert status(destinataire, sent[1]) == StatutFacture.REJETEE


def test_nothing_found_is_no_error(destinataire: ChorusPro, fournisseur: ChorusPro) -> None:
    assert destinataire.factures.rechercher_recipiendaire(numeroFacture="AUCUNE-FACTURE").listeFactures == []
    assert fournisseur.factures.rechercher_fournisseur(numeroFacture="AUCUNE-FACTURE").listeFactures == []


def test_an_unknown_invoice_and_an_unknown_flux_are_refused(fournisseur: ChorusPro) -> None:
    with pytest.raises(Refused):
        fournisseur.factures.consulter_historique(idFacture=999_999_999_999)
    with pytest.raises(Refused):
        fournisseur.transverses.consulter_cr_detaille(numeroFluxDepot="CPP0011106999999999999999")
