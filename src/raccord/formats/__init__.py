"""Formats: an invoice is one value, whatever file it came in.

``read_invoice`` reads Factur-X, CII, UBL and JSON; ``cii``, ``ubl``, ``facturx`` and ``invoice_json`` each
have ``read`` and ``write``; ``detect`` names what a file is. What cannot be read raises :class:`ReadError`.
"""

from __future__ import annotations

from raccord.domain.invoice import Invoice
from raccord.formats import cii, facturx, invoice_json, ubl
from raccord.formats.detect import Container, Detected, Syntax, detect
from raccord.formats.problems import ReadError, not_an_invoice
from raccord.formats.profiles import Profile, profile_of

__all__ = ["Container", "Detected", "Profile", "ReadError", "Syntax", "detect", "profile_of", "read_invoice"]


def read_invoice(data: bytes, filename: str = "") -> Invoice:
    """The invoice that a file holds, whatever its format. Raises :class:`ReadError` with a sentence for
    people.
    """
    syntax = detect(data, filename).syntax
    if syntax is Syntax.FACTURX:
        return facturx.read(data)
    if syntax is Syntax.CII:
        return cii.read(data)
    if syntax.is_ubl:
        return ubl.read(data)
    if syntax is Syntax.JSON:
        return invoice_json.read(data)
    if syntax is Syntax.XML:
        return cii.read(data)  # raises, with the reason
    raise not_an_invoice(f"type détecté : {syntax.value}")
