"""`deposer/pdf` and `soumettre` in their three modes (saisie.md)."""

import base64

import pytest

FIRM, TOWN, SUBCONTRACTOR = "45251785100010", "21970999400017", "81234567800012"
PDF = base64.b64encode(b"%PDF-1.4 une facture").decode()


def entry(api, siret=FIRM, **changes):
    body = {
        "modeDepot": "SAISIE_API",
        "numeroFactureSaisi": None,
        "destinataire": {"codeDestinataire": TOWN, "codeServiceExecutant": "SERV-TECH"},
        "fournisseur": {"idFournisseur": api.simulator.structure(siret)["idStructureCPP"]},
        "cadreDeFacturation": {"codeCadreFacturation": "A1_FACTURE_FOURNISSEUR"},
        "references": {
            "deviseFacture": "EUR",
            "typeFacture": "FACTURE",
            "typeTva": "TVA_SUR_DEBIT",
            "modePaiement": "VIREMENT",
        },
        "lignePoste": [
            {
                "lignePosteNumero": 1,
                "lignePosteDenomination": "Peinture",
                "lignePosteQuantite": 2.5,
                "lignePosteUnite": "m2",
                "lignePosteMontantUnitaireHT": 40,
                "lignePosteTauxTva": "TVA5",
            }
        ],
        "ligneTva": [{"ligneTvaTaux": "TVA5", "ligneTvaMontantBaseHtParTaux": 100, "ligneTvaMontantTvaParTaux": 20}],
        "montantTotal": {"montantHtTotal": 100, "montantTVA": 20, "montantTtcTotal": 120, "montantAPayer": 120},
    }
    return {**body, **changes}


def pdf_entry(api, piece, numero="PDF-1", **changes):
    main = {"pieceJointePrincipaleDesignation": "Facture", "pieceJointePrincipaleId": piece}
    fields = {
        "modeDepot": "DEPOT_PDF_API",
        "numeroFactureSaisi": numero,
        "dateFacture": "2026-11-20",
        "lignePoste": [],
        "pieceJointePrincipale": main,
    }
    return entry(api, **{**fields, **changes})


def submit(api, body, siret=FIRM):
    return api.call("factures/v1/soumettre", body, siret)


def deposited(api, siret=FIRM):
    body = {"fichierFacture": PDF, "nomFichier": "facture.pdf", "formatDepot": "PDF_NON_SIGNE"}
    return api.call("factures/v1/deposer/pdf", body, siret)


def test_the_platform_gives_the_number_of_an_invoice_typed_in(api):
    answer = submit(api, entry(api))
    assert (answer.code, answer.json["libelle"]) == (0, "GCU_MSG_01_000")
    assert len(answer.json["numeroFacture"]) == 20
    assert answer.json["numeroFacture"].startswith("2026")
    assert (answer.json["statutFacture"], answer.json["dateDepot"]) == ("DEPOSEE", "2026-11-23")
    assert answer.json["identifiantStructure"] == FIRM
    body = {"identifiantFactureCPP": answer.json["identifiantFactureCPP"]}
    facture = api.call("factures/v1/consulter/fournisseur", body).json["facture"]
    (line,) = facture["lignesDePoste"]["lignePoste"]
    assert (line["lignePosteQuantite"], line["lignePosteMontantHtApresRemise"]) == (2.5, 100)
    assert line["lignePosteMontantTtcApresRemise"] == 120
    assert facture["modeDepot"] == "SAISIE_API"


def test_a_date_in_saisie_api_breaks_the_platform(api):
    answer = submit(api, entry(api, dateFacture="2026-11-20"))
    assert (answer.status, answer.code) == (500, 500)


def test_a_pdf_is_deposited_then_submitted(api):
    answer = deposited(api)
    assert answer.json["numeroFacture"] is None
    number = submit(api, pdf_entry(api, answer.json["pieceJointeId"])).json["identifiantFactureCPP"]
    received = api.call("factures/v1/rechercher/recipiendaire", {}, TOWN).json["listeFactures"]
    assert [(row["idFacture"], row["numeroFacture"]) for row in received] == [(number, "PDF-1")]
    body = {"format": "PDF", "listeFacture": [{"idFacture": number}]}
    answer = api.call("factures/v1/telecharger/groupe", body, TOWN).json
    assert base64.b64decode(answer["fichierResultat"]) == b"%PDF-1.4 une facture"


def test_the_main_file_may_come_as_an_array(api):
    piece = deposited(api).json["pieceJointeId"]
    assert submit(api, pdf_entry(api, piece, pieceJointePrincipale=[{"pieceJointePrincipaleId": piece}])).code == 0


def test_a_pdf_that_was_only_deposited_is_not_sent(api):
    deposited(api)
    assert api.call("factures/v1/rechercher/recipiendaire", {}, TOWN).code == 20000
    assert api.simulator.control.factures() == []


