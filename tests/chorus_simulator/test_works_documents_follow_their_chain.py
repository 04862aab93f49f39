"""A works document goes from desk to desk: supplier, MOE, MOA, financial service; each sees what is on its own."""

import base64

import pytest

FIRM, OWNER, MOE = "45251785100010", "22970777300013", "84210987600017"
CONTRACT = "MARCHE-TRAVAUX-2026-1"
CADRES = {
    "A4": "A4_PROJET_DECOMPTE_MENSUEL_FOURNISSEUR",
    "A15": "A15_ETAT_ACOMPTE_MOE",
    "A19": "A19_ETAT_ACOMPTE_VALIDE_MOA",
}


@pytest.fixture
def submit(api):
    """Submit a works document under a cadre; its id."""

    def send(cadre, numero, siret, origin=""):
        pdf = base64.b64encode(b"%PDF-1.4").decode()
        given = {"fichierFacture": pdf, "nomFichier": "a.pdf", "formatDepot": "PDF_NON_SIGNE"}
        piece = api.call("factures/v1/deposer/pdf", given, siret).json["pieceJointeId"]
        number = api.simulator.structure(siret)["idStructureCPP"]
        body = {
            "modeDepot": "DEPOT_PDF_API",
            "numeroFactureSaisi": numero,
            "dateFacture": "2026-11-20",
            "destinataire": {"codeDestinataire": OWNER, "codeServiceExecutant": "BATIMENTS"},
            "fournisseur": {"idFournisseur": number},
            "cadreDeFacturation": {"codeCadreFacturation": CADRES[cadre]},
            "references": {
                "deviseFacture": "EUR",
                "typeFacture": "FACTURE",
                "typeTva": "SANS_TVA",
                "modePaiement": "VIREMENT",
                "numeroMarche": CONTRACT,
                "numeroFactureOrigine": origin,
            },
            "montantTotal": {"montantHtTotal": 10, "montantTVA": 0, "montantTtcTotal": 10, "montantAPayer": 10},
            "pieceJointePrincipale": {"pieceJointePrincipaleId": piece},
        }
        answer = api.call("facturesTravaux/v1/soumettre", body, siret).json
        assert answer["codeRetour"] == 0, answer
        return answer["identifiantFactureCPP"]

    return send


@pytest.fixture
def on_desk(api):
    """The numbers that wait for a role."""

    def listed(role, siret):
        answer = api.call("facturesTravaux/v1/rechercher/atraiter", {"roleUtilisateur": role}, siret).json
        return [row["numeroFacture"] for row in answer.get("listeFacturesTravaux", [])]

    return listed


def test_each_desk_sends_the_document_on_by_one_of_its_own(api, submit, on_desk):
    monthly = submit("A4", "DEC-1", FIRM)
    assert (on_desk("MOE", MOE), on_desk("MOA", OWNER), on_desk("DESTINATAIRE", OWNER)) == (["DEC-1"], [], [])
    statement = submit("A15", "ACO-1", MOE, "DEC-1")
    assert (on_desk("MOE", MOE), on_desk("MOA", OWNER), on_desk("DESTINATAIRE", OWNER)) == ([], ["ACO-1"], [])
    submit("A19", "VAL-1", OWNER, "ACO-1")
    assert (on_desk("MOA", OWNER), on_desk("DESTINATAIRE", OWNER)) == ([], ["VAL-1"])
    assert api.history(monthly) == ["DEPOSEE", "MISE_A_DISPOSITION_MOE", "ASSOCIEE"]
    assert api.history(statement, MOE) == ["DEPOSEE", "MISE_A_DISPOSITION_MOA", "ASSOCIEE"]
    whole = api.call("facturesTravaux/v1/consulter/dossierfacturation", {"idFacture": monthly}).json
    assert {row["numeroFacture"] for row in whole["listeFactureTravaux"]} == {"DEC-1", "ACO-1", "VAL-1"}


