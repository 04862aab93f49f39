"""Bringing the tables up to date at start, forward only, from whatever version landed before."""

from pathlib import Path

import sqlalchemy as sa
from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from raccord.domain.errors import Misconfigured
from raccord.store.tables.processing import metadata  # the last of a chain: every table of ours

_LOCK = 7_267_736_402
"""The advisory lock that one migrating process holds on PostgreSQL; any number, always the same."""


def upgrade(conn: sa.Connection, *, to: str = "head") -> None:
    """Apply the migrations that are missing, in the caller's transaction. Raises `Misconfigured` for newer tables.

    `to`: an older version to stop at, for tables that are about to be made.
    """
    script = _script()
    if conn.dialect.name == "postgresql":
        conn.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
    current = MigrationContext.configure(conn).get_current_revision()
    if current != script.get_current_head():
        _refuse_newer(script, current)
        _run(script, conn, to)


def knows(revision: str) -> bool:
    """Whether this version of the tables landed before ours, or is ours."""
    return revision in _known(_script())


def is_ours(_thing: object, name: str | None, kind: str, _reflected: bool, _twin: object) -> bool:
    """Whether alembic may look at this: a table of the durable engine is not ours."""
    return kind != "table" or name in metadata.tables


def _script() -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    return ScriptDirectory.from_config(config)


def _refuse_newer(script: ScriptDirectory, current: str | None) -> None:
    if current is not None and current not in _known(script):
        raise Misconfigured(
            "BASE_PLUS_RECENTE",
            "Cette base de données a été mise à jour par une version plus récente de Raccord.",
            "Installez cette version plus récente, ou rétablissez la sauvegarde faite avant la mise à jour.",
        )


def _known(script: ScriptDirectory) -> set[str]:
    return {revision.revision for revision in script.walk_revisions()}


def _run(script: ScriptDirectory, conn: sa.Connection, to: str) -> None:
    config = Config()
    config.set_main_option("script_location", script.dir)

    def steps(revision: str, _context: MigrationContext) -> list[object]:
        return list(script._upgrade_revs(to, revision))  # the call that alembic's own command.upgrade makes

    with EnvironmentContext(config, script, fn=steps) as environment:
        environment.configure(connection=conn, target_metadata=metadata, transactional_ddl=False)
        environment.run_migrations()