def test_the_same_number_twice_is_refused(api):
    first, second = deposited(api).json["pieceJointeId"], deposited(api).json["pieceJointeId"]
    assert submit(api, pdf_entry(api, first)).code == 0
    answer = submit(api, pdf_entry(api, second))
    assert answer.code != 0
    assert "Vous avez déjà déposé" in answer.json["libelle"]


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"modeDepot": "AUTRE"}, 400),
        ({"lignePoste": []}, 400),
        ({"ligneTva": []}, 400),
        ({"montantTotal": {}}, 400),
        ({"montantTotal": {"montantHtTotal": 100, "montantTVA": 20, "montantTtcTotal": 99, "montantAPayer": 99}}, 200),
        (
            {"montantTotal": {"montantHtTotal": 100, "montantTVA": 21, "montantTtcTotal": 121, "montantAPayer": 121}},
            200,
        ),
        ({"destinataire": {"codeDestinataire": "00000000000000"}}, 200),
        ({"destinataire": {"codeDestinataire": TOWN, "codeServiceExecutant": "ANCIEN"}}, 200),
        ({"destinataire": {"codeDestinataire": TOWN, "codeServiceExecutant": "ECOLES"}}, 200),
        ({"fournisseur": {"idFournisseur": 26300002}}, 200),
        ({"fournisseur": {}}, 400),
        ({"cadreDeFacturation": {"codeCadreFacturation": "A4_PROJET_DECOMPTE_MENSUEL_FOURNISSEUR"}}, 400),
        ({"cadreDeFacturation": {"codeCadreFacturation": "A9_FACTURE_SOUSTRAITANT"}}, 200),
        ({"references": {"typeTva": "EXONERATION", "typeFacture": "FACTURE"}}, 400),
    ],
)
def test_what_is_missing_or_wrong_is_refused(api, changes, status):
    answer = submit(api, entry(api, **changes))
    assert answer.status == status
    assert answer.code != 0
    assert answer.json["libelle"]
    assert api.simulator.control.factures() == []


def test_a_subcontractor_waits_for_the_holder_and_may_submit_again(api):
    piece = deposited(api, SUBCONTRACTOR).json["pieceJointeId"]
    frame = {"codeCadreFacturation": "A9_FACTURE_SOUSTRAITANT", "codeStructureValideur": FIRM}
    supplier = {"idFournisseur": api.simulator.structure(SUBCONTRACTOR)["idStructureCPP"]}
    body = pdf_entry(api, piece, "ST-1", cadreDeFacturation=frame, fournisseur=supplier)
    answer = submit(api, body, SUBCONTRACTOR)
    assert (answer.code, answer.json["statutFacture"]) == (0, "A_VALIDER_1")
    number = answer.json["identifiantFactureCPP"]
    refusal = {"idFacture": number, "action": "REFUS", "motifRefus": "ERR_VALIDEUR"}
    assert api.call("factures/v1/traiter/factureAValider", refusal).code == 0
    frame["codeStructureValideur"] = "53210987600015"
    answer = submit(api, body, SUBCONTRACTOR)
    assert (answer.code, answer.json["identifiantFactureCPP"]) == (0, number)
    waiting = api.call("factures/v1/rechercher/aTraiter/valideur", {}, "53210987600015").json["listeFactures"]
    assert [row["idFacture"] for row in waiting] == [number]


def test_the_bank_account_is_one_of_the_supplier(api):
    supplier = api.simulator.structure(FIRM)["idStructureCPP"]
    accounts = api.call("transverses/v1/recuperer/coordbanc/valides", {"idStructure": supplier}).json
    number = accounts["listeCoordonneeBancaire"][0]["idCoordonneeBancaire"]
    chosen = {"idFournisseur": supplier, "codeCoordonneesBancairesFournisseur": number}
    assert submit(api, entry(api, fournisseur=chosen)).code == 0
    chosen["codeCoordonneesBancairesFournisseur"] = 1
    assert submit(api, entry(api, fournisseur=chosen)).code == 20008


def test_sizes(api):
    api.simulator.control.switch(fichier_mo=1)
    large = base64.b64encode(b"%PDF" + b" " * (1024 * 1024)).decode()
    body = {"fichierFacture": large, "nomFichier": "a.pdf", "formatDepot": "PDF_NON_SIGNE"}
    assert api.call("factures/v1/deposer/pdf", body).status == 413
    added = {
        "pieceJointeFichier": large,
        "pieceJointeNom": "a.pdf",
        "pieceJointeTypeMime": "application/pdf",
        "pieceJointeExtension": "pdf",
    }
    assert api.call("transverses/v1/ajouter/fichier", added).code == 20003


@pytest.mark.samples
def test_a_pdf_with_data_inside_gives_suggestions(api, samples):
    data = base64.b64encode((samples / "pdf-cases" / "pdf-ok-weasyprint.pdf").read_bytes()).decode()
    body = {"fichierFacture": data, "nomFichier": "a.pdf", "formatDepot": "PDF_NON_SIGNE"}
    answer = api.call("factures/v1/deposer/pdf", body).json
    assert answer["codeFournisseur"] == "73282932000074"
    assert answer["typeFacture"] == "FACTURE"
