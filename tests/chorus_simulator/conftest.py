"""A caller of the simulated API, and invoices to send it."""

from __future__ import annotations

import base64
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
import pytest

from chorus_simulator.pytest_plugin import RunningSimulator

FIRM, SUBCONTRACTOR, TOWN = "45251785100010", "81234567800012", "21970999400017"
HOSPITAL, WORKS_OWNER = "26970888200019", "22970777300013"
SAMPLES = Path(__file__).resolve().parents[3] / "shared" / "samples"
NOON = "2026-11-23T12:00:00+01:00"


@dataclass
class Answered:
    """An answer of the API: HTTP status, headers, bytes, and the JSON inside when there is some."""

    status: int
    headers: httpx2.Headers
    content: bytes
    json: Any = field(default=None)

    @property
    def code(self) -> int:
        return self.json["codeRetour"]


class Api:
    """Calls as a well-behaved client would make them; every part can be replaced to misbehave."""

    def __init__(self, simulator: RunningSimulator, environment: str = "sandbox") -> None:
        self.simulator = simulator
        self.base = f"{simulator.base_url}/{environment}"
        self.application = simulator.application(environment)
        self.http = httpx2.Client(timeout=60)
        self._token = ""

    def ask_token(self, **form: str) -> httpx2.Response:
        fields = {
            "grant_type": "client_credentials",
            "client_id": self.application["client_id"],
            "client_secret": self.application["client_secret"],
            "scope": "openid",
            **form,
        }
        return self.http.post(f"{self.base}/api/oauth/token", data=fields)

    @property
    def token(self) -> str:
        if not self._token:
            self._token = self.ask_token().json()["access_token"]
        return self._token

    @staticmethod
    def account_header(login: str, password: str) -> str:
        return base64.b64encode(f"{login}:{password}".encode()).decode()

    def headers(self, siret: str) -> dict[str, str]:
        account = self.simulator.account(siret)
        return {
            "Authorization": f"Bearer {self.token}",
            "cpro-account": self.account_header(account["login"], account["password"]),
            "Content-Type": "application/json;charset=utf-8",
        }

    def raw(self, path: str, content: bytes, headers: dict[str, str], method: str = "POST") -> Answered:
        answer = self.http.request(method, f"{self.base}/cpro/{path}", content=content, headers=headers)
        is_json = answer.headers.get("content-type", "").startswith("application/json")
        return Answered(answer.status_code, answer.headers, answer.content, answer.json() if is_json else None)

    def call(self, path: str, body: Any = None, siret: str = FIRM, method: str = "POST") -> Answered:
        content = b"" if method == "GET" else json.dumps({} if body is None else body).encode()
        return self.raw(path, content, self.headers(siret), method)

    def deposit(self, data: bytes, syntaxe: str = "IN_DP_E1_CII_16B", name: str = "f.xml", siret: str = FIRM) -> str:
        """The number of the flux."""
        fichier = base64.b64encode(data).decode()
        body = {"fichierFlux": fichier, "nomFichier": name, "syntaxeFlux": syntaxe, "avecSignature": False}
        answer = self.call("factures/v1/deposer/flux", body, siret)
        assert answer.status == 200, answer.content
        assert answer.code == 0, answer.json
        return answer.json["numeroFluxDepot"]

    def report(self, numero: str, siret: str = FIRM) -> dict[str, Any]:
        return self.call("transverses/v1/consulterCRDetaille", {"numeroFluxDepot": numero}, siret).json

    def of_flux(self, numero: str, siret: str = FIRM) -> list[dict[str, Any]]:
        body = {"numeroFluxDepot": numero, "rechercheFactureParFournisseur": {"nbResultatsParPage": 1000}}
        return self.call("factures/v1/rechercher/fournisseur", body, siret).json["listeFactures"]

    def integrated(self, data: bytes, siret: str = FIRM, **fields: str) -> int:
        """Deposit one invoice, let the time of its integration pass, give its id."""
        numero = self.deposit(data, siret=siret, **fields)
        self.simulator.control.clock(advance=1)
        (row,) = self.of_flux(numero, siret)
        return row["identifiantFactureCPP"]

    def history(self, number: int, siret: str = FIRM) -> list[str]:
        """The statuses of an invoice, oldest first."""
        answer = self.call("factures/v1/consulter/historique", {"idFacture": number}, siret)
        return [step["histoStatutCode"] for step in answer.json["historiquesDesStatuts"]["histoStatut"]][::-1]


