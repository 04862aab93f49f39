"""The search index of an edition: which structures hold these words. One promise, two databases.

Its tables belong to one edition (`directory_words_<n>`, `directory_spellings_<n>`): made when a loading begins, dropped
with the edition, which costs nothing. SQLite: FTS5 without content. PostgreSQL: `tsvector` and GIN, no extension
needed. Words arrive normalised (`directory_words.py`), so that both find the same.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from raccord.store.directory.pour import pour
from raccord.store.directory.words import distance, folded, spelling_keys


@dataclass(frozen=True)
class Term:
    """A word looked for: from its beginning only, or whole; anywhere, or in the town (and postcode) alone."""

    word: str
    prefix: bool = True
    in_town: bool = False


@dataclass(frozen=True)
class Indexed:
    """What the index keeps of a structure: the number of its row, the words of its name, those of its town."""

    id: int
    name: Sequence[str]
    town: Sequence[str]


Groups = Sequence[Sequence[Term]]
"""All the groups must be met, each by any of its terms."""


class SearchIndex(Protocol):
    """What an index does, in the transaction of its caller."""

    def create(self, conn: sa.Connection, edition: int) -> None:
        """Make the empty tables of an edition."""

    def add(self, conn: sa.Connection, edition: int, rows: Sequence[Indexed]) -> None:
        """Write the words of these structures."""

    def finish(self, conn: sa.Connection, edition: int) -> None:
        """Make the index quick to ask, once all is written."""

    def drop(self, conn: sa.Connection, edition: int) -> None:
        """Forget an edition."""

    def match(self, conn: sa.Connection, edition: int, groups: Groups, limit: int) -> list[int]:
        """The rows that meet every group, the shortest names first."""


_WORTH_RANKING = 3_000
"""Beyond so many rows a question is too vague for an order to help, and ranking all of them would be slow."""


class SqliteIndex:
    """FTS5, ordered by its bm25."""

    def create(self, conn: sa.Connection, edition: int) -> None:
        """Make the empty tables of an edition."""
        conn.exec_driver_sql(
            f"CREATE VIRTUAL TABLE {_words(edition)} USING fts5(name, town, content='', detail=column, "
            "prefix='2 3', tokenize='unicode61 remove_diacritics 2')"
        )
        conn.exec_driver_sql(
            f"CREATE TABLE {_spellings(edition)} (key TEXT, word TEXT, uses INTEGER, PRIMARY KEY (key, word)) "
            "WITHOUT ROWID"
        )

    def add(self, conn: sa.Connection, edition: int, rows: Sequence[Indexed]) -> None:
        """Write the words of these structures."""
        lines = ((row.id, " ".join(row.name), " ".join(row.town)) for row in rows)
        pour(conn, _words(edition), ("rowid", "name", "town"), lines)

    def finish(self, conn: sa.Connection, edition: int) -> None:
        """Merge what the loading left in pieces."""
        name = _words(edition)
        conn.execute(sa.table(name, sa.column(name)).insert().values({name: "optimize"}))

    def drop(self, conn: sa.Connection, edition: int) -> None:
        """Forget an edition."""
        _drop(conn, edition)

    def match(self, conn: sa.Connection, edition: int, groups: Groups, limit: int) -> list[int]:
        """The rows that meet every group, in bm25's order unless the question is too vague for one."""
        name = _words(edition)
        table = sa.table(name, sa.column("rowid"), sa.column("rank"))
        asked = " AND ".join(f"({' OR '.join(map(self._term, group))})" for group in groups)
        found = sa.select(table.c.rowid).where(sa.literal_column(name).op("MATCH")(asked))
        first = list(conn.execute(found.limit(max(limit, _WORTH_RANKING))).scalars())
        if limit < len(first) < _WORTH_RANKING:
            return list(conn.execute(found.order_by(table.c.rank).limit(limit)).scalars())
        return first[:limit]

    def _term(self, term: Term) -> str:
        return f"{'town : ' if term.in_town else ''}{term.word}{'*' if term.prefix else ''}"


