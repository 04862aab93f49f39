"""Reading `CPPFacturePivot`: which files travel with each invoice of a download (specifications/recipient.md §3).

The document is read as a stream, one invoice at a time: it may weigh tens of megabytes. The content of an attachment is
base64, often of a ZIP that holds one file under another name. The original is the attachment of `TypePJ` 01. The
terms of the invoice are read in the same passage: the document is not parsed twice.
"""

import base64
import binascii
import io
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from raccord.domain.invoice import Invoice
from raccord.formats import ReadError, pivot, xml
from raccord.formats.pivot_files import opened, safe_name

_UNIT = "{*}CPPFacturePivotUnitaire"


class PivotError(Exception):
    """The downloaded document is not a pivot that can be read."""


@dataclass(frozen=True)
class PivotFile:
    """One attachment: `kind` is original or attachment."""

    kind: str
    name: str
    mime: str
    data: bytes


@dataclass(frozen=True)
class PivotInvoice:
    """One invoice of a download: `id_facture` None when the pivot does not say it; `xml` is its own part, whole.

    `terms` is None when they cannot be read: the invoice is kept all the same.
    """

    id_facture: int | None
    number: str
    xml: bytes
    files: tuple[PivotFile, ...]
    terms: Invoice | None = None


def read(data: bytes) -> Iterator[PivotInvoice]:
    """The invoices of a pivot. Raises `PivotError`."""
    options = {"huge_tree": True, "resolve_entities": False, "no_network": True, "load_dtd": False}
    try:
        for _event, element in etree.iterparse(io.BytesIO(data), events=("end",), tag=_UNIT, **options):
            yield _invoice(element)
            element.clear()
    except etree.XMLSyntaxError as error:
        raise PivotError(f"XML illisible : {error}") from error


def _invoice(unit: xml.Element) -> PivotInvoice:
    facts = unit.find("{*}DonneesFacture")
    known = xml.text(facts, "{*}IdCPRO")
    return PivotInvoice(
        id_facture=int(known) if known.isdigit() else None,
        number=xml.text(facts, "{*}Id"),
        xml=etree.tostring(unit, encoding="utf-8", xml_declaration=True, with_tail=False),
        files=tuple(_file(pj) for pj in unit.iter("{*}PJ") if xml.text(pj, "{*}Contenu")),
        terms=_terms(unit),
    )


def _terms(unit: xml.Element) -> Invoice | None:
    try:
        return pivot.of_unit(unit)
    except ReadError:
        return None


def _file(pj: xml.Element) -> PivotFile:
    try:
        content = base64.b64decode(xml.text(pj, "{*}Contenu"), validate=False)
    except binascii.Error as error:
        raise PivotError(f"pièce jointe illisible : {error}") from error
    name, data = opened(safe_name(xml.text(pj, "{*}NomPJOrigine") or xml.text(pj, "{*}NomPJ")), content)
    kind = "original" if xml.text(pj, "{*}TypePJ") == "01" else "attachment"
    return PivotFile(kind, name, xml.text(pj, "{*}MimeTypePJ") or "application/octet-stream", data)