@pytest.fixture
def api(chorus_simulator: RunningSimulator) -> Iterator[Api]:
    """The sandbox at noon, its clock stopped: time passes only when a test says so. Its accounts are those of a first
    morning at that noon, whatever the date of this machine."""
    chorus_simulator.control.reset(clock=NOON)
    chorus_simulator.control.clock(set=NOON, freeze=True)
    caller = Api(chorus_simulator)
    yield caller
    caller.http.close()


@pytest.fixture
def production(chorus_simulator: RunningSimulator) -> Iterator[Api]:
    caller = Api(chorus_simulator, "production")
    yield caller
    caller.http.close()


class Invoices:
    """Invoices that every rule accepts, with any of their parts replaced; an empty part is left out."""

    def __init__(self) -> None:
        self._rank = 0

    def _parts(self, given: dict[str, str]) -> dict[str, str]:
        self._rank += 1
        parts = {
            "numero": f"T-{self._rank}",
            "jour": "20261120",
            "type": "380",
            "cadre": "A1",
            "vendeur": FIRM,
            "acheteur": TOWN,
            "service": "SERV-TECH",
            "engagement": "EJ-1",
            "paiement": "30",
            "iban": "FR7630006000011234567890189",
            "ht": "100.00",
            "tva": "20.00",
            "ttc": "120.00",
            "devise": "EUR",
            "pieces": "",
            "valideur": "",
        }
        assert set(given) <= set(parts), given
        return {**parts, **given}

    def cii(self, **given: str) -> bytes:
        p = self._parts(given)

        def node(name: str, value: str) -> str:
            return f"<ram:{name}>{value}</ram:{name}>" if value else ""

        account = node("PayeePartyCreditorFinancialAccount", node("IBANID", p["iban"]))
        means = node("TypeCode", p["paiement"])
        agent = f'<ram:GlobalID schemeID="0009">{p["valideur"]}</ram:GlobalID>' if p["valideur"] else ""
        date = f'<udt:DateTimeString format="102">{p["jour"]}</udt:DateTimeString>'
        return f"""<?xml version="1.0" encoding="UTF-8"?>
<rsm:CrossIndustryInvoice xmlns:rsm="urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"
 xmlns:ram="urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100"
 xmlns:udt="urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100">
<rsm:ExchangedDocumentContext><ram:BusinessProcessSpecifiedDocumentContextParameter>{node("ID", p["cadre"])}
</ram:BusinessProcessSpecifiedDocumentContextParameter></rsm:ExchangedDocumentContext>
<rsm:ExchangedDocument>{node("ID", p["numero"])}{node("TypeCode", p["type"])}{node("IssueDateTime", date)}
</rsm:ExchangedDocument><rsm:SupplyChainTradeTransaction>
<ram:IncludedSupplyChainTradeLineItem><ram:SpecifiedTradeProduct><ram:Name>Peinture d’un préau</ram:Name>
</ram:SpecifiedTradeProduct><ram:SpecifiedLineTradeAgreement><ram:NetPriceProductTradePrice>
<ram:ChargeAmount>50.00</ram:ChargeAmount></ram:NetPriceProductTradePrice></ram:SpecifiedLineTradeAgreement>
<ram:SpecifiedLineTradeDelivery><ram:BilledQuantity unitCode="C62">2</ram:BilledQuantity>
</ram:SpecifiedLineTradeDelivery><ram:SpecifiedLineTradeSettlement><ram:ApplicableTradeTax>
<ram:RateApplicablePercent>20</ram:RateApplicablePercent></ram:ApplicableTradeTax>
<ram:SpecifiedTradeSettlementLineMonetarySummation><ram:LineTotalAmount>100.00</ram:LineTotalAmount>
</ram:SpecifiedTradeSettlementLineMonetarySummation></ram:SpecifiedLineTradeSettlement>
</ram:IncludedSupplyChainTradeLineItem>
<ram:ApplicableHeaderTradeAgreement>{node("BuyerReference", p["service"])}
<ram:SellerTradeParty><ram:GlobalID schemeID="0009">{p["vendeur"]}</ram:GlobalID></ram:SellerTradeParty>
<ram:BuyerTradeParty><ram:GlobalID schemeID="0009">{p["acheteur"]}</ram:GlobalID></ram:BuyerTradeParty>
{node("SellerTaxRepresentativeTradeParty", agent)}
{node("BuyerOrderReferencedDocument", node("IssuerAssignedID", p["engagement"]))}{p["pieces"]}
</ram:ApplicableHeaderTradeAgreement><ram:ApplicableHeaderTradeSettlement>
{node("InvoiceCurrencyCode", p["devise"])}
{node("SpecifiedTradeSettlementPaymentMeans", means + (account if p["iban"] else ""))}
<ram:ApplicableTradeTax>{node("CalculatedAmount", p["tva"])}{node("BasisAmount", p["ht"])}
<ram:RateApplicablePercent>20</ram:RateApplicablePercent></ram:ApplicableTradeTax>
<ram:SpecifiedTradeSettlementHeaderMonetarySummation>{node("TaxBasisTotalAmount", p["ht"])}
<ram:TaxTotalAmount currencyID="EUR">{p["tva"]}</ram:TaxTotalAmount>{node("GrandTotalAmount", p["ttc"])}
{node("DuePayableAmount", p["ttc"])}</ram:SpecifiedTradeSettlementHeaderMonetarySummation>
</ram:ApplicableHeaderTradeSettlement></rsm:SupplyChainTradeTransaction></rsm:CrossIndustryInvoice>""".encode()

    def ubl(self, **given: str) -> bytes:
        p = self._parts(given)
        jour = f"{p['jour'][:4]}-{p['jour'][4:6]}-{p['jour'][6:]}"
        return f"""<?xml version="1.0" encoding="UTF-8"?>
<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"
 xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
 xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">
<cbc:ProfileID>{p["cadre"]}</cbc:ProfileID><cbc:ID>{p["numero"]}</cbc:ID><cbc:IssueDate>{jour}</cbc:IssueDate>
<cbc:InvoiceTypeCode>{p["type"]}</cbc:InvoiceTypeCode><cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>
<cbc:BuyerReference>{p["service"]}</cbc:BuyerReference>
<cac:OrderReference><cbc:ID>{p["engagement"]}</cbc:ID></cac:OrderReference>
<cac:AccountingSupplierParty><cac:Party><cac:PartyIdentification><cbc:ID schemeID="0009">{p["vendeur"]}</cbc:ID>
</cac:PartyIdentification></cac:Party></cac:AccountingSupplierParty>
<cac:AccountingCustomerParty><cac:Party><cac:PartyIdentification><cbc:ID schemeID="0009">{p["acheteur"]}</cbc:ID>
</cac:PartyIdentification></cac:Party></cac:AccountingCustomerParty>
<cac:PaymentMeans><cbc:PaymentMeansCode>{p["paiement"]}</cbc:PaymentMeansCode><cac:PayeeFinancialAccount>
<cbc:ID>{p["iban"]}</cbc:ID></cac:PayeeFinancialAccount></cac:PaymentMeans>
<cac:TaxTotal><cbc:TaxAmount currencyID="EUR">{p["tva"]}</cbc:TaxAmount></cac:TaxTotal>
<cac:LegalMonetaryTotal><cbc:TaxExclusiveAmount>{p["ht"]}</cbc:TaxExclusiveAmount>
<cbc:TaxInclusiveAmount>{p["ttc"]}</cbc:TaxInclusiveAmount><cbc:PayableAmount>{p["ttc"]}</cbc:PayableAmount>
</cac:LegalMonetaryTotal></Invoice>""".encode()


@pytest.fixture
def invoices() -> Invoices:
    return Invoices()


@pytest.fixture(scope="session")
def samples() -> Path:
    if not SAMPLES.is_dir():
        pytest.skip("pas d’exemples : ../shared/samples est absent")
    return SAMPLES


SENT_CASES = pytest.StashKey[Counter[str]]()


@pytest.fixture
def sent_cases(request: pytest.FixtureRequest) -> Counter[str]:
    """How many generated requests were sent, by surface: told at the end of the run."""
    return request.config.stash.setdefault(SENT_CASES, Counter())


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    for surface, count in config.stash.get(SENT_CASES, Counter()).items():
        terminalreporter.write_line(f"schemathesis : {count} cas {surface}")
