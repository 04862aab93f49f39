"""A French sentence that already holds its values is found again in the catalogue, and keeps its values in English."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import Environment

from raccord.language import Phrasebook, preferred, translate
from raccord.web import i18n

BOOK = Phrasebook(
    {
        "Annuler": "Cancel",
        "Mandatée": "Ordered for payment",
        "Raccourcissez-le.": "Shorten it.",
        "Le motif compte {length} caractères : {most} au plus.": "The reason has {length} characters: {most} at most.",
        "Depuis « {standing} », pas de « {target} ».": "From “{standing}”, no “{target}”.",
        "{one} puis encore {one} pour finir": "{one} twice",
        "{a} : {b}": "never used: too few words to be recognised",
    }
)


def test_a_sentence_keeps_its_values() -> None:
    assert BOOK.say("Le motif compte 300 caractères : 255 au plus.") == "The reason has 300 characters: 255 at most."


def test_a_word_of_ours_inside_a_sentence_is_translated_too() -> None:
    assert BOOK.say("Depuis « Mandatée », pas de « Zut ».") == "From “Ordered for payment”, no “Zut”."


def test_a_sentence_and_its_cure_on_one_line_are_both_translated() -> None:
    told = BOOK.say("Le motif compte 300 caractères : 255 au plus. Raccourcissez-le.")
    assert told == "The reason has 300 characters: 255 at most. Shorten it."


def test_what_nobody_has_translated_stays_as_it_is() -> None:
    assert BOOK.say("Une phrase nouvelle.") is None
    assert translate("en", "Une phrase toute nouvelle.") == "Une phrase toute nouvelle."
    assert translate("fr", "Annuler") == "Annuler"
    assert BOOK.say("Deux mots : d’ici") is None


def test_a_value_said_twice_must_be_the_same() -> None:
    assert BOOK.say("x puis encore x pour finir") == "x twice"
    assert BOOK.say("x puis encore y pour finir") is None


@given(st.text(max_size=80))
def test_any_value_crosses_unharmed_or_translated(value: str) -> None:
    told = BOOK.say(f"Depuis « Zut », pas de « {value} ».")
    assert told is not None
    assert told.startswith("From “Zut”, no “")


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "fr"), ("en", "en"), ("en-GB,fr;q=0.8", "en"), ("fr,en;q=0.9", "fr"), ("de,en;q=0.5", "en"),
        ("en;q=0", "fr"), ("*", "fr"), ("en;q=beaucoup", "fr"),
    ],
)  # fmt: skip
def test_a_program_says_which_language_it_reads(header: str, language: str) -> None:
    assert preferred(header) == language


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("stranger", ["<b>Facture</b>", "TVA à 20 % de remise", "100 %d", "{{ 7 * 7 }}"])
def test_a_page_escapes_what_a_stranger_wrote_inside_a_sentence(language: str, stranger: str) -> None:
    """An invoice numbered `<b>` must neither draw on the page nor stop it; nor must a percent sign."""
    environment = Environment(autoescape=True)
    i18n.install(environment)
    page = environment.from_string("{{ _(sentence) }}").render(sentence=stranger, language=language)
    assert page.replace("\u00a0", " ") == stranger.replace("<", "&lt;").replace(">", "&gt;")
