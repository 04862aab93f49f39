"""Factur-X: a PDF/A-3 for people with a CII file inside for machines (``IN_DP_E2_CII_FACTURX``).

``read`` takes the bytes of the PDF, ``write`` makes one: from a PDF/A that you have, or from a page rendered
here.
"""

from __future__ import annotations

import io
from datetime import UTC, datetime

import pikepdf
from lxml import etree

from raccord.domain.invoice import Invoice
from raccord.formats import cii, render
from raccord.formats.pdf import FX_SPACES, PDFAID, invoice_file, opened, read_xmp, xmp_root
from raccord.formats.problems import ReadError, not_an_invoice
from raccord.formats.profile_fit import fitted
from raccord.formats.profiles import profile_of

XML_NAME = "factur-x.xml"
_FX = FX_SPACES[0]
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_EXTENSION = "http://www.aiim.org/pdfa/ns/extension/"
_SCHEMA = "http://www.aiim.org/pdfa/ns/schema#"
_PROPERTY = "http://www.aiim.org/pdfa/ns/property#"
_PROPERTIES = (
    ("DocumentFileName", "The name of the embedded XML document"),
    ("DocumentType", "The type of the hybrid document in capital letters"),
    ("Version", "The version of the standard that the embedded XML follows"),
    ("ConformanceLevel", "The conformance level of the embedded XML document"),
)


def read(data: bytes) -> Invoice:
    """The invoice inside a Factur-X PDF. Raises :class:`ReadError` when the PDF is damaged or holds no
    invoice.
    """
    return cii.read(extract_xml(data))


def extract_xml(data: bytes) -> bytes:
    """The XML inside a Factur-X PDF, byte for byte. Raises :class:`ReadError` (CP-PDF-01, 02, 04, CP-FMT-01)."""
    with opened(data) as pdf:
        found = invoice_file(pdf)
        if found is None:
            raise not_an_invoice("PDF sans fichier factur-x.xml")
        return found.read()


def write(invoice: Invoice, pdf: bytes | None = None, *, xml: bytes | None = None) -> bytes:
    """A Factur-X: ``pdf`` (which must be a PDF/A) or a page rendered here, with the invoice's XML inside.

    The profile (BT-24) is that of ``invoice`` when it holds all that is said, else the least that does. ``xml``
    replaces the XML written from ``invoice`` (a file that must travel byte for byte). Raises :class:`ReadError`
    CP-PDF-05 when ``pdf`` is no PDF/A: writing the claim into it would be a lie.
    """
    invoice = invoice if xml is not None else fitted(invoice)
    with opened(pdf if pdf is not None else render.render_pdf(invoice)) as document:
        _require_pdfa(document)
        _embed(document, xml if xml is not None else cii.write(invoice), invoice)
        _write_xmp(document, profile_of(invoice.profile).xmp)
        target = io.BytesIO()
        document.save(target, deterministic_id=True, preserve_pdfa=True)
        return target.getvalue()


def _require_pdfa(document: pikepdf.Pdf) -> None:
    if read_xmp(document).part not in ("1", "2", "3") or "/OutputIntents" not in document.Root:
        raise ReadError(
            "CP-PDF-05",
            "Ce PDF n’est pas un PDF/A : il ne peut pas devenir une facture Factur-X telle quelle.",
            "Exportez-le en PDF/A-3 depuis votre logiciel, ou laissez Raccord dessiner la facture.",
            sentence_en="The PDF is not a PDF/A and cannot be made a Factur-X.",
        )


def _embed(document: pikepdf.Pdf, xml: bytes, invoice: Invoice) -> None:
    day = invoice.issue_date
    moment = datetime(day.year, day.month, day.day, tzinfo=UTC) if day else datetime(2000, 1, 1, tzinfo=UTC)
    stamp = moment.strftime("D:%Y%m%d%H%M%S+00'00'")
    spec = pikepdf.AttachedFileSpec(
        document,
        xml,
        description="Facture au format Factur-X",
        filename=XML_NAME,
        mime_type="text/xml",
        creation_date=stamp,
        mod_date=stamp,
    )
    spec.relationship = pikepdf.Name.Data
    document.attachments[XML_NAME] = spec
    embedded = document.attachments[XML_NAME].obj
    others = [entry for entry in document.Root.get("/AF", []) if str(entry.get("/UF", "")) != XML_NAME]
    document.Root.AF = pikepdf.Array([*others, embedded])


