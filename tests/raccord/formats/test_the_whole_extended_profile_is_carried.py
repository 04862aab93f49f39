"""Every place that the schema of Factur-X EXTENDED has, and that its rules allow to use, is read and written again."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from raccord.checks.schemas import data_folder
from raccord.formats.cii_names import NSMAP, RAM, ROOT, RSM, TYPE_OBJECT, UDT, q
from raccord.formats.convert import unread

FOLDER = data_folder() / "facturx-extended"
XSD = "{http://www.w3.org/2001/XMLSchema}"
XSL = "{http://www.w3.org/1999/XSL/Transform}"

COMPANIONS = {
    "ApplicableTradeDeliveryTerms": {"DeliveryTypeCode": "DAP"},
    "IncludedTradeTax": {"CalculatedAmount": "1.00"},
    "ApplicableTradeTax": {"CategoryCode": "S"},
    "AppliedTradeTax": {"CategoryCode": "S"},
    "CategoryTradeTax": {"CategoryCode": "S"},
    "SpecifiedAdvancePayment": {"IncludedTradeTax/CalculatedAmount": "1.00"},
    "ReceivableSpecifiedTradeAccountingAccount": {"ID": "401"},
    "PayerPartyDebtorFinancialAccount": {"IBANID": "FR76"},
    "SpecifiedProcuringProject": {"ID": "P-1"},
}
"""What stands beside a value for it to mean something: the code of a term of delivery beside its place..."""


def test_every_place_of_the_extended_profile_is_read_and_written_again() -> None:
    allowed = {path: kind for path, kind in _places().items() if not _forbidden(path)}
    assert len(allowed) > 600
    lost = {"/".join(path[1:]) for path, kind in allowed.items() if _is_lost(path, kind)}
    assert lost == set()


def _places() -> dict[tuple[str, ...], str]:
    """Each leaf of the schema, from the child of the root, and its type."""
    [file] = FOLDER.glob("*ReusableAggregate*.xsd")
    types = {
        kind.get("name"): [(child.get("name"), child.get("type")) for child in kind.iter(f"{XSD}element")]
        for kind in etree.parse(file).iter(f"{XSD}complexType")
    }

    def below(path: tuple[str, ...], kind: str) -> Iterator[tuple[tuple[str, ...], str]]:
        parts = types.get(kind.removeprefix("ram:"))
        if parts is None:
            yield path, kind
        for name, inner in parts or ():
            yield from below((*path, name), inner)

    tops = ("ExchangedDocumentContext", "ExchangedDocument", "SupplyChainTradeTransaction")
    return dict(entry for top in tops for entry in below((top,), f"ram:{top}Type"))


_FORBIDDEN: set[str] = set()


def _forbidden(path: tuple[str, ...]) -> bool:
    """True where a rule of the profile says that the element, or one above it, is not used in this place."""
    if not _FORBIDDEN:
        for template in etree.parse(FOLDER / "FACTUR-X_EXTENDED.xslt").iter(f"{XSL}template"):
            if "is marked as not used" in "".join(template.itertext()):
                for match in (template.get("match") or "").split("|"):
                    plain = re.sub(r"\[[^\]]*\]|\b(rsm|ram|udt|qdt):", "", match).strip()
                    _FORBIDDEN.add(plain.removeprefix("/CrossIndustryInvoice").strip("/"))
    return any("/".join(path[:end]) in _FORBIDDEN for end in range(1, len(path) + 1))


def _is_lost(path: tuple[str, ...], kind: str) -> bool:
    root = etree.Element(ROOT, nsmap=NSMAP)
    element = etree.SubElement(root, f"{{{RSM}}}{path[0]}")
    for step in path[1:-1]:
        element = etree.SubElement(element, f"{{{RAM}}}{step}")
        _accompany(element, step, path)
    _fill(etree.SubElement(element, f"{{{RAM}}}{path[-1]}"), path, kind)
    return bool(unread(etree.tostring(root)))


def _accompany(element: etree._Element, step: str, path: tuple[str, ...]) -> None:
    beside = {"IssuerAssignedID": "N-1"} if step.endswith("ReferencedDocument") else COMPANIONS.get(step, {})
    if step == "AdditionalReferencedDocument" and "SpecifiedLineTradeSettlement" in path:
        beside = {"IssuerAssignedID": "N-1", "TypeCode": TYPE_OBJECT}
    for place, value in beside.items():
        if not set(place.split("/")) & set(path):
            target = element
            for name in place.split("/"):
                target = etree.SubElement(target, f"{{{RAM}}}{name}")
            target.text = value


def _fill(element: etree._Element, path: tuple[str, ...], kind: str) -> None:
    space, _, name = kind.partition(":")
    if "Date" in name:
        leaf = "DateString" if name == "DateType" else "DateTimeString"
        day = etree.SubElement(element, q(f"{space}:{leaf}"))
        day.text = "20260203"
        day.set("format", "102")
    elif "Indicator" in name:
        etree.SubElement(element, f"{{{UDT}}}Indicator").text = "true"
    elif name in ("AmountType", "QuantityType", "PercentType", "NumericType", "MeasureType", "RateType"):
        element.text = "7.25"
    else:
        element.text = _words(path)
    if path[-2] == "SpecifiedTaxRegistration":
        element.set("schemeID", "VA")


def _words(path: tuple[str, ...]) -> str:
    if path[-1] == "TypeCode" and path[-2].endswith("TradeTax"):
        return "VAT"
    if path[-2:] == ("AdditionalReferencedDocument", "TypeCode") and "SpecifiedLineTradeSettlement" in path:
        return TYPE_OBJECT
    return "eA==" if path[-1] == "AttachmentBinaryObject" else "x7"
