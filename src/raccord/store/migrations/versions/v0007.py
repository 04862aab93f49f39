"""Add the leases of long pieces of work."""

import sqlalchemy as sa
from alembic import op

from raccord.store.tables.types import Instant

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward only."""
    op.create_table(
        "leases",
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("holder", sa.String(length=36), nullable=False),
        sa.Column("until", Instant(length=32), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_leases")),
    )
