"""Amounts are ``Decimal`` from the first byte to the last; rounding is named where the law names it.

EN 16931 rounds half up to two decimals (its rules BR-CO-* and BR-DEC-*); Chorus Pro takes two decimals on
amounts, four on quantities and six on prices (`specifications/saisie.md §4`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext

ZERO = Decimal(0)
CENT = Decimal("0.01")
HUNDRED = Decimal(100)
MAX_DIGITS = 30
"""More digits than this in one amount is an attack or a mistake, never an invoice."""

_DECIMAL = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")
_WIDE = Context(prec=60, rounding=ROUND_HALF_UP)


def cents(amount: Decimal) -> Decimal:
    """``amount`` rounded half up to the cent, with exactly two decimals: 12.345 -> 12.35, 7 -> 7.00."""
    return amount.quantize(CENT, rounding=ROUND_HALF_UP, context=_WIDE)


def total(amounts: Iterable[Decimal]) -> Decimal:
    """The exact sum of ``amounts`` (never rounded on the way)."""
    with localcontext(_WIDE):
        return sum(amounts, ZERO)


def percent_of(amount: Decimal, rate: Decimal) -> Decimal:
    """``rate`` percent of ``amount``, rounded half up to the cent."""
    return cents(_WIDE.divide(_WIDE.multiply(amount, rate), HUNDRED))


def exact_product(left: Decimal, right: Decimal) -> Decimal:
    """``left`` × ``right`` without rounding (60 digits)."""
    return _WIDE.multiply(left, right)


def exact_quotient(left: Decimal, right: Decimal) -> Decimal:
    """``left`` ÷ ``right`` on 60 digits; ``right`` must not be zero."""
    return _WIDE.divide(left, right)


def scale(amount: Decimal) -> int:
    """Number of decimals written: 12.50 -> 2, 7 -> 0."""
    _, point, decimals = format(amount, "f").partition(".")
    return len(decimals) if point else 0


def parse_decimal(text: str) -> Decimal:
    """Read an ``xs:decimal``: no exponent, no NaN, no comma, at most 30 digits. Raises ``ValueError``."""
    value = text.strip()
    if not _DECIMAL.fullmatch(value):
        raise ValueError(f"not a decimal: {text[:40]!r}")
    if len(value) > MAX_DIGITS + 2:
        raise ValueError("too many digits")
    return Decimal(value)


def plain(amount: Decimal) -> str:
    """``amount`` as ``xs:decimal`` text, its decimals kept, never an exponent: Decimal('1E+2') -> '100'."""
    return format(amount, "f")


def french(amount: Decimal, decimals: int = 2) -> str:
    """``amount`` for a French reader: 1234.5 -> « 1 234,50 » (narrow no-break spaces)."""
    rounded = amount.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP, context=_WIDE)
    return f"{rounded:,f}".replace(",", "\u202f").replace(".", ",")
