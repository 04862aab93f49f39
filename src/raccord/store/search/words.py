"""What is written in the search index, and what a question becomes. Pure functions, the same for both databases.

Accents, case and punctuation do not count; a word is found by its beginning; an amount by its value, however written.
Grammar is not promised: « travaux » does not find « travail ».
"""

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal, InvalidOperation

from raccord.store.directory.words import plain

MOST_WORDS = 4000
"""Words kept of one invoice: an invoice of ten thousand lines is found by its head and its first lines."""
_LONGEST = 60
_LONGEST_QUESTION = 500
"""Signs of a question taken into account: nobody types more."""
_WORD = re.compile(r"[a-z0-9]+")
_COMPOUND = re.compile(r"(?<![a-z0-9])[a-z0-9]+(?:[-/_.'’:+]+[a-z0-9]+)+")
"""A number such as `FAC-2026/42`: kept whole as well, so that `f-3` does not find every `f` and every `3`.

Sought from the beginning of a word alone: from each of its letters, a word of a million letters would take hours."""
_AMOUNT = re.compile(r"(?<![\w,.\-/])-?(?:\d{1,3}(?:[ \u00a0\u202f.]\d{3})+|\d+)(?:[,.]\d{1,4})?(?![\w,.\-/])")
_BLANKS = re.compile(r"[ \u00a0\u202f]")

Alternative = tuple[tuple[str, bool], ...]
"""Words that must all be there, each with whether its beginning is enough."""


def index_words(texts: Iterable[str], amounts: Iterable[Decimal | None] = ()) -> tuple[str, ...]:
    """The distinct words of these texts and amounts, the first `MOST_WORDS` of them."""
    found: dict[str, None] = {}
    for amount in amounts:
        if amount is not None:
            found[amount_word(amount)] = None
    for text in texts:
        for word in _words(plain(text)):
            found[word[:_LONGEST]] = None
        if len(found) >= MOST_WORDS:
            break
    return tuple(found)[:MOST_WORDS]


def _words(text: str) -> Iterator[str]:
    yield from _WORD.findall(text)
    for compound in _COMPOUND.findall(text):
        yield _joined(compound)


def _joined(compound: str) -> str:
    return "".join(_WORD.findall(compound))


def amount_word(amount: Decimal) -> str:
    """The word of an amount: its value in cents, without sign; 1481.40 gives `m148140`."""
    return f"m{abs(int((amount * 100).to_integral_value()))}"


def question(text: str) -> tuple[tuple[Alternative, ...], ...]:
    """What must be there: every group, and in each group one alternative at least."""
    groups: list[tuple[Alternative, ...]] = []
    rest, position, text = [], 0, text[:_LONGEST_QUESTION]
    for found in _AMOUNT.finditer(text):
        rest.append(text[position : found.start()])
        position = found.end()
        groups.append(_amount_group(found.group()))
    rest.append(text[position:])
    asked = plain(" ".join(rest))
    groups += [_compound_group(compound) for compound in dict.fromkeys(_COMPOUND.findall(asked))]
    words = dict.fromkeys(_WORD.findall(_COMPOUND.sub(" ", asked)))
    groups += [(((word[:_LONGEST], True),),) for word in words]
    return tuple(groups)


def _compound_group(compound: str) -> tuple[Alternative, ...]:
    """The number as a whole, by its beginning; or its parts, each whole, for who wrote it with blanks."""
    parts = tuple((word[:_LONGEST], False) for word in _WORD.findall(compound))
    return (((_joined(compound)[:_LONGEST], True),), parts)


def _amount_group(written: str) -> tuple[Alternative, ...]:
    words = tuple((word[:_LONGEST], True) for word in _WORD.findall(written))
    value = _value(written)
    as_amount: tuple[Alternative, ...] = () if value is None else (((amount_word(value), False),),)
    return (*as_amount, words)


def _value(written: str) -> Decimal | None:
    digits = _BLANKS.sub("", written)
    if re.fullmatch(r"0\d+", digits):
        return None  # nobody writes an amount so: it is a number of something
    whole, comma, cents = digits.rpartition(",")
    if comma:
        digits = f"{whole.replace('.', '')}.{cents}"
    elif digits.count(".") > 1 or re.fullmatch(r"-?\d{1,3}\.\d{3}", digits):
        digits = digits.replace(".", "")
    try:
        return Decimal(digits)
    except InvalidOperation:
        return None
