"""Cross Industry Invoice, D16B to D22B: alone, or inside a Factur-X."""

from __future__ import annotations

import base64
import binascii
from datetime import date
from decimal import Decimal

from lxml import etree

from chorus_simulator.documents.document import Attached, Document, Party, day_of, decimal_of, siret_first
from chorus_simulator.model import LignePoste, LigneTva

ROOT = "{urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100}CrossIndustryInvoice"
NS = {
    "rsm": "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100",
    "ram": "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100",
    "udt": "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100",
}
TRADE = "FichierXml.SupplyChainTradeTransaction"
AGREEMENT = f"{TRADE}.ApplicableHeaderTradeAgreement"
SETTLEMENT = f"{TRADE}.ApplicableHeaderTradeSettlement"
SUMMATION = f"{SETTLEMENT}.SpecifiedTradeSettlementHeaderMonetarySummation"
CHEMINS = {
    "numero": "FichierXml.ExchangedDocument.ID.value",
    "date": "FichierXml.ExchangedDocument.IssueDateTime.DateTimeString.value",
    "type": "FichierXml.ExchangedDocument.TypeCode.value",
    "cadre": "FichierXml.ExchangedDocumentContext.BusinessProcessSpecifiedDocumentContextParameter.ID.value",
    "fournisseur": f"{AGREEMENT}.SellerTradeParty.GlobalID.value",
    "destinataire": f"{AGREEMENT}.BuyerTradeParty.GlobalID.value",
    "service": f"{AGREEMENT}.BuyerReference.value",
    "engagement": f"{AGREEMENT}.BuyerOrderReferencedDocument.IssuerAssignedID.value",
    "marche": f"{AGREEMENT}.ContractReferencedDocument.IssuerAssignedID.value",
    "devise": f"{SETTLEMENT}.InvoiceCurrencyCode.value",
    "paiement": f"{SETTLEMENT}.SpecifiedTradeSettlementPaymentMeans.TypeCode.value",
    "iban": f"{SETTLEMENT}.SpecifiedTradeSettlementPaymentMeans.PayeePartyCreditorFinancialAccount.IBANID.value",
    "ht": f"{SUMMATION}.TaxBasisTotalAmount.value",
    "ttc": f"{SUMMATION}.GrandTotalAmount.value",
    "a_payer": f"{SUMMATION}.DuePayableAmount.value",
    "piece": f"{AGREEMENT}.AdditionalReferencedDocument.AttachmentBinaryObject.value",
}


def read(root: etree._Element, *, lignes: bool = False) -> Document:
    """The invoice, empty where the file says nothing: `rules` judges, not this. `lignes` reads the lines too, which
    a deposit does without."""
    document = Document("CII", CHEMINS)
    head = root.find("rsm:ExchangedDocument", NS)
    trade = root.find("rsm:SupplyChainTradeTransaction", NS)
    process = "rsm:ExchangedDocumentContext/ram:BusinessProcessSpecifiedDocumentContextParameter/ram:ID"
    document.cadre = _text(root, process)
    if head is not None:
        document.numero = _text(head, "ram:ID")
        document.type_code = _text(head, "ram:TypeCode")
        document.jour = _day(head, "ram:IssueDateTime")
    if trade is not None:
        _agreement(document, trade)
        _settlement(document, trade)
        if lignes:
            document.lignes = [
                _ligne(n, line) for n, line in enumerate(_all(trade, "ram:IncludedSupplyChainTradeLineItem"), 1)
            ]
    return document


def _agreement(document: Document, trade: etree._Element) -> None:
    agreement = trade.find("ram:ApplicableHeaderTradeAgreement", NS)
    if agreement is None:
        return
    document.service = _text(agreement, "ram:BuyerReference")
    document.fournisseur = _party(agreement.find("ram:SellerTradeParty", NS))
    document.destinataire = _party(agreement.find("ram:BuyerTradeParty", NS))
    document.valideur = _party(agreement.find("ram:SellerTaxRepresentativeTradeParty", NS)).identifiant
    document.engagement = _text(agreement, "ram:BuyerOrderReferencedDocument/ram:IssuerAssignedID")
    document.marche = _text(agreement, "ram:ContractReferencedDocument/ram:IssuerAssignedID")
    for reference in _all(agreement, "ram:AdditionalReferencedDocument"):
        attached = _attached(reference)
        if attached:
            document.attaches.append(attached)
    document.livraison = _day(
        trade, "ram:ApplicableHeaderTradeDelivery/ram:ActualDeliverySupplyChainEvent/ram:OccurrenceDateTime"
    )


