"""A download that arrives damaged: what a proxy, a full disk or a tired platform make of a pivot.

Nothing official describes these; they are what clients must survive. One function for each `damage` of a fault.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable

from chorus_simulator.faults import Fault

_CONTENT = re.compile(rb"<Contenu>([^<]+)</Contenu>")
_UNIT = re.compile(rb"<CPPFacturePivotUnitaire.*?</CPPFacturePivotUnitaire>", re.DOTALL)
_NUMBER = rb"<IdCPRO>%d</IdCPRO>"


def spoil(data: bytes, fault: Fault) -> str:
    """The field `fichierResultat`, damaged as the fault says; its invoice is the one that suffers when it names one."""
    return DAMAGES[fault.damage](data, fault.facture)


def _base64(data: bytes, _: int) -> str:
    """Text that no decoder takes: signs that are not base64, and a length that cannot be."""
    text = base64.b64encode(data).decode("ascii")
    return f"{text[: len(text) // 2]}%%%{text[len(text) // 2 + 4 :]}"


def _cut(data: bytes, _: int) -> str:
    return _text(data[: len(data) // 2])


def _noise(data: bytes, _: int) -> str:
    third = len(data) // 3
    return _text(data[:third] + bytes(byte ^ 0xA5 for byte in data[third : 2 * third]) + data[2 * third :])


def _zip(data: bytes, facture: int) -> str:
    """The first attachment of the invoice becomes a ZIP whose end is missing."""
    start, unit = _unit(data, facture)
    cut = b"PK\x03\x04\x14\x00\x00\x00\x08\x00" + b"\x00" * 40
    wrong = b"<Contenu>%s</Contenu>" % base64.b64encode(cut)
    return _text(data[:start] + _CONTENT.sub(wrong, unit, count=1) + data[start + len(unit) :])


def _missing(data: bytes, facture: int) -> str:
    """The invoice is not in the document, which is otherwise whole."""
    start, unit = _unit(data, facture)
    return _text(data[:start] + data[start + len(unit) :])


def _unit(data: bytes, facture: int) -> tuple[int, bytes]:
    """The part of that invoice (the first when 0), and where it begins."""
    for found in _UNIT.finditer(data):
        if not facture or _NUMBER % facture in found[0]:
            return found.start(), found[0]
    return len(data), b""


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


DAMAGES: dict[str, Callable[[bytes, int], str]] = {
    "base64": _base64,
    "cut": _cut,
    "noise": _noise,
    "zip": _zip,
    "missing": _missing,
}
