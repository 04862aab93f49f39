"""UBL 2.1 Invoice and CreditNote, complete or minimal."""

from __future__ import annotations

import base64
import binascii
from decimal import Decimal

from lxml import etree

from chorus_simulator.documents.document import Attached, Document, Party, day_of, decimal_of, siret_first
from chorus_simulator.model import LignePoste, LigneTva

INVOICE = "{urn:oasis:names:specification:ubl:schema:xsd:Invoice-2}Invoice"
CREDIT_NOTE = "{urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2}CreditNote"
ROOTS = (INVOICE, CREDIT_NOTE)
NS = {
    "cac": "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2",
    "cbc": "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2",
}
CHEMINS = {
    "numero": "ID.value",
    "date": "IssueDate.value",
    "type": "InvoiceTypeCode.value",
    "cadre": "ProfileID.value",
    "fournisseur": "AccountingSupplierParty.Party.PartyIdentification.ID.value",
    "destinataire": "AccountingCustomerParty.Party.PartyIdentification.ID.value",
    "service": "BuyerReference.value",
    "engagement": "OrderReference.ID.value",
    "marche": "ContractDocumentReference.ID.value",
    "devise": "DocumentCurrencyCode.value",
    "paiement": "PaymentMeans.PaymentMeansCode.value",
    "iban": "PaymentMeans.PayeeFinancialAccount.ID.value",
    "ht": "LegalMonetaryTotal.TaxExclusiveAmount.value",
    "ttc": "LegalMonetaryTotal.TaxInclusiveAmount.value",
    "a_payer": "LegalMonetaryTotal.PayableAmount.value",
    "piece": "AdditionalDocumentReference.Attachment.EmbeddedDocumentBinaryObject.value",
}


def read(root: etree._Element, *, lignes: bool = False) -> Document:
    """The invoice or credit note, empty where the file says nothing: `rules` judges, not this. `lignes` reads the
    lines too, which a deposit does without."""
    document = Document("UBL", CHEMINS)
    credit = root.tag == CREDIT_NOTE
    document.numero = _text(root, "cbc:ID")
    document.jour = day_of(_text(root, "cbc:IssueDate"))
    document.type_code = _text(root, "cbc:CreditNoteTypeCode" if credit else "cbc:InvoiceTypeCode") or (
        "381" if credit else ""
    )
    document.cadre = _text(root, "cbc:ProfileID")
    document.devise = _text(root, "cbc:DocumentCurrencyCode")
    document.service = _text(root, "cbc:BuyerReference")
    document.engagement = _text(root, "cac:OrderReference/cbc:ID")
    document.marche = _text(root, "cac:ContractDocumentReference/cbc:ID")
    document.origine = _text(root, "cac:BillingReference/cac:InvoiceDocumentReference/cbc:ID")
    document.echeance = day_of(_text(root, "cbc:DueDate"))
    document.livraison = day_of(_text(root, "cac:Delivery/cbc:ActualDeliveryDate"))
    document.fournisseur = _party(root.find("cac:AccountingSupplierParty/cac:Party", NS))
    document.destinataire = _party(root.find("cac:AccountingCustomerParty/cac:Party", NS))
    document.valideur = _party(root.find("cac:TaxRepresentativeParty", NS)).identifiant
    document.paiement = _text(root, "cac:PaymentMeans/cbc:PaymentMeansCode")
    document.iban = _text(root, "cac:PaymentMeans/cac:PayeeFinancialAccount/cbc:ID")
    _amounts(document, root)
    document.attaches = [
        _attached(ref) for ref in root.findall("cac:AdditionalDocumentReference/cac:Attachment/..", NS) if _embeds(ref)
    ]
    if lignes:
        lines = root.findall("cac:CreditNoteLine" if credit else "cac:InvoiceLine", NS)
        document.lignes = [_ligne(rank, line, credit) for rank, line in enumerate(lines, 1)]
    return document


def _amounts(document: Document, root: etree._Element) -> None:
    total = root.find("cac:LegalMonetaryTotal", NS)
    if total is not None:
        document.ht = decimal_of(_text(total, "cbc:TaxExclusiveAmount"))
        document.ttc = decimal_of(_text(total, "cbc:TaxInclusiveAmount"))
        document.a_payer = decimal_of(_text(total, "cbc:PayableAmount"))
    for tax in root.findall("cac:TaxTotal", NS):
        amount = tax.find("cbc:TaxAmount", NS)
        if amount is not None and amount.get("currencyID") in (None, document.devise):
            document.tva = decimal_of(amount.text)
        for part in tax.findall("cac:TaxSubtotal", NS):
            document.tvas.append(
                LigneTva(
                    decimal_of(_text(part, "cac:TaxCategory/cbc:Percent")) or Decimal(0),
                    decimal_of(_text(part, "cbc:TaxableAmount")) or Decimal(0),
                    decimal_of(_text(part, "cbc:TaxAmount")) or Decimal(0),
                )
            )


def _party(party: etree._Element | None) -> Party:
    if party is None:
        return Party()
    found = [
        (element.get("schemeID") or element.get("schemeName") or "", element.text or "")
        for path in (
            "cac:PartyIdentification/cbc:ID",
            "cac:PartyLegalEntity/cbc:CompanyID",
            "cac:PartyTaxScheme/cbc:CompanyID",
        )
        for element in party.findall(path, NS)
    ]
    scheme, identifier = siret_first(found)
    name = _text(party, "cac:PartyLegalEntity/cbc:RegistrationName") or _text(party, "cac:PartyName/cbc:Name")
    return Party(identifier, scheme, name)


def _embeds(reference: etree._Element) -> bool:
    return reference.find("cac:Attachment/cac:ExternalReference", NS) is None


def _attached(reference: etree._Element) -> Attached:
    content = reference.find("cac:Attachment/cbc:EmbeddedDocumentBinaryObject", NS)
    name = _text(reference, "cbc:ID")
    if content is None:
        return Attached(name, "", None)
    try:
        data: bytes | None = base64.b64decode("".join((content.text or "").split()), validate=True)
    except (binascii.Error, ValueError):
        data = None
    return Attached(content.get("filename") or name, content.get("mimeCode") or "", data)


def _ligne(rank: int, line: etree._Element, credit: bool) -> LignePoste:
    quantity = line.find("cbc:CreditedQuantity" if credit else "cbc:InvoicedQuantity", NS)
    return LignePoste(
        rank,
        _text(line, "cac:Item/cbc:Name"),
        _text(line, "cac:Item/cac:SellersItemIdentification/cbc:ID"),
        (decimal_of(quantity.text) if quantity is not None else None) or Decimal(1),
        (quantity.get("unitCode") or "") if quantity is not None else "",
        decimal_of(_text(line, "cac:Price/cbc:PriceAmount")) or Decimal(0),
        Decimal(0),
        decimal_of(_text(line, "cbc:LineExtensionAmount")) or Decimal(0),
        decimal_of(_text(line, "cac:Item/cac:ClassifiedTaxCategory/cbc:Percent")),
    )


def _text(node: etree._Element, path: str) -> str:
    return (node.findtext(path, "", NS) or "").strip()
