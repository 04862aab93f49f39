"""Which Chorus Pro answers the questions of this folder: a fresh simulator, or the one that the environment names.

`RACCORD_CONTRACT_BASE_URL` names a platform that serves everything at one address; `RACCORD_CONTRACT_TOKEN_URL` and
`RACCORD_CONTRACT_API_URL` name its two hosts apart, as the official qualification needs. With either come
`RACCORD_CONTRACT_CLIENT_ID`, `_CLIENT_SECRET`, and for the supplier and the recipient `_SUPPLIER_LOGIN`,
`_SUPPLIER_PASSWORD`, `_SUPPLIER_SIRET`, `_RECIPIENT_LOGIN`, `_RECIPIENT_PASSWORD`, `_RECIPIENT_SIRET`.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

import pytest

from choruspro import ChorusPro, Credentials, Environment, Timeouts

PREFIX = "RACCORD_CONTRACT_"
FIRM, OPEN_RECIPIENT = "45251785100010", "12345678200051"
PATIENCE = float(os.environ.get(PREFIX + "PATIENCE", "120"))

Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Party:
    """One side of the exchange: its account and its SIRET."""

    credentials: Credentials
    siret: str


@dataclass(frozen=True)
class Platform:
    """A Chorus Pro, and who may act on it."""

    environment: Environment
    supplier: Party
    recipient: Party


@pytest.fixture(scope="session")
def platform() -> Iterator[Platform]:
    """The platform under question."""
    if any(os.environ.get(PREFIX + name) for name in ("BASE_URL", "API_URL")):
        yield _named_platform()
        return
    command = [sys.executable, "-m", "chorus_simulator", "--port", "0", "--quiet"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        yield _simulated_platform(json.loads(server.stdout.readline()))
        server.terminate()


@pytest.fixture(scope="session")
def fournisseur(platform: Platform) -> Iterator[ChorusPro]:
    """The client of the supplier."""
    with _client(platform, platform.supplier.credentials) as chorus:
        yield chorus


@pytest.fixture(scope="session")
def destinataire(platform: Platform) -> Iterator[ChorusPro]:
    """The client of the public body."""
    with _client(platform, platform.recipient.credentials) as chorus:
        yield chorus


@pytest.fixture
def stranger(platform: Platform) -> Callable[..., ChorusPro]:
    """Make a client of the supplier with some of its credentials changed."""

    def make(**changes: str) -> ChorusPro:
        known = platform.supplier.credentials
        values = {name: getattr(known, name) for name in ("client_id", "client_secret", "login", "password")}
        return _client(platform, Credentials(**(values | changes)))

    return make


@pytest.fixture
def numero() -> str:
    """An invoice number that no other test, run or person has used."""
    return f"CT-{uuid.uuid4().hex[:12].upper()}"


@pytest.fixture
def eventually() -> Callable[[Callable[[], Answer], Callable[[Answer], bool]], Answer]:
    """Ask again until the answer is settled; a platform works in its own time (`RACCORD_CONTRACT_PATIENCE`,
    seconds).
    """

    def ask(question: Callable[[], Answer], settled: Callable[[Answer], bool]) -> Answer:
        give_up = time.monotonic() + PATIENCE
        pause = threading.Event()
        while not settled(answer := question()) and time.monotonic() < give_up:
            pause.wait(0.1)
        return answer

    return ask


@pytest.fixture
def invoice(platform: Platform) -> Callable[..., bytes]:
    """Write a plain CII D16B invoice from the supplier to the recipient."""

    def write(number: str, total: str = "1481.40", **changes: str) -> bytes:
        values = {"number": number, "total": total, "seller": platform.supplier.siret}
        return CII.format_map(values | {"buyer": platform.recipient.siret} | changes).encode()

    return write


def _client(platform: Platform, credentials: Credentials) -> ChorusPro:
    return ChorusPro(platform.environment, credentials, timeout=Timeouts(total=60))


def _named_platform() -> Platform:
    base, token, api = (os.environ.get(PREFIX + name) for name in ("BASE_URL", "TOKEN_URL", "API_URL"))
    environment = Environment("contrat", token or f"{base}/api/oauth/token", str(api or base), "")
    return Platform(environment, _named_party("SUPPLIER"), _named_party("RECIPIENT"))


def _named_party(side: str) -> Party:
    names = ("CLIENT_ID", "CLIENT_SECRET", f"{side}_LOGIN", f"{side}_PASSWORD", f"{side}_SIRET")
    values = [os.environ.get(PREFIX + name) for name in names]
    missing = [PREFIX + name for name, value in zip(names, values, strict=True) if not value]
    if missing:
        pytest.skip(f"il manque {', '.join(missing)}")
    *proofs, siret = [str(value) for value in values]
    return Party(Credentials(*proofs), siret)


def _simulated_platform(ready: dict[str, Any]) -> Platform:
    application = next(held for held in ready["applications"] if held["environment"] == "sandbox")

    def party(siret: str) -> Party:
        account = next(held for held in ready["technical_accounts"] if held["siret"] == siret)
        proofs = (application["client_id"], application["client_secret"], account["login"], account["password"])
        return Party(Credentials(*proofs), siret)

    environment = Environment("simulateur", ready["token_url"], ready["api_url"], ready["portal_url"])
    return Platform(environment, party(FIRM), party(OPEN_RECIPIENT))


CII = """<?xml version="1.0" encoding="UTF-8"?>
<rsm:CrossIndustryInvoice xmlns:rsm="urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"
 xmlns:ram="urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100"
 xmlns:udt="urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100">
 <rsm:ExchangedDocumentContext>
  <ram:BusinessProcessSpecifiedDocumentContextParameter><ram:ID>A1</ram:ID></ram:BusinessProcessSpecifiedDocumentContextParameter>
  <ram:GuidelineSpecifiedDocumentContextParameter><ram:ID>urn:cen.eu:en16931:2017</ram:ID></ram:GuidelineSpecifiedDocumentContextParameter>
 </rsm:ExchangedDocumentContext>
 <rsm:ExchangedDocument>
  <ram:ID>{number}</ram:ID><ram:TypeCode>380</ram:TypeCode>
  <ram:IssueDateTime><udt:DateTimeString format="102">20261120</udt:DateTimeString></ram:IssueDateTime>
 </rsm:ExchangedDocument>
 <rsm:SupplyChainTradeTransaction>
  <ram:IncludedSupplyChainTradeLineItem>
   <ram:AssociatedDocumentLineDocument><ram:LineID>1</ram:LineID></ram:AssociatedDocumentLineDocument>
   <ram:SpecifiedTradeProduct><ram:Name>Pose de cloisons</ram:Name></ram:SpecifiedTradeProduct>
   <ram:SpecifiedLineTradeAgreement><ram:NetPriceProductTradePrice><ram:ChargeAmount>1234.50</ram:ChargeAmount>
   </ram:NetPriceProductTradePrice></ram:SpecifiedLineTradeAgreement>
   <ram:SpecifiedLineTradeDelivery><ram:BilledQuantity
   unitCode="C62">1</ram:BilledQuantity>
   </ram:SpecifiedLineTradeDelivery>
   <ram:SpecifiedLineTradeSettlement>
    <ram:ApplicableTradeTax><ram:TypeCode>VAT</ram:TypeCode><ram:CategoryCode>S</ram:CategoryCode>
     <ram:RateApplicablePercent>20</ram:RateApplicablePercent></ram:ApplicableTradeTax>
    <ram:SpecifiedTradeSettlementLineMonetarySummation><ram:LineTotalAmount>1234.50</ram:LineTotalAmount>
    </ram:SpecifiedTradeSettlementLineMonetarySummation>
   </ram:SpecifiedLineTradeSettlement>
  </ram:IncludedSupplyChainTradeLineItem>
  <ram:ApplicableHeaderTradeAgreement>
   <ram:SellerTradeParty><ram:Name>Fournisseur</ram:Name>
    <ram:SpecifiedLegalOrganization><ram:ID schemeID="0002">{seller}</ram:ID></ram:SpecifiedLegalOrganization>
    <ram:PostalTradeAddress><ram:PostcodeCode>97400</ram:PostcodeCode><ram:LineOne>12 rue des Essais</ram:LineOne>
     <ram:CityName>Saint-Denis</ram:CityName><ram:CountryID>FR</ram:CountryID></ram:PostalTradeAddress>
   </ram:SellerTradeParty>
   <ram:BuyerTradeParty><ram:Name>Destinataire</ram:Name>
    <ram:SpecifiedLegalOrganization><ram:ID schemeID="0002">{buyer}</ram:ID></ram:SpecifiedLegalOrganization>
    <ram:PostalTradeAddress><ram:PostcodeCode>97000</ram:PostcodeCode><ram:LineOne>1 place de la Mairie</ram:LineOne>
     <ram:CityName>Val-Fictif</ram:CityName><ram:CountryID>FR</ram:CountryID></ram:PostalTradeAddress>
   </ram:BuyerTradeParty>
  </ram:ApplicableHeaderTradeAgreement>
  <ram:ApplicableHeaderTradeDelivery/>
  <ram:ApplicableHeaderTradeSettlement>
   <ram:InvoiceCurrencyCode>EUR</ram:InvoiceCurrencyCode>
   <ram:SpecifiedTradeSettlementPaymentMeans><ram:TypeCode>30</ram:TypeCode>
    <ram:PayeePartyCreditorFinancialAccount><ram:IBANID>FR7630006000011234567890189</ram:IBANID>
    </ram:PayeePartyCreditorFinancialAccount></ram:SpecifiedTradeSettlementPaymentMeans>
   <ram:ApplicableTradeTax><ram:CalculatedAmount>246.90</ram:CalculatedAmount><ram:TypeCode>VAT</ram:TypeCode>
    <ram:BasisAmount>1234.50</ram:BasisAmount><ram:CategoryCode>S</ram:CategoryCode>
    <ram:RateApplicablePercent>20</ram:RateApplicablePercent></ram:ApplicableTradeTax>
   <ram:SpecifiedTradePaymentTerms><ram:DueDateDateTime><udt:DateTimeString format="102">20261220</udt:DateTimeString>
    </ram:DueDateDateTime></ram:SpecifiedTradePaymentTerms>
   <ram:SpecifiedTradeSettlementHeaderMonetarySummation>
    <ram:LineTotalAmount>1234.50</ram:LineTotalAmount><ram:TaxBasisTotalAmount>1234.50</ram:TaxBasisTotalAmount>
    <ram:TaxTotalAmount currencyID="EUR">246.90</ram:TaxTotalAmount><ram:GrandTotalAmount>{total}</ram:GrandTotalAmount>
    <ram:DuePayableAmount>{total}</ram:DuePayableAmount>
   </ram:SpecifiedTradeSettlementHeaderMonetarySummation>
  </ram:ApplicableHeaderTradeSettlement>
 </rsm:SupplyChainTradeTransaction>
</rsm:CrossIndustryInvoice>
"""
