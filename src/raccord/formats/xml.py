"""The one door through which XML enters: no DOCTYPE, no entity, no network, an honest encoding, bounded
depth.

Everything that reads XML in the gateway calls :func:`parse`. The helpers below it read typed values and say
in French which element is wrong; the ``write`` helpers build elements and leave out what is empty.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from functools import cache
from typing import TypeVar

from lxml import etree

from raccord.domain.money import parse_decimal, plain
from raccord.formats.problems import ReadError

Element = etree._Element

ENCODINGS = frozenset({"utf-8", "utf8", "us-ascii", "ascii", "iso-8859-1", "iso-8859-15", "windows-1252"})
"""What a declaration may name: supersets of ASCII, so that the look for a DOCTYPE below cannot be fooled."""

BLANKS = " \t\r\n"
"""What XML calls white space: a no-break space is a letter like another."""

HUGE = 9_000_000
"""Bytes above which libxml2 must accept long text nodes (an attachment of 7.5 MB in base64)."""

_BOM = b"\xef\xbb\xbf"
_DECLARED = re.compile(rb"""\A\s*<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._\-]+)["']""")
_MISC = re.compile(rb"\s+|<\?.*?\?>|<!--.*?-->", re.DOTALL)


def parse(data: bytes) -> Element:
    """The root element of ``data``. Raises :class:`ReadError` (CP-XML-01 to CP-XML-04); reads nothing but
    ``data``.
    """
    body = data.removeprefix(_BOM)
    _refuse_encoding(body)
    _refuse_doctype(body)
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
        huge_tree=len(body) > HUGE,
    )
    try:
        return etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise _broken(body, error) from error


def declared_encoding(data: bytes) -> str:
    """The encoding that the XML declaration names, lower case; ``utf-8`` when it names none."""
    found = _DECLARED.match(data.removeprefix(_BOM))
    return found.group(1).decode("ascii").lower() if found else "utf-8"


def _refuse_encoding(body: bytes) -> None:
    head = body[:4]
    if head.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in head or declared_encoding(body) not in ENCODINGS:
        raise ReadError(
            "CP-XML-03",
            "Le fichier XML n’est pas en UTF-8 : Chorus Pro ne saurait pas le lire.",
            "Exportez la facture en XML encodé en UTF-8.",
            sentence_en="The XML file is not encoded in UTF-8.",
        )


def _refuse_doctype(body: bytes) -> None:
    position = 0
    while found := _MISC.match(body, position):
        position = found.end()
    if body.startswith(b"<!", position):
        raise ReadError(
            "CP-XML-02",
            "Le fichier XML contient une déclaration DOCTYPE : elle peut cacher une attaque et il est refusé.",
            "Exportez la facture sans DOCTYPE ; si vous ne l’avez pas demandée, prévenez votre éditeur.",
            sentence_en="The XML file holds a DOCTYPE declaration, which is refused.",
        )


def _broken(body: bytes, error: Exception) -> ReadError:
    line = getattr(error, "lineno", None) or 0
    if "utf" in declared_encoding(body) and not _is_utf8(body):
        return ReadError(
            "CP-XML-04",
            f"Le fichier annonce UTF-8 mais contient des caractères d’un autre encodage (ligne {line}).",
            "Réexportez la facture en UTF-8 : les lettres accentuées sont probablement en Windows-1252 ou Latin-1.",
            path=f"ligne {line}",
            sentence_en="The file declares UTF-8 but holds bytes of another encoding.",
        )
    where = f" (ligne {line})" if line else ""
    return ReadError(
        "CP-XML-01",
        f"Le fichier XML est mal formé ou incomplet{where} : Chorus Pro le rejetterait.",
        "Réexportez la facture depuis votre logiciel ; le fichier a peut-être été coupé pendant un transfert.",
        path=f"ligne {line}" if line else "",
        sentence_en="The XML file is malformed or truncated.",
    )


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


# --- reading
_NO_KIDS: dict[str, list[Node]] = {}
"""Shared by all leaves, and never written to."""


class Node:
    """An element made quick to question: its children by name, in a dictionary instead of searched each time.

    Reading an invoice asks some hundreds of paths; on lxml's elements the searches cost four times the rest.
    It answers ``find``, ``findtext`` and ``iterfind`` for paths of plain names, as elements do.
    """

    __slots__ = ("_element", "kids", "text")

    def __init__(self, element: Element) -> None:
        self._element = element
        self.text: str | None = element.text
        self.kids: dict[str, list[Node]] = _NO_KIDS
        if len(element):
            kids: dict[str, list[Node]] = {}
            for child in element:
                tag = child.tag
                if tag in kids:
                    kids[tag].append(Node(child))
                else:
                    kids[tag] = [Node(child)]
            self.kids = kids

    @property
    def tag(self) -> str:
        """The name of the element, with its namespace."""
        return str(self._element.tag)

    def get(self, name: str, default: str = "") -> str:
        """An attribute."""
        return self._element.get(name, default)

    def find(self, path: str) -> Node | None:
        """The first element at ``path``."""
        here = self.kids.get(path)
        if here is not None:
            return here[0]
        steps = _steps(path)
        return self._first(steps, 0) if len(steps) > 1 else None

    def findtext(self, path: str) -> str | None:
        """Its text."""
        found = self if path == "." else self.find(path)
        return None if found is None else found.text

    def iterfind(self, path: str) -> Iterator[Node]:
        """Every element at ``path``, in the order of the file."""
        return self._walk(_steps(path))

    def _first(self, steps: tuple[str, ...], depth: int) -> Node | None:
        found = self.kids.get(steps[depth], ())
        if depth + 1 == len(steps):
            return found[0] if found else None
        return next(filter(None, (child._first(steps, depth + 1) for child in found)), None)

    def _walk(self, steps: tuple[str, ...]) -> Iterator[Node]:
        for child in self.kids.get(steps[0], ()):
            if len(steps) == 1:
                yield child
            else:
                yield from child._walk(steps[1:])


