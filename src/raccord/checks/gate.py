"""The gate: what a file must be before anything opens it, and what must be true of the XML before anything
believes it.

Size, name, magic bytes, DOCTYPE, depth: microseconds, bounded memory. Limits: `specifications/flux.md §6`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache

from lxml import etree

from raccord.checks.context import MEGABYTE, Limits, megabytes
from raccord.checks.registry import RULE_SET, RULE_VERSION
from raccord.domain.faults import Fault, Severity
from raccord.formats import xml
from raccord.formats.problems import ReadError

FORBIDDEN = frozenset('%$!&/\\:;«»"#@')
"""Signs that no file name may hold (`specifications/flux.md §1`)."""

_UNSAFE = re.compile(r"[^A-Za-z0-9._\-]+")


def fault(
    code: str, sentence: str, cure: str, *, english: str, path: str = "", severity: Severity = Severity.ERROR
) -> Fault:
    """A fault of the file itself, found before there is an invoice."""
    return Fault(code, severity, path, sentence, cure, RULE_SET, RULE_VERSION, english)


def from_read_error(error: ReadError) -> Fault:
    """What a reader refused, as a fault with the same code."""
    return fault(error.code, error.sentence, error.cure, english=error.sentence_en, path=error.path)


def check_file(data: bytes, filename: str, limits: Limits) -> Iterator[Fault]:
    """Faults of the size and of the name; nothing is parsed."""
    if not data:
        yield fault(
            "CP-FIC-01",
            "Le fichier est vide : il n’y a rien à déposer.",
            "Exportez de nouveau la facture depuis votre logiciel.",
            english="The file is empty.",
        )
    elif len(data) > limits.file_bytes:
        weight = megabytes(len(data))
        yield fault(
            "CP-FIC-02",
            f"Le fichier pèse {weight} Mo : Chorus Pro accepte {limits.file_bytes // MEGABYTE} Mo par fichier.",
            "Compressez les images ou mettez les annexes à part.",
            english="The file is too large.",
        )
    yield from check_name(filename, limits)


def check_name(filename: str, limits: Limits) -> Iterator[Fault]:
    """Advice on the name: the gateway sends the file under a safe name (:func:`safe_name`)."""
    wrong = sorted({char for char in filename if char in FORBIDDEN or unicodedata.category(char) == "Cc"})
    if wrong:
        shown = " ".join(char for char in wrong if char.isprintable()) or "caractère invisible"
        yield fault(
            "CP-FIC-03",
            f"Le nom « {filename[:80]} » contient un signe que Chorus Pro refuse ({shown}) : il sera remplacé à "
            "l’envoi.",
            f"Vous pouvez le renommer en « {safe_name(filename, limits.file_name)} ».",
            english="The file name holds a forbidden sign.",
            severity=Severity.WARNING,
        )
    if len(filename) > limits.file_name:
        yield fault(
            "CP-FIC-04",
            f"Le nom du fichier compte {len(filename)} caractères : au-delà de {limits.file_name}, il sera raccourci.",
            "Donnez-lui un nom plus court.",
            english="The file name is too long.",
            severity=Severity.WARNING,
        )


def safe_name(filename: str, maximum: int = 200) -> str:
    """``filename`` without path, accent, blank or sign that Chorus Pro refuses, its extension kept."""
    base = re.split(r"[/\\]", filename)[-1]
    plain = unicodedata.normalize("NFKD", base).encode("ascii", "ignore").decode("ascii")
    stem, dot, extension = plain.rpartition(".")
    stem, extension = (stem, f".{_UNSAFE.sub('', extension)[:10]}") if dot and stem else (plain, "")
    clean = _UNSAFE.sub("_", stem).strip("._") or "facture"
    return clean[: maximum - len(extension)] + extension


def check_xml(data: bytes, root: xml.Element, limits: Limits) -> Iterator[Fault]:
    """Faults of a parsed XML file that do not depend on what it means: its depth, its encoding."""
    if _deeper_than(root, limits.depth):
        yield fault(
            "CP-XML-05",
            f"Le fichier XML imbrique plus de {limits.depth} niveaux : aucune facture n’en a besoin, il est refusé.",
            "Vérifiez d’où vient ce fichier.",
            english="The XML is nested too deeply.",
        )
    encoding = xml.declared_encoding(data)
    if encoding not in ("utf-8", "utf8", "us-ascii", "ascii"):
        yield fault(
            "CP-XML-06",
            f"Le fichier est encodé en {encoding} : Chorus Pro attend de l’UTF-8, les accents pourraient être abîmés.",
            "Exportez la facture en UTF-8.",
            english="The XML is not encoded in UTF-8.",
            severity=Severity.WARNING,
        )


def _deeper_than(root: xml.Element, maximum: int) -> bool:
    return bool(_at_depth(maximum)(root))


@cache
def _at_depth(depth: int) -> etree.XPath:
    """Whether an element has descendants so many levels below: asked of libxml2, which walks them ten times faster."""
    return etree.XPath(f"boolean({'/'.join(['*'] * depth)})")
