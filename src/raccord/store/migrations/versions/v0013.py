"""Requests of programs that may be repeated, and what they were answered."""

import sqlalchemy as sa
from alembic import op

from raccord.store.tables.types import Instant

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward only."""
    op.create_table(
        "repeats",
        sa.Column("owner", sa.String(length=36), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("answered", sa.Boolean(), nullable=False),
        sa.Column("created_at", Instant(length=32), nullable=False),
        sa.PrimaryKeyConstraint("owner", "key", name=op.f("pk_repeats")),
    )
    op.create_index(op.f("ix_repeats_created_at"), "repeats", ["created_at"], unique=False)