def _settlement(document: Document, trade: etree._Element) -> None:
    settlement = trade.find("ram:ApplicableHeaderTradeSettlement", NS)
    if settlement is None:
        return
    document.devise = _text(settlement, "ram:InvoiceCurrencyCode")
    means = settlement.find("ram:SpecifiedTradeSettlementPaymentMeans", NS)
    if means is not None:
        document.paiement = _text(means, "ram:TypeCode")
        document.iban = _text(means, "ram:PayeePartyCreditorFinancialAccount/ram:IBANID")
    document.echeance = _day(settlement, "ram:SpecifiedTradePaymentTerms/ram:DueDateDateTime")
    document.origine = _text(settlement, "ram:InvoiceReferencedDocument/ram:IssuerAssignedID")
    for tax in _all(settlement, "ram:ApplicableTradeTax"):
        document.tvas.append(
            LigneTva(
                decimal_of(_text(tax, "ram:RateApplicablePercent")) or Decimal(0),
                decimal_of(_text(tax, "ram:BasisAmount")) or Decimal(0),
                decimal_of(_text(tax, "ram:CalculatedAmount")) or Decimal(0),
            )
        )
        document.motif_exoneration = document.motif_exoneration or _text(tax, "ram:ExemptionReason")
    sums = settlement.find("ram:SpecifiedTradeSettlementHeaderMonetarySummation", NS)
    if sums is not None:
        document.ht = decimal_of(_text(sums, "ram:TaxBasisTotalAmount"))
        document.tva = _tax_total(sums, document.devise)
        document.ttc = decimal_of(_text(sums, "ram:GrandTotalAmount"))
        document.a_payer = decimal_of(_text(sums, "ram:DuePayableAmount"))


def _tax_total(sums: etree._Element, currency: str) -> Decimal | None:
    """The VAT total in the currency of the invoice; there may be one in another."""
    for element in _all(sums, "ram:TaxTotalAmount"):
        if element.get("currencyID") in (None, currency):
            return decimal_of(element.text)
    return None


def _party(party: etree._Element | None) -> Party:
    if party is None:
        return Party()
    found = [
        (element.get("schemeID") or "", element.text or "")
        for path in (
            "ram:GlobalID",
            "ram:ID",
            "ram:SpecifiedLegalOrganization/ram:ID",
            "ram:SpecifiedTaxRegistration/ram:ID",
        )
        for element in _all(party, path)
    ]
    scheme, identifier = siret_first(found)
    return Party(identifier, scheme, _text(party, "ram:Name"))


def _attached(reference: etree._Element) -> Attached | None:
    """A supporting document (916); a mere reference to one is none."""
    content = reference.find("ram:AttachmentBinaryObject", NS)
    if content is None:
        announced = _text(reference, "ram:TypeCode") == "916" and not _text(reference, "ram:URIID")
        return Attached(_text(reference, "ram:IssuerAssignedID"), "", None) if announced else None
    try:
        data: bytes | None = base64.b64decode("".join((content.text or "").split()), validate=True)
    except (binascii.Error, ValueError):
        data = None
    return Attached(
        content.get("filename") or _text(reference, "ram:IssuerAssignedID"), content.get("mimeCode") or "", data
    )


def _ligne(rank: int, line: etree._Element) -> LignePoste:
    price = "ram:SpecifiedLineTradeAgreement/ram:NetPriceProductTradePrice/ram:ChargeAmount"
    quantity = line.find("ram:SpecifiedLineTradeDelivery/ram:BilledQuantity", NS)
    settlement = "ram:SpecifiedLineTradeSettlement"
    total = f"{settlement}/ram:SpecifiedTradeSettlementLineMonetarySummation/ram:LineTotalAmount"
    return LignePoste(
        rank,
        _text(line, "ram:SpecifiedTradeProduct/ram:Name"),
        _text(line, "ram:SpecifiedTradeProduct/ram:SellerAssignedID"),
        (decimal_of(quantity.text) if quantity is not None else None) or Decimal(1),
        (quantity.get("unitCode") or "") if quantity is not None else "",
        decimal_of(_text(line, price)) or Decimal(0),
        Decimal(0),
        decimal_of(_text(line, total)) or Decimal(0),
        decimal_of(_text(line, f"{settlement}/ram:ApplicableTradeTax/ram:RateApplicablePercent")),
    )


def _day(node: etree._Element, path: str) -> date | None:
    return day_of(_text(node, f"{path}/udt:DateTimeString"))


def _text(node: etree._Element, path: str) -> str:
    return (node.findtext(path, "", NS) or "").strip()


def _all(node: etree._Element, path: str) -> list[etree._Element]:
    return node.findall(path, NS)
