"""Bound what is drawn of an invoice: characters that no font has, long words, long texts, long lists.

What is cut is cut in the drawing alone; the data of the invoice keep it.
"""

from __future__ import annotations

from itertools import accumulate
from typing import Any

MAX_WORD = 120
"""Characters of a word: a longer one fits no line of the page."""
MAX_TEXT = 5_000
"""Characters of a text: one page and a half."""
MAX_LINES = 2_000
"""Lines of an invoice."""
MAX_LINES_TEXT = 600_000
"""Characters of all lines together."""
MAX_ROWS = 100
"""Rows of each other list: notes, allowances, VAT rates, references, payments."""
CUT = (
    "Cette page ne montre pas tout : les textes et les listes trop longs y sont coupés. "
    "Le reste est dans les données de la facture, qui seules font foi."
)

_SHOWN = ((0x20, 0x17F), (0x192, 0x192), (0x2C6, 0x2DC), (0x370, 0x3FF), (0x400, 0x45F), (0x1E00, 0x1EFF))
_SIGNS = frozenset("–—‘’‚“”„†‡•…‰‹›€™−×÷№\u2009\u202f\n")


def drawable(page: dict[str, Any]) -> dict[str, Any]:
    """Return ``page`` as it can be drawn, with ``cut``: the sentence that says so when something was cut."""
    bounded = {name: _rows(value, name) if isinstance(value, list) else value for name, value in page.items()}
    made = {name: _plain(value) for name, value in bounded.items()}
    return {**made, "cut": "" if _size(made) == _size(page) else CUT}


def summary(page: dict[str, Any]) -> dict[str, Any]:
    """Return what is drawn when the whole page cannot be: who, whom, when and how much."""
    small = drawable({**page, "lines": [], "notes": [], "references": [], "allowances": [], "payment": [], "vat": []})
    return {**small, "cut": CUT}


def _rows(rows: list[Any], name: str) -> list[Any]:
    if name != "lines":
        return rows[:MAX_ROWS]
    kept = rows[:MAX_LINES]
    sizes = accumulate(min(_size(row), 7 * MAX_TEXT) for row in kept)
    return [row for row, size in zip(kept, sizes, strict=True) if size <= MAX_LINES_TEXT]


def _size(value: object) -> int:
    """Return the number of characters of all texts in ``value``."""
    if isinstance(value, str):
        return len(value)
    if isinstance(value, dict):
        return sum(map(_size, value.values()))
    return sum(map(_size, value)) if isinstance(value, list | tuple) else 0


def _plain(value: object) -> object:
    if isinstance(value, str):
        return _text(value)
    return [_plain(entry) for entry in value] if isinstance(value, list | tuple) else value


def _text(value: str) -> str:
    """Return ``value`` cut to what a page holds, with « ? » for each character that no embedded font draws."""
    if len(value) > MAX_TEXT:
        value = f"{value[: MAX_TEXT - 1]}…"
    if len(value) > MAX_WORD:
        value = "\n".join(" ".join(map(_word, line.split(" "))) for line in value.split("\n"))
    return value if value.isascii() else "".join(char if _is_shown(char) else "?" for char in value)


def _word(word: str) -> str:
    return word if len(word) <= MAX_WORD else f"{word[: MAX_WORD - 1]}…"


def _is_shown(char: str) -> bool:
    return char in _SIGNS or any(low <= ord(char) <= high for low, high in _SHOWN)
