"""The search index, asked: a page of the invoices whose words answer, the last arrived first.

A word that half of the invoices hold must cost no more than a rare one, on both databases.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import sqlalchemy as sa

from raccord.domain.errors import Invalid
from raccord.store.pages import Page, decode, encode
from raccord.store.search.index import is_sqlite
from raccord.store.search.words import Alternative, question
from raccord.store.tables.archive import search_entries

Read = TypeVar("Read")

START = 2**53 - 1
"""Given as `after`: from the newest, once those whose very number was asked have been shown. JSON holds it exactly."""
_NEWEST = 10_000
"""Entries in which PostgreSQL first looks for a page."""
_FEW = 10_000
"""Matches up to which PostgreSQL is told which they are, `_AT_ONCE` at a time."""
_AT_ONCE = 500
_LONGEST_NUMBER = 60

_words = sa.table("search_words", sa.column("id", sa.BigInteger), sa.column("kind"), sa.column("words"))


@dataclass(frozen=True)
class Asked:
    """A page of a search: the rows after `after` (0: the first page), `limit` at most.

    `exact`: how many of those whose number is what was asked may come before the others; as many as `limit` by default.
    """

    text: str
    after: int
    limit: int
    exact: int | None = None

    @property
    def most_exact(self) -> int:
        """The same, without its default."""
        return self.limit if self.exact is None else self.exact


@dataclass(frozen=True)
class Hits:
    """A page: the last arrived, without those whose number is what was asked, which come first on the first page.

    Each row has its entry as `entry`. `more`: whether another page follows.
    """

    exact: Sequence[sa.Row[Any]]
    others: Sequence[sa.Row[Any]]
    more: bool

    @property
    def following(self) -> int:
        """What to give as `after`, 0 at the end."""
        if not self.more:
            return 0
        return int(self.others[-1].entry) if self.others else START


def hits(
    conn: sa.Connection, kind: str, table: sa.Table, asked: Asked, filters: Sequence[sa.ColumnElement[bool]] = ()
) -> Hits:
    """The rows of `table` whose words answer.

    The index is read from its end and left as soon as the page is full: a word that half of the invoices hold costs no
    more than a rare one.
    """
    found = matching(conn, kind, asked.text)
    if found is None:
        return Hits((), (), more=False)
    exact = _exactly(conn, kind, table, asked, filters)
    room = asked.limit if asked.after else asked.limit - len(exact)
    wanted = [*filters, search_entries.c.id.not_in([row.entry for row in exact])] if exact else filters
    page = _others(conn, found, _Others(kind, asked.text, table, asked.after, room + 1, tuple(wanted)))
    return Hits(exact, page[:room], more=len(page) > room)


def newest_matching(
    conn: sa.Connection,
    kind: str,
    table: sa.Table,
    read: Callable[[sa.Row[Any]], Read],
    asked: tuple[str, str, int],
    *,
    filters: Sequence[sa.ColumnElement[bool]],
) -> Page[Read]:
    """The page of a list whose text filter is not empty; `asked`: the text, the token of the page, how many rows."""
    text, after, limit = asked
    limit = max(1, min(limit, 1000))
    page = hits(conn, kind, table, Asked(text, _entry_of(after), limit), filters)
    shown = page.others if after else [*page.exact, *page.others]
    token = encode(shown[-1].created_at, str(page.following)) if page.more else ""
    return Page(tuple(read(row) for row in shown), token)


def matching(conn: sa.Connection, kind: str, text: str) -> sa.Select[tuple[int]] | None:
    """A query that gives the entries whose words answer `text`; None when it holds no word."""
    groups = question(text)
    if not groups:
        return None
    if is_sqlite(conn):
        table = sa.table(f"search_{kind}", sa.column("rowid", sa.Integer))
        matches = sa.literal_column(table.name).op("MATCH")(sa.literal(_match(groups)))
        return sa.select(table.c.rowid.label("id")).where(matches)
    return _of_kind(kind).where(_words.c.words.op("@@")(_tsquery(groups)))


def _exactly(
    conn: sa.Connection, kind: str, table: sa.Table, asked: Asked, filters: Sequence[sa.ColumnElement[bool]]
) -> Sequence[sa.Row[Any]]:
    """The rows that have the text asked as their number: « F-3 » before F-30 and F-31, however old it is."""
    number = asked.text.strip()
    if not number or len(number) > _LONGEST_NUMBER or not asked.most_exact:
        return ()
    entry = search_entries.c.id.label("entry")
    mine = sa.and_(search_entries.c.subject_id == table.c.id, search_entries.c.kind == kind)
    spellings = sorted({number, number.upper(), number.lower()})
    query = (
        sa.select(table, entry)
        .select_from(table.join(search_entries, mine))
        .where(table.c.number.in_(spellings), *filters)
    )
    return conn.execute(query.order_by(entry.desc()).limit(asked.most_exact)).all()


@dataclass(frozen=True)
class _Others:
    """What is wanted of the matching rows: those before `after`, `most` of them, the last arrived first."""

    kind: str
    text: str
    table: sa.Table
    after: int
    most: int
    filters: tuple[sa.ColumnElement[bool], ...]


def _others(conn: sa.Connection, found: sa.Select[tuple[int]], wanted: _Others) -> Sequence[sa.Row[Any]]:
    """On SQLite the index itself is walked from its end. PostgreSQL must be led.

    It takes any beginning of a word for that of one invoice in twenty-five, and would walk back through a million
    entries to find the only one; and it would gather every invoice of a common word to show fifty. So: first among the
    newest entries alone, where a common word fills the page; else by the index of words, when what it gives is short.
    """
    if is_sqlite(conn):
        return _walked(conn, found, wanted)
    last = wanted.after or (conn.execute(sa.select(sa.func.max(search_entries.c.id))).scalar() or 0) + 1
    floor = last - _NEWEST
    page = _walked(conn, _since(wanted.kind, wanted.text, floor), wanted)
    if len(page) == wanted.most or floor <= 0:
        return page
    few = _if_few(conn, found)
    return _walked(conn, found, wanted) if few is None else _chosen(conn, few, wanted)


def _walked(conn: sa.Connection, found: sa.Select[tuple[int]], wanted: _Others) -> Sequence[sa.Row[Any]]:
    matches = found.subquery()
    joined = matches.join(search_entries, search_entries.c.id == matches.c.id)
    return _page(conn, joined, matches.c.id, wanted)


def _chosen(conn: sa.Connection, entries: Sequence[int], wanted: _Others) -> Sequence[sa.Row[Any]]:
    """Those of these entries that the filters let through, some hundreds at a time until the page is full."""
    last = wanted.after or START
    newest = sorted((entry for entry in entries if entry < last), reverse=True)
    page: list[sa.Row[Any]] = []
    for begun in range(0, len(newest), _AT_ONCE):
        some = search_entries.c.id.in_(newest[begun : begun + _AT_ONCE])
        narrowed = replace(wanted, filters=(*wanted.filters, some), most=wanted.most - len(page))
        page += _page(conn, search_entries, search_entries.c.id, narrowed)
        if len(page) == wanted.most:
            break
    return page


def _page(
    conn: sa.Connection, source: sa.FromClause, entry: sa.ColumnElement[int], wanted: _Others
) -> Sequence[sa.Row[Any]]:
    joined = source.join(wanted.table, wanted.table.c.id == search_entries.c.subject_id)
    query = sa.select(wanted.table, entry.label("entry")).select_from(joined).where(*wanted.filters)
    if wanted.after:
        query = query.where(entry < wanted.after)
    return conn.execute(query.order_by(entry.desc()).limit(wanted.most)).all()


def _if_few(conn: sa.Connection, found: sa.Select[tuple[int]]) -> list[int] | None:
    """The entries that match by the index of words, None when they are many: it is left at the first too many."""
    matches = found.cte("matches").prefix_with("MATERIALIZED", dialect="postgresql")
    some = list(conn.execute(sa.select(matches.c.id).limit(_FEW + 1)).scalars())
    return some if len(some) <= _FEW else None


def _entry_of(token: str) -> int:
    if not token:
        return 0
    _, key = decode(token)
    if not key.isdecimal():
        raise Invalid("PAGE_INCONNUE", "Cette page n’existe pas.", "Revenez à la première page de la liste.")
    return int(key)


def _since(kind: str, text: str, floor: int) -> sa.Select[tuple[int]]:
    """The same among the entries from `floor` on, for PostgreSQL: read one by one, the index of words left alone.

    The function behind `@@` says what the operator says, and no index knows it.
    """
    found = sa.func.ts_match_vq(_words.c.words, _tsquery(question(text)), type_=sa.Boolean)
    return _of_kind(kind).where(_words.c.id >= floor, found)


def _of_kind(kind: str) -> sa.Select[tuple[int]]:
    # the kind is written in the statement, not bound: so that the partial index of this kind serves
    return sa.select(_words.c.id.label("id")).where(_words.c.kind == sa.literal_column(f"'{kind}'"))


class _TsQuery(sa.types.UserDefinedType[str]):
    """PostgreSQL's type of a question; the cast reads words as they are, without a parser in between."""

    cache_ok = True

    def get_col_spec(self, **_options: Any) -> str:
        return "tsquery"


def _match(groups: Sequence[Sequence[Alternative]]) -> str:
    return " AND ".join(f"({' OR '.join(map(_match_all, group))})" for group in groups)


def _match_all(alternative: Alternative) -> str:
    words = (f'"{word}"*' if begins else f'"{word}"' for word, begins in alternative)
    return f"({' AND '.join(words)})"


def _tsquery(groups: Sequence[Sequence[Alternative]]) -> sa.ColumnElement[str]:
    written = " & ".join(f"({' | '.join(map(_tsquery_all, group))})" for group in groups)
    return sa.cast(sa.literal(written), _TsQuery())


def _tsquery_all(alternative: Alternative) -> str:
    words = (f"'{word}':*" if begins else f"'{word}'" for word, begins in alternative)
    return f"({' & '.join(words)})"
