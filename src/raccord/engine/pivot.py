"""Reading `CPPFacturePivot`: which files travel with each invoice of a download (specifications/recipient.md §3).

The document is read as a stream, one invoice at a time: it may weigh tens of megabytes. The content of an attachment is
base64, often of a ZIP that holds one file under another name. The original is the attachment of `TypePJ` 01.
"""

import base64
import binascii
import io
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from raccord.formats.pivot_files import safe_name, unpack


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
    """One invoice of a download: `id_facture` None when the pivot does not say it; `xml` is its own part, whole."""

    id_facture: int | None
    number: str
    xml: bytes
    files: tuple[PivotFile, ...]


def read(data: bytes) -> Iterator[PivotInvoice]:
    """The invoices of a pivot. Raises `PivotError`."""
    parser_options = {"huge_tree": True, "resolve_entities": False, "no_network": True, "load_dtd": False}
    try:
        for _event, element in etree.iterparse(io.BytesIO(data), events=("end",), **parser_options):
            if _local(element) == "CPPFacturePivotUnitaire":
                yield _invoice(element)
                element.clear()
    except etree.XMLSyntaxError as error:
        raise PivotError(f"XML illisible : {error}") from error


def _invoice(element: "etree._Element") -> PivotInvoice:
    facts = _child(element, "DonneesFacture")
    known = _text(facts, "IdCPRO")
    files = tuple(_file(pj) for pj in element.iter() if _local(pj) == "PJ" and _text(pj, "Contenu"))
    return PivotInvoice(
        id_facture=int(known) if known.isdigit() else None,
        number=_text(facts, "Id"),
        xml=etree.tostring(element, encoding="utf-8", xml_declaration=True, with_tail=False),
        files=files,
    )


def _file(pj: "etree._Element") -> PivotFile:
    try:
        content = base64.b64decode(_text(pj, "Contenu"), validate=False)
    except binascii.Error as error:
        raise PivotError(f"pièce jointe illisible : {error}") from error
    name = safe_name(_text(pj, "NomPJOrigine") or _text(pj, "NomPJ"))
    data = unpack(name, content)
    kind = "original" if _text(pj, "TypePJ") == "01" else "attachment"
    return PivotFile(kind, name, _text(pj, "MimeTypePJ") or "application/octet-stream", data)


def _local(element: "etree._Element") -> str:
    return str(etree.QName(element).localname) if isinstance(element.tag, str) else ""


def _child(element: "etree._Element", name: str) -> "etree._Element | None":
    return next((child for child in element if _local(child) == name), None)


def _text(element: "etree._Element | None", name: str) -> str:
    if element is None:
        return ""
    child = _child(element, name)
    return (child.text or "").strip() if child is not None else ""
