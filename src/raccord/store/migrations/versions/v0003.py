"""Add what goes outside: webhooks, consumers, hand-overs, payment terms."""

import sqlalchemy as sa
from alembic import op

from raccord.store.tables.types import Instant

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward only."""
    op.create_table(
        "consumers",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("sequence", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("token", sa.String(length=80), server_default="", nullable=False),
        sa.Column("created_at", Instant(length=32), nullable=False),
        sa.Column("updated_at", Instant(length=32), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_consumers")),
    )
    op.create_table(
        "payment_terms",
        sa.Column("siret", sa.String(length=18), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("updated_at", Instant(length=32), nullable=False),
        sa.PrimaryKeyConstraint("siret", name=op.f("pk_payment_terms")),
    )
    op.create_table(
        "webhooks",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("label", sa.String(length=120), nullable=False),
        sa.Column("url", sa.String(length=1000), nullable=False),
        sa.Column("kinds", sa.JSON(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("cursor", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("failures", sa.Integer(), server_default="0", nullable=False),
        sa.Column("retry_at", Instant(length=32), nullable=True),
        sa.Column("claimed_until", Instant(length=32), nullable=True),
        sa.Column("stopped_because", sa.String(length=300), server_default="", nullable=False),
        sa.Column("created_by", sa.String(length=120), nullable=False),
        sa.Column("created_at", Instant(length=32), nullable=False),
        sa.Column("updated_at", Instant(length=32), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhooks")),
    )
    op.create_table(
        "webhook_deliveries",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("webhook_id", sa.String(length=36), nullable=False),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("at", Instant(length=32), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("delivered", sa.Boolean(), nullable=False),
        sa.Column("answer", sa.String(length=300), nullable=False),
        sa.Column("milliseconds", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["webhook_id"], ["webhooks.id"], name=op.f("fk_webhook_deliveries_webhook_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_deliveries")),
    )
    op.create_index("ix_webhook_deliveries_log", "webhook_deliveries", ["webhook_id", "id"], unique=False)
    op.create_table(
        "handovers",
        sa.Column("consumer", sa.String(length=60), nullable=False),
        sa.Column("reception_id", sa.String(length=36), nullable=False),
        sa.Column("path", sa.String(length=500), nullable=False),
        sa.Column("delivered_at", Instant(length=32), nullable=False),
        sa.Column("acknowledged_at", Instant(length=32), nullable=True),
        sa.ForeignKeyConstraint(["reception_id"], ["receptions.id"], name=op.f("fk_handovers_reception_id")),
        sa.PrimaryKeyConstraint("consumer", "reception_id", name=op.f("pk_handovers")),
    )
    op.create_index("ix_handovers_waiting", "handovers", ["consumer", "acknowledged_at"], unique=False)