class PostgresIndex:
    """`tsvector`: a word stands for itself, and as `t:word` when it belongs to the town."""

    def create(self, conn: sa.Connection, edition: int) -> None:
        """Make the empty tables of an edition."""
        conn.exec_driver_sql(
            f"CREATE TABLE {_words(edition)} (id BIGINT PRIMARY KEY, size SMALLINT NOT NULL, words TSVECTOR NOT NULL)"
        )
        conn.exec_driver_sql(
            f"CREATE TABLE {_spellings(edition)} (key TEXT, word TEXT, uses INTEGER, PRIMARY KEY (key, word))"
        )

    def add(self, conn: sa.Connection, edition: int, rows: Sequence[Indexed]) -> None:
        """Write the words of these structures."""
        lines = ((row.id, len(row.name), self._lexemes(row)) for row in rows)
        pour(conn, _words(edition), ("id", "size", "words"), lines)

    def finish(self, conn: sa.Connection, edition: int) -> None:
        """Build the inverted index, quicker at once than row by row."""
        name = _words(edition)
        conn.exec_driver_sql(f"CREATE INDEX ix_{name} ON {name} USING gin (words)")
        conn.exec_driver_sql(f"ANALYZE {name}")

    def drop(self, conn: sa.Connection, edition: int) -> None:
        """Forget an edition."""
        _drop(conn, edition)

    def match(self, conn: sa.Connection, edition: int, groups: Groups, limit: int) -> list[int]:
        """The rows that meet every group."""
        table = sa.table(_words(edition), sa.column("id"), sa.column("size"), sa.column("words"))
        asked = " & ".join(f"({' | '.join(map(self._term, group))})" for group in groups)
        found = sa.select(table.c.id).where(table.c.words.op("@@")(sa.cast(asked, postgresql.TSQUERY)))
        return list(conn.execute(found.order_by(table.c.size, table.c.id).limit(limit)).scalars())

    def _term(self, term: Term) -> str:
        return f"'{'t:' if term.in_town else ''}{term.word}'{':*' if term.prefix else ''}"

    def _lexemes(self, row: Indexed) -> str:
        return " ".join(f"'{word}'" for word in {*row.name, *row.town, *(f"t:{word}" for word in row.town)})


def index_for(dialect: str) -> SearchIndex:
    """The index of that database."""
    return PostgresIndex() if dialect == "postgresql" else SqliteIndex()


def write_spellings(conn: sa.Connection, edition: int, uses: Counter[str]) -> None:
    """Write the near spellings of every word of an edition, in the order of the keys: the tree grows by its end."""
    rows = sorted((key, word, count) for word, count in uses.items() for key in spelling_keys(word))
    pour(conn, _spellings(edition), ("key", "word", "uses"), rows)


def near_words(conn: sa.Connection, edition: int, word: str, limit: int = 6) -> list[str]:
    """The words of the edition that this one may be a slip of, the nearest first, then the most used."""
    keys = list(spelling_keys(word))
    if not keys:
        return []
    table = sa.table(_spellings(edition), sa.column("key"), sa.column("word"), sa.column("uses"))
    rows = conn.execute(sa.select(table.c.word, table.c.uses).distinct().where(table.c.key.in_(keys)))
    heard = folded(word)
    ranked = sorted((min(distance(word, near), distance(heard, folded(near))), -uses, near) for near, uses in rows)
    return [near for slips, _uses, near in ranked if slips <= (1 if len(word) < 6 else 2)][:limit]


def is_there(conn: sa.Connection, edition: int) -> bool:
    """Whether the index of that edition exists (a database restored table by table may lack it)."""
    return sa.inspect(conn).has_table(_words(edition))


def _drop(conn: sa.Connection, edition: int) -> None:
    for name in (_words(edition), _spellings(edition)):
        conn.exec_driver_sql(f"DROP TABLE IF EXISTS {name}")


def _words(edition: int) -> str:
    return f"directory_words_{int(edition)}"


def _spellings(edition: int) -> str:
    return f"directory_spellings_{int(edition)}"


def count_words(rows: Iterable[Indexed], uses: Counter[str]) -> None:
    """Add the words of these structures to the count."""
    for row in rows:
        uses.update({*row.name, *row.town})
