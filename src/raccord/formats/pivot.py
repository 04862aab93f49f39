"""The pivot of Chorus Pro, `CPPFacturePivot` V1.20 to V2.02, as the plain invoice (specifications/recipient.md §3).

Elements are found by their local names, in any order: the namespace changed between versions, and the pivot of one
invoice (`CPPFacturePivotUnitaire`) is kept apart from its envelope. What the pivot does not say stays empty: it has
neither addresses nor units nor the names of what is sold. The original inside, when it is structured, says more.
"""

import base64
import binascii
import io
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from lxml import etree

from raccord.domain.identifiers import IdScheme
from raccord.domain.invoice import (
    Account,
    Address,
    Contact,
    Delivery,
    Identifier,
    Invoice,
    Item,
    Line,
    Party,
    PaymentMeans,
    PrecedingInvoice,
    Price,
    Totals,
    VatBreakdown,
)
from raccord.formats import xml
from raccord.formats.pivot_files import opened, safe_name
from raccord.formats.problems import ReadError, not_an_invoice

GATE = 300_000_000
"""Bytes above which a pivot is refused before it is read; Chorus Pro answers 413 above 120 MB."""

STRUCTURED = frozenset({"facture_ubl_afnor", "facture_cii_afnor", "facture_factur-x_afnor"})
"""`CategoriePJ` of the main document of an invoice that came through an accredited platform, blanks removed.

The specification writes `Facture_CII _AFNOR`, with a blank (sic): both spellings are read.
"""
READABLE = "facturepdf"
"""`CategoriePJ` of its readable copy."""

_SCHEMES = {
    "1": IdScheme.SIRET.value,
    "3": IdScheme.OUTSIDE_EU.value,
    "4": IdScheme.RIDET.value,
    "5": IdScheme.TAHITI.value,
    "7": IdScheme.INDIVIDUAL.value,
}
_VAT = "2"
"""`TypeIdentifiant` of a firm of the European Union: its VAT number."""


@dataclass(frozen=True)
class Piece:
    """A file of a pivot: its category as it came, whether it is the main document, its bytes unpacked."""

    name: str
    category: str
    main: bool
    mime: str
    data: bytes

    @property
    def is_structured(self) -> bool:
        """Whether the category says: an invoice for machines."""
        return _squeezed(self.category) in STRUCTURED

    @property
    def is_readable_copy(self) -> bool:
        """Whether the category says: the invoice for people."""
        return _squeezed(self.category) == READABLE


def read(data: bytes) -> Invoice:
    """The first invoice of a pivot, or of the pivot of one. Raises :class:`ReadError` (CP-XML-*, CP-FMT-01)."""
    first = None
    for invoice in read_all(data):  # to the end: a file cut after its first invoice is not trusted
        first = first or invoice
    if first is None:
        raise not_an_invoice("pivot sans facture")
    return first


def read_all(data: bytes) -> Iterator[Invoice]:
    """Every invoice of a pivot, one at a time; the files inside are passed over without being kept in memory."""
    for unit in _units(data, files=False):
        yield of_unit(unit)


def pieces(data: bytes) -> Iterator[Piece]:
    """The files of a pivot, one at a time. Raises :class:`ReadError` (CP-PJ-01) for a content that is no base64."""
    for unit in _units(data, files=True):
        for pj in unit.iter("{*}PJ"):
            if xml.text(pj, "{*}Contenu"):
                yield _piece(pj)


def _units(data: bytes, *, files: bool) -> Iterator[xml.Element]:
    if len(data) > GATE:
        raise not_an_invoice(f"pivot de {len(data) // 1_000_000} Mo")
    wanted = ("{*}CPPFacturePivotUnitaire", "{*}Contenu")
    try:
        for _event, element in etree.iterparse(
            io.BytesIO(data), events=("end",), tag=wanted, huge_tree=True, resolve_entities=False, no_network=True,
            load_dtd=False, remove_comments=True, remove_pis=True,
        ):  # fmt: skip
            if etree.QName(element).localname == "Contenu":
                if not files:
                    element.text = None  # megabytes that a reading of terms has no use for
                continue
            if element.getroottree().docinfo.doctype:
                raise not_an_invoice("pivot avec DOCTYPE")
            yield element
            _free(element)
    except etree.XMLSyntaxError as error:
        raise ReadError(
            "CP-XML-01",
            f"Le fichier pivot est mal formé ou incomplet (ligne {error.lineno or 0}).",
            "Récupérez de nouveau cette facture depuis Chorus Pro.",
            sentence_en="The pivot is malformed or truncated.",
        ) from error


def _free(element: xml.Element) -> None:
    """Forget an invoice that was read, and those before it, so that memory holds one at a time."""
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def _piece(pj: xml.Element) -> Piece:
    name = safe_name(xml.text(pj, "{*}NomPJOrigine") or xml.text(pj, "{*}NomPJ"))
    try:
        content = base64.b64decode(xml.text(pj, "{*}Contenu"))
    except binascii.Error as error:
        raise ReadError(
            "CP-PJ-01",
            f"La pièce jointe « {name} » du fichier pivot est illisible.",
            "Récupérez de nouveau cette facture depuis Chorus Pro.",
            sentence_en="An attachment of the pivot is no base64.",
        ) from error
    mime = xml.text(pj, "{*}MimeTypePJ") or "application/octet-stream"
    main = xml.text(pj, "{*}TypePJ") in ("01", "1")
    name, data = opened(name, content)
    return Piece(name, xml.text(pj, "{*}CategoriePJ"), main, mime, data)


