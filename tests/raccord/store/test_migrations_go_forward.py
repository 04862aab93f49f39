"""The tables of any version that landed before, with rows in them, become those of today; no row is lost."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext

from raccord.store import migrating, versions
from raccord.store.database import Store, open_store
from raccord.store.tables.processing import metadata

_SCRIPT = migrating._script()
LANDED = [revision.revision for revision in reversed(list(_SCRIPT.walk_revisions()))]
"""Every version of the tables, the oldest first."""
_VALUES: tuple[tuple[type, Any], ...] = (
    (sa.JSON, {}),
    (sa.DateTime, datetime(2026, 2, 28, 23, 59, tzinfo=UTC)),
    (sa.Date, date(2026, 2, 28)),
    (sa.Boolean, True),
    (sa.Integer, 1),
    (sa.Float, 1.0),
    (sa.Numeric, Decimal("1.25")),
    (sa.LargeBinary, b"1"),
    (sa.String, "1"),
)


def _make(conn: sa.Connection, revision: str) -> None:
    """The tables as that version made them."""

    def steps(before: str, _context: object) -> Any:
        return _SCRIPT._upgrade_revs(revision, before)

    with EnvironmentContext(Config(), _SCRIPT, fn=steps) as environment:
        environment.configure(connection=conn, target_metadata=metadata, transactional_ddl=False)
        environment.run_migrations()


def _value(column: sa.Column[Any]) -> Any:
    return next(value for kind, value in _VALUES if isinstance(column.type, kind))


def _furnish(conn: sa.Connection) -> dict[str, int]:
    """One row in each table, all under the same key, so that each finds what it refers to; how many rows by table."""
    found = sa.MetaData()
    names = [name for name in sa.inspect(conn).get_table_names() if name in metadata.tables]
    found.reflect(conn, only=names)
    for table in found.sorted_tables:
        if not conn.scalar(sa.select(sa.func.count()).select_from(table)):  # migrations put single rows themselves
            conn.execute(table.insert().values({column.name: _value(column) for column in table.columns}))
    return _count(conn, names)


def _count(conn: sa.Connection, names: list[str]) -> dict[str, int]:
    tables = {name: metadata.tables[name] for name in names}
    return {name: conn.scalar(sa.select(sa.func.count()).select_from(table)) or 0 for name, table in tables.items()}


def _empty(url: str) -> Store:
    return open_store(url, migrate=False)


def test_the_last_version_is_known_by_the_name_of_its_file() -> None:
    assert versions.newest() == LANDED[-1] == _SCRIPT.get_current_head()


@pytest.mark.parametrize("revision", LANDED)
def test_a_furnished_house_of_any_version_opens_today(blank_url: str, revision: str) -> None:
    before = _empty(blank_url)
    with before.begin() as conn:
        _make(conn, revision)
        rows = _furnish(conn)
    before.close()
    assert rows
    assert all(rows.values())
    today = open_store(blank_url)
    with today.read() as conn:
        kept = _count(conn, list(rows))
        context = MigrationContext.configure(conn, opts={"include_object": migrating.is_ours, "compare_type": False})
        assert compare_metadata(context, metadata) == []
    today.close()
    assert {name: kept[name] for name in rows if kept[name] < rows[name]} == {}
