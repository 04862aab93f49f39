"""From the deposit to the payment: who may do what, when (life-cycle.md)."""

import base64

import pytest

FIRM, SECOND, SUBCONTRACTOR = "45251785100010", "53210987600015", "81234567800012"
TOWN, WORKS_OWNER = "21970999400017", "22970777300013"
EIGHT = [
    "MISE_A_DISPOSITION",
    "SUSPENDUE",
    "REJETEE",
    "MANDATEE",
    "MISE_EN_PAIEMENT",
    "COMPTABILISEE",
    "MISE_A_DISPOSITION_COMPTABLE",
    "SERVICE_FAIT",
]


def treat(api, number, statut, motif="", mandat="", siret=TOWN):
    body = {"idFacture": number, "nouveauStatut": statut, "motif": motif, "numeroDPMandat": mandat}
    return api.call("factures/v1/traiter/recue", body, siret)


def test_from_service_done_to_payment(api, invoices):
    number = api.integrated(invoices.cii())
    for statut in ("SERVICE_FAIT", "MANDATEE", "MISE_A_DISPOSITION_COMPTABLE", "COMPTABILISEE", "MISE_EN_PAIEMENT"):
        answer = treat(api, number, statut, mandat="2026-1234" if statut == "MANDATEE" else "")
        assert (answer.code, answer.json["nouveauStatut"]) == (0, statut)
        assert answer.json["dateTraitement"] == "2026-11-23"
    facture = api.call("factures/v1/consulter/fournisseur", {"identifiantFactureCPP": number}).json["facture"]
    assert facture["statutFacture"] == "MISE_EN_PAIEMENT"
    assert facture["references"]["numeroDpMandat"] == "2026-1234"
    assert treat(api, number, "SERVICE_FAIT").code == 20002


def test_the_history_names_the_author_and_the_reason_newest_first(api, invoices):
    number = api.integrated(invoices.cii())
    treat(api, number, "SUSPENDUE", "Il manque le bon de livraison : « n° 12 »")
    answer = api.call("factures/v1/consulter/historique", {"idFacture": number}).json
    newest = answer["historiquesDesStatuts"]["histoStatut"][0]
    assert newest["histoStatutCode"] == answer["statutCourantCode"] == "SUSPENDUE"
    assert newest["histoStatutCommentaire"] == "Il manque le bon de livraison : « n° 12 »"
    assert newest["histoStatutUtilisateurNom"] == "FONTAINE"
    assert newest["histoStatutDatePassage"] == "2026-11-23 12:00"


def test_a_suspended_invoice_is_completed_with_a_file(api, invoices):
    number = api.integrated(invoices.cii())
    assert api.call("factures/v1/completer", {"identifiantFactureCPP": number}).code == 20002
    treat(api, number, "SUSPENDUE", "pièce manquante")
    assert treat(api, number, "MANDATEE").code == 20002
    added = {
        "pieceJointeFichier": base64.b64encode(b"bon de livraison").decode(),
        "pieceJointeNom": "bon",
        "pieceJointeTypeMime": "text/plain",
        "pieceJointeExtension": "TXT",
    }
    piece = api.call("transverses/v1/ajouter/fichier", added).json["pieceJointeId"]
    body = {
        "identifiantFactureCPP": number,
        "commentaire": "voici",
        "pieceJointeComplementaire": [
            {"pieceJointeComplementaireId": piece, "pieceJointeComplementaireDesignation": "Bon signé"}
        ],
    }
    answer = api.call("factures/v1/completer", body)
    assert (answer.code, answer.json["dateTraitement"]) == (0, "2026-11-23 12:00")
    assert api.history(number)[-2:] == ["SUSPENDUE", "COMPLETEE"]
    facture = api.call("factures/v1/consulter/recipiendaire", {"identifiantFactureCPP": number}, TOWN).json["facture"]
    assert [p["pieceJointeDesignation"] for p in facture["listeDesPiecesJointes"]["pieceJointe"]] == [
        "f.xml",
        "Bon signé",
    ]
    assert treat(api, number, "MANDATEE").code == 0


def test_another_s_file_cannot_be_attached(api, invoices):
    number = api.integrated(invoices.cii())
    treat(api, number, "SUSPENDUE", "x")
    added = {
        "pieceJointeFichier": "QUJD",
        "pieceJointeNom": "a.pdf",
        "pieceJointeTypeMime": "application/pdf",
        "pieceJointeExtension": "pdf",
    }
    piece = api.call("transverses/v1/ajouter/fichier", added, SECOND).json["pieceJointeId"]
    body = {"identifiantFactureCPP": number, "pieceJointeComplementaire": [{"pieceJointeComplementaireId": piece}]}
    assert api.call("factures/v1/completer", body).code == 20015
    assert api.history(number)[-1] == "SUSPENDUE"


