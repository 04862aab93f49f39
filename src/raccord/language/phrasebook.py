"""One language: plain sentences found by name, sentences with values found by their fixed words."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

_HOLE = re.compile(r"\{(\w+)\}")
_SENTENCE_END = re.compile(r"(?<=[.!?»]) ")
_FIXED_LETTERS_MIN = 6
"""A sentence with fewer fixed letters than this would recognise itself in anything."""
_PIECES_MAX = 12
_SHAPED_MAX = 2000
"""Looking for fixed words in a longer text would cost more than it tells."""
_DEPTH_MAX = 3


@dataclass(frozen=True)
class _Pattern:
    beginning: str
    end: str
    shape: re.Pattern[str]
    translation: str


class Phrasebook:
    """The sentences of one language, by their French form; `{name}` is a hole for a value, in both."""

    def __init__(self, entries: Mapping[str, str]) -> None:
        self._plain = dict(entries)
        shaped = [_pattern(french, other) for french, other in entries.items() if _fixed(french)]
        self._patterns = sorted(shaped, key=lambda one: -len(one.shape.pattern))
        self._found = lru_cache(maxsize=4096)(self._look)

    @property
    def entries(self) -> Mapping[str, str]:
        """Every sentence and its translation."""
        return self._plain

    def say(self, sentence: str) -> str | None:
        """The sentence in this language; None when no part of it is known."""
        return self._found(sentence, 0)

    def _look(self, sentence: str, depth: int) -> str | None:
        exact = self._plain.get(sentence)
        if exact is not None or depth > _DEPTH_MAX:
            return exact
        return self._shaped(sentence, depth) or self._in_pieces(sentence, depth)

    def _shaped(self, sentence: str, depth: int) -> str | None:
        for one in self._patterns if len(sentence) <= _SHAPED_MAX else ():
            if sentence.startswith(one.beginning) and sentence.endswith(one.end):
                match = one.shape.fullmatch(sentence)
                if match:
                    values = {name: self._value(value, depth) for name, value in match.groupdict().items()}
                    return _begun_alike(sentence, _filled(one.translation, values))
        return None

    def _value(self, value: str, depth: int) -> str:
        """A value may be a word of ours (the label of a status, the name of a field): it is translated too."""
        return self._found(value, depth + 1) or value

    def _in_pieces(self, text: str, depth: int) -> str | None:
        """A sentence followed by its cure: the longest known beginning, then the rest."""
        pieces = _SENTENCE_END.split(text, maxsplit=_PIECES_MAX)
        for count in range(len(pieces) - 1, 0, -1):
            first, rest = " ".join(pieces[:count]), " ".join(pieces[count:])
            said = self._plain.get(first) or self._shaped(first, depth)
            if said:
                return f"{said} {self._value(rest, depth)}"
        return None


def _filled(translation: str, values: Mapping[str, str]) -> str:
    return _HOLE.sub(lambda hole: values.get(hole[1], hole[0]), translation)


def _begun_alike(sentence: str, said: str) -> str:
    """A capital where the French has one: what fills a hole at the beginning may come in small letters."""
    return said[:1].upper() + said[1:] if sentence[:1].isupper() else said


def _fixed(french: str) -> bool:
    letters = sum(sign.isalpha() for sign in _HOLE.sub("", french))
    return bool(_HOLE.search(french)) and letters >= _FIXED_LETTERS_MIN


def _pattern(french: str, other: str) -> _Pattern:
    parts = _HOLE.split(french)
    shape = "".join(_shapes(parts))
    return _Pattern(parts[0], parts[-1], re.compile(shape, re.DOTALL), other)


def _shapes(parts: list[str]) -> Iterator[str]:
    """Fixed words and names of holes alternate; a name met again is the same value."""
    met: set[str] = set()
    for position, part in enumerate(parts):
        if position % 2 == 0:
            yield re.escape(part)
        elif part in met:
            yield f"(?P={part})"
        else:
            met.add(part)
            yield f"(?P<{part}>.*?)"
