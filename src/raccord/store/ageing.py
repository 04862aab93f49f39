"""A backup of an older version, brought up to today.

Its rows enter tables as that version made them, in a passing SQLite database, and every migration that has landed since
is applied to them there, as it would have been in the house they come from. The restored house only sees the result.
"""

import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

from raccord.store import dumping, migrating
from raccord.store.database import open_store
from raccord.store.tables.processing import metadata  # the last of a chain: every table of ours


@contextmanager
def brought_up(
    revision: str, columns: Mapping[str, Sequence[str]], written: Callable[[str], Iterable[str]]
) -> Iterator[sa.Connection]:
    """A database of today that holds the rows of then, for the time of a block; `dumping.lines` gives them out.

    `columns`: the tables of the backup, each after those it refers to, with their columns; `written(name)`: the lines
    of a table. Nothing that opens anything is in a backup, so nothing of the kind lies in the passing database.
    """
    with tempfile.TemporaryDirectory(prefix="raccord-reprise-") as folder:
        passing = open_store(f"sqlite:///{Path(folder) / 'reprise.db'}", migrate=False)
        try:
            with passing.begin() as conn:
                migrating.upgrade(conn, to=revision)
                _fill(conn, columns, written)
                migrating.upgrade(conn)
            with dumping.still(passing) as conn:
                yield conn
        finally:
            passing.close()


def _fill(conn: sa.Connection, columns: Mapping[str, Sequence[str]], written: Callable[[str], Iterable[str]]) -> None:
    then = {name: _table_of_then(name, given) for name, given in columns.items()}
    for table in reversed(then.values()):  # the single rows that migrations put there
        conn.execute(table.delete())
    for name, table in then.items():
        dumping.put_rows(conn, table, columns[name], written(name))


def _table_of_then(name: str, columns: Sequence[str]) -> sa.TableClause:
    """The columns of then, written as those of today of the same name are."""
    today = metadata.tables.get(name)
    kinds = {column.name: column.type for column in today.columns} if today is not None else {}
    return sa.table(name, *(sa.column(one, kinds.get(one)) for one in columns))
