"""Add the desk of the finance officer: assignments, remarks, failed downloads, what is fetched."""

import sqlalchemy as sa
from alembic import op

from raccord.store.tables.types import Instant

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward only."""
    op.create_table(
        "assignments",
        sa.Column("reception_id", sa.String(length=36), nullable=False),
        sa.Column("assignee", sa.String(length=120), nullable=False),
        sa.Column("service", sa.String(length=100), nullable=False),
        sa.Column("author", sa.String(length=120), nullable=False),
        sa.Column("updated_at", Instant(length=32), nullable=False),
        sa.ForeignKeyConstraint(["reception_id"], ["receptions.id"], name=op.f("fk_assignments_reception_id")),
        sa.PrimaryKeyConstraint("reception_id", name=op.f("pk_assignments")),
    )
    op.create_index(op.f("ix_assignments_assignee"), "assignments", ["assignee"], unique=False)
    op.create_table(
        "remarks",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("reception_id", sa.String(length=36), nullable=False),
        sa.Column("author", sa.String(length=120), nullable=False),
        sa.Column("text", sa.String(length=2000), nullable=False),
        sa.Column("created_at", Instant(length=32), nullable=False),
        sa.ForeignKeyConstraint(["reception_id"], ["receptions.id"], name=op.f("fk_remarks_reception_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_remarks")),
    )
    op.create_index(op.f("ix_remarks_reception_id"), "remarks", ["reception_id"], unique=False)
    op.create_table(
        "setbacks",
        sa.Column("reception_id", sa.String(length=36), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("retry_at", Instant(length=32), nullable=False),
        sa.ForeignKeyConstraint(["reception_id"], ["receptions.id"], name=op.f("fk_setbacks_reception_id")),
        sa.PrimaryKeyConstraint("reception_id", name=op.f("pk_setbacks")),
    )
    op.create_index(op.f("ix_setbacks_retry_at"), "setbacks", ["retry_at"], unique=False)
    op.create_table(
        "intakes",
        sa.Column("structure_id", sa.String(length=36), nullable=False),
        sa.Column("states", sa.JSON(), nullable=False),
        sa.Column("services", sa.JSON(), nullable=False),
        sa.Column("begun_at", Instant(length=32), nullable=False),
        sa.ForeignKeyConstraint(["structure_id"], ["structures.id"], name=op.f("fk_intakes_structure_id")),
        sa.PrimaryKeyConstraint("structure_id", name=op.f("pk_intakes")),
    )
