"""A table to export, and how text is kept from being taken for a formula."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from raccord.domain.clock import PARIS

Value = str | int | Decimal | date | datetime | None

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


@dataclass(frozen=True)
class Table:
    """Headers, and rows of as many values."""

    title: str
    headers: Sequence[str]
    rows: Iterable[Sequence[Value]]


def harmless(text: str) -> str:
    """Text that a spreadsheet shows and never runs: an apostrophe before what could begin a formula."""
    clean = _CONTROL.sub("", text)
    return f"'{clean}" if clean.lstrip(" \u00a0").startswith(_FORMULA) else clean


def in_paris(value: datetime) -> datetime:
    """The hour of Paris, without its zone, which spreadsheets do not know."""
    return value.astimezone(PARIS).replace(tzinfo=None, microsecond=0)
