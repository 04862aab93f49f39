"""The search index: written in the transaction that stores what it describes. It is asked in `asking.py`.

On SQLite one FTS5 table per kind, whose row number is the entry's; on PostgreSQL a `tsvector` with one index per kind.
Both hold the very same words (`words.py`), so both find the same things.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from raccord.domain.invoice import Invoice, Line, Party
from raccord.store import dialects
from raccord.store.search.words import index_words
from raccord.store.tables.archive import search_entries

RECEPTION, DEPOSIT = "reception", "deposit"
KINDS = (RECEPTION, DEPOSIT)

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
_FROM_POSTGRESQL = sa.text("DELETE FROM search_words WHERE id = :id")
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
    if new_entry is None:
        _add(conn, kind, {subject_id: words})
    else:
        _write(conn, kind, {new_entry: tuple(dict.fromkeys(words))}, ())


def put_all(conn: sa.Connection, kind: str, subjects: Mapping[str, Iterable[str]]) -> None:
    """Write the words of many subjects as `put` does for one, in a few statements."""
    rows = [{"kind": kind, "subject_id": subject_id} for subject_id in subjects]
    first = dialects.insert(conn, search_entries).on_conflict_do_nothing(index_elements=["subject_id", "kind"])
    conn.execute(first, rows)
    _add(conn, kind, subjects)


def forget(conn: sa.Connection, kind: str, subject_id: str) -> None:
    """Take a subject out of the index, in the caller's transaction."""
    entry = _entries(conn, kind, [subject_id]).get(subject_id)
    if entry is not None:
        conn.execute(_FROM_SQLITE[kind] if is_sqlite(conn) else _FROM_POSTGRESQL, {"id": entry})
        conn.execute(search_entries.delete().where(search_entries.c.id == entry))


def given_out(conn: sa.Connection) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Every subject of the index, in the order of arrival: its kind, its id, its words. `put` takes them back."""
    for row in conn.execute(sa.select(search_entries).order_by(search_entries.c.id)).all():
        yield row.kind, row.subject_id, _known(conn, row.kind, [row.id]).get(row.id, ())


def is_sqlite(conn: sa.Connection) -> bool:
    """Whether the index is FTS5's, rather than a `tsvector`."""
    return conn.dialect.name == "sqlite"


def _add(conn: sa.Connection, kind: str, subjects: Mapping[str, Iterable[str]]) -> None:
    """Write words beside those that these subjects, which have their entries, already had."""
    entries = _entries(conn, kind, list(subjects))
    known = _known(conn, kind, list(entries.values()))
    changed = {}
    for subject_id, words in subjects.items():
        entry = entries[subject_id]
        merged = tuple(dict.fromkeys((*known.get(entry, ()), *words)))
        if merged != known.get(entry):
            changed[entry] = merged
    if changed:
        _write(conn, kind, changed, [entry for entry in changed if entry in known])


def _entries(conn: sa.Connection, kind: str, subject_ids: Sequence[str]) -> dict[str, int]:
    query = sa.select(search_entries.c.subject_id, search_entries.c.id).where(
        search_entries.c.subject_id.in_(subject_ids), search_entries.c.kind == kind
    )
    return {row.subject_id: row.id for row in conn.execute(query)}


def _known(conn: sa.Connection, kind: str, entries: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """The words of those of these entries that have some written."""
    if is_sqlite(conn):
        table = sa.table(f"search_{kind}", sa.column("rowid", sa.Integer), sa.column("words", sa.String))
        found = conn.execute(sa.select(table).where(table.c.rowid.in_(entries)))
        return {row.rowid: tuple(str(row.words or "").split()) for row in found}
    table = sa.table("search_words", sa.column("id", sa.BigInteger), sa.column("words"))
    words = sa.func.tsvector_to_array(table.c.words).label("words")
    found = conn.execute(sa.select(table.c.id, words).where(table.c.id.in_(entries)))
    return {row.id: tuple(row.words) for row in found}


def _write(conn: sa.Connection, kind: str, words: Mapping[int, tuple[str, ...]], replaced: Sequence[int]) -> None:
    if is_sqlite(conn):
        if replaced:
            conn.execute(_FROM_SQLITE[kind], [{"id": entry} for entry in replaced])
        conn.execute(_TO_SQLITE[kind], [{"id": entry, "words": " ".join(some)} for entry, some in words.items()])
        return
    rows = [{"id": entry, "kind": kind, "words": list(some)} for entry, some in words.items()]
    conn.execute(_TO_POSTGRESQL, rows)


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
