"""The whole surface, against the two official Swagger files kept in the shared specifications.

Two departures are documented and allowed: null in rows (api/conventions.md §8) and dates in other forms than
date-time (§4). A field that the Swagger does not know must be named here with its source.
"""

import base64
import json
import re
from pathlib import Path

import jsonschema
import pytest

from chorus_simulator.surface import OPERATIONS

SPECIFICATIONS = Path(__file__).resolve().parents[3] / "shared" / "specifications"
FIRM, TOWN, SUBCONTRACTOR = "45251785100010", "21970999400017", "81234567800012"
BESIDE_THE_SWAGGER = {
    "ServiceExpose": {"dateDbtService", "dateFinService"},  # official sample, api/structures.md §3
    "WsRetourDeposerPdfFacture": {"codeRetour", "libelle"},  # real answers, api/factures.md §2
}
DATES = re.compile(r"\d{4}-\d{2}-\d{2}([ T]\d{2}:\d{2}(:\d{2}\.\d{3}([+-]\d{2}:\d{2}|Z))?)?")


@pytest.fixture(scope="session")
def swaggers():
    if not SPECIFICATIONS.is_dir():
        pytest.skip("pas de Swagger : ../shared/specifications est absent")
    files = [
        json.loads((SPECIFICATIONS / "swagger" / f"{name}.json").read_text()) for name in ("factures", "structures")
    ]
    return {f"{file['basePath']}{path}": (file, item) for file in files for path, item in file["paths"].items()}


