"""A PDF seen from outside: opened with suspicion, its attached files listed, its XMP read. No page is
interpreted.

Bounded: an attached file is inflated to at most ``limit`` bytes, so that a few kilobytes cannot become
gigabytes.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pikepdf
from lxml import etree

from raccord.formats.problems import ReadError

INVOICE_NAMES = ("factur-x.xml", "zugferd-invoice.xml", "ZUGFeRD-invoice.xml", "xrechnung.xml")
MAX_XML = 30_000_000
"""Bytes that an embedded XML may hold once inflated."""

PDFAID = "http://www.aiim.org/pdfa/ns/id/"
FX_SPACES = (
    "urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#",
    "urn:zugferd:pdfa:CrossIndustryDocument:invoice:1p0#",
    "urn:zugferd:pdfa:CrossIndustryDocument:invoice:2p0#",
)
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"


@dataclass(frozen=True, slots=True)
class AttachedFile:
    """One file attached to the document: its name, its relationship (``Data``, ``Source``...; empty when
    unsaid).
    """

    name: str
    relationship: str
    in_af: bool
    stream: pikepdf.Object

    def read(self, limit: int = MAX_XML) -> bytes:
        """Its bytes. Raises :class:`ReadError` CP-PDF-04 when they inflate beyond ``limit`` or cannot be
        read.
        """
        return _inflate(self.stream, limit)


@dataclass(frozen=True, slots=True)
class Xmp:
    """What the metadata claims: PDF/A part and conformance, and the Factur-X block."""

    part: str = ""
    conformance: str = ""
    level: str = ""
    filename: str = ""


def looks_like_pdf(data: bytes) -> bool:
    """True when the magic bytes stand at the start (readers accept a little noise before them)."""
    return b"%PDF-" in data[:1024]


def open_pdf(data: bytes) -> pikepdf.Pdf:
    """Open ``data``. Raises :class:`ReadError`: CP-PDF-01 damaged, CP-PDF-02 protected by a password."""
    try:
        pdf = pikepdf.open(io.BytesIO(data), suppress_warnings=True, attempt_recovery=True)
    except pikepdf.PasswordError as error:
        raise _protected() from error
    except (pikepdf.PdfError, RuntimeError, ValueError) as error:
        raise _damaged() from error
    if pdf.is_encrypted:
        raise _protected()
    return pdf


@contextmanager
def opened(data: bytes) -> Iterator[pikepdf.Pdf]:
    """``data`` opened for the length of a ``with`` block; whatever in it makes no sense raises :class:`ReadError`."""
    with open_pdf(data) as document:
        try:
            yield document
        except ReadError:
            raise
        except (pikepdf.PdfError, RuntimeError, ValueError, TypeError, KeyError, AttributeError) as error:
            raise _damaged() from error


def is_repaired(pdf: pikepdf.Pdf) -> bool:
    """True when the file was damaged and silently mended on opening: it is not what its author wrote."""
    return bool(pdf.get_warnings())


def _protected() -> ReadError:
    return ReadError(
        "CP-PDF-02",
        "Le PDF est protégé par un mot de passe ou chiffré : Chorus Pro ne peut pas l’ouvrir.",
        "Réexportez le PDF sans protection.",
        sentence_en="The PDF is encrypted.",
    )


def _damaged() -> ReadError:
    return ReadError(
        "CP-PDF-01",
        "Le PDF est endommagé ou incomplet : Chorus Pro le rejetterait.",
        "Réexportez la facture depuis votre logiciel ; le fichier a peut-être été coupé pendant un transfert.",
        sentence_en="The PDF is damaged or truncated.",
    )


def attached_files(pdf: pikepdf.Pdf) -> Iterator[AttachedFile]:
    """Every file of the name tree ``EmbeddedFiles``, then those that only ``/AF`` names."""
    associated = [entry for entry in _array(pdf.Root.get("/AF")) if isinstance(entry, pikepdf.Dictionary)]
    in_af = {entry.objgen for entry in associated}
    seen = set()
    for spec in (*_named(pdf), *associated):
        if not isinstance(spec, pikepdf.Dictionary) or (spec.objgen in seen and spec.objgen != (0, 0)):
            continue
        seen.add(spec.objgen)
        stream = _embedded(spec)
        if stream is not None:
            name = str(spec.get("/UF", spec.get("/F", "")))
            yield AttachedFile(name, _name(spec.get("/AFRelationship")), spec.objgen in in_af, stream)


def _named(pdf: pikepdf.Pdf) -> list[pikepdf.Object]:
    names = pdf.Root.get("/Names")
    tree = names.get("/EmbeddedFiles") if isinstance(names, pikepdf.Dictionary) else None
    if not isinstance(tree, pikepdf.Dictionary):
        return []
    try:
        return [value for _, value in pikepdf.NameTree(tree).items()]
    except (pikepdf.PdfError, RuntimeError, ValueError, TypeError) as error:
        raise _damaged() from error


def _array(value: pikepdf.Object | None) -> Iterator[pikepdf.Object]:
    if isinstance(value, pikepdf.Array):
        yield from value
    elif isinstance(value, pikepdf.Dictionary):
        yield value


def _name(value: pikepdf.Object | None) -> str:
    return str(value).removeprefix("/") if isinstance(value, pikepdf.Name) else ""


def _embedded(spec: pikepdf.Object) -> pikepdf.Object | None:
    files = spec.get("/EF")
    if not isinstance(files, pikepdf.Dictionary):
        return None
    stream = files.get("/UF", files.get("/F"))
    return stream if isinstance(stream, pikepdf.Stream) else None


def _inflate(stream: pikepdf.Object, limit: int) -> bytes:
    filters = stream.get("/Filter")
    names = [str(filters)] if isinstance(filters, pikepdf.Name) else [str(entry) for entry in _array(filters)]
    raw = bytes(stream.read_raw_bytes())
    if names == ["/FlateDecode"] and "/DecodeParms" not in stream:
        return _inflate_bounded(raw, limit)
    if len(names) > 1 or len(raw) > limit:
        raise _too_big(limit)
    try:
        content = bytes(stream.read_bytes()) if names else raw
    except (pikepdf.PdfError, RuntimeError) as error:
        raise _damaged() from error
    if len(content) > limit:
        raise _too_big(limit)
    return content


def _inflate_bounded(raw: bytes, limit: int) -> bytes:
    machine = zlib.decompressobj()
    try:
        content = machine.decompress(raw, limit + 1)
    except zlib.error as error:
        raise _damaged() from error
    if len(content) > limit:
        raise _too_big(limit)
    return content


def _too_big(limit: int) -> ReadError:
    return ReadError(
        "CP-PDF-04",
        f"Un fichier joint au PDF dépasse {limit // 1_000_000} Mo une fois décompressé : il est refusé par prudence.",
        "Réexportez la facture ; si le fichier ne vient pas de votre logiciel, ne l’ouvrez pas.",
        sentence_en="A file embedded in the PDF inflates beyond the limit.",
    )


def invoice_file(pdf: pikepdf.Pdf) -> AttachedFile | None:
    """The attached file that holds the invoice, ``factur-x.xml`` first (case matters); ``None`` when there is
    none.
    """
    files = {entry.name: entry for entry in attached_files(pdf)}
    return next((files[name] for name in INVOICE_NAMES if name in files), None)


def read_xmp(pdf: pikepdf.Pdf) -> Xmp:
    """What the XMP metadata claims; an empty :class:`Xmp` when it is absent or unreadable."""
    root = xmp_root(pdf)
    if root is None:
        return Xmp()
    space = next((uri for uri in FX_SPACES if _xmp_value(root, uri, "ConformanceLevel")), FX_SPACES[0])
    return Xmp(
        part=_xmp_value(root, PDFAID, "part"),
        conformance=_xmp_value(root, PDFAID, "conformance"),
        level=_xmp_value(root, space, "ConformanceLevel"),
        filename=_xmp_value(root, space, "DocumentFileName"),
    )


def xmp_root(pdf: pikepdf.Pdf) -> etree._Element | None:
    """The parsed XMP packet, or ``None``."""
    metadata = pdf.Root.get("/Metadata")
    if not isinstance(metadata, pikepdf.Stream):
        return None
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_pis=True)
    try:
        packet = _inflate(metadata, 2_000_000).strip(b"\x00 \r\n\t")
        return etree.fromstring(packet, parser)
    except (etree.XMLSyntaxError, ReadError, ValueError):
        return None


def _xmp_value(root: etree._Element, space: str, name: str) -> str:
    """A property written as an element, or as an attribute of its ``rdf:Description``."""
    tag = f"{{{space}}}{name}"
    found = root.find(f".//{tag}")
    if found is not None:
        return (found.text or "").strip()
    for description in root.iter(f"{{{_RDF}}}Description"):
        if tag in description.attrib:
            return str(description.get(tag)).strip()
    return ""
