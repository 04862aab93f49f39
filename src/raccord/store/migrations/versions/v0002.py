"""Add the directory of public structures."""

import sqlalchemy as sa
from alembic import op

from raccord.store.tables.types import Instant

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward only."""
    op.create_table(
        "directory_editions",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("environment", sa.String(length=20), nullable=False),
        sa.Column("origin", sa.String(length=200), nullable=False),
        sa.Column("structures", sa.Integer(), server_default="0", nullable=False),
        sa.Column("services", sa.Integer(), server_default="0", nullable=False),
        sa.Column("at", Instant(length=32), nullable=False),
        sa.Column("failure", sa.String(length=1000), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directory_editions")),
    )
    op.create_index(op.f("ix_directory_editions_state"), "directory_editions", ["state"], unique=False)
    op.create_table(
        "directory_live",
        sa.Column("environment", sa.String(length=20), nullable=False),
        sa.Column("siret", sa.String(length=80), nullable=False),
        sa.Column("known_at", Instant(length=32), nullable=False),
        sa.Column("structure", sa.JSON(), nullable=True),
        sa.Column("services", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("environment", "siret", name=op.f("pk_directory_live")),
    )
    op.create_table(
        "directory_services",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("edition_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("siret", sa.String(length=80), nullable=False),
        sa.Column("code", sa.String(length=120), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("commitment_required", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directory_services")),
    )
    op.create_index("ix_directory_services_siret", "directory_services", ["siret", "edition_id"], unique=False)
    op.create_table(
        "directory_structures",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("edition_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("siret", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("service_required", sa.Boolean(), nullable=False),
        sa.Column("commitment_required", sa.Boolean(), nullable=False),
        sa.Column("service_or_commitment", sa.Boolean(), nullable=False),
        sa.Column("sends_edi", sa.Boolean(), nullable=False),
        sa.Column("receives_edi", sa.Boolean(), nullable=False),
        sa.Column("works_owner", sa.Boolean(), nullable=False),
        sa.Column("works_only", sa.Boolean(), nullable=False),
        sa.Column("address", sa.String(length=400), nullable=False),
        sa.Column("postcode", sa.String(length=20), nullable=False),
        sa.Column("town", sa.String(length=120), nullable=False),
        sa.Column("country", sa.String(length=3), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directory_structures")),
    )
    op.create_index("uq_directory_structures_siret", "directory_structures", ["siret", "edition_id"], unique=True)
