"""The first tables."""

import sqlalchemy as sa
from alembic import op

from raccord.store.tables.types import Day, Instant, Money

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward only."""
    op.create_table(
        "connections",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("label", sa.String(length=120), nullable=False),
        sa.Column("environment", sa.String(length=20), nullable=False),
        sa.Column("model", sa.String(length=20), nullable=False),
        sa.Column("token_url", sa.String(length=500), nullable=False),
        sa.Column("api_url", sa.String(length=500), nullable=False),
        sa.Column("portal_url", sa.String(length=500), server_default="", nullable=False),
        sa.Column("client_id", sa.String(length=200), server_default="", nullable=False),
        sa.Column("login", sa.String(length=200), server_default="", nullable=False),
        sa.Column("network", sa.JSON(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("light", sa.String(length=12), nullable=False),
        sa.Column("light_since", Instant(length=32), nullable=True),
        sa.Column("cause", sa.String(length=20), server_default="", nullable=False),
        sa.Column("verdict", sa.JSON(), nullable=True),
        sa.Column("verdict_at", Instant(length=32), nullable=True),
        sa.Column("retry_at", Instant(length=32), nullable=True),
        sa.Column("expires_at", Instant(length=32), nullable=True),
        sa.Column("expiry_source", sa.String(length=12), nullable=False),
        sa.Column("last_success_at", Instant(length=32), nullable=True),
        sa.Column("credentials_changed_at", Instant(length=32), nullable=True),
        sa.Column("refusals_in_a_row", sa.Integer(), server_default="0", nullable=False),
        sa.Column("breaker_open", sa.Boolean(), nullable=False),
        sa.Column("paused", sa.Boolean(), nullable=False),
        sa.Column("supplier_cursor", Instant(length=32), nullable=True),
        sa.Column("supplier_quiet", sa.Integer(), server_default="0", nullable=False),
        sa.Column("created_at", Instant(length=32), nullable=False),
        sa.Column("updated_at", Instant(length=32), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_connections")),
        sa.UniqueConstraint("label", name=op.f("uq_connections_label")),
    )
    op.create_table(
        "data_keys",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("master", sa.String(length=64), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", Instant(length=32), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_data_keys")),
    )
    op.create_table(
        "events",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("at", Instant(length=32), nullable=False),
        sa.Column("actor", sa.String(length=120), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_events")),
    )
    op.create_index(op.f("ix_events_subject"), "events", ["subject"], unique=False)
    op.create_table(
        "journal_head",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal_head")),
    )
    op.create_table(
        "quotas",
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("tat", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_quotas")),
    )
    op.create_table(
        "secrets",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("updated_at", Instant(length=32), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_secrets")),
    )
    op.create_table(
        "tokens",
        sa.Column("application", sa.String(length=300), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", Instant(length=32), nullable=False),
        sa.PrimaryKeyConstraint("application", name=op.f("pk_tokens")),
    )
    op.create_table(
        "users",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("email", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("failures", sa.Integer(), server_default="0", nullable=False),
        sa.Column("locked_until", Instant(length=32), nullable=True),
        sa.Column("totp_last", sa.BigInteger(), nullable=True),
        sa.Column("totp_enabled", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("language", sa.String(length=5), server_default="fr", nullable=False),
        sa.Column("created_at", Instant(length=32), nullable=False),
        sa.Column("last_login_at", Instant(length=32), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("email", name=op.f("uq_users_email")),
    )
    op.create_table(
        "wakes",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("due", Instant(length=32), nullable=True),
        sa.Column("args", sa.JSON(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("failures", sa.Integer(), server_default="0", nullable=False),
        sa.Column("last_error", sa.String(length=300), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("name", "key", name=op.f("pk_wakes")),
    )
    op.create_index(op.f("ix_wakes_due"), "wakes", ["due"], unique=False)
    op.create_table(
        "workers",
        sa.Column("id", sa.String(length=60), nullable=False),
        sa.Column("beat_at", Instant(length=32), nullable=False),
        sa.Column("host", sa.String(length=120), nullable=False),
        sa.Column("pid", sa.Integer(), nullable=False),
        sa.Column("version", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workers")),
    )
    op.create_table(
        "api_keys",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("label", sa.String(length=120), nullable=False),
        sa.Column("prefix", sa.String(length=12), nullable=False),
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column("user_id", sa.String(length=36), nullable=False),
        sa.Column("created_at", Instant(length=32), nullable=False),
        sa.Column("expires_at", Instant(length=32), nullable=True),
        sa.Column("last_used_at", Instant(length=32), nullable=True),
        sa.Column("revoked", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_api_keys_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_keys")),
        sa.UniqueConstraint("prefix", name=op.f("uq_api_keys_prefix")),
    )
    op.create_table(
        "attempts",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("connection_id", sa.String(length=36), nullable=False),
        sa.Column("subject", sa.String(length=60), nullable=False),
        sa.Column("operation", sa.String(length=60), nullable=False),
        sa.Column("worker", sa.String(length=60), nullable=False),
        sa.Column("started_at", Instant(length=32), nullable=False),
        sa.Column("answered_at", Instant(length=32), nullable=True),
        sa.Column("outcome", sa.String(length=20), server_default="", nullable=False),
        sa.Column("answer", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(["connection_id"], ["connections.id"], name=op.f("fk_attempts_connection_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempts")),
    )
    op.create_index(op.f("ix_attempts_subject"), "attempts", ["subject"], unique=False)
    op.create_table(
        "flux",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("connection_id", sa.String(length=36), nullable=False),
        sa.Column("syntaxe_flux", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("deposits", sa.Integer(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("numero_flux", sa.String(length=40), server_default="", nullable=False),
        sa.Column("platform_state", sa.String(length=60), server_default="", nullable=False),
        sa.Column("report", sa.JSON(), nullable=True),
        sa.Column("looks", sa.Integer(), server_default="0", nullable=False),
        sa.Column("look_at", Instant(length=32), nullable=True),
        sa.Column("created_at", Instant(length=32), nullable=False),
        sa.Column("updated_at", Instant(length=32), nullable=False),
        sa.ForeignKeyConstraint(["connection_id"], ["connections.id"], name=op.f("fk_flux_connection_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_flux")),
    )
    op.create_index(op.f("ix_flux_connection_id"), "flux", ["connection_id"], unique=False)
    op.create_index(op.f("ix_flux_look_at"), "flux", ["look_at"], unique=False)
    op.create_index(op.f("ix_flux_numero_flux"), "flux", ["numero_flux"], unique=False)
    op.create_table(
        "light_history",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("connection_id", sa.String(length=36), nullable=False),
        sa.Column("at", Instant(length=32), nullable=False),
        sa.Column("light", sa.String(length=12), nullable=False),
        sa.Column("cause", sa.String(length=20), nullable=False),
        sa.Column("sentence", sa.String(length=500), nullable=False),
        sa.Column("actor", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(["connection_id"], ["connections.id"], name=op.f("fk_light_history_connection_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_light_history")),
    )
    op.create_index(op.f("ix_light_history_connection_id"), "light_history", ["connection_id"], unique=False)
    op.create_table(
        "one_time_links",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("purpose", sa.String(length=30), nullable=False),
        sa.Column("user_id", sa.String(length=36), nullable=True),
        sa.Column("expires_at", Instant(length=32), nullable=False),
        sa.Column("used_at", Instant(length=32), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_one_time_links_user_id")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_one_time_links")),
    )
    op.create_table(
        "sessions",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.String(length=36), nullable=False),
        sa.Column("csrf", sa.String(length=64), nullable=False),
        sa.Column("created_at", Instant(length=32), nullable=False),
        sa.Column("seen_at", Instant(length=32), nullable=False),
        sa.Column("expires_at", Instant(length=32), nullable=False),
        sa.Column("second_factor", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("agent", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_sessions_user_id")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_sessions")),
    )
    op.create_index(op.f("ix_sessions_user_id"), "sessions", ["user_id"], unique=False)
    op.create_table(
        "structures",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("connection_id", sa.String(length=36), nullable=False),
        sa.Column("siret", sa.String(length=18), nullable=False),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("id_structure_cpp", sa.BigInteger(), nullable=True),
        sa.Column("is_supplier", sa.Boolean(), nullable=False),
        sa.Column("is_recipient", sa.Boolean(), nullable=False),
        sa.Column("receive_from", Instant(length=32), nullable=True),
        sa.Column("recipient_cursor", Instant(length=32), nullable=True),
        sa.Column("recipient_quiet", sa.Integer(), server_default="0", nullable=False),
        sa.Column("created_at", Instant(length=32), nullable=False),
        sa.ForeignKeyConstraint(["connection_id"], ["connections.id"], name=op.f("fk_structures_connection_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_structures")),
        sa.UniqueConstraint("connection_id", "siret", name=op.f("uq_structures_connection_id_siret")),
    )
    op.create_table(
        "deposits",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("connection_id", sa.String(length=36), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("syntaxe_flux", sa.String(length=40), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("issue_date", Day(length=10), nullable=True),
        sa.Column("issue_year", sa.Integer(), nullable=True),
        sa.Column("supplier_siren", sa.String(length=18), nullable=False),
        sa.Column("supplier_siret", sa.String(length=18), nullable=False),
        sa.Column("supplier_name", sa.String(length=200), nullable=False),
        sa.Column("recipient_siret", sa.String(length=18), nullable=False),
        sa.Column("recipient_name", sa.String(length=200), nullable=False),
        sa.Column("service_code", sa.String(length=100), nullable=False),
        sa.Column("commitment", sa.String(length=60), nullable=False),
        sa.Column("market", sa.String(length=60), server_default="", nullable=False),
        sa.Column("type_code", sa.String(length=10), nullable=False),
        sa.Column("cadre", sa.String(length=10), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("amount_due", Money(), nullable=True),
        sa.Column("amount_total", Money(), nullable=True),
        sa.Column("faults", sa.JSON(), nullable=False),
        sa.Column("rule_sets", sa.JSON(), nullable=False),
        sa.Column("idempotency_key", sa.String(length=200), nullable=False),
        sa.Column("platform", sa.String(length=500), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("alone", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("not_before", Instant(length=32), nullable=True),
        sa.Column("flux_id", sa.String(length=36), nullable=True),
        sa.Column("numero_flux", sa.String(length=40), server_default="", nullable=False),
        sa.Column("id_facture", sa.BigInteger(), nullable=True),
        sa.Column("platform_status", sa.String(length=60), server_default="", nullable=False),
        sa.Column("platform_status_at", Instant(length=32), nullable=True),
        sa.Column("platform_comment", sa.String(length=2000), server_default="", nullable=False),
        sa.Column("followed", sa.Boolean(), nullable=False),
        sa.Column("author", sa.String(length=120), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("created_at", Instant(length=32), nullable=False),
        sa.Column("updated_at", Instant(length=32), nullable=False),
        sa.ForeignKeyConstraint(["connection_id"], ["connections.id"], name=op.f("fk_deposits_connection_id")),
        sa.ForeignKeyConstraint(["flux_id"], ["flux.id"], name=op.f("fk_deposits_flux_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deposits")),
    )
    op.create_index(op.f("ix_deposits_created_at"), "deposits", ["created_at"], unique=False)
    op.create_index(op.f("ix_deposits_flux_id"), "deposits", ["flux_id"], unique=False)
    op.create_index("ix_deposits_followed", "deposits", ["connection_id", "followed", "supplier_siret"], unique=False)
    op.create_index(op.f("ix_deposits_id_facture"), "deposits", ["id_facture"], unique=False)
    op.create_index(op.f("ix_deposits_number"), "deposits", ["number"], unique=False)
    op.create_index("ix_deposits_outbox", "deposits", ["connection_id", "state", "urgent", "created_at"], unique=False)
    op.create_index(
        "uq_deposits_key",
        "deposits",
        ["connection_id", "idempotency_key"],
        unique=True,
        sqlite_where=sa.text("idempotency_key <> ''"),
        postgresql_where=sa.text("idempotency_key <> ''"),
    )
    op.create_index(
        "uq_deposits_triple",
        "deposits",
        ["platform", "supplier_siren", "issue_year", "number"],
        unique=True,
        sqlite_where=sa.text("state NOT IN ('faulty', 'refused', 'cancelled')"),
        postgresql_where=sa.text("state NOT IN ('faulty', 'refused', 'cancelled')"),
    )
    op.create_table(
        "receptions",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("connection_id", sa.String(length=36), nullable=False),
        sa.Column("structure_id", sa.String(length=36), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("family", sa.String(length=20), nullable=False),
        sa.Column("id_facture", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("issue_date", Day(length=10), nullable=True),
        sa.Column("deposit_date", Day(length=10), nullable=True),
        sa.Column("supplier_siret", sa.String(length=30), nullable=False),
        sa.Column("supplier_name", sa.String(length=200), nullable=False),
        sa.Column("recipient_siret", sa.String(length=18), nullable=False),
        sa.Column("service_code", sa.String(length=100), nullable=False),
        sa.Column("service_name", sa.String(length=200), nullable=False),
        sa.Column("commitment", sa.String(length=60), nullable=False),
        sa.Column("market", sa.String(length=60), nullable=False),
        sa.Column("type_code", sa.String(length=20), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("amount_total", Money(), nullable=True),
        sa.Column("amount_due", Money(), nullable=True),
        sa.Column("platform_status", sa.String(length=60), nullable=False),
        sa.Column("platform_status_at", Instant(length=32), nullable=True),
        sa.Column("platform_comment", sa.String(length=2000), server_default="", nullable=False),
        sa.Column("sequence", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", Instant(length=32), nullable=False),
        sa.Column("updated_at", Instant(length=32), nullable=False),
        sa.ForeignKeyConstraint(["connection_id"], ["connections.id"], name=op.f("fk_receptions_connection_id")),
        sa.ForeignKeyConstraint(["structure_id"], ["structures.id"], name=op.f("fk_receptions_structure_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receptions")),
        sa.UniqueConstraint("connection_id", "id_facture", name=op.f("uq_receptions_connection_id_id_facture")),
    )
    op.create_index(
        "ix_receptions_inbox", "receptions", ["structure_id", "platform_status", "platform_status_at"], unique=False
    )
    op.create_index(op.f("ix_receptions_number"), "receptions", ["number"], unique=False)
    op.create_index(op.f("ix_receptions_sequence"), "receptions", ["sequence"], unique=False)
    op.create_index("ix_receptions_state", "receptions", ["connection_id", "state"], unique=False)
    op.create_table(
        "documents",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("reception_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("mime", sa.String(length=120), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["reception_id"], ["receptions.id"], name=op.f("fk_documents_reception_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_documents")),
    )
    op.create_index(op.f("ix_documents_reception_id"), "documents", ["reception_id"], unique=False)
    op.create_table(
        "status_posts",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("reception_id", sa.String(length=36), nullable=False),
        sa.Column("connection_id", sa.String(length=36), nullable=False),
        sa.Column("target", sa.String(length=60), nullable=False),
        sa.Column("motif", sa.String(length=255), nullable=False),
        sa.Column("mandate_number", sa.String(length=60), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("answer", sa.String(length=500), server_default="", nullable=False),
        sa.Column("author", sa.String(length=120), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("created_at", Instant(length=32), nullable=False),
        sa.Column("updated_at", Instant(length=32), nullable=False),
        sa.ForeignKeyConstraint(["connection_id"], ["connections.id"], name=op.f("fk_status_posts_connection_id")),
        sa.ForeignKeyConstraint(["reception_id"], ["receptions.id"], name=op.f("fk_status_posts_reception_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_status_posts")),
    )
    op.create_index(op.f("ix_status_posts_reception_id"), "status_posts", ["reception_id"], unique=False)
    op.create_index("ix_status_posts_waiting", "status_posts", ["connection_id", "state", "created_at"], unique=False)
