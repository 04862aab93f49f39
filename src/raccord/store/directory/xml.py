"""The directory in XML: whatever the names of the elements, a group with an identifier and a name is a structure.

The daily flux and the API's archive are said to be XML, of a schema not seen (specifications/directory.md §6): leaves
are recognised by the same names as columns, so that `<CodeService>` or `<codeService>` means the same.
"""

from collections.abc import Iterator
from typing import IO, Protocol

from lxml import etree

from raccord.domain.errors import Invalid
from raccord.store.directory.columns import Entry, recognise


class Counting(Protocol):
    """What counts the groups understood and those that told nothing."""

    understood: int
    lost: int


def entries_of_xml(stream: IO[bytes], tally: Counting) -> Iterator[Entry]:
    """Every structure and service of an XML file. Raises `Invalid` (`ANNUAIRE_ILLISIBLE`)."""
    try:
        yield from _walk(stream, tally)
    except etree.XMLSyntaxError as error:
        raise Invalid(
            "ANNUAIRE_ILLISIBLE",
            f"Ce fichier d’annuaire est abîmé (ligne {error.lineno}) : l’annuaire en place reste en service.",
            "Téléchargez-le de nouveau.",
        ) from error


def _walk(stream: IO[bytes], tally: Counting) -> Iterator[Entry]:
    events = etree.iterparse(stream, events=("end",), resolve_entities=False, no_network=True, load_dtd=False)
    for _event, element in events:
        if len(element) == 0 or not isinstance(element.tag, str):
            continue
        entries = list(_of_group(element))
        if entries:
            tally.understood += 1
            yield from entries
            _forget(element)


def _of_group(element: etree._Element) -> Iterator[Entry]:
    """The structure that an element tells by its leaves, then its services; nothing for an element inside it."""
    header, line = _leaves(element)
    columns = recognise(header)
    if columns is None:
        return
    structures = list(columns.entries(line))
    yield from structures
    if columns.has_structures:
        yield from _services_of(element, structures[0].siret)


def _services_of(element: etree._Element, siret: str) -> Iterator[Entry]:
    for inner in element.iterdescendants():
        header, line = _leaves(inner, deep=False)
        columns = recognise(["identifiant", *header])
        if columns is not None and columns.has_services and not columns.has_structures:
            yield from columns.entries([siret, *line])


def _leaves(element: etree._Element, *, deep: bool = True) -> tuple[list[str], list[str]]:
    """Names and texts of the leaves of an element; with `deep`, of its single groups (an address) as well."""
    header: list[str] = []
    line: list[str] = []
    for child in element:
        if not isinstance(child.tag, str):
            continue
        if len(child) == 0:
            header.append(etree.QName(child).localname)
            line.append(child.text or "")
        elif deep and not _is_service(child):
            names, texts = _leaves(child)
            header += names
            line += texts
    return header, line


def _is_service(element: etree._Element) -> bool:
    return any(
        isinstance(inner.tag, str)
        and "service" in etree.QName(inner).localname.lower()
        and "code" in etree.QName(inner).localname.lower()
        for inner in element.iter()
    )


def _forget(element: etree._Element) -> None:
    """Give the memory back: a whole edition must not stand in it."""
    element.clear()
    while element.getprevious() is not None:
        parent = element.getparent()
        if parent is None:
            return
        del parent[0]
