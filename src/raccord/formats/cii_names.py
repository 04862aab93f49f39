"""Names of CII: its three namespaces, and short paths made long once."""

from __future__ import annotations

from functools import cache

RSM = "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"
RAM = "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100"
UDT = "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100"
QDT = "urn:un:unece:uncefact:data:standard:QualifiedDataType:100"

ROOT = f"{{{RSM}}}CrossIndustryInvoice"
NSMAP = {"rsm": RSM, "ram": RAM, "udt": UDT, "qdt": QDT}

_SPACES = {"rsm": RSM, "udt": UDT, "qdt": QDT}

TYPE_TENDER = "50"
TYPE_OBJECT = "130"
TYPE_SUPPORTING = "916"

PROJECT_REFERENCE = "Project reference"
"""What stands as the name of a project (BT-11) that has none: the schema wants one, EN 16931 gives this."""


@cache
def q(path: str) -> str:
    """``A/udt:B`` -> ``{ram}A/{udt}B``: a step without prefix is in the ``ram`` namespace."""
    return "/".join(_step(step) for step in path.split("/"))


def _step(step: str) -> str:
    prefix, colon, name = step.partition(":")
    return f"{{{_SPACES[prefix]}}}{name}" if colon else f"{{{RAM}}}{step}"