def closed(schema, definitions, name=""):
    """The schema with its references opened, null allowed, unknown fields refused."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return closed(definitions[name], definitions, name)
    kind = schema.get("type", "object")
    if kind == "array":
        return {"type": "array", "items": closed(schema["items"], definitions)}
    if kind != "object":
        allowed = {"type": [kind, "null"]}
        if "enum" in schema:
            allowed["enum"] = [*schema["enum"], None]
        if schema.get("format") == "date-time":
            allowed = {"type": "string", "pattern": f"^{DATES.pattern}$"}
        if kind == "integer" and name == "FactureRechercheValideur":
            allowed = {"type": ["number", "null"]}
        return allowed
    properties = {field: closed(inner, definitions, name) for field, inner in schema.get("properties", {}).items()}
    properties |= dict.fromkeys(BESIDE_THE_SWAGGER.get(name, ()), True)
    # deposer/pdf declares required what it could not read: null there
    required = [] if name == "WsRetourDeposerPdfFacture" else schema.get("required", [])
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def without_null_dates(answer, schema):
    """`deposer/pdf` writes null for a date that was not read (real answers); dates elsewhere are never null."""
    return {
        name: value
        for name, value in answer.items()
        if value is not None or "pattern" not in schema["properties"].get(name, {})
    }


@pytest.fixture
def story(api, invoices):
    """An invoice in each place where some operation needs one."""
    api.simulator.control.switch(recyclage=True)
    cii = invoices.cii
    piece = "<ram:AdditionalReferencedDocument><ram:IssuerAssignedID>a</ram:IssuerAssignedID>"
    piece += "<ram:TypeCode>916</ram:TypeCode>"
    piece += '<ram:AttachmentBinaryObject mimeCode="text/plain" filename="a.txt">QQ==</ram:AttachmentBinaryObject>'
    piece += "</ram:AdditionalReferencedDocument>"
    flux = api.deposit(cii(numero="S-1", pieces=piece))
    numbers = {name: api.integrated(cii()) for name in ("plain", "suspended", "rejected", "recycled", "to_treat")}
    numbers["s1"] = api.of_flux(flux)[0]["identifiantFactureCPP"]
    control = api.simulator.control
    control.status(numbers["suspended"], "SUSPENDUE", "x")
    control.status(numbers["rejected"], "REJETEE", "x")
    control.status(numbers["recycled"], "A_RECYCLER", "x")
    for name in ("waiting", "decided"):
        numbers[name] = api.integrated(cii(vendeur=SUBCONTRACTOR, cadre="A9"), siret=SUBCONTRACTOR)
    api.call(
        "factures/v1/traiter/factureAValider",
        {"idFacture": numbers["decided"], "action": "REFUS", "motifRefus": "ERR_VALIDEUR"},
    )
    return numbers, flux


def bodies(api, numbers):
    """A meaningful request for each operation of the two Swaggers, with the account that sends it."""
    firm, town = (api.simulator.structure(siret)["idStructureCPP"] for siret in (FIRM, TOWN))
    pdf = base64.b64encode(b"%PDF-1.4").decode()
    piece = api.call(
        "factures/v1/deposer/pdf", {"fichierFacture": pdf, "nomFichier": "a.pdf", "formatDepot": "PDF_NON_SIGNE"}
    ).json["pieceJointeId"]
    paging = {"pageResultatDemandee": 1, "nbResultatsParPage": 5, "triSens": "Ascendant ", "nbResultatsMaximum": 100}
    service = api.call("structures/v1/rechercher/services", {"idStructure": town}).json["listeServices"][0]["idService"]
    submitted = {
        "modeDepot": "DEPOT_PDF_API",
        "numeroFactureSaisi": "W-1",
        "dateFacture": "2026-11-20",
        "destinataire": {"codeDestinataire": TOWN},
        "fournisseur": {"idFournisseur": firm},
        "cadreDeFacturation": {"codeCadreFacturation": "A1_FACTURE_FOURNISSEUR"},
        "references": {"deviseFacture": "EUR", "typeFacture": "AVOIR", "typeTva": "SANS_TVA", "modePaiement": "AUTRE"},
        "montantTotal": {"montantHtTotal": 1, "montantTVA": 0, "montantTtcTotal": 1, "montantAPayer": 1},
        "pieceJointePrincipale": {"pieceJointePrincipaleId": piece},
    }
    factures = {
        "deposer/flux": ({"fichierFlux": "QQ==", "nomFichier": "a.xml", "syntaxeFlux": "IN_DP_E1_CII_16B"}, FIRM),
        "deposer/pdf": ({"fichierFacture": pdf, "nomFichier": "a.pdf", "formatDepot": "PDF_NON_SIGNE"}, FIRM),
        "soumettre": (submitted, FIRM),
        "rechercher/fournisseur": (
            {"recupererTaille": True, "rechercheFactureParFournisseur": {**paging, "triColonne": "MontantTTC"}},
            FIRM,
        ),
        "rechercher/atraiter/fournisseur": (
            {"recupererTaille": True, "rechercheFactureATraiterParFournisseur": paging},
            FIRM,
        ),
        "consulter/fournisseur": (
            {"identifiantFactureCPP": numbers["s1"], "getpLignesPoste": {"nbResultatsParPageLignesPoste": 5}},
            FIRM,
        ),
        "completer": ({"identifiantFactureCPP": numbers["suspended"], "commentaire": "x"}, FIRM),
        "recycler": ({"identifiantFactureCPP": numbers["recycled"], "reference": {"numeroBonCommande": "E"}}, FIRM),
        "traiterRejet": ({"listeDemandePaiement": [{"idDemandePaiement": numbers["rejected"]}]}, FIRM),
        "corriger/valideur/facture": (
            {"idFacture": numbers["decided"], "identifiantStructure": "53210987600015"},
            SUBCONTRACTOR,
        ),
        "consulter/historique": ({"idFacture": numbers["s1"], "idEspace": 7, "nbResultatsMaximum": 50}, FIRM),
        "rechercher/recipiendaire": ({"recupererTaille": True, "paramRecherche": paging}, TOWN),
        "rechercher/atraiter/recipiendaire": (
            {"parametreRechercheFactureATraiterParRecipiendaire": {"getnbResultatsMaximum": 3}},
            TOWN,
        ),
        "consulter/recipiendaire": ({"identifiantFactureCPP": numbers["s1"]}, TOWN),
        "traiter/recue": (
            {"idFacture": numbers["to_treat"], "nouveauStatut": "MANDATEE", "motif": "", "numeroDPMandat": "1"},
            TOWN,
        ),
        "telecharger/groupe": (
            {"idEspace": 8, "format": "PIVOT", "listeFacture": [{"idFacture": numbers["s1"]}]},
            TOWN,
        ),
        "rechercher/valideur": ({"pagination": paging}, FIRM),
        "rechercher/aTraiter/valideur": ({"pagination": paging}, FIRM),
        "consulter/valideur": ({"identifiantFactureCPP": numbers["waiting"]}, FIRM),
        "traiter/factureAValider": ({"idFacture": numbers["waiting"], "action": "VALIDATION"}, FIRM),
        "recuperer/statutsFactureVisibles/valideur": ({}, FIRM),
        "rechercher/demandePaiement": ({"roleUtilisateur": "FOURNISSEUR"}, FIRM),
    }
    structures = {
        "rechercher": ({"structure": {"typeStructure": "PUBLIQUE"}, "parametres": paging}, FIRM),
        "consulter": ({"idStructureCPP": firm, "codeLangue": "fr"}, FIRM),
        "rechercher/services": ({"idStructure": town}, FIRM),
        "consulter/service": ({"idStructure": town, "idService": service}, FIRM),
        "lister/rattachementsutilisateur": ({"idStructure": town}, TOWN),
        "rechercher/espaces": ({"structure": {"idStructure": town}}, TOWN),
    }
    return {f"/cpro/factures/v1/{tail}": asked for tail, asked in factures.items()} | {
        f"/cpro/structures/v1/{tail}": asked for tail, asked in structures.items()
    }


def test_every_operation_of_the_swaggers_answers_in_its_shape(api, story, swaggers):
    numbers, _ = story
    asked = bodies(api, numbers)
    assert set(asked) == set(swaggers)
    for path, (file, item) in swaggers.items():
        body, siret = asked[path]
        answer = api.call(path.removeprefix("/cpro/"), body, siret)
        assert answer.status == 200, (path, answer.content)
        assert answer.code == 0, (path, answer.json)
        schema = closed(item["post"]["responses"]["200"]["schema"], file["definitions"])
        jsonschema.Draft202012Validator(schema).validate(without_null_dates(answer.json, schema))


def test_what_the_swaggers_declare_is_served_and_cited(swaggers):
    served = {operation.path: operation for operation in OPERATIONS}
    for path in swaggers:
        assert (served[path].method, served[path].mark) == ("POST", "O")


def test_the_eighty_one_entries_of_the_inventory_are_served():
    by_family = {}
    for operation in OPERATIONS:
        by_family[operation.family] = by_family.get(operation.family, 0) + 1
    assert by_family == {
        "factures": 22,
        "facturesTravaux": 10,
        "engagementsJuridiques": 2,
        "structures": 6,
        "transverses": 36,
        "utilisateurs": 1,
        "organisations": 11,
    }
    assert len({(operation.method, operation.path) for operation in OPERATIONS}) == len(OPERATIONS)


EMPTY_ENOUGH = {
    "consulterCRDetaille": {"numeroFluxDepot": "CPP"},
    "consulterCR": {"numeroFluxDepot": "CPP"},
    "recuperer/etats/traitement": {"statutCourant": "DEPOSEE"},
    "rechercher/serviceexecutant": {"idDestinataireCPP": 26300004},
    "consulter/information/siret": {"siretStructure": TOWN},
    "recuperer/coordbanc/valides": {"idStructure": 26300001},
    "rechercher/pj/structure": {"idStructureCPP": 26300001},
}


def test_every_post_of_transverses_has_an_envelope(api):
    for operation in OPERATIONS:
        if operation.family == "transverses" and operation.method == "POST":
            tail = operation.path.removeprefix("/cpro/transverses/v1/")
            answer = api.call(operation.path.removeprefix("/cpro/"), EMPTY_ENOUGH.get(tail, {}))
            assert answer.status in (200, 400), tail
            assert {"codeRetour", "libelle"} <= set(answer.json), tail


@pytest.mark.parametrize(
    ("tail", "name", "expected"),
    [
        ("recuperer/cadrefacturation", "listeCadreFacturation", 4),
        ("recuperer/typedp", "listeTypeDemandePaiement", 4),
        ("recuperer/modereglements", "listeModePaiement", 6),
        ("recuperer/modedepot", "listeModeDepot", 15),
        ("recuperer/formatflux", "listeFormatFlux", 3),
        ("recuperer/typefacturetravaux", "listeTypeFactureTravaux", 11),
        ("recuperer/typeidentifiant/structure", "listeTypeIdentifiant", 7),
        ("recuperer/motifs/refus/Facture/AValider", "listeMotifRefusFactureAValider", 21),
        ("recuperer/syntaxeflux", "listeSyntaxeFlux", 7),
    ],
)
def test_lists_have_the_values_of_the_enumerations(api, tail, name, expected):
    assert len(api.call(f"transverses/v1/{tail}").json[name]) == expected


def test_the_account_sees_the_structures_of_its_manager(api):
    def seen(tail, siret):
        answer = api.call(f"transverses/v1/recuperer/structures/actives/{tail}", {}, siret).json
        return [row["identifiant"] for row in answer["listeStructures"]]

    assert seen("fournisseur", FIRM) == [FIRM]
    assert seen("destinataire", FIRM) == []
    assert seen("destinataire", TOWN) == [TOWN]
    assert len(seen("destinataire", "12345678200051")) == 8
    attached = api.call("utilisateurs/v1/monCompte/recuperer/rattachements", {}, TOWN).json
    assert attached["listeStructureRattachement"][0]["roleUtilisateur"] == "GESTIONNAIRE_PRINCIPAL"


def test_the_expiry_of_the_password_is_told_for_one_s_own_structures_only(api):
    def told(siret, caller):
        number = api.simulator.structure(siret)["idStructureCPP"]
        answer = api.call("structures/v1/consulter", {"idStructureCPP": number}, caller).json
        return answer["informationGenerales"].get("dateExpirationMotPasseCompteTech")

    assert told(TOWN, TOWN) is not None
    assert told(TOWN, FIRM) is None
    api.simulator.control.switch(expiration_lisible=False)
    assert told(TOWN, TOWN) is None


def test_commitments_are_found_by_number(api):
    body = {
        "structureReceptriceEngagementJuridique": str(api.simulator.structure(FIRM)["idStructureCPP"]),
        "numeroEngagementJuridique": "EJ-2026-0001",
        "etatCourantEngagementJuridique": "COMMANDE",
    }
    found = api.call("engagementsJuridiques/v1/rechercher", body).json["listeEngagementJuridique"]
    assert [row["montantTotalTtc"] for row in found] == [120000.0]
    detail = api.call("engagementsJuridiques/v1/consulterDetail", {"numeroEngagementJuridique": "EJ-2026-0001"}).json
    assert detail["emetteur"]["identifiantStructureEmettrice"] == TOWN
    assert api.call("engagementsJuridiques/v1/consulterDetail", {"numeroEngagementJuridique": "X"}).code == 20000


def test_the_rest_directory(api):
    rest = "organisations/v1"
    assert api.call(f"{rest}/healthcheck", method="GET").content == b""
    search = {"identifiant": {"op": "=", "val": TOWN}}
    (town,) = api.call(f"{rest}/structures/recherche", search).json
    assert (town["typeOrganisation"], town["status"]) == ("public", "active")
    assert api.call(f"{rest}/structures/{town['uuid']}", method="GET").json == town
    services = api.call(f"{rest}/structures/{town['uuid']}/services", method="GET").json
    assert "SERV-TECH" in [service["codeService"] for service in services]
    assert api.call(f"{rest}/services/{services[0]['uuid']}", method="GET").json == services[0]
    unknown = api.call(f"{rest}/structures/{'0' * 32}/pieces_jointes", method="GET")
    assert (unknown.status, unknown.json[0]["error"]) == (400, "NotFoundReference")
    content = json.dumps({"reception_edi": True}).encode()
    path = f"{rest}/structures/{town['uuid']}/parametres-edi"
    assert api.raw(path, content, api.headers(TOWN), "PATCH").status == 204
    assert api.raw(path, content, api.headers(FIRM), "PATCH").status == 403
    fields = {
        "libelleOrganisation": {"op": "CONTAINS", "val": "commune"},
        "_sort": ["identifiant"],
        "_fields": ["identifiant"],
    }
    found = api.call(f"{rest}/structures/recherche", fields).json
    assert found == sorted(found, key=lambda row: row["identifiant"])
    assert {tuple(row) for row in found} == {("identifiant",)}
    assert api.call(f"{rest}/services/recherche", {"codeService": {"op": "~", "val": "x"}}).status == 400
    made = {"rattachementOrganisation": town["uuid"], "codeService": "NEUF", "libelle": "Service neuf"}
    assert api.call(f"{rest}/services", made, TOWN).status == 201
    assert api.call(f"{rest}/services", made, TOWN).status == 400
    assert api.call(f"{rest}/services", made, FIRM).status == 403
