"""Names of UBL 2.1: its namespaces, and short paths made long once."""

from __future__ import annotations

from functools import cache

INVOICE = "urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"
CREDIT_NOTE = "urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2"
CAC = "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
CBC = "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"

INVOICE_ROOT = f"{{{INVOICE}}}Invoice"
CREDIT_NOTE_ROOT = f"{{{CREDIT_NOTE}}}CreditNote"

TYPE_PROJECT = "50"
TYPE_OBJECT = "130"
SEPA = "SEPA"
"""Scheme under which a party identifier is a SEPA creditor (BT-90), not an identifier of the party."""

TAX_POINT_CODES = {"3": "5", "35": "29", "432": "72"}
"""BT-8 in UBL (UNTDID 2005) -> as the model keeps it (UNTDID 2475)."""


@cache
def q(path: str) -> str:
    """``Party/:Name`` -> ``{cac}Party/{cbc}Name``: a step that opens with a colon is a value (cbc), others
    hold parts (cac).
    """
    return "/".join(f"{{{CBC}}}{step[1:]}" if step.startswith(":") else f"{{{CAC}}}{step}" for step in path.split("/"))
