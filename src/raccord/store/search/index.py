"""The search index: written in the transaction that stores what it describes, asked newest first.

On SQLite one FTS5 table per kind, whose row number is the entry's; on PostgreSQL a `tsvector` with one index per kind.
Both hold the very same words (`search_words.py`), so both find the same things.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, TypeVar

import sqlalchemy as sa

from raccord.domain.errors import Invalid
from raccord.domain.invoice import Invoice, Line, Party
from raccord.store import dialects
from raccord.store.pages import Page, decode, encode
from raccord.store.search.words import Alternative, index_words, question
from raccord.store.tables.archive import search_entries

RECEPTION, DEPOSIT = "reception", "deposit"
KINDS = (RECEPTION, DEPOSIT)

Read = TypeVar("Read")

_HEAD = ("number", "supplier_name", "supplier_siret", "recipient_name", "recipient_siret", "service_code",
         "service_name", "commitment", "market", "filename")  # fmt: skip
"""The columns of a deposit or of a reception whose words are found."""


def _once(first: Any) -> sa.Executable:
    fresh: sa.Executable = first.on_conflict_do_nothing(index_elements=["subject_id", "kind"]).returning(
        search_entries.c.id
    )
    return fresh


_fresh = dialects.Upsert(search_entries, _once)
_TO_SQLITE = {kind: sa.text(f"INSERT INTO search_{kind} (rowid, words) VALUES (:id, :words)") for kind in KINDS}  # noqa: S608  # our own names
_FROM_SQLITE = {kind: sa.text(f"DELETE FROM search_{kind} WHERE rowid = :id") for kind in KINDS}  # noqa: S608  # our own names
_TO_POSTGRESQL = sa.text(
    "INSERT INTO search_words (id, kind, words) VALUES (:id, :kind, array_to_tsvector(CAST(:words AS text[])))"
    " ON CONFLICT (id) DO UPDATE SET words = excluded.words"
)


def of_row(row: Mapping[str, Any]) -> tuple[str, ...]:
    """The words of the columns of a deposit or of a reception."""
    return index_words((str(row.get(name) or "") for name in _HEAD), (row.get("amount_total"), row.get("amount_due")))


def of_invoice(invoice: Invoice) -> tuple[str, ...]:
    """The words of an invoice: parties, references, lines, amounts."""
    return index_words(_texts(invoice), _amounts(invoice))


def put(conn: sa.Connection, kind: str, subject_id: str, words: Iterable[str]) -> None:
    """Write the words of a subject, beside those that it had, in the caller's transaction."""
    new_entry = conn.execute(_fresh.on(conn), {"kind": kind, "subject_id": subject_id}).scalar()
    if new_entry is not None:
        _write(conn, kind, new_entry, tuple(dict.fromkeys(words)), replace=False)
        return
    entry = _entry(conn, kind, subject_id)
    known = _known(conn, kind, entry)
    merged = tuple(dict.fromkeys((*known, *words)))
    if merged != known:
        _write(conn, kind, entry, merged, replace=bool(known))


def put_all(conn: sa.Connection, kind: str, subjects: Mapping[str, Iterable[str]]) -> None:
    """Write the words of many subjects as `put` does for one, in a few statements."""
    rows = [{"kind": kind, "subject_id": subject_id} for subject_id in subjects]
    first = dialects.insert(conn, search_entries).on_conflict_do_nothing(index_elements=["subject_id", "kind"])
    conn.execute(first, rows)
    entries = _entries(conn, kind, list(subjects))
    known = _known_of(conn, kind, list(entries.values()))
    changed = {}
    for subject_id, words in subjects.items():
        entry = entries[subject_id]
        merged = tuple(dict.fromkeys((*known.get(entry, ()), *words)))
        if merged != known.get(entry):
            changed[entry] = merged
    if changed:
        _write_all(conn, kind, changed, [entry for entry in changed if entry in known])


def forget(conn: sa.Connection, kind: str, subject_id: str) -> None:
    """Take a subject out of the index, in the caller's transaction."""
    entry = _entry(conn, kind, subject_id)
    if entry:
        table = f"search_{kind}" if _is_sqlite(conn) else "search_words"
        column = "rowid" if _is_sqlite(conn) else "id"
        conn.execute(sa.text(f"DELETE FROM {table} WHERE {column} = :id"), {"id": entry})  # noqa: S608  # our own names
        conn.execute(search_entries.delete().where(search_entries.c.id == entry))