@pytest.mark.parametrize("statut", ["SUSPENDUE", "REJETEE"])
def test_a_reason_is_demanded(api, invoices, statut):
    number = api.integrated(invoices.cii())
    assert treat(api, number, statut).code != 0
    assert treat(api, number, statut, "m" * 256).code != 0
    assert treat(api, number, statut, "m" * 255).code == 0


def test_a_mandate_number_goes_with_mandatee_only(api, invoices):
    number = api.integrated(invoices.cii())
    assert treat(api, number, "SERVICE_FAIT", mandat="1").code != 0


def test_the_targets_are_told(api):
    def told(statut):
        answer = api.call("transverses/v1/recuperer/etats/traitement", {"statutCourant": statut}, TOWN)
        return [row["statutPossiblePourTraitement"] for row in answer.json["listeStatutsPossiblesPourTraitement"]]

    assert sorted(told("MISE_A_DISPOSITION")) == sorted(EIGHT)
    assert told("SUSPENDUE") == ["MISE_A_DISPOSITION"]
    assert told("REJETEE") == []
    api.simulator.control.switch(recyclage=True)
    assert "A_RECYCLER" in told("MISE_A_DISPOSITION")


def test_each_side_keeps_to_its_own(api, invoices):
    number = api.integrated(invoices.cii())
    assert treat(api, number, "MANDATEE", siret=FIRM).code == 20001
    assert treat(api, number, "MANDATEE", siret=SECOND).code == 20001
    assert treat(api, 999, "MANDATEE").code == 20000
    consult = {"identifiantFactureCPP": number}
    assert api.call("factures/v1/consulter/fournisseur", consult, SECOND).code == 20001
    assert api.call("factures/v1/consulter/recipiendaire", consult, FIRM).code == 20001
    assert api.call("factures/v1/consulter/historique", {"idFacture": number}, SECOND).code == 20001


def test_recycling_is_off_and_works_when_on(api, invoices):
    number = api.integrated(invoices.cii(numero="R-1"))
    assert treat(api, number, "A_RECYCLER", "mauvais service").code == 20002
    api.simulator.control.switch(recyclage=True)
    assert treat(api, number, "A_RECYCLER", "mauvais service").code == 0
    body = {
        "identifiantFactureCPP": number,
        "destinataire": {"codeDestinataire": WORKS_OWNER, "codeServiceExecutant": "BATIMENTS"},
        "reference": {"numeroBonCommande": "EJ-9"},
    }
    answer = api.call("factures/v1/recycler", body)
    assert (answer.code, answer.json["numeroFacture"], answer.json["statutFacture"]) == (0, "R-1", "DEPOSEE")
    assert treat(api, number, "MANDATEE").code == 20001
    assert treat(api, number, "MANDATEE", siret=WORKS_OWNER).code == 0
    assert api.call("factures/v1/rechercher/recipiendaire", {}, TOWN).code == 20000
    assert api.call("factures/v1/rechercher/recipiendaire", {}, WORKS_OWNER).json["total"] == 1


def test_a_payment_that_is_not_reported_stays_silent(api, invoices):
    number = api.integrated(invoices.cii(acheteur=WORKS_OWNER, service="BATIMENTS"))
    assert treat(api, number, "MANDATEE", siret=WORKS_OWNER).code == 0
    assert treat(api, number, "MISE_EN_PAIEMENT", siret=WORKS_OWNER).code == 0
    assert api.history(number)[-1] == "MANDATEE"


def test_a_rejection_is_dealt_with(api, invoices):
    number = api.integrated(invoices.cii())
    rows = {"listeDemandePaiement": [{"idDemandePaiement": number}]}
    assert api.call("factures/v1/traiterRejet", rows).code == 20002
    treat(api, number, "REJETEE", "double")
    search = {"rejetTraite": False, "statutCourant": "REJETEE"}
    assert len(api.call("factures/v1/rechercher/fournisseur", search).json["listeFactures"]) == 1
    assert api.call("factures/v1/traiterRejet", rows).code == 0
    assert api.call("factures/v1/rechercher/fournisseur", search).json["listeFactures"] == []
    history = api.call("factures/v1/consulter/historique", {"idFacture": number}).json
    assert history["derniereAction"]["derniereActionCode"] == "TRAITEMENT_REJET"


def subcontracted(api, invoices, **given):
    return api.integrated(invoices.cii(vendeur=SUBCONTRACTOR, cadre="A9", **given), siret=SUBCONTRACTOR)


