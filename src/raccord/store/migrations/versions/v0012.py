"""Count what a reach holds from the index alone."""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward only."""
    op.drop_index(op.f("ix_deposits_of_supplier"), table_name="deposits")
    op.create_index(
        "ix_deposits_of_supplier", "deposits", ["supplier_siret", "created_at", "id", "state"], unique=False
    )
    op.drop_index(op.f("ix_receptions_of_structure"), table_name="receptions")
    op.create_index(
        "ix_receptions_of_structure", "receptions", ["structure_id", "created_at", "id", "state"], unique=False
    )
