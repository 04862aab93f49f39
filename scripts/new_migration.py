"""Write the next migration from what `store/tables/core.py` asks and the landed migrations do not give yet.

Usage: python scripts/new_migration.py 0002 "what changes"
"""

import sys
import tempfile
from pathlib import Path

from alembic.autogenerate import produce_migrations, render_python_code
from alembic.operations.ops import MigrationScript
from alembic.runtime.migration import MigrationContext

from raccord.store import migrating
from raccord.store.database import open_store
from raccord.store.tables.processing import metadata  # the last of a chain: every table of ours

_HEAD = '''"""{message}"""

import sqlalchemy as sa
from alembic import op

from raccord.store.tables.types import Day, Instant, Money

revision = "{revision}"
down_revision = {down}
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward only."""
'''


def main(revision: str, message: str) -> None:
    folder = Path(migrating.__file__).parent / "migrations" / "versions"
    with tempfile.TemporaryDirectory() as empty:
        store = open_store(f"sqlite:///{empty}/landed.db")
        with store.read() as conn:
            context = MigrationContext.configure(conn, opts={"include_object": migrating.is_ours})
            down = context.get_current_revision()
            script = produce_migrations(context, metadata)
        store.close()
    body = _render(script)
    head = _HEAD.format(message=message, revision=revision, down=f'"{down}"' if down else "None")
    target = folder / f"v{revision}.py"
    target.write_text(head + body + "\n")
    print(target.name)


def _render(script: MigrationScript) -> str:
    assert script.upgrade_ops is not None
    code = render_python_code(
        script.upgrade_ops, sqlalchemy_module_prefix="sa.", alembic_module_prefix="op.", user_module_prefix=""
    )
    code = code.replace("server_default=sa.text('0')", "server_default=sa.false()")  # a Boolean, also on PostgreSQL
    lines = [line for line in code.splitlines() if not line.strip().startswith("#")]
    return "\n".join(line if line.startswith("    ") else f"    {line}" for line in lines if line.strip())


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
