"""Keep the last day to pay of each reception; index what the inbox, the downloads and the statuses ask."""

import sqlalchemy as sa
from alembic import op

from raccord.domain.statuses import FINAL
from raccord.store.tables.types import Day

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward only."""
    op.add_column("receptions", sa.Column("due_on", Day(length=10), nullable=True))
    op.add_column("receptions", sa.Column("reckoned", sa.Boolean(), server_default=sa.false(), nullable=False))
    _nothing_is_due_of_what_is_over()
    op.create_index(
        "ix_receptions_due",
        "receptions",
        ["created_at", "id", "due_on", "structure_id"],
        unique=False,
        sqlite_where=sa.text("due_on IS NOT NULL"),
        postgresql_where=sa.text("due_on IS NOT NULL"),
    )
    op.create_index("ix_receptions_of_supplier", "receptions", ["supplier_siret", "created_at", "id"])
    op.drop_index("ix_receptions_inbox", table_name="receptions")
    op.create_index("ix_receptions_inbox", "receptions", ["structure_id", "platform_status", "created_at", "id"])
    op.create_index(
        "ix_receptions_to_fetch",
        "receptions",
        ["structure_id", "created_at", "id_facture"],
        unique=False,
        sqlite_where=sa.text("state = 'seen'"),
        postgresql_where=sa.text("state = 'seen'"),
    )
    op.create_index(
        "ix_receptions_to_reckon",
        "receptions",
        ["id"],
        unique=False,
        sqlite_where=sa.text("NOT reckoned"),
        postgresql_where=sa.text("NOT reckoned"),
    )
    op.drop_index(op.f("ix_status_posts_waiting"), table_name="status_posts")
    op.create_index("ix_status_posts_waiting", "status_posts", ["connection_id", "state", "seq"], unique=False)
    op.create_index(op.f("ix_status_posts_seq"), "status_posts", ["seq"], unique=False)


def _nothing_is_due_of_what_is_over() -> None:
    """The days of the others are reckoned by the sweep, a few hundred at a time."""
    receptions = sa.table("receptions", sa.column("reckoned"), sa.column("platform_status"))
    op.execute(receptions.update().where(receptions.c.platform_status.in_(sorted(FINAL))).values(reckoned=sa.true()))
