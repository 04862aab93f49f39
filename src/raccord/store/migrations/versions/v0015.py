"""Index the deposits by their status at Chorus Pro: those that wait for an act of the supplier are listed at once."""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward only."""
    op.create_index("ix_deposits_at_platform", "deposits", ["platform_status", "created_at", "id"], unique=False)
