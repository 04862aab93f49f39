"""The phrasebooks of the house, read once at the first use from the catalogues of the rooms."""

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po

from raccord.doctor import CATALOGUE
from raccord.language.phrasebook import Phrasebook

LANGUAGES = {"fr": "Français", "en": "English"}
_ROOMS = Path(__file__).parent.parent


@cache
def phrasebook(language: str) -> Phrasebook:
    """The sentences of one language; none for French and for a language that nobody has written."""
    if language not in LANGUAGES or language == "fr":
        return Phrasebook({})
    entries = dict(_causes()) if language == "en" else {}
    for path in sorted(_ROOMS.glob(f"*/locale/{language}.po")):
        entries.update(_read(path))
    return Phrasebook(entries)


def catalogue(language: str) -> Mapping[str, str]:
    """Every sentence of one language, by its French form."""
    return phrasebook(language).entries


def translate(language: str, sentence: str) -> str:
    """The sentence in that language, or as it stands in French."""
    return phrasebook(language).say(sentence) or sentence


def _read(path: Path) -> Mapping[str, str]:
    with path.open("rb") as file:
        return {str(entry.id): str(entry.string) for entry in read_po(file) if entry.id and entry.string}


def _causes() -> Iterator[tuple[str, str]]:
    """The doctor's catalogue is already written in both languages."""
    for cause in CATALOGUE.values():
        yield cause.sentence, cause.sentence_en
        yield cause.sentence.removesuffix(" {remarks}"), cause.sentence_en.removesuffix(" {remarks}")
        yield from zip(cause.steps, cause.steps_en, strict=True)
