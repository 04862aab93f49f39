"""The English catalogue: every sentence of the pages has its translation, and French keeps its spacing."""

from __future__ import annotations

from pathlib import Path

from babel.messages.extract import extract

from raccord.doctor import CATALOGUE
from raccord.domain.connection import Light
from raccord.web import i18n
from raccord.web.sentences import SENTENCES

TEMPLATES = Path(i18n.__file__).parent / "templates"


def _sentences() -> set[str]:
    found: set[str] = set()
    for template in TEMPLATES.glob("*.html"):
        with template.open("rb") as file:
            for _, message, _, _ in extract("jinja2.ext:babel_extract", file):
                found |= {message} if isinstance(message, str) else set(message)
    return found


def test_every_sentence_of_the_pages_is_in_english_too() -> None:
    assert sorted(_sentences() - set(i18n.catalogue("en"))) == []


def test_french_keeps_its_guillemets_and_double_punctuation_on_the_line() -> None:
    assert i18n.translate("fr", "Cliquez sur « Valider » : c’est fait !") == (
        "Cliquez sur «\u00a0Valider\u00a0»\u00a0: c’est fait\u00a0!"
    )
    assert i18n.translate("de", "Valider") == "Valider"


def test_the_journal_and_the_causes_speak_english_too() -> None:
    known = set(i18n.catalogue("en"))
    assert sorted(set(SENTENCES.values()) - known) == []
    assert sorted({one.title for one in CATALOGUE.values()} - known) == []
    assert sorted({light.sentence for light in Light} - known) == []
