"""the flux of the last hour, for the rhythm of departures"""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward only."""
    op.create_index("ix_flux_recent", "flux", ["connection_id", "created_at"], unique=False)
