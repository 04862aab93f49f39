"""The terms of EN 16931 and of the French EXTENDED-CTC-FR, where another implementation writes them: none is lost.

One file holds them all, each at the path that the package ``factur-x`` gives it, each with a value of its own.
"""

from __future__ import annotations

import importlib
import re
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from lxml import etree

from raccord.formats.cii_names import NSMAP, ROOT
from raccord.formats.convert import unread
from raccord.formats.ubl_names import CAC, CBC, INVOICE_ROOT

importlib.import_module("facturx.generate_xml")  # the package gives a function the name of its module
MAP: Any = sys.modules["facturx.generate_xml"]
SPACES = {"ubl": {"cac": CAC, "cbc": CBC}, "cii": NSMAP}
NUMBERS = ("monetary_BT-5", "monetary_BT-6", "qty", "price", "percent")
NUMERIC = re.compile(r"Quantity|Amount|Percent|Numeric|Measure")
STEP = re.compile(r"(\w+):(\w+)((?:\[.*\])?)")
SKIPPED = {
    "BG-13.name": "placed by hand in that package: a place of delivery is no party in UBL",
    "BG-13.identifiers": "the same",
    "EXT-FR-FE-BG-10.name": "the same",
    "EXT-FR-FE-BG-10.identifiers": "the same",
}

_TRADE = "SupplyChainTradeTransaction"
_MEANS = f"{_TRADE}/ApplicableHeaderTradeSettlement/SpecifiedTradeSettlementPaymentMeans"
_LINE = f"{_TRADE}/IncludedSupplyChainTradeLineItem/SpecifiedLineTradeSettlement"
ALTERNATIVES = {
    "ubl": {
        "AccountingSupplierParty/Party/PartyIdentification/ID": "BT-90 stands with the payee, when there is one",
        "AllowanceCharge/AllowanceChargeReasonCode": "a charge has one code: of its reason, or of a tax",
        "InvoiceLine/AllowanceCharge/AllowanceChargeReasonCode": "the same",
    },
    "cii": {
        f"{_MEANS}/PayeePartyCreditorFinancialAccount/ProprietaryID": "an account has an IBAN, or another number",
        f"{_TRADE}/ApplicableHeaderTradeSettlement/SpecifiedTradeAllowanceCharge/ReasonCode": "one code, as in UBL",
        f"{_LINE}/SpecifiedTradeAllowanceCharge/ReasonCode": "the same",
        f"{_TRADE}/ApplicableHeaderTradeAgreement/AdditionalReferencedDocument/TypeCode": "the map tells BT-18 twice",
        f"{_LINE}/AdditionalReferencedDocument/TypeCode": "the map tells BT-128 twice",
    },
}
"""What cannot stand together in one invoice: one of the two is kept, the other is told as a loss."""


def terms(kind: str, fields: dict[str, Any], base: str = "") -> Iterator[tuple[str, list[str], str]]:
    """Number, path and format of each term."""
    for name, entry in fields.items():
        where = entry.get(f"{kind}_xpath")
        for path in [where] if isinstance(where, str) else where or ():
            whole = path if path.startswith("/") else f"{base}/{path}"
            if entry.get("format") == "party_dict":
                yield from terms(kind, _party(name, entry), whole)
            elif "fields" in entry:
                yield from terms(kind, entry["fields"], whole)
            elif name not in SKIPPED and "UBL_NOTE" not in whole:
                yield name, [step for step in re.split(r"/(?![^\[]*\])", whole) if step][1:], entry.get("format") or ""


def _party(name: str, entry: dict[str, Any]) -> dict[str, Any]:
    white, black = entry.get("party_dict_whitelist"), entry.get("party_dict_blacklist", ())
    kept = {key: value for key, value in MAP.EN16931_PARTY_FIELDS.items() if key not in black}
    return {f"{name}.{key}": value for key, value in kept.items() if not white or key in white or key == "address"}


class Builder:
    """Elements found again by the step that made them, so that terms of one group stand together."""

    def __init__(self, kind: str) -> None:
        self.spaces = SPACES[kind]
        self.root = etree.Element(INVOICE_ROOT if kind == "ubl" else ROOT, nsmap=self.spaces)
        self.made: dict[tuple[str, ...], etree._Element] = {}

    def put(self, path: list[str], value: str) -> None:
        """``value`` at ``path``, an element or an attribute of one."""
        last = path[-1]
        element = self.root
        for end, step in enumerate(path, start=1):
            if step.startswith("@"):
                break
            key = tuple(path[:end])
            element = self.made[key] if key in self.made else self._make(element, step, key)
        if last.startswith("@"):
            element.set(last[1:], value)
        else:
            element.text = value

    def _make(self, parent: etree._Element, step: str, key: tuple[str, ...]) -> etree._Element:
        found = STEP.fullmatch(step)
        assert found, step
        prefix, name, predicate = found.groups()
        element = self.made[key] = etree.SubElement(parent, f"{{{self.spaces[prefix]}}}{name}")
        for attribute, value in re.findall(r"@(\w+)='([^']*)'", predicate):
            element.set(attribute, {"%(BT-5)s": "EUR", "%(BT-6)s": "USD"}.get(value, value))
        for place, value in re.findall(r"((?:\w+:\w+/)*\w+:\w+)='([^']*)'", predicate):
            target = element
            for one in place.split("/"):
                target = etree.SubElement(target, f"{{{self.spaces[one.split(':')[0]]}}}{one.split(':')[1]}")
            target.text = value
        return element


def value_of(rank: int, path: list[str], form: str) -> str:
    """A value like no other, of the right kind."""
    last = path[-1]
    if "DateTimeString" in last or form == "date":
        return "20260203" if "String" in last else "2026-02-03"
    if "CurrencyCode" in last:
        return "EUR" if "Document" in last or "Invoice" in last else "USD"
    if "Binary" in last:
        return "eA=="
    if form in NUMBERS or (NUMERIC.search(last) and not last.startswith("@")):
        return f"{rank}.25"
    return f"x{rank}"


@pytest.mark.parametrize("kind", ["ubl", "cii"])
def test_every_term_that_another_implementation_writes_is_read_and_written_again(kind: str) -> None:
    builder, count = Builder(kind), 0
    for count, (_, path, form) in enumerate(terms(kind, MAP.EN16931_FIELDS), start=1):
        builder.put(path, value_of(count, path, form))
    assert count > 200
    lost = {
        loss.path.removesuffix("/@listID").removesuffix("/@schemeID") for loss in unread(etree.tostring(builder.root))
    }
    assert lost == set(ALTERNATIVES[kind])
