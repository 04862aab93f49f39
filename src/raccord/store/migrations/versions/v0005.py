"""Add what a supplier gives as data, corrects and answers."""

import sqlalchemy as sa
from alembic import op

from raccord.store.tables.types import Instant

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward only."""
    op.create_table(
        "answers",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("deposit_id", sa.String(length=36), nullable=False),
        sa.Column("connection_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("comment", sa.String(length=2000), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("reply", sa.String(length=500), server_default="", nullable=False),
        sa.Column("author", sa.String(length=120), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("created_at", Instant(length=32), nullable=False),
        sa.Column("updated_at", Instant(length=32), nullable=False),
        sa.ForeignKeyConstraint(["connection_id"], ["connections.id"], name=op.f("fk_answers_connection_id")),
        sa.ForeignKeyConstraint(["deposit_id"], ["deposits.id"], name=op.f("fk_answers_deposit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answers")),
    )
    op.create_index(op.f("ix_answers_deposit_id"), "answers", ["deposit_id"], unique=False)
    op.create_index("ix_answers_waiting", "answers", ["connection_id", "state", "seq"], unique=False)
    op.create_table(
        "corrections",
        sa.Column("deposit_id", sa.String(length=36), nullable=False),
        sa.Column("corrects_id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(["corrects_id"], ["deposits.id"], name=op.f("fk_corrections_corrects_id")),
        sa.ForeignKeyConstraint(["deposit_id"], ["deposits.id"], name=op.f("fk_corrections_deposit_id")),
        sa.PrimaryKeyConstraint("deposit_id", name=op.f("pk_corrections")),
    )
    op.create_index(op.f("ix_corrections_corrects_id"), "corrections", ["corrects_id"], unique=False)
    op.create_table(
        "deposit_files",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("deposit_id", sa.String(length=36), nullable=False),
        sa.Column("owner", sa.String(length=36), server_default="", nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("designation", sa.String(length=100), server_default="", nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["deposit_id"], ["deposits.id"], name=op.f("fk_deposit_files_deposit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deposit_files")),
    )
    op.create_index(op.f("ix_deposit_files_deposit_id"), "deposit_files", ["deposit_id"], unique=False)
    op.create_index(op.f("ix_deposit_files_sha256"), "deposit_files", ["sha256"], unique=False)
    op.create_table(
        "entries",
        sa.Column("deposit_id", sa.String(length=36), nullable=False),
        sa.Column("road", sa.String(length=10), nullable=False),
        sa.Column("given", sa.String(length=64), nullable=False),
        sa.Column("piece_id", sa.BigInteger(), nullable=True),
        sa.Column("looks", sa.Integer(), server_default="0", nullable=False),
        sa.Column("ask_at", Instant(length=32), nullable=True),
        sa.ForeignKeyConstraint(["deposit_id"], ["deposits.id"], name=op.f("fk_entries_deposit_id")),
        sa.PrimaryKeyConstraint("deposit_id", name=op.f("pk_entries")),
    )
