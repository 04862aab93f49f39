"""Whatever is sent, the platform answers something a client can read, and goes on."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chorus_simulator import rules, works
from chorus_simulator.documents import container
from chorus_simulator.documents.document import Inadmissible
from chorus_simulator.surface import OPERATIONS
from chorus_simulator.values import TYPES_TRAVAUX
from chorus_simulator.world import World

FIRM = "45251785100010"
POSTS = [operation.path.removeprefix("/cpro/") for operation in OPERATIONS if operation.method == "POST"]
WORLD = World()
ALIVE = "transverses/v1/recuperer/tauxtva"
UNHURRIED = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
ODD = [None, "", " ", "x" * 300, 0, -1, 2**63, 2**70, 1e400, True, False, [], [None], {}, {"a": {}}, [[]], "\u0000é"]
scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


# fields that some operation reads: what a fuzzer must fill to go deep
NAMES = [
    "idFacture",
    "identifiantFactureCPP",
    "numeroFluxDepot",
    "idStructure",
    "idStructureCPP",
    "structure",
    "statutCourant",
    "paramRecherche",
    "rechercheFactureParFournisseur",
    "pagination",
    "parametresRecherche",
    "listeFacture",
    "format",
    "nouveauStatut",
    "motif",
    "numeroDPMandat",
    "modeDepot",
    "destinataire",
    "fournisseur",
    "cadreDeFacturation",
    "references",
    "montantTotal",
    "ligneTva",
    "lignePoste",
    "listeDestinataire",
    "listeFournisseurs",
    "typeFacture",
    "periodeDateDepotDu",
    "periodeDateHeureEtatCourantAu",
    "montantHTMin",
    "pieceJointeComplementaire",
    "fichierFlux",
    "syntaxeFlux",
    "nomFichier",
    "listeDemandePaiement",
    "action",
    "motifRefus",
    "objetPieceJointe",
    "demandePaiement",
    "identifiant",
    "_sort",
    "rattachementOrganisation",
    "codeService",
    "structureFournisseur",
    "recupererTaille",
    "pieceJointeFichier",
    "pieceJointeNom",
    "formatDepot",
    "fichierFacture",
    "getpLignesPoste",
    "typeObjet",
    "codeLangue",
]


@pytest.mark.parametrize("path", POSTS)
def test_odd_values_in_every_field_are_answered(api, path):
    for value in ODD:
        body = json.dumps(dict.fromkeys(NAMES, value), allow_nan=True).encode()
        answer = api.raw(path, body, api.headers(FIRM))
        assert answer.status in (200, 201, 204, 400, 413), (path, value, answer.content)
    assert api.call(ALIVE).status == 200


@UNHURRIED
@given(path=st.sampled_from(POSTS), data=st.data())
def test_any_json_is_answered(api, path, data):
    body = data.draw(st.dictionaries(st.sampled_from(NAMES), values, max_size=8))
    answer = api.raw(path, json.dumps(body).encode(), api.headers(FIRM))
    assert answer.status in (200, 201, 204, 400, 413, 500), answer.content
    assert answer.status != 500 or answer.json["codeRetour"] == 500, "a traceback, not an answer of the platform"
    if answer.json is not None and isinstance(answer.json, dict) and "organisations" not in path:
        assert {"codeRetour", "libelle"} <= set(answer.json) or answer.status != 200


@UNHURRIED
@given(body=st.binary(max_size=200))
def test_any_bytes_are_answered(api, body):
    answer = api.raw(ALIVE, body, api.headers(FIRM))
    assert answer.status in (200, 400)


@UNHURRIED
@given(form=st.binary(max_size=200))
def test_any_token_request_is_answered(api, form):
    answer = api.http.post(f"{api.base}/api/oauth/token", content=form)
    assert answer.status_code == 400
    assert "error" in answer.json()


@settings(max_examples=300, deadline=None)
@given(
    data=st.binary(max_size=400), prefix=st.sampled_from([b"", b"<a>", b"%PDF-1.7\n", b"\x1f\x8b\x08\x00", b"<?xml "])
)
def test_any_file_is_judged_or_inadmissible(data, prefix):
    content = prefix + data
    for syntaxe in container.FAMILY:
        try:
            for _, member in container.members("a.xml", content):
                rules.judge(WORLD, container.read(member, syntaxe))
        except Inadmissible:
            continue


@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_a_damaged_invoice_is_judged_or_inadmissible(data):
    whole = _invoice()
    at = data.draw(st.integers(0, len(whole) - 1))
    replacement = data.draw(st.binary(max_size=6))
    cut = data.draw(st.integers(0, 40))
    content = whole[:at] + replacement + whole[at + cut :]
    try:
        document = container.read(content, "IN_DP_E1_CII_16B")
    except Inadmissible:
        return
    assert isinstance(rules.judge(WORLD, document), list)


def _invoice():
    trade = (
        "<ram:ApplicableHeaderTradeAgreement><ram:BuyerReference>S</ram:BuyerReference><ram:SellerTradeParty>"
        '<ram:GlobalID schemeID="0009">45251785100010</ram:GlobalID></ram:SellerTradeParty>'
        "</ram:ApplicableHeaderTradeAgreement><ram:ApplicableHeaderTradeSettlement>"
        "<ram:InvoiceCurrencyCode>EUR</ram:InvoiceCurrencyCode><ram:ApplicableTradeTax>"
        "<ram:RateApplicablePercent>20</ram:RateApplicablePercent></ram:ApplicableTradeTax>"
        "<ram:SpecifiedTradeSettlementHeaderMonetarySummation><ram:GrandTotalAmount>1.20</ram:GrandTotalAmount>"
        "</ram:SpecifiedTradeSettlementHeaderMonetarySummation></ram:ApplicableHeaderTradeSettlement>"
    )
    return (
        '<rsm:CrossIndustryInvoice xmlns:rsm="urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100" '
        'xmlns:ram="urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100" '
        'xmlns:udt="urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100"><rsm:ExchangedDocument>'
        "<ram:ID>F-1</ram:ID><ram:TypeCode>380</ram:TypeCode></rsm:ExchangedDocument>"
        f"<rsm:SupplyChainTradeTransaction>{trade}</rsm:SupplyChainTradeTransaction></rsm:CrossIndustryInvoice>"
    ).encode()


@pytest.mark.samples
def test_every_public_sample_gets_a_verdict(api, samples):
    """Whatever the sample, its flux ends in a final state; none stays in the queue."""
    syntaxes = {".pdf": "IN_DP_E2_CII_FACTURX", ".xml": "IN_DP_E1_CII_16B"}
    files = [
        path for path in sorted(samples.glob("*/*")) if path.suffix in syntaxes and path.stat().st_size < 1_000_000
    ]
    deposited = [
        api.deposit(path.read_bytes(), syntaxe, f"a{path.suffix}")
        for path in files
        for syntaxe in {syntaxes[path.suffix], "IN_DP_E1_UBL_INVOICE"}
    ]
    api.simulator.control.clock(advance=2)
    states = {api.report(numero)["etatCourantDepotFlux"] for numero in deposited}
    assert states == {"IN_INTEGRE", "IN_REJETE"}


def test_works_cadres_are_known():
    assert set(works.TYPES.values()) <= set(TYPES_TRAVAUX)
