"""The English catalogue: every sentence of the pages has its translation, and French keeps its spacing."""

from __future__ import annotations

from pathlib import Path

from babel.messages.extract import extract

from raccord.web import i18n

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
