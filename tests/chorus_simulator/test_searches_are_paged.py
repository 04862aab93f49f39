"""Searching: criteria, pages, dates, and the silence of an empty result (api/conventions.md §6, §7)."""

import base64
import io
import zipfile

import pytest

FIRM, TOWN, HOSPITAL = "45251785100010", "21970999400017", "26970888200019"
SUPPLIER, RECIPIENT = "factures/v1/rechercher/fournisseur", "factures/v1/rechercher/recipiendaire"


def numbers(api, path, body, siret):
    answer = api.call(path, body, siret)
    return [row["numeroFacture"] for row in answer.json.get("listeFactures", [])]


def test_an_empty_search_is_zero_for_the_supplier_and_20000_for_the_recipient(api):
    answer = api.call(SUPPLIER, {})
    assert (answer.code, answer.json["listeFactures"], answer.json["parametresRetour"]["total"]) == (0, [], 0)
    answer = api.call(RECIPIENT, {}, TOWN)
    assert (answer.code, answer.json["libelle"]) == (20000, "TRA_MSG_00.015")
    assert "listeFactures" not in answer.json
    api.simulator.control.switch(recherche_vide_fournisseur=20000)
    assert api.call(SUPPLIER, {}).code == 20000


def test_ten_per_page_by_default_newest_first(api):
    made = api.simulator.control.invoices(TOWN, 25)
    pages = []
    for page in (1, 2, 3, 4):
        answer = api.call(RECIPIENT, {"paramRecherche": {"pageResultatDemandee": page}}, TOWN).json
        assert (answer["pages"], answer["total"], answer["nbResultatsParPage"]) == (3, 25, 10)
        pages += [row["idFacture"] for row in answer["listeFactures"]]
    assert pages == made[::-1]


def test_without_a_maximum_two_hundred_results_are_given(api):
    api.simulator.control.invoices(TOWN, 210)
    assert api.call(RECIPIENT, {}, TOWN).json["total"] == 200
    asked = {"paramRecherche": {"nbResultatsMaximum": 999999, "nbResultatsParPage": 1000}}
    answer = api.call(RECIPIENT, asked, TOWN).json
    assert (answer["total"], len(answer["listeFactures"])) == (210, 210)
    asked["statutCourant"] = ["MISE_A_DISPOSITION"]
    assert api.call(RECIPIENT, asked, TOWN).json["total"] == 210


@pytest.mark.parametrize("page", [{"pageResultatDemandee": 0}, {"nbResultatsParPage": -1}, {"nbResultatsParPage": "x"}])
def test_impossible_pages_are_refused(api, page):
    assert api.call(RECIPIENT, {"paramRecherche": page}, TOWN).status == 400


def test_columns_sort_and_blanks_are_trimmed(api):
    for amount, numero in (("20", "B"), ("10", "C"), ("30", "A")):
        api.simulator.control.invoices(TOWN, montantHT=amount, numero=numero)

    def sorted_on(column, sense):
        return numbers(api, RECIPIENT, {"paramRecherche": {"triColonne": column, "triSens": sense}}, TOWN)

    assert sorted_on("NumeroFacture", "Ascendant") == ["A", "B", "C"]
    assert sorted_on("MontantHT", "Ascendant ") == ["C", "B", "A"]
    assert sorted_on("MontantTTC", "Descendant") == ["A", "B", "C"]
    assert sorted_on("DateDepot", "Ascendant") == ["B", "C", "A"]


def test_criteria_keep_what_they_say(api, invoices):
    api.integrated(invoices.cii(numero="K-1", engagement="EJ-A", ht="10.00", tva="2.00", ttc="12.00"))
    api.integrated(invoices.cii(numero="K-2", jour="20261015", engagement="EJ-B"))
    api.integrated(invoices.cii(numero="K-3", type="381", acheteur=HOSPITAL, service="PHARMACIE"))
    hospital = api.simulator.structure(HOSPITAL)["idStructureCPP"]
    for body, expected in (
        ({"numeroFacture": "K-2"}, ["K-2"]),
        ({"numeroBonCommande": "EJ-A"}, ["K-1"]),
        ({"periodeDateFactureDu": "2026-11-01"}, ["K-3", "K-1"]),
        ({"periodeDateFactureAu": "2026-10-31"}, ["K-2"]),
        ({"periodeDateDepotDu": "2026-11-23", "periodeDateDepotAu": "2026-11-23"}, ["K-3", "K-2", "K-1"]),
        ({"periodeDateDepotAu": "2026-11-22"}, []),
        ({"montantTTCMax": 12.00}, ["K-1"]),
        ({"montantHTMin": "12.01"}, ["K-3", "K-2"]),
        ({"typeFacture": "AVOIR"}, ["K-3"]),
        ({"modeDepot": "UPLOAD_API"}, ["K-3", "K-2", "K-1"]),
        ({"modeDepot": "SAISIE_API"}, []),
        ({"listeDestinataire": [{"idDestinataire": hospital}]}, ["K-3"]),
        ({"listeDestinataire": [{"raisonSocialeStuctDmd": "val-fictif"}]}, ["K-2", "K-1"]),
        ({"cadreFacturation": "A9_FACTURE_SOUSTRAITANT"}, []),
        ({"statutCourant": ["MANDATEE"]}, []),
        ({"statutCourant": "MISE_A_DISPOSITION"}, ["K-3", "K-2", "K-1"]),
        ({"idFournisseur": 1}, []),
    ):
        assert numbers(api, SUPPLIER, body, FIRM) == expected, body


