"""Our tables as lines of JSON, the same from SQLite and from PostgreSQL: for backups, and to change databases.

Left out: what opens something (vault, sessions, links, tokens), what belongs to a process (workers, wakes, quotas) and
what is fetched again (directory). Hashes of passwords and of keys stay out too: they travel with the secrets.
"""

import base64
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from alembic.runtime.migration import MigrationContext

from raccord.store.database import Store
from raccord.store.search import index as search_index
from raccord.store.tables.processing import metadata  # the last of a chain: every table of ours

LEFT_OUT = frozenset({
    "data_keys", "secrets", "sessions", "one_time_links", "tokens", "workers", "wakes", "quotas", "webhook_deliveries",
    "search_entries", "directory_editions", "directory_live", "directory_services", "directory_structures",
})  # fmt: skip
BLANKS: Mapping[str, Mapping[str, Any]] = {
    "users": {"password_hash": "", "totp_enabled": False, "totp_last": None},
    "api_keys": {"key_hash": "", "revoked": True},
}
"""What stands in a backup in place of the columns that let somebody in."""
_BATCH = 500


def tables() -> list[sa.Table]:
    """The tables of a backup, each after those it refers to."""
    return [table for table in metadata.sorted_tables if table.name not in LEFT_OUT]


def revision(conn: sa.Connection) -> str:
    """The version of the tables."""
    return MigrationContext.configure(conn).get_current_revision() or ""


@contextmanager
def still(store: Store) -> Iterator[sa.Connection]:
    """A connection that sees the database as it is now, whatever others write meanwhile."""
    with store.read() as conn:
        if store.dialect == "postgresql":
            conn.execution_options(isolation_level="REPEATABLE READ")
        else:
            conn.exec_driver_sql("BEGIN")
        yield conn


def lines(conn: sa.Connection, table: sa.Table) -> Iterator[str]:
    """Each row as one line of JSON, without what lets somebody in."""
    blanks = BLANKS.get(table.name, {})
    for row in conn.execution_options(yield_per=_BATCH).execute(sa.select(table)):
        values = {**row._mapping, **blanks}
        yield json.dumps([_plain(table, name, value) for name, value in values.items()], ensure_ascii=False)


def take_in(conn: sa.Connection, table: sa.Table, columns: Sequence[str], written: Iterable[str]) -> int:
    """Insert rows that `lines` wrote; how many. `columns`: their names, as the manifest has them."""
    count = put_rows(conn, table, columns, written)
    _count_from_there(conn, table)
    return count


def put_rows(conn: sa.Connection, table: sa.TableClause, columns: Sequence[str], written: Iterable[str]) -> int:
    """The same in a table that may be of another day."""
    batch: list[dict[str, Any]] = []
    count = 0
    for line in written:
        batch.append({name: _value(told) for name, told in zip(columns, json.loads(line), strict=True)})
        count += 1
        if len(batch) == _BATCH:
            conn.execute(table.insert(), batch)
            batch = []
    if batch:
        conn.execute(table.insert(), batch)
    return count


def words(conn: sa.Connection) -> Iterator[str]:
    """The search index as lines: it lies differently in each database."""
    for kind, subject_id, found in search_index.given_out(conn):
        yield json.dumps([kind, subject_id, " ".join(found)], ensure_ascii=False)


def take_words(conn: sa.Connection, written: Iterable[str]) -> None:
    """Put back what `words` gave."""
    for line in written:
        kind, subject_id, found = json.loads(line)
        search_index.put(conn, kind, subject_id, found.split())


def find_by_heads(conn: sa.Connection) -> None:
    """Index what has no words with it: the first versions did not give them out. Lines are not read again."""
    for kind in search_index.KINDS:
        for row in conn.execute(sa.select(metadata.tables[f"{kind}s"])).mappings().all():
            search_index.put(conn, kind, row["id"], search_index.of_row({**row}))


def empty_out(conn: sa.Connection) -> None:
    """Make room for a restore in a database that has just been made: the single rows that migrations put there."""
    for table in reversed(tables()):
        conn.execute(table.delete())


def is_new(conn: sa.Connection) -> bool:
    """Whether nobody has used this database yet."""
    known = metadata.tables
    return not any(conn.execute(sa.select(known[name]).limit(1)).first() for name in ("users", "connections", "events"))


def doors(conn: sa.Connection) -> dict[str, list[dict[str, Any]]]:
    """The hashes that `lines` leaves out: only ever written under a passphrase."""
    found: dict[str, list[dict[str, Any]]] = {}
    for name, blanks in BLANKS.items():
        table = metadata.tables[name]
        columns = [table.c.id, *(table.c[column] for column in blanks)]
        found[name] = [dict(row._mapping) for row in conn.execute(sa.select(*columns))]
    return found


def open_doors(conn: sa.Connection, found: Mapping[str, list[dict[str, Any]]]) -> None:
    """Put back what `doors` gave."""
    for name, rows in found.items():
        table = metadata.tables[name]
        for row in rows:
            values = {column: value for column, value in row.items() if column != "id"}
            conn.execute(table.update().where(table.c.id == row["id"]).values(**values))


def hold_everything(conn: sa.Connection) -> None:
    """Nothing leaves a restored house before a person says so: what it believes waiting may have left since.

    Statuses, decisions and answers that waited are in doubt: Chorus Pro is asked about each before it is sent.
    """
    for name in ("status_posts", "validation_posts", "answers"):
        table = metadata.tables[name]
        conn.execute(table.update().where(table.c.state == "waiting").values(state="uncertain"))
    connections = metadata.tables["connections"]
    conn.execute(connections.update().values(paused=True, light="inconnu", light_since=None, cause=""))


def _plain(table: sa.Table, name: str, value: Any) -> Any:
    if isinstance(table.c[name].type, sa.JSON):
        return {"json": value}
    if isinstance(value, datetime):
        return {"at": value.isoformat()}
    if isinstance(value, date):
        return {"day": value.isoformat()}
    if isinstance(value, Decimal):
        return {"amount": str(value)}
    return {"bytes": base64.b64encode(value).decode()} if isinstance(value, bytes) else value


def _value(told: Any) -> Any:
    if not isinstance(told, dict):
        return told
    kind, value = next(iter(told.items()))
    return _READ[kind](value)


_READ = {
    "json": lambda value: sa.null() if value is None else value,
    "at": datetime.fromisoformat,
    "day": date.fromisoformat,
    "amount": Decimal,
    "bytes": base64.b64decode,
}


def _count_from_there(conn: sa.Connection, table: sa.Table) -> None:
    """On PostgreSQL a counted key must go on after the last one that was put in by hand."""
    key = table.autoincrement_column
    if key is None or conn.dialect.name != "postgresql" or key.autoincrement is not True:
        return
    last = conn.scalar(sa.select(sa.func.max(key)))
    if last is not None:
        place = sa.func.pg_get_serial_sequence(table.name, key.name)
        conn.execute(sa.select(sa.func.setval(place, last)))