def _write_xmp(document: pikepdf.Pdf, level: str) -> None:
    """Claim PDF/A-3 and the Factur-X level, and declare the ``fx`` schema as PDF/A demands."""
    packet = xmp_root(document)
    if packet is None:
        raise not_an_invoice("PDF/A sans métadonnées XMP")
    rdf = packet if packet.tag == f"{{{_RDF}}}RDF" else packet.find(f"{{{_RDF}}}RDF")
    if rdf is None:
        raise not_an_invoice("PDF/A sans métadonnées XMP")
    _set_part(rdf)
    _forget_facturx(rdf)
    _declare_schema(rdf)
    values = {"DocumentType": "INVOICE", "DocumentFileName": XML_NAME, "Version": "1.0", "ConformanceLevel": level}
    description = etree.SubElement(rdf, f"{{{_RDF}}}Description", {f"{{{_RDF}}}about": ""}, nsmap={"fx": _FX})
    for name, value in values.items():
        etree.SubElement(description, f"{{{_FX}}}{name}").text = value
    body = etree.tostring(packet, encoding="utf-8")
    stream = pikepdf.Stream(document, _HEAD + body + b'\n<?xpacket end="w"?>')
    stream.Type, stream.Subtype = pikepdf.Name.Metadata, pikepdf.Name.XML
    document.Root.Metadata = document.make_indirect(stream)


_HEAD = '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'.encode()


def _set_part(rdf: etree._Element) -> None:
    tag = f"{{{PDFAID}}}part"
    for element in rdf.iter(tag):
        element.text = "3"
    for description in rdf.iter(f"{{{_RDF}}}Description"):
        if tag in description.attrib:
            description.set(tag, "3")


def _forget_facturx(rdf: etree._Element) -> None:
    for description in list(rdf.iter(f"{{{_RDF}}}Description")):
        for child in [child for child in description if str(child.tag).startswith(f"{{{_FX}}}")]:
            description.remove(child)
        for name in [name for name in description.attrib if str(name).startswith(f"{{{_FX}}}")]:
            del description.attrib[name]


def _declare_schema(rdf: etree._Element) -> None:
    """Add the fx schema to the one ``pdfaExtension:schemas`` bag that a packet may hold."""
    bag = rdf.find(f".//{{{_EXTENSION}}}schemas/{{{_RDF}}}Bag")
    if bag is None:
        spaces = {"pdfaExtension": _EXTENSION, "pdfaSchema": _SCHEMA, "pdfaProperty": _PROPERTY}
        description = etree.SubElement(rdf, f"{{{_RDF}}}Description", {f"{{{_RDF}}}about": ""}, nsmap=spaces)
        bag = etree.SubElement(etree.SubElement(description, f"{{{_EXTENSION}}}schemas"), f"{{{_RDF}}}Bag")
    if any(uri.text == _FX for uri in bag.iter(f"{{{_SCHEMA}}}namespaceURI")):
        return
    schema = _resource(bag)
    etree.SubElement(schema, f"{{{_SCHEMA}}}schema").text = "Factur-X PDFA Extension Schema"
    etree.SubElement(schema, f"{{{_SCHEMA}}}namespaceURI").text = _FX
    etree.SubElement(schema, f"{{{_SCHEMA}}}prefix").text = "fx"
    sequence = etree.SubElement(etree.SubElement(schema, f"{{{_SCHEMA}}}property"), f"{{{_RDF}}}Seq")
    for name, sentence in _PROPERTIES:
        entry = _resource(sequence)
        for tag, value in (("name", name), ("valueType", "Text"), ("category", "external"), ("description", sentence)):
            etree.SubElement(entry, f"{{{_PROPERTY}}}{tag}").text = value


def _resource(parent: etree._Element) -> etree._Element:
    return etree.SubElement(parent, f"{{{_RDF}}}li", {f"{{{_RDF}}}parseType": "Resource"})