def test_the_delta_on_the_date_of_the_status_finds_what_moved(api):
    control = api.simulator.control
    first, second, third = control.invoices(TOWN, 3)
    control.clock(advance=86400)
    control.status(first, "MANDATEE")
    control.clock(advance=86400)
    control.status(third, "SUSPENDUE", "x")
    api._token = ""

    def moved(since, until=None):
        body = {"periodeDateHeureEtatCourantDu": since, "periodeDateHeureEtatCourantAu": until}
        ids = [row["idFacture"] for row in api.call(RECIPIENT, body, TOWN).json.get("listeFactures", [])]
        supplier = api.call(SUPPLIER, body).json["listeFactures"]
        assert [row["identifiantFactureCPP"] for row in supplier] == ids
        return ids

    assert moved("2026-11-24") == [third, first]
    assert moved("2026-11-24", "2026-11-24T23:59:59") == [first]
    assert moved("2026-11-25T11:59:59+01:00") == [third]
    assert moved("2026-11-25T11:00:00.000Z") == [third]
    assert moved("2026-11-25T12:00:01") == []
    assert moved("2026-11-23", "2026-11-23") == [second]


@pytest.mark.parametrize("value", ["hier", "2026-13-01", 12, "0001-01-01", ["2026-01-01"]])
def test_an_unreadable_date_is_refused(api, value):
    assert api.call(RECIPIENT, {"periodeDateDepotDu": value}, TOWN).status == 400


def test_values_outside_the_enumerations_are_refused(api):
    assert api.call(SUPPLIER, {"statutCourant": ["PAYEE"]}).status == 400
    api.simulator.control.switch(enumeration_inconnue=200)
    answer = api.call(SUPPLIER, {"statutCourant": ["PAYEE"]})
    assert (answer.status, answer.code) == (200, 20000)


def test_structures_are_found_by_siret_name_and_place(api):
    def found(structure, **more):
        answer = api.call("structures/v1/rechercher", {"structure": structure, **more}).json
        return [row["identifiantStructure"] for row in answer.get("listeStructures", [])]

    assert found({"identifiantStructure": TOWN, "typeIdentifiantStructure": "SIRET"}) == [TOWN]
    assert found({"libelleStructure": "val-fictif"}) == [TOWN]
    assert found({"identifiantStructure": "53210987600015"}) == []
    assert found({"identifiantStructure": "53210987600015"}, restreindreStructuresPrivees=False) == ["53210987600015"]
    assert found({"identifiantStructure": FIRM}, restreindreStructuresPrivees="") == [FIRM]
    assert api.call("structures/v1/rechercher", {"structure": {}}).code != 0
    api.simulator.control.structure(TOWN, statut="INACTIVE")
    assert found({"identifiantStructure": TOWN, "statutStructure": "ACTIF"}) == []


def test_the_flags_of_the_qualification_data_set(api):
    def flags(siret):
        number = api.simulator.structure(siret)["idStructureCPP"]
        told = api.call("structures/v1/consulter", {"idStructureCPP": number}).json["parametres"]
        return told["codeServiceDoitEtreRenseigne"], told["numeroEJDoitEtreRenseigne"]

    assert flags("12345678200051") == (False, False)
    assert flags("12345678200036") == (False, True)
    assert flags("12345678200028") == (True, False)
    assert flags("12345678200044") == (True, True)


def test_the_directory_comes_as_a_zip(api):
    content = api.call("transverses/v1/telecharger/annuaire/destinataire").json["fichierResultat"]
    assert content.startswith("UEsDB")
    with zipfile.ZipFile(io.BytesIO(base64.b64decode(content))) as archive:
        rows = archive.read("annuaire_structures.csv").decode().splitlines()
    assert rows[0].startswith("TypeIdentifiant;Identifiant;RaisonSociale;EmetteurEdi")
    assert any(TOWN in row for row in rows)
    assert not any(FIRM in row for row in rows)


def test_one_search_serves_every_role(api, invoices):
    api.integrated(invoices.cii(numero="D-1"))
    api.integrated(invoices.cii(numero="D-2", vendeur="81234567800012", cadre="A9"), siret="81234567800012")
    works = invoices.cii(numero="D-3", acheteur="22970777300013", service="BATIMENTS", cadre="A4")
    api.integrated(works)

    def found(role, siret, **more):
        body = {"roleUtilisateur": role, **more}
        answer = api.call("factures/v1/rechercher/demandePaiement", body, siret).json
        assert answer["total"] == len(answer["listeDemandePaiement"])
        return [row["numeroDemandePaiement"] for row in answer["listeDemandePaiement"]]

    assert found("FOURNISSEUR", FIRM) == ["D-3", "D-1"]
    assert found("VALIDEUR", FIRM) == found("VALIDATEUR", FIRM) == ["D-2"]
    assert found("DESTINATAIRE", TOWN) == ["D-1"]
    assert found("MOA", "22970777300013") == ["D-3"]
    assert found("FOURNISSEUR", FIRM, typeDemandePaiement="FACTURE_TRAVAUX") == ["D-3"]
    assert found("FOURNISSEUR", FIRM, dpOuDpArchive="DP_ARCHIVE") == []
    town = {"identifiantStructureDestinataire": TOWN}
    assert found("FOURNISSEUR", FIRM, structureDestinataire=town) == ["D-1"]
    api.simulator.control.switch(services_qualification=False)
    assert api.call("factures/v1/rechercher/demandePaiement", {"roleUtilisateur": "MOA"}).status == 500
