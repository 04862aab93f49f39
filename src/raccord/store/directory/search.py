"""Searching the directory as people type: a piece of a name, a town, a SIRET; without accents, with a slip or two.

1 digits are an identifier: SIRET, or SIREN; 2 every word, from its beginning; 3 a word that the directory does not hold
gives way to its near spellings; 4 still nothing: every word may have slipped; 5 what was found is ranked.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa

from raccord.domain.directory import Edition, PublicStructure
from raccord.store.directory.editions import current_edition
from raccord.store.directory.index import Term, index_for, is_there, near_words
from raccord.store.directory.lookups import read_structure
from raccord.store.directory.words import asked_words, slipped_synonyms, synonyms, words
from raccord.store.tables.directory import structures

_CANDIDATES = 200
"""Rows looked at closely, of all those that the index gives."""

_MOST_WORDS = 8
"""Words of a question taken into account."""


def search(
    conn: sa.Connection, environment: str, text: str, town: str = "", limit: int = 20
) -> tuple[PublicStructure, ...]:
    """The structures that this text may mean, the likeliest first, at most `limit` (1 to 200).

    `town` (a name, or the beginning of a postcode) narrows; alone, it lists. Nothing asked finds nothing.
    """
    edition = current_edition(conn, environment)
    if edition is None:
        return ()
    limit = max(1, min(limit, _CANDIDATES))
    digits = re.sub(r"[\s\u00a0\u202f.]", "", text)
    if re.fullmatch(r"[0-9]{9,14}", digits):
        rows = _by_identifier(conn, edition, digits, limit)
    else:
        rows = _by_words(conn, edition, asked_words(text)[:_MOST_WORDS], asked_words(town)[:_MOST_WORDS])
    return tuple(read_structure(row, edition.loaded_at) for row in rows[:limit])


def _by_identifier(conn: sa.Connection, edition: Edition, digits: str, limit: int) -> Sequence[sa.Row[Any]]:
    within = sa.and_(structures.c.siret >= digits, structures.c.siret < f"{digits}:")  # the sign after 9
    query = sa.select(structures).where(within, structures.c.edition_id == edition.id)
    return conn.execute(query.order_by(structures.c.siret).limit(limit)).all()


def _by_words(conn: sa.Connection, edition: Edition, asked: list[str], town: list[str]) -> list[sa.Row[Any]]:
    if (not asked and not town) or not is_there(conn, edition.id):
        return []
    index = index_for(conn.dialect.name)
    terms = [Term(word) for word in asked] + [Term(word, in_town=True) for word in town]
    groups = [_as_typed(term) for term in terms]
    numbers = index.match(conn, edition.id, groups, _CANDIDATES)
    if not numbers:
        groups = [group if index.match(conn, edition.id, [group], 1) else _slipped(conn, edition, group)
                  for group in groups]  # fmt: skip
        numbers = _match(conn, edition, groups)
    if not numbers:
        groups = [_slipped(conn, edition, _as_typed(term)) for term in terms]
        numbers = _match(conn, edition, groups)
    likely = {term.word for group in groups for term in group}
    return sorted(_rows(conn, numbers), key=lambda row: _place(row, asked, likely))


def _as_typed(term: Term) -> list[Term]:
    return [term, *(Term(word, prefix=False, in_town=term.in_town) for word in synonyms(term.word))]


def _slipped(conn: sa.Connection, edition: Edition, group: list[Term]) -> list[Term]:
    near = dict.fromkeys((*near_words(conn, edition.id, group[0].word), *slipped_synonyms(group[0].word)))
    return [*group, *(Term(word, prefix=False, in_town=group[0].in_town) for word in near)]


def _match(conn: sa.Connection, edition: Edition, groups: list[list[Term]]) -> list[int]:
    return index_for(conn.dialect.name).match(conn, edition.id, groups, _CANDIDATES)


def _rows(conn: sa.Connection, numbers: Iterable[int]) -> Sequence[sa.Row[Any]]:
    return conn.execute(sa.select(structures).where(structures.c.id.in_(list(numbers)))).all()


def _place(row: sa.Row[Any], asked: list[str], likely: set[str]) -> tuple[Any, ...]:
    """Open first; as many of the words as typed, in the name rather than in the town; likely forms; the barest name."""
    name = words(row.name)
    held = {*name, *words(row.town)}
    return (
        not row.active,
        -sum(word in held for word in asked),
        -sum(word in name for word in asked),
        -len(held & likely),
        not asked or name[:1] != asked[:1],
        len(name),
        row.name,
    )