def test_reading_takes_up_and_the_recipient_waits(api, submit):
    number = submit("A4", "DEC-2", FIRM)
    received = api.call("factures/v1/rechercher/recipiendaire", {}, OWNER)
    assert received.code == 20000, "nothing is received before the financial service has it"
    assert api.call("facturesTravaux/v1/consulter", {"idFacture": number}, MOE).code == 0
    assert api.history(number)[-1] == "PRISE_EN_COMPTE_MOE"
    api.simulator.control.switch(travaux_prise_en_compte=False)
    other = submit("A4", "DEC-3", FIRM)
    api.call("facturesTravaux/v1/consulter", {"idFacture": other}, MOE)
    assert api.history(other)[-1] == "MISE_A_DISPOSITION_MOE"


def test_a_complement_goes_back_to_the_desk_that_asked(api, submit, on_desk):
    number = submit("A4", "DEC-4", FIRM)
    asked = {"idFacture": number, "commentaire": "Il manque le constat."}
    assert api.call("facturesTravaux/v1/completermoe", asked, FIRM).code == 20002, "the supplier has no such desk"
    assert api.call("facturesTravaux/v1/completermoe", asked, MOE).json["nouveauStatut"] == "A_COMPLETER"
    assert on_desk("FOURNISSEUR", FIRM) == ["DEC-4"]
    assert api.call("facturesTravaux/v1/completer", {"idFacture": number, "commentaire": "Le voici."}).code == 0
    assert on_desk("MOE", MOE) == ["DEC-4"]
    assert api.call("facturesTravaux/v1/completer", {"idFacture": number}).code == 20002


@pytest.mark.parametrize(("cadre", "siret", "statut"), [("A4", MOE, "REFUSEE_MOE"), ("A15", OWNER, "REFUSEE_MOA")])
def test_each_desk_refuses_in_its_own_name(api, submit, cadre, siret, statut):
    number = submit(cadre, f"REF-{cadre}", FIRM if cadre == "A4" else MOE)
    refusal = {"idFacture": number, "motif": "Métré faux"}
    assert api.call("facturesTravaux/v1/refuser", refusal, siret).json["nouveauStatut"] == statut
    assert api.call("facturesTravaux/v1/refuser", refusal, siret).code == 20002


def test_what_must_be_recycled_takes_the_road_again(api, submit):
    number = submit("A4", "DEC-5", FIRM)
    assert api.call("facturesTravaux/v1/recycler", {"idFacture": number}).code == 20004
    assert api.call("facturesTravaux/v1/demander/recyclage", {"idFacture": number}, MOE).code == 0
    assert api.call("facturesTravaux/v1/recycler", {"idFacture": number}).code == 0
    assert api.history(number)[-2:] == ["DEPOSEE", "MISE_A_DISPOSITION_MOE"]
    changes = api.simulator.control.ledger()["changes"]
    assert [change["operation"] for change in changes if change["idFacture"] == number] == [
        "travaux:EN_ATTENTE_RECYCLAGE_FOURNISSEUR",
        "travaux:recycler",
    ]


def test_the_actors_read_the_history_and_strangers_do_not(api, submit):
    number = submit("A4", "DEC-6", FIRM)
    for siret in (FIRM, MOE, OWNER):
        assert api.call("factures/v1/consulter/historique", {"idFacture": number}, siret).code == 0
    assert api.call("factures/v1/consulter/historique", {"idFacture": number}, "21970999400017").code == 20001


def test_a_flux_of_a_contract_takes_the_same_road(api, invoices):
    """The contract number of a CII is enough to find the MOE."""
    contract = (
        "<ram:ContractReferencedDocument><ram:IssuerAssignedID>"
        f"{CONTRACT}</ram:IssuerAssignedID></ram:ContractReferencedDocument>"
    )
    works = invoices.cii(cadre="A4", acheteur=OWNER, service="BATIMENTS", pieces=contract)
    assert api.history(api.integrated(works))[-1] == "MISE_A_DISPOSITION_MOE"