def of_unit(unit: xml.Element) -> Invoice:
    """The terms of one `CPPFacturePivotUnitaire`, for who has it in hand. Raises :class:`ReadError` (CP-FMT-01)."""
    facts, debtor = unit.find("{*}DonneesFacture"), unit.find("{*}Debiteur")
    if facts is None:
        raise not_an_invoice("pivot sans données de facture")
    vat = tuple(_vat(tax) for tax in xml.children(facts, "{*}TVAs/{*}TVA"))
    delivered, origin = xml.iso_date(facts, "{*}DateLivraison"), xml.text(facts, "{*}IdFactureOrigine")
    return Invoice(
        number=xml.text(facts, "{*}Id"),
        issue_date=xml.iso_date(facts, "{*}DateEmissionFacture"),
        type_code=xml.text(facts, "{*}Type") or "380",
        currency=xml.text(facts, "{*}Devise") or "EUR",
        seller=_supplier(unit.find("{*}Fournisseur")),
        buyer=_debtor(debtor),
        totals=_totals(facts, vat),
        lines=tuple(_line(rank, line) for rank, line in enumerate(xml.children(facts, "{*}Lignes/{*}Ligne"), 1)),
        vat=vat,
        service=xml.text(debtor, "{*}CodeService"),
        contract=xml.text(facts, "{*}Engagement/{*}NumeroMarche"),
        commitment=xml.text(facts, "{*}Engagement/{*}NumeroEngagement"),
        cadre=xml.text(facts, "{*}Cadre"),
        preceding=(PrecedingInvoice(number=origin),) if origin else (),
        delivery=Delivery(day=delivered) if delivered else None,
        payment_means=_payment(facts, unit.find("{*}Fournisseur/{*}ReferenceBancaire")),
    )


def _supplier(node: xml.Element | None) -> Party:
    kind, value = xml.text(node, "{*}TypeIdentifiant"), xml.text(node, "{*}Identifiant")
    identifiers = (Identifier(value=value, scheme=_SCHEMES.get(kind, "")),) if value and kind != _VAT else ()
    return Party(
        name=xml.text(node, "{*}RaisonSociale"),
        identifiers=identifiers,
        vat_number=value if kind == _VAT else "",
        address=Address(country=xml.text(node, "{*}CodePays")),
    )


def _debtor(node: xml.Element | None) -> Party:
    value, service = xml.text(node, "{*}Identifiant"), xml.text(node, "{*}NomService")
    return Party(
        name=xml.text(node, "{*}Nom"),
        identifiers=(Identifier(value=value, scheme=IdScheme.SIRET.value),) if value else (),
        contact=Contact(name=service) if service else None,
    )


def _totals(facts: xml.Element, vat: tuple[VatBreakdown, ...]) -> Totals:
    net, gross = xml.decimal(facts, "{*}Montants/{*}MontantHT"), xml.decimal(facts, "{*}Montants/{*}MontantTTC")
    taxes = [tax.amount for tax in vat if tax.amount is not None]
    total = sum(taxes, Decimal()) if taxes else gross - net if gross is not None and net is not None else None
    return Totals(net=net, vat=total, gross=gross, payable=xml.decimal(facts, "{*}Montants/{*}MontantNetAPayer"))


def _vat(tax: xml.Element) -> VatBreakdown:
    rate = xml.decimal(tax, "{*}Taux")
    category = "S" if rate else ""  # the pivot does not say why a rate is nil
    amount = xml.decimal(tax, "{*}MontantTVA")
    return VatBreakdown(base=xml.decimal(tax, "{*}BaseHt"), amount=amount, category=category, rate=rate)


def _line(rank: int, node: xml.Element) -> Line:
    return Line(
        id=str(rank),
        quantity=xml.decimal(node, "{*}Quantite"),
        net=xml.decimal(node, "{*}MontantHT"),
        price=Price(net=xml.decimal(node, "{*}PrixUnitaire")),
        vat_rate=xml.decimal(node, "{*}TauxTVA"),
        item=Item(name=xml.text(node, "{*}ReferenceProduit")),
    )


def _payment(facts: xml.Element, bank: xml.Element | None) -> tuple[PaymentMeans, ...]:
    code = xml.text(facts, "{*}ModePaiement/{*}Code")
    number = xml.text(bank, "{*}Compte")
    if not code and not number:
        return ()
    account = Account(iban=number, name=xml.text(bank, "{*}RaisonSocialeEncaisseur")) if number else None
    return (PaymentMeans(code=code, text=xml.text(facts, "{*}ModePaiement/{*}Libelle"), account=account),)


def _squeezed(category: str) -> str:
    return "".join(category.split()).lower()