def waiting(api, siret=FIRM):
    rows = api.call("factures/v1/rechercher/aTraiter/valideur", {}, siret).json["listeFactures"]
    return [row["idFacture"] for row in rows]


def decide(api, number, action, motif=""):
    body = {"idFacture": number, "action": action, "motifRefus": motif}
    return api.call("factures/v1/traiter/factureAValider", body)


def test_the_holder_of_the_contract_validates_its_subcontractor(api, invoices):
    number = subcontracted(api, invoices)
    assert api.call("factures/v1/rechercher/recipiendaire", {}, TOWN).code == 20000
    assert waiting(api) == [number]
    assert api.call("factures/v1/consulter/valideur", {"identifiantFactureCPP": number}).code == 0
    answer = decide(api, number, "VALIDATION")
    assert (answer.code, answer.json["statutFacture"]) == (0, "MISE_A_DISPOSITION")
    assert api.history(number, SUBCONTRACTOR) == ["DEPOSEE", "A_VALIDER_1", "VALIDEE_1", "MISE_A_DISPOSITION"]
    assert waiting(api) == []
    assert decide(api, number, "VALIDATION").code == 20002


def test_a_refused_request_goes_on_to_the_public_body_all_the_same(api, invoices):
    number = subcontracted(api, invoices)
    assert decide(api, number, "REFUS").code != 0
    assert decide(api, number, "REFUS", "MONTANT_ERR").code == 0
    assert api.history(number, SUBCONTRACTOR)[-2:] == ["REFUSEE_1", "MISE_A_DISPOSITION"]
    assert api.call("factures/v1/rechercher/recipiendaire", {}, TOWN).json["total"] == 1


def test_fifteen_days_of_silence_are_a_consent(api, invoices):
    number = subcontracted(api, invoices)
    api.simulator.control.clock(advance=14 * 86400)
    api._token = ""
    assert api.history(number, SUBCONTRACTOR)[-1] == "A_VALIDER_1"
    api.simulator.control.clock(advance=86401)
    api._token = ""
    assert api.history(number, SUBCONTRACTOR)[-2:] == ["ABSENCE_VALIDATION_1_HORS_DELAI", "MISE_A_DISPOSITION"]
    events = api.call("factures/v1/consulter/historique", {"idFacture": number}, TOWN).json
    assert "Accord tacite" in events["historiquesDesEvenementsComplementaires"]["evenement"][0]["evenementLibelle"]


def test_a_wrong_validator_is_replaced(api, invoices):
    number = subcontracted(api, invoices)
    assert decide(api, number, "REFUS", "ERR_VALIDEUR").json["statutFacture"] == "ERREUR_FOURNISSEUR_SUR_VALIDEUR"
    body = {"idFacture": number, "typeIdentifiantStructure": "SIRET", "identifiantStructure": SECOND}
    assert api.call("factures/v1/corriger/valideur/facture", body, FIRM).code == 20001
    assert api.call("factures/v1/corriger/valideur/facture", body, SUBCONTRACTOR).code == 0
    assert (waiting(api), waiting(api, SECOND)) == ([], [number])
    assert decide(api, number, "VALIDATION").code == 20001


def test_a_cocontractor_names_its_agent_in_the_file(api, invoices):
    data = invoices.cii(vendeur=SECOND, cadre="A12", valideur=FIRM)
    number = api.integrated(data, siret=SECOND)
    assert waiting(api) == [number]


def test_works_documents_have_their_own_search(api, invoices):
    number = api.integrated(invoices.cii(acheteur=WORKS_OWNER, service="BATIMENTS", cadre="A4"))
    body = {"roleUtilisateur": "DESTINATAIRE", "rechercheFactureTravaux": {"nbResultatsParPage": 10}}
    assert api.call("facturesTravaux/v1/rechercher", body, TOWN).code == 20007
    answer = api.call("facturesTravaux/v1/rechercher", body, WORKS_OWNER).json
    assert answer["listeFacturesTravaux"][0]["typeFactureTravaux"] == "PROJET_DECOMPTE_MENSUEL"
    plain = api.call("factures/v1/rechercher/recipiendaire", {"typeDemandePaiement": "FACTURE"}, WORKS_OWNER)
    assert plain.code == 20000
    refusal = {"idFacture": number, "motif": "Erreur de montant"}
    assert api.call("facturesTravaux/v1/refuser", refusal, WORKS_OWNER).code == 20003
    assert api.call("facturesTravaux/v1/refuser", {**refusal, "motif": "Doublon"}, WORKS_OWNER).code == 0
