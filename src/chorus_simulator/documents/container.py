"""From the bytes of a flux to the invoice files in it: one XML, one Factur-X, or a `tar.gz` of many."""

from __future__ import annotations

import gzip
import io
import tarfile
import zlib
from collections.abc import Iterator

import pikepdf
from lxml import etree

from chorus_simulator.documents import cii, cpp, ubl
from chorus_simulator.documents.document import Document, Inadmissible, parse

PDF, GZIP = b"%PDF", b"\x1f\x8b"
EMBEDDED = ("factur-x.xml", "zugferd-invoice.xml", "xrechnung.xml", "facture.xml")
MAXIMUM_UNPACKED = 300 * 1024 * 1024
MAXIMUM_MEMBERS = 5_000
FAMILY = {
    "IN_DP_E1_UBL_INVOICE": "UBL",
    "IN_DP_E1_CII_16B": "CII",
    "IN_DP_E1_CII": "CII",
    "IN_DP_E2_UBL_INVOICE_MIN": "UBL",
    "IN_DP_E2_CII_MIN_16B": "CII",
    "IN_DP_E2_CII_MIN": "CII",
    "IN_DP_E2_CPP_FACTURE_MIN": "CPP",
    "IN_DP_E2_CII_FACTURX": "FACTURX",
    "IN_DP_E3_UBL_INVOICE": "UBL",
}


def members(name: str, data: bytes) -> Iterator[tuple[str, bytes]]:
    """(file name, bytes) of each invoice file. Raises `Inadmissible` on an archive that cannot be read."""
    if not data.startswith(GZIP):
        yield name, data
        return
    try:
        with tarfile.open(fileobj=io.BytesIO(_unpacked(data))) as archive:
            files = [member for member in archive if member.isfile()]
            if not files or len(files) > MAXIMUM_MEMBERS:
                raise Inadmissible("ARCHIVE", "L'archive est vide ou contient trop de fichiers.")
            for member in files:
                content = archive.extractfile(member)
                if content is not None:
                    yield member.name.rpartition("/")[2], content.read()
    except tarfile.TarError:
        raise Inadmissible("ARCHIVE", "L'archive tar.gz du flux ne peut pas être ouverte.") from None


def _unpacked(data: bytes) -> bytes:
    """The archive decompressed, refused beyond a size that no lot of invoices has."""
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as stream:
            unpacked = stream.read(MAXIMUM_UNPACKED + 1)
    except (OSError, EOFError, zlib.error):
        raise Inadmissible("ARCHIVE", "L'archive tar.gz du flux ne peut pas être ouverte.") from None
    if len(unpacked) > MAXIMUM_UNPACKED:
        raise Inadmissible("ARCHIVE", "L'archive du flux dépasse la taille admise une fois décompressée.")
    return unpacked


def read(data: bytes, syntaxe: str, *, lignes: bool = False) -> Document:
    """One invoice file of the announced syntax. Raises `Inadmissible`."""
    family = FAMILY.get(syntaxe)
    if data.startswith(PDF) != (family == "FACTURX"):
        raise _mismatch(syntaxe)
    root = parse(embedded_xml(data) if family == "FACTURX" else data)
    if root.tag == cii.ROOT and family in ("CII", "FACTURX"):
        return cii.read(root, lignes=lignes)
    if root.tag in ubl.ROOTS and family == "UBL":
        return ubl.read(root, lignes=lignes)
    if family == "CPP" and cpp.is_cpp(root):
        return cpp.read(root, lignes=lignes)
    raise _mismatch(syntaxe)


def read_any(data: bytes) -> Document:
    """The same for a file whose syntax was not told: to read lines again, or what a PDF carries."""
    root: etree._Element = parse(embedded_xml(data) if data.startswith(PDF) else data)
    if root.tag == cii.ROOT:
        return cii.read(root, lignes=True)
    if root.tag in ubl.ROOTS:
        return ubl.read(root, lignes=True)
    if cpp.is_cpp(root):
        return cpp.read(root, lignes=True)
    raise _mismatch("")


def embedded_xml(data: bytes) -> bytes:
    """The invoice inside a Factur-X. Raises `Inadmissible` when the PDF is unreadable or carries none."""
    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            for name, attached in pdf.attachments.items():
                if name.lower() in EMBEDDED:
                    return bytes(attached.get_file().read_bytes())
    except (pikepdf.PdfError, ValueError, KeyError, TypeError, AttributeError, RuntimeError):
        raise Inadmissible("PDF_ILLISIBLE", "Le fichier PDF ne peut pas être lu.") from None
    raise Inadmissible("FACTURX_SANS_XML", "Le fichier PDF ne contient pas de fichier factur-x.xml.")


def _mismatch(syntaxe: str) -> Inadmissible:
    return Inadmissible("SYNTAXE", f"Le contenu du fichier ne correspond pas à la syntaxe annoncée {syntaxe}.".strip())
