"""The same question finds the same invoices on both databases: accents, beginnings of words, amounts, newest first."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raccord.store.database import Store
from raccord.store.search import asking
from raccord.store.search import index as search_index
from raccord.store.search.words import MOST_WORDS, amount_word, index_words, question

TEXTS = {
    "bati": ("Bâti-Œuvre SARL", "FAC-2026-0042", "EJ-1234", "Enrobé à chaud, dépose de bordures"),
    "eaux": ("Eaux de l’Ouest", "2026/17", "EJ-9", "Abonnement compteur n° 42"),
    "lumiere": ("LUMIÈRE & FILS", "F42", "M-77", "Éclairage public"),
}
AMOUNTS = {"bati": Decimal("1481.40"), "eaux": Decimal("42.00"), "lumiere": Decimal("12345.00")}


def _fill(store: Store, kind: str = "reception") -> None:
    with store.begin() as conn:
        for name, texts in TEXTS.items():
            search_index.put(conn, kind, name, index_words(texts, [AMOUNTS[name]]))


def _found(store: Store, text: str, kind: str = "reception") -> set[str]:
    with store.read() as conn:
        query = asking.matching(conn, kind, text)
        if query is None:
            return set()
        entries = search_index.search_entries
        ids = list(conn.execute(query).scalars())
        return set(conn.execute(entries.select().with_only_columns(entries.c.subject_id)
                                .where(entries.c.id.in_(ids))).scalars())  # fmt: skip


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("bati", {"bati"}),
        ("BÂTI œuvre", {"bati"}),
        ("oeuv", {"bati"}),
        ("enrobe chaud", {"bati"}),
        ("FAC-2026-0042", {"bati"}),
        ("0042", {"bati"}),
        ("fac-2026-00", {"bati"}),
        ("FAC-2026-9", set()),
        ("2026/17", {"eaux"}),
        ("ej 9", {"eaux"}),
        ("eclairage", {"lumiere"}),
        ("lumière fils", {"lumiere"}),
        ("2026", {"bati", "eaux"}),
        ("eaux enrobé", set()),
        ("travaux", set()),
        ("", set()),
        (" - ! ", set()),
    ],
)
def test_words_are_found_by_their_beginning_without_accents(store: Store, text: str, expected: set[str]) -> None:
    _fill(store)
    assert _found(store, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1481,40", {"bati"}),
        ("1 481,40 €", {"bati"}),
        ("1.481,40", {"bati"}),
        ("1481.4", {"bati"}),
        ("12 345,00", {"lumiere"}),
        ("12345", {"lumiere"}),
        ("12.345", {"lumiere"}),
        ("1481,41", set()),
        ("42", {"eaux"}),  # as an amount and as the number of the meter
    ],
)
def test_an_amount_is_found_however_written(store: Store, text: str, expected: set[str]) -> None:
    _fill(store)
    assert _found(store, text) == expected


def test_hostile_questions_are_only_words(store: Store) -> None:
    _fill(store)
    for text in (
        "' OR 1=1 --",
        'bati" OR "eaux',
        "NEAR(bati eaux)",
        "bati:* | eaux",
        "words: bati",
        "*",
        "^bati",
        "\x00",
    ):
        assert _found(store, text) <= {"bati"}


@given(st.text(max_size=80))
def test_a_question_has_no_empty_group(text: str) -> None:
    for group in question(text):
        assert all(words and all(word for word, _ in words) for words in group)


def test_what_is_added_later_is_found_beside_what_was_there(store: Store) -> None:
    _fill(store)
    with store.begin() as conn:
        search_index.put(conn, "reception", "bati", ("goudron",))
    assert _found(store, "goudron bati") == {"bati"}


def test_what_is_forgotten_is_not_found(store: Store) -> None:
    _fill(store)
    with store.begin() as conn:
        search_index.forget(conn, "reception", "bati")
        search_index.forget(conn, "reception", "jamais-vue")
    assert _found(store, "bati") == set()
    assert _found(store, "eaux") == {"eaux"}


def test_deposits_and_receptions_do_not_mix(store: Store) -> None:
    _fill(store, "deposit")
    assert _found(store, "bati") == set()
    assert _found(store, "bati", "deposit") == {"bati"}


def test_a_failed_transaction_leaves_no_word(store: Store) -> None:
    def interrupted() -> None:
        with store.begin() as conn:
            search_index.put(conn, "reception", "bati", ("goudron",))
            raise InterruptedError

    with pytest.raises(InterruptedError):
        interrupted()
    assert _found(store, "goudron") == set()


def test_an_endless_invoice_keeps_its_first_words() -> None:
    words = index_words((f"mot{rank}" for rank in range(10 * MOST_WORDS)), [Decimal("-12.5")])
    assert len(words) == MOST_WORDS
    assert words[:2] == ("m1250", "mot0")
    assert amount_word(Decimal("1481.40")) == "m148140"
