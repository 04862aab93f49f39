"""What a file is, before anything believes it: its container, its syntax, its profile, and the name Chorus
Pro gives it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from raccord.formats import cii, pdf, ubl, xml
from raccord.formats.cii_names import q as cii_path
from raccord.formats.problems import ReadError
from raccord.formats.profiles import Profile, profile_of
from raccord.formats.ubl_names import q as ubl_path


class Syntax(StrEnum):
    """What is written inside."""

    CII = "CII"
    UBL_INVOICE = "UBL-Invoice"
    UBL_CREDIT_NOTE = "UBL-CreditNote"
    FACTURX = "Factur-X"
    PDF = "PDF"
    PIVOT = "CPPFacturePivot"
    JSON = "JSON"
    ARCHIVE = "archive"
    XML = "XML"
    UNKNOWN = "inconnu"

    @property
    def is_ubl(self) -> bool:
        """True for both roots of UBL."""
        return self in (Syntax.UBL_INVOICE, Syntax.UBL_CREDIT_NOTE)

    @property
    def is_invoice(self) -> bool:
        """True when the file holds the terms of an invoice that :func:`raccord.formats.read_invoice` reads."""
        return self.is_ubl or self in (Syntax.CII, Syntax.FACTURX, Syntax.JSON)


class Container(StrEnum):
    """What it is wrapped in."""

    XML = "xml"
    PDF = "pdf"
    JSON = "json"
    GZIP = "gzip"
    ZIP = "zip"
    UNKNOWN = "inconnu"


@dataclass(frozen=True, slots=True)
class Detected:
    """The nature of a file. ``syntaxe_flux`` is what ``deposer/flux`` wants (`specifications/flux.md §2`);
    ``""`` if none.
    """

    syntax: Syntax
    syntaxe_flux: str
    container: Container
    profile: Profile


_FLUX = {
    Syntax.CII: "IN_DP_E1_CII_16B",
    Syntax.UBL_INVOICE: "IN_DP_E1_UBL_INVOICE",
    Syntax.UBL_CREDIT_NOTE: "IN_DP_E1_UBL_INVOICE",
    Syntax.FACTURX: "IN_DP_E2_CII_FACTURX",
}
_NOTHING = Detected(Syntax.UNKNOWN, "", Container.UNKNOWN, Profile.OTHER)


def detect(data: bytes, filename: str = "") -> Detected:
    """What ``data`` is. Never raises: what cannot be opened is named after its magic bytes or its extension."""
    if pdf.looks_like_pdf(data):
        return _detect_pdf(data)
    if data[:2] == b"\x1f\x8b":
        return Detected(Syntax.ARCHIVE, "", Container.GZIP, Profile.OTHER)
    if data[:4] == b"PK\x03\x04":
        return Detected(Syntax.ARCHIVE, "", Container.ZIP, Profile.OTHER)
    head = data[:256].removeprefix(b"\xef\xbb\xbf").lstrip()
    if head.startswith((b"{", b"[")):
        return Detected(Syntax.JSON, "", Container.JSON, Profile.OTHER)
    if head.startswith(b"<") or filename.lower().endswith(".xml"):
        return _detect_xml(data)
    return _NOTHING


def _detect_xml(data: bytes) -> Detected:
    try:
        return detect_root(xml.parse(data))
    except ReadError:
        return Detected(Syntax.XML, "", Container.XML, Profile.OTHER)


def detect_root(root: xml.Element) -> Detected:
    """The same for a parsed XML file."""
    syntax = syntax_of(root)
    profile = profile_of(guideline(root))
    flux = _FLUX.get(syntax, "")
    if syntax is Syntax.CII and profile is Profile.MINIMUM:
        flux = "IN_DP_E2_CII_MIN_16B"
    return Detected(syntax, flux, Container.XML, profile)


def syntax_of(root: xml.Element) -> Syntax:
    """The syntax that a root element announces."""
    known = {
        cii.ROOT: Syntax.CII,
        ubl.INVOICE_ROOT: Syntax.UBL_INVOICE,
        ubl.CREDIT_NOTE_ROOT: Syntax.UBL_CREDIT_NOTE,
    }
    if str(root.tag).rpartition("}")[2] == "CPPFacturePivot":
        return Syntax.PIVOT
    return known.get(str(root.tag), Syntax.XML)


def guideline(root: xml.Element) -> str:
    """BT-24 of a CII or UBL file; ``""`` when there is none."""
    if root.tag == cii.ROOT:
        path = "rsm:ExchangedDocumentContext/GuidelineSpecifiedDocumentContextParameter/ID"
        return xml.text(root, cii_path(path))
    return xml.text(root, ubl_path(":CustomizationID"))


def _detect_pdf(data: bytes) -> Detected:
    plain = Detected(Syntax.PDF, "", Container.PDF, Profile.OTHER)
    try:
        with pdf.opened(data) as document:
            found = pdf.invoice_file(document)
            content = found.read() if found else b""
    except ReadError:
        return plain
    if not content:
        return plain
    inner = _detect_xml(content)
    return Detected(Syntax.FACTURX, _FLUX[Syntax.FACTURX], Container.PDF, inner.profile)