def given_out(conn: sa.Connection) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Every subject of the index, in the order of arrival: its kind, its id, its words. `put` takes them back."""
    for row in conn.execute(sa.select(search_entries).order_by(search_entries.c.id)).all():
        yield row.kind, row.subject_id, _known(conn, row.kind, row.id)


def matching(conn: sa.Connection, kind: str, text: str) -> sa.Select[tuple[int]] | None:
    """A query that gives the entries whose words answer `text`; None when it holds no word."""
    groups = question(text)
    if not groups:
        return None
    if _is_sqlite(conn):
        table = sa.table(f"search_{kind}", sa.column("rowid", sa.Integer))
        matches = sa.literal_column(table.name).op("MATCH")(sa.literal(_match(groups)))
        return sa.select(table.c.rowid.label("id")).where(matches)
    return _of_kind(kind).where(_words.c.words.op("@@")(_tsquery(groups)))


def _since(kind: str, text: str, floor: int) -> sa.Select[tuple[int]]:
    """The same among the entries from `floor` on, for PostgreSQL: read one by one, the index of words left alone.

    The function behind `@@` says what the operator says, and no index knows it.
    """
    found = sa.func.ts_match_vq(_words.c.words, _tsquery(question(text)), type_=sa.Boolean)
    return _of_kind(kind).where(_words.c.id >= floor, found)


_words = sa.table("search_words", sa.column("id", sa.BigInteger), sa.column("kind"), sa.column("words"))


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


def _entry(conn: sa.Connection, kind: str, subject_id: str) -> int:
    query = sa.select(search_entries.c.id).where(
        search_entries.c.subject_id == subject_id, search_entries.c.kind == kind
    )
    return conn.execute(query).scalar() or 0


def _entries(conn: sa.Connection, kind: str, subject_ids: Sequence[str]) -> dict[str, int]:
    query = sa.select(search_entries.c.subject_id, search_entries.c.id).where(
        search_entries.c.subject_id.in_(subject_ids), search_entries.c.kind == kind
    )
    return {row.subject_id: row.id for row in conn.execute(query)}


def _known_of(conn: sa.Connection, kind: str, entries: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """The words of those of these entries that have some written."""
    if _is_sqlite(conn):
        table = sa.table(f"search_{kind}", sa.column("rowid", sa.Integer), sa.column("words", sa.String))
        found = conn.execute(sa.select(table).where(table.c.rowid.in_(entries)))
        return {row.rowid: tuple(str(row.words or "").split()) for row in found}
    table = sa.table("search_words", sa.column("id", sa.BigInteger), sa.column("words"))
    words = sa.func.tsvector_to_array(table.c.words).label("words")
    found = conn.execute(sa.select(table.c.id, words).where(table.c.id.in_(entries)))
    return {row.id: tuple(row.words) for row in found}


def _write_all(conn: sa.Connection, kind: str, words: Mapping[int, tuple[str, ...]], replaced: Sequence[int]) -> None:
    if _is_sqlite(conn):
        if replaced:
            conn.execute(_FROM_SQLITE[kind], [{"id": entry} for entry in replaced])
        conn.execute(_TO_SQLITE[kind], [{"id": entry, "words": " ".join(some)} for entry, some in words.items()])
        return
    rows = [{"id": entry, "kind": kind, "words": list(some)} for entry, some in words.items()]
    conn.execute(_TO_POSTGRESQL, rows)


def _known(conn: sa.Connection, kind: str, entry: int) -> tuple[str, ...]:
    if _is_sqlite(conn):
        found = conn.execute(sa.text(f"SELECT words FROM search_{kind} WHERE rowid = :id"), {"id": entry}).scalar()  # noqa: S608  # our own names
        return tuple(str(found or "").split())
    query = "SELECT tsvector_to_array(words) FROM search_words WHERE id = :id"
    return tuple(conn.execute(sa.text(query), {"id": entry}).scalar() or ())


def _write(conn: sa.Connection, kind: str, entry: int, words: tuple[str, ...], *, replace: bool) -> None:
    if _is_sqlite(conn):
        if replace:
            conn.execute(sa.text(f"DELETE FROM search_{kind} WHERE rowid = :id"), {"id": entry})  # noqa: S608  # our own names
        conn.execute(_TO_SQLITE[kind], {"id": entry, "words": " ".join(words)})
        return
    conn.execute(_TO_POSTGRESQL, {"id": entry, "kind": kind, "words": list(words)})


def _is_sqlite(conn: sa.Connection) -> bool:
    return conn.dialect.name == "sqlite"


def _texts(invoice: Invoice) -> Iterable[str]:
    yield from (invoice.number, invoice.commitment, invoice.contract, invoice.service, invoice.sales_order)
    for party in (invoice.seller, invoice.buyer, invoice.payee, invoice.sales_agent):
        yield from _party(party)
    for line in invoice.lines:
        yield from _line(line)
    yield from (note.text for note in invoice.notes)


def _party(party: Party | None) -> tuple[str, ...]:
    return (party.name, party.trading_name, party.siret_text, party.vat_number) if party else ()


def _line(line: Line) -> tuple[str, ...]:
    return (line.item.name, line.item.description, line.item.seller_id, line.item.buyer_id, line.order_line, line.note)


def _amounts(invoice: Invoice) -> Iterable[Decimal | None]:
    totals = invoice.totals
    yield from (totals.payable, totals.gross, totals.net, totals.vat)
    yield from (line.net for line in invoice.lines)


# Pages of what matches

START = 2**53 - 1
"""Given as `after`: from the newest, once those whose very number was asked have been shown. JSON holds it exactly."""
_NEWEST = 10_000
"""Entries in which PostgreSQL first looks for a page."""
_FEW = 10_000
"""Matches up to which PostgreSQL is told which they are, `_AT_ONCE` at a time."""
_AT_ONCE = 500
_LONGEST_NUMBER = 60


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
    if _is_sqlite(conn):
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


def _entry_of(token: str) -> int:
    if not token:
        return 0
    _, key = decode(token)
    if not key.isdecimal():
        raise Invalid("PAGE_INCONNUE", "Cette page n’existe pas.", "Revenez à la première page de la liste.")
    return int(key)
