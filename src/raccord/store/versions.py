"""At which version the tables of a database stand, told without alembic: most starts have nothing to migrate.

Loading alembic and every migration takes longer than the rest of the opening.
"""

from pathlib import Path

import sqlalchemy as sa

_VERSION_TABLE = "alembic_version"
_landed = sa.select(sa.column("version_num", sa.String)).select_from(sa.table(_VERSION_TABLE))


def is_of_today(conn: sa.Connection) -> bool:
    """Whether the tables of this database are those of this Raccord, neither older nor newer."""
    if not sa.inspect(conn).has_table(_VERSION_TABLE):
        return False
    return list(conn.execute(_landed).scalars()) == [newest()]


def newest() -> str:
    """The last version that landed, by the name of its file: `v0013.py` makes the tables of 0013."""
    folder = Path(__file__).parent / "migrations" / "versions"
    return max(file.stem.removeprefix("v") for file in folder.glob("v[0-9]*.py"))
