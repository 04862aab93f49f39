"""Names become words that people find again: accents, abbreviations, slips."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from raccord.store.directory.words import asked_words, distance, plain, spelling_keys, words

_LETTERS = st.text("abcdefghijklmnopqrstuvwxyz", min_size=6, max_size=12)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("COMMUNE DE VAL-FICTIF", ["commune", "val", "fictif"]),
        ("Commune d’Évry-Grégy-sur-Yerre", ["commune", "evry", "gregy", "yerre"]),
        ("C.C.A.S. de l'Île-de-Sein", ["c", "c", "s", "ile", "sein"]),
        ("SYNDICAT DU CŒUR DE ST BRIEUC", ["syndicat", "coeur", "saint", "brieuc"]),
        ("Mairie de Nœux-lès-Mines", ["mairie", "noeux", "mines"]),
        ("", []),
    ],
)
def test_a_name_is_known_by_its_words(name: str, expected: list[str]) -> None:
    assert words(name) == expected


def test_a_question_made_of_small_words_alone_is_kept() -> None:
    assert asked_words("Les Un") == ["les", "un"]


@given(st.text())
@example("𝐀")
def test_plain_text_has_neither_capitals_nor_accents(text: str) -> None:
    once = plain(text)
    assert plain(once) == once
    assert all(word.isascii() for word in words(text))


@given(_LETTERS, st.integers(0, 100), st.sampled_from(["lost", "added", "changed", "swapped"]), st.data())
def test_one_slip_is_at_distance_one(word: str, place: int, slip: str, data: st.DataObject) -> None:
    place %= len(word) - 1
    letter = data.draw(st.sampled_from("abcdefghijklmnopqrstuvwxyz"))
    slipped = {
        "lost": word[:place] + word[place + 1 :],
        "added": word[:place] + letter + word[place:],
        "changed": word[:place] + letter + word[place + 1 :],
        "swapped": word[:place] + word[place + 1] + word[place] + word[place + 2 :],
    }[slip]
    assert distance(word, slipped) == (slipped != word)
    assert distance(slipped, word) == distance(word, slipped)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("monpellier", "montpellier"),
        ("lion", "lyon"),
        ("marseile", "marseille"),
        ("strasboug", "strasbourg"),
        ("srtasbourg", "strasbourg"),
        ("perpinan", "perpignan"),
        ("bordo", "bordeaux"),
    ],
)
def test_a_slip_shares_a_key_with_the_word_that_was_meant(typed: str, meant: str) -> None:
    assert set(spelling_keys(typed)) & set(spelling_keys(meant))


def test_numbers_and_short_words_have_no_near_spelling() -> None:
    assert list(spelling_keys("75001")) == []
    assert list(spelling_keys("ain")) == []