@cache
def _steps(path: str) -> tuple[str, ...]:
    return tuple(path.split("/"))


Found = Node | Element
_FoundT = TypeVar("_FoundT", Node, Element)


# ---------------------------------------------------------------------------------------------------


def text(element: Found | None, path: str) -> str:
    """Text of the first element at ``path``, outer blanks removed; ``""`` when there is none."""
    if element is None:
        return ""
    value = element.findtext(path)
    return value.strip(BLANKS) if value else ""


def content(element: Found) -> str:
    """Text of ``element`` itself, outer blanks removed."""
    return element.text.strip(BLANKS) if element.text else ""


def decimal(element: Found | None, path: str) -> Decimal | None:
    """The amount at ``path``, its decimals kept; ``None`` when absent. Raises CP-MNT-01 when it is no number."""
    value = text(element, path)
    if not value:
        return None
    try:
        return parse_decimal(value)
    except ValueError as error:
        place = _named(element, path)
        raise _bad_value("CP-MNT-01", "nombre", value, place, "12345.67, avec un point et sans espace") from error


def iso_date(element: Found | None, path: str) -> date | None:
    """The day ``YYYY-MM-DD`` at ``path``; ``None`` when absent. Raises CP-DATE-01 when there is no such day."""
    value = text(element, path)
    if not value:
        return None
    bare = value[:10] if value[10:11] in ("Z", "+", "-", "T") else value
    return parse_day(bare, "%Y-%m-%d", _named(element, path))


def _named(element: Found | None, path: str) -> str:
    """``path``, or the name of ``element`` itself when it is asked about its own text."""
    return path if path != "." or element is None else str(element.tag)


def parse_day(value: str, pattern: str, path: str) -> date:
    """``value`` as a day written ``%Y-%m-%d`` or ``%Y%m%d``. Raises CP-DATE-01."""
    digits = value.replace("-", "") if pattern == "%Y-%m-%d" and value[4:5] == value[7:8] == "-" else value
    if len(digits) == 8 and digits.isascii() and digits.isdigit():
        try:
            return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
        except ValueError:
            pass
    raise _bad_value("CP-DATE-01", "jour du calendrier", value, path, "une date qui existe")


def _bad_value(code: str, kind: str, value: str, path: str, example: str) -> ReadError:
    name = local_path(path)
    return ReadError(
        code,
        f"« {value[:40]} » (élément {name}) n’est pas un {kind} : la facture est illisible pour Chorus Pro.",
        f"Corrigez {name} dans votre logiciel : attendu {example}.",
        path=name,
        sentence_en=f"{value[:40]!r} in {name} cannot be read.",
    )


def local_path(path: str) -> str:
    """``{urn:...}A/{urn:...}B`` -> ``A/B``: what a person can read."""
    return re.sub(r"\{[^}]*\}", "", path)


def children(element: _FoundT | None, path: str) -> Iterator[_FoundT]:
    """Every element at ``path``; nothing when ``element`` is ``None``."""
    return iter(()) if element is None else element.iterfind(path)


# --- writing
# ---------------------------------------------------------------------------------------------------


def add(parent: Element, tag: str, value: str | Decimal | None, **attributes: str) -> None:
    """Append ``<tag>value</tag>`` with the attributes that are not empty; nothing when ``value`` is empty or
    ``None``.
    """
    if value is None or value == "":
        return
    element = etree.SubElement(parent, tag, {name: text for name, text in attributes.items() if text})
    element.text = plain(value) if isinstance(value, Decimal) else printable(value)


def printable(value: str) -> str:
    """``value`` without the control characters that XML cannot carry."""
    return value if value.isprintable() else _CONTROLS.sub("", value)


_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def drop_if_empty(parent: Element, element: Element) -> None:
    """Remove ``element`` from ``parent`` when nothing was put in it."""
    if len(element) == 0 and not element.text:
        parent.remove(element)


def to_bytes(root: Element) -> bytes:
    """``root`` as a UTF-8 file with its declaration, indented."""
    etree.indent(root, space="  ")
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True)
