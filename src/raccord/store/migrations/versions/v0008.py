"""Keep who wants the letter of the day, the accounts of the entries, the former secret of a webhook."""

import sqlalchemy as sa
from alembic import op

from raccord.store.tables.types import Day, Instant

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward only."""
    op.create_table(
        "digests",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("recipient", sa.String(length=60), nullable=False),
        sa.Column("side", sa.String(length=12), nullable=False),
        sa.Column("scope", sa.String(length=36), nullable=False),
        sa.Column("hour", sa.Integer(), nullable=False),
        sa.Column("always", sa.Boolean(), nullable=False),
        sa.Column("told_on", Day(length=10), nullable=True),
        sa.Column("created_by", sa.String(length=120), nullable=False),
        sa.Column("created_at", Instant(length=32), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_digests")),
        sa.UniqueConstraint("recipient", "side", "scope", name=op.f("uq_digests_recipient_side_scope")),
    )
    op.create_table(
        "entry_accounts",
        sa.Column("structure_id", sa.String(length=36), nullable=False),
        sa.Column("journal", sa.String(length=20), nullable=False),
        sa.Column("expense", sa.String(length=20), nullable=False),
        sa.Column("vat", sa.String(length=20), nullable=False),
        sa.Column("supplier", sa.String(length=20), nullable=False),
        sa.Column("updated_by", sa.String(length=120), nullable=False),
        sa.Column("updated_at", Instant(length=32), nullable=False),
        sa.PrimaryKeyConstraint("structure_id", name=op.f("pk_entry_accounts")),
    )
    op.add_column("webhooks", sa.Column("former_until", Instant(length=32), nullable=True))
