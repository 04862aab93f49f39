"""Add the reach of persons, keys and webhooks."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward only."""
    op.add_column("api_keys", sa.Column("reach", sa.JSON(none_as_null=True), nullable=True))
    op.create_index("ix_deposits_of_supplier", "deposits", ["supplier_siret", "created_at", "id"], unique=False)
    op.create_index("ix_structures_siret", "structures", ["siret"], unique=False)
    op.add_column("users", sa.Column("reach", sa.JSON(none_as_null=True), nullable=True))
    op.add_column("webhooks", sa.Column("reach", sa.JSON(none_as_null=True), nullable=True))
