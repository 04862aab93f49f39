"""The sheets of an XLSX workbook, as lines of text.

Read with lxml rather than with openpyxl, which was measured at 3,000 lines a second on such a sheet: an edition of
280,000 lines would take a minute and a half.
"""

import zipfile
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation

from lxml import etree

from raccord.domain.errors import Invalid
from raccord.store.directory.columns import Line

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_STRICT = "{http://purl.oclc.org/ooxml/spreadsheetml/main}"
_WIDEST = 200
"""Columns looked at: a cell beyond (a stray blank at the far right) says nothing of the directory."""


def sheets(archive: zipfile.ZipFile) -> Iterator[Iterator[Line]]:
    """The sheets of a workbook, each as its lines; a number becomes its digits. Raises `Invalid`."""
    shared = _shared_strings(archive)
    for name in sorted(archive.namelist()):
        if name.startswith("xl/worksheets/") and name.endswith(".xml"):
            yield _lines(archive, name, shared)


def _shared_strings(archive: zipfile.ZipFile) -> list[str]:
    if "xl/sharedStrings.xml" not in archive.namelist():
        return []
    return [_text_of(item) for item in _elements(archive, "xl/sharedStrings.xml", "si")]


def _lines(archive: zipfile.ZipFile, name: str, shared: list[str]) -> Iterator[Line]:
    for row in _elements(archive, name, "row"):
        line: list[str] = []
        for cell in row:
            place = _place(cell.get("r"), len(line))
            if place >= _WIDEST:
                break
            if place > len(line):
                line.extend([""] * (place - len(line)))
            line.append(_value(cell, shared))
        yield line


def _elements(archive: zipfile.ZipFile, name: str, tag: str) -> Iterator[etree._Element]:
    """The elements of that name, one at a time, each forgotten once used."""
    with archive.open(name) as stream:
        events = etree.iterparse(
            stream, tag=(_MAIN + tag, _STRICT + tag), resolve_entities=False, no_network=True, load_dtd=False
        )
        try:
            for _event, element in events:
                yield element
                element.clear(keep_tail=False)
                while element.getprevious() is not None:
                    del element.getparent()[0]
        except etree.XMLSyntaxError as error:
            raise Invalid(
                "ANNUAIRE_ILLISIBLE",
                f"La feuille « {name} » de ce classeur est abîmée : l’annuaire en place reste en service.",
                "Téléchargez de nouveau le fichier.",
            ) from error


def _value(cell: etree._Element, shared: list[str]) -> str:
    kind = cell.get("t")
    if kind == "inlineStr":
        return _text_of(cell)
    text = ""
    for part in cell:
        if part.tag.endswith("}v"):
            text = part.text or ""
    if kind == "s":
        return shared[int(text)] if text.isdigit() and int(text) < len(shared) else ""
    return _digits(text) if kind in (None, "n") else text


def _digits(text: str) -> str:
    """A SIRET typed as a number may be written 2.1750001600019E13: its digits are wanted."""
    if text.isdigit() or not text:
        return text
    try:
        number = Decimal(text)
    except InvalidOperation:
        return text
    return f"{number:.0f}" if number == number.to_integral_value() else text


def _text_of(element: etree._Element) -> str:
    """The runs of a text, without the phonetic guides of some alphabets."""
    first = element[0] if len(element) == 1 else element
    if len(first) <= 1:
        only = first[0] if len(first) else first
        if len(only) == 0:
            return only.text or ""
    return "".join(part.text or "" for part in element.iter(_MAIN + "t", _STRICT + "t") if not _is_guide(part))


def _is_guide(part: etree._Element) -> bool:
    parent = part.getparent()
    return parent is not None and parent.tag.endswith("}rPh")


def _place(reference: str | None, following: int) -> int:
    """The column of a cell: `C7` gives 2; a cell without reference follows the one before."""
    if not reference:
        return following
    place = 0
    for sign in reference:
        if not sign.isalpha():
            break
        place = place * 26 + ord(sign.upper()) - 64
    return max(place - 1, following)
