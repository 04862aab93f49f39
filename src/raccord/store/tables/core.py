"""The tables of Raccord, for SQLite and PostgreSQL alike. The tables of DBOS live beside, never touched here.

Amounts are in cents (`Money`), instants are aware (`Instant`), JSON is plain. Every change of schema is a migration in
`migrations/`; a test holds this page and the migrations together.
"""

import sqlalchemy as sa

from raccord.store.tables.types import Day, Instant, Money

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

_Big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
"""An autoincrementing key: SQLite only counts by itself on INTEGER."""


def _table(name: str, *columns: sa.schema.SchemaItem) -> sa.Table:
    return sa.Table(name, metadata, *columns)


connections = _table(
    "connections",
    sa.Column("id", sa.String(36), primary_key=True),
    sa.Column("label", sa.String(120), nullable=False, unique=True),
    sa.Column("environment", sa.String(20), nullable=False),
    sa.Column("model", sa.String(20), nullable=False),
    sa.Column("token_url", sa.String(500), nullable=False),
    sa.Column("api_url", sa.String(500), nullable=False),
    sa.Column("portal_url", sa.String(500), nullable=False, server_default=""),
    sa.Column("client_id", sa.String(200), nullable=False, server_default=""),
    sa.Column("login", sa.String(200), nullable=False, server_default=""),
    sa.Column("network", sa.JSON, nullable=False),
    sa.Column("enabled", sa.Boolean, nullable=False),
    sa.Column("light", sa.String(12), nullable=False),
    sa.Column("light_since", Instant),
    sa.Column("cause", sa.String(20), nullable=False, server_default=""),
    sa.Column("verdict", sa.JSON),  # the last verdict, for the pages; no secret in it
    sa.Column("verdict_at", Instant),
    sa.Column("retry_at", Instant),
    sa.Column("expires_at", Instant),
    sa.Column("expiry_source", sa.String(12), nullable=False),
    sa.Column("last_success_at", Instant),
    sa.Column("credentials_changed_at", Instant),
    sa.Column("refusals_in_a_row", sa.Integer, nullable=False, server_default="0"),
    sa.Column("breaker_open", sa.Boolean, nullable=False),
    sa.Column("paused", sa.Boolean, nullable=False),
    sa.Column("supplier_cursor", Instant),  # the last state date seen in the delta search of what was sent
    sa.Column("supplier_quiet", sa.Integer, nullable=False, server_default="0"),  # searches in a row without news
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("updated_at", Instant, nullable=False),
)

light_history = _table(
    "light_history",
    sa.Column("id", _Big, primary_key=True, autoincrement=True),
    sa.Column("connection_id", sa.ForeignKey("connections.id"), nullable=False, index=True),
    sa.Column("at", Instant, nullable=False),
    sa.Column("light", sa.String(12), nullable=False),
    sa.Column("cause", sa.String(20), nullable=False),
    sa.Column("sentence", sa.String(500), nullable=False),
    sa.Column("actor", sa.String(120), nullable=False),
)

data_keys = _table(
    "data_keys",
    sa.Column("id", sa.String(36), primary_key=True),
    sa.Column("sealed", sa.LargeBinary, nullable=False),  # the data key, sealed by the master key
    sa.Column("master", sa.String(64), nullable=False),  # fingerprint of the master key that sealed it
    sa.Column("active", sa.Boolean, nullable=False),
    sa.Column("created_at", Instant, nullable=False),
)

secrets = _table(
    "secrets",
    sa.Column("name", sa.String(200), primary_key=True),  # e.g. connection/<id>/password, connection/<id>/candidate
    sa.Column("sealed", sa.LargeBinary, nullable=False),  # v1|key id|nonce|ciphertext, bound to `name`
    sa.Column("updated_at", Instant, nullable=False),
)

structures = _table(
    "structures",
    sa.Column("id", sa.String(36), primary_key=True),
    sa.Column("connection_id", sa.ForeignKey("connections.id"), nullable=False),
    sa.Column("siret", sa.String(18), nullable=False),
    sa.Column("label", sa.String(200), nullable=False),
    sa.Column("id_structure_cpp", sa.BigInteger),
    sa.Column("is_supplier", sa.Boolean, nullable=False),
    sa.Column("is_recipient", sa.Boolean, nullable=False),
    sa.Column("receive_from", Instant),
    sa.Column("recipient_cursor", Instant),  # the last state date seen in the delta search of what was received
    sa.Column("recipient_quiet", sa.Integer, nullable=False, server_default="0"),
    sa.Column("created_at", Instant, nullable=False),
    sa.UniqueConstraint("connection_id", "siret"),
    sa.Index("ix_structures_siret", "siret"),
)

flux = _table(
    "flux",
    sa.Column("id", sa.String(36), primary_key=True),
    sa.Column("connection_id", sa.ForeignKey("connections.id"), nullable=False, index=True),
    sa.Column("syntaxe_flux", sa.String(40), nullable=False),
    sa.Column("state", sa.String(12), nullable=False),  # sending, uncertain, sent, done, abandoned, to_decide
    sa.Column("filename", sa.String(200), nullable=False),
    sa.Column("deposits", sa.Integer, nullable=False),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("numero_flux", sa.String(40), nullable=False, server_default="", index=True),
    sa.Column("platform_state", sa.String(60), nullable=False, server_default=""),
    sa.Column("report", sa.JSON),
    sa.Column("looks", sa.Integer, nullable=False, server_default="0"),
    sa.Column("look_at", Instant, index=True),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("updated_at", Instant, nullable=False),
    sa.Index("ix_flux_recent", "connection_id", "created_at"),
)

deposits = _table(
    "deposits",
    sa.Column("id", sa.String(36), primary_key=True),
    sa.Column("connection_id", sa.ForeignKey("connections.id"), nullable=False),
    sa.Column("state", sa.String(12), nullable=False),
    sa.Column("filename", sa.String(200), nullable=False),
    sa.Column("syntaxe_flux", sa.String(40), nullable=False),
    sa.Column("sha256", sa.String(64), nullable=False),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("number", sa.String(60), nullable=False),
    sa.Column("issue_date", Day),
    sa.Column("issue_year", sa.Integer),
    sa.Column("supplier_siren", sa.String(18), nullable=False),
    sa.Column("supplier_siret", sa.String(18), nullable=False),
    sa.Column("supplier_name", sa.String(200), nullable=False),
    sa.Column("recipient_siret", sa.String(18), nullable=False),
    sa.Column("recipient_name", sa.String(200), nullable=False),
    sa.Column("service_code", sa.String(100), nullable=False),
    sa.Column("commitment", sa.String(60), nullable=False),
    sa.Column("market", sa.String(60), nullable=False, server_default=""),
    sa.Column("type_code", sa.String(10), nullable=False),
    sa.Column("cadre", sa.String(10), nullable=False),
    sa.Column("currency", sa.String(3), nullable=False),
    sa.Column("amount_due", Money),
    sa.Column("amount_total", Money),
    sa.Column("faults", sa.JSON, nullable=False),
    sa.Column("rule_sets", sa.JSON, nullable=False),
    sa.Column("idempotency_key", sa.String(200), nullable=False),
    sa.Column("platform", sa.String(500), nullable=False),  # the address of Chorus Pro: numbers are unique in each
    sa.Column("urgent", sa.Boolean, nullable=False),
    sa.Column("alone", sa.Boolean, nullable=False, server_default=sa.false()),  # a batch failed: travels alone
    sa.Column("not_before", Instant),
    sa.Column("flux_id", sa.ForeignKey("flux.id"), index=True),
    sa.Column("numero_flux", sa.String(40), nullable=False, server_default=""),
    sa.Column("id_facture", sa.BigInteger),
    sa.Column("platform_status", sa.String(60), nullable=False, server_default=""),
    sa.Column("platform_status_at", Instant),
    sa.Column("platform_comment", sa.String(2000), nullable=False, server_default=""),
    sa.Column("followed", sa.Boolean, nullable=False),  # True while news is expected from Chorus Pro
    sa.Column("author", sa.String(120), nullable=False),
    sa.Column("source", sa.String(20), nullable=False),
    sa.Column("starts_on", Day),  # first day of the period; None unless payment is awaited (`due_dates.py`)
    sa.Column("due_on", Day),  # last day to pay; None while suspended too
    sa.Column("reckoned", sa.Boolean, nullable=False, server_default=sa.false()),  # whether both are those of now
    sa.Column("created_at", Instant, nullable=False, index=True),
    sa.Column("updated_at", Instant, nullable=False),
    # every row of a page of news is looked up by one of these two
    sa.Index("ix_deposits_known", "connection_id", "id_facture"),
    sa.Index("ix_deposits_number", "number", "supplier_siren"),
    sa.Index("ix_deposits_state", "state", "created_at", "id"),  # in the order of the list
    sa.Index("ix_deposits_at_platform", "platform_status", "created_at", "id"),  # what the public bodies sent back
    sa.Index("ix_deposits_outbox", "connection_id", "state", "urgent", "created_at"),
    sa.Index("ix_deposits_followed", "connection_id", "followed", "supplier_siret"),
    sa.Index("ix_deposits_of_supplier", "supplier_siret", "created_at", "id", "state"),  # of a reach
    # all that the board of deadlines sums, read from the index itself
    sa.Index("ix_deposits_due", "due_on", "starts_on", "connection_id", "supplier_siret", "recipient_siret",
             "recipient_name", "service_code", "amount_total", "amount_due",
             sqlite_where=sa.text("starts_on IS NOT NULL"), postgresql_where=sa.text("starts_on IS NOT NULL")),
    sa.Index("ix_deposits_to_reckon", "id", sqlite_where=sa.text("NOT reckoned AND followed"),
             postgresql_where=sa.text("NOT reckoned AND followed")),
    sa.Index("uq_deposits_key", "connection_id", "idempotency_key", unique=True,
             sqlite_where=sa.text("idempotency_key <> ''"), postgresql_where=sa.text("idempotency_key <> ''")),
    # specifications/flux.md §7: supplier SIREN, year of issue, number; a refused or cancelled deposit frees its number
    sa.Index("uq_deposits_triple", "platform", "supplier_siren", "issue_year", "number", unique=True,
             sqlite_where=sa.text("state NOT IN ('faulty', 'refused', 'cancelled')"),
             postgresql_where=sa.text("state NOT IN ('faulty', 'refused', 'cancelled')")),
)  # fmt: skip

attempts = _table(
    "attempts",
    sa.Column("id", sa.String(36), primary_key=True),
    sa.Column("connection_id", sa.ForeignKey("connections.id"), nullable=False),
    sa.Column("subject", sa.String(60), nullable=False, index=True),  # flux/<id> or status/<id>
    sa.Column("operation", sa.String(60), nullable=False),
    sa.Column("worker", sa.String(60), nullable=False),
    sa.Column("started_at", Instant, nullable=False),
    sa.Column("answered_at", Instant),
    sa.Column("outcome", sa.String(20), nullable=False, server_default=""),  # answered, refused, unknown, not_sent
    sa.Column("answer", sa.JSON),
)

receptions = _table(
    "receptions",
    sa.Column("id", sa.String(36), primary_key=True),
    sa.Column("connection_id", sa.ForeignKey("connections.id"), nullable=False),
    sa.Column("structure_id", sa.ForeignKey("structures.id"), nullable=False),
    sa.Column("state", sa.String(12), nullable=False),
    sa.Column("family", sa.String(20), nullable=False),
    sa.Column("id_facture", sa.BigInteger, nullable=False),
    sa.Column("number", sa.String(60), nullable=False, index=True),
    sa.Column("issue_date", Day),
    sa.Column("deposit_date", Day),
    sa.Column("supplier_siret", sa.String(30), nullable=False),
    sa.Column("supplier_name", sa.String(200), nullable=False),
    sa.Column("recipient_siret", sa.String(18), nullable=False),
    sa.Column("service_code", sa.String(100), nullable=False),
    sa.Column("service_name", sa.String(200), nullable=False),
    sa.Column("commitment", sa.String(60), nullable=False),
    sa.Column("market", sa.String(60), nullable=False),
    sa.Column("type_code", sa.String(20), nullable=False),
    sa.Column("currency", sa.String(3), nullable=False),
    sa.Column("amount_total", Money),
    sa.Column("amount_due", Money),
    sa.Column("platform_status", sa.String(60), nullable=False),
    sa.Column("platform_status_at", Instant),
    sa.Column("platform_comment", sa.String(2000), nullable=False, server_default=""),
    sa.Column("sequence", _Big, index=True),  # order of storage: the cursor of consumers; None until stored
    sa.Column("due_on", Day),  # last day to pay; None while suspended, once paid or closed (`due_dates.py`)
    sa.Column("reckoned", sa.Boolean, nullable=False, server_default=sa.false()),  # whether `due_on` is that of now
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("updated_at", Instant, nullable=False),
    sa.UniqueConstraint("connection_id", "id_facture"),
    sa.Index("ix_receptions_inbox", "structure_id", "platform_status", "created_at", "id"),
    sa.Index("ix_receptions_of_supplier", "supplier_siret", "created_at", "id"),
    sa.Index(
        "ix_receptions_due",  # in the order of the inbox, the days read from the index itself
        "created_at",
        "id",
        "due_on",
        "structure_id",
        sqlite_where=sa.text("due_on IS NOT NULL"),
        postgresql_where=sa.text("due_on IS NOT NULL"),
    ),
    sa.Index(
        "ix_receptions_to_reckon", "id", sqlite_where=sa.text("NOT reckoned"), postgresql_where=sa.text("NOT reckoned")
    ),
    sa.Index(
        "ix_receptions_to_fetch",
        "structure_id",
        "created_at",
        "id_facture",
        sqlite_where=sa.text("state = 'seen'"),
        postgresql_where=sa.text("state = 'seen'"),
    ),
    sa.Index("ix_receptions_state", "connection_id", "state"),
    sa.Index(
        "ix_receptions_seen",  # in the order of the inbox
        "created_at",
        "id",
        sqlite_where=sa.text("state = 'seen'"),
        postgresql_where=sa.text("state = 'seen'"),
    ),
)

documents = _table(
    "documents",
    sa.Column("id", _Big, primary_key=True, autoincrement=True),
    sa.Column("reception_id", sa.ForeignKey("receptions.id"), nullable=False, index=True),
    sa.Column("kind", sa.String(12), nullable=False),
    sa.Column("name", sa.String(255), nullable=False),
    sa.Column("mime", sa.String(120), nullable=False),
    sa.Column("sha256", sa.String(64), nullable=False),
    sa.Column("size", sa.BigInteger, nullable=False),
)

status_posts = _table(
    "status_posts",
    sa.Column("id", sa.String(36), primary_key=True),
    sa.Column("seq", _Big, nullable=False, index=True),  # order per reception
    sa.Column("reception_id", sa.ForeignKey("receptions.id"), nullable=False, index=True),
    sa.Column("connection_id", sa.ForeignKey("connections.id"), nullable=False),
    sa.Column("target", sa.String(60), nullable=False),
    sa.Column("motif", sa.String(255), nullable=False),
    sa.Column("mandate_number", sa.String(60), nullable=False),
    sa.Column("state", sa.String(12), nullable=False),
    sa.Column("answer", sa.String(500), nullable=False, server_default=""),
    sa.Column("author", sa.String(120), nullable=False),
    sa.Column("source", sa.String(20), nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("updated_at", Instant, nullable=False),
    sa.Index("ix_status_posts_waiting", "connection_id", "state", "seq"),
)

events = _table(
    "events",
    sa.Column("seq", _Big, primary_key=True, autoincrement=False),
    sa.Column("subject", sa.String(80), nullable=False, index=True),
    sa.Column("kind", sa.String(60), nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("actor", sa.String(120), nullable=False),
    sa.Column("data", sa.JSON, nullable=False),
    sa.Column("previous", sa.String(64), nullable=False),
    sa.Column("hash", sa.String(64), nullable=False),
)

journal_head = _table(
    "journal_head",  # one row: the end of the chain, locked by whoever writes
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("seq", _Big, nullable=False),
    sa.Column("hash", sa.String(64), nullable=False),
)

quotas = _table(
    "quotas",
    sa.Column("key", sa.String(200), primary_key=True),  # application/<client id> or account/<login>
    sa.Column("tat", sa.Float, nullable=False),  # GCRA: theoretical arrival time, seconds since the epoch
)

tokens = _table(
    "tokens",  # one PISTE token per application, shared by all workers
    sa.Column("application", sa.String(300), primary_key=True),
    sa.Column("sealed", sa.LargeBinary, nullable=False),
    sa.Column("expires_at", Instant, nullable=False),
)

workers = _table(
    "workers",
    sa.Column("id", sa.String(60), primary_key=True),
    sa.Column("beat_at", Instant, nullable=False),
    sa.Column("host", sa.String(120), nullable=False),
    sa.Column("pid", sa.Integer, nullable=False),
    sa.Column("version", sa.String(40), nullable=False),
)

wakes = _table(
    "wakes",  # a job is to run: at most one waits for a name and a key
    sa.Column("name", sa.String(60), primary_key=True),
    sa.Column("key", sa.String(120), primary_key=True),
    sa.Column("due", Instant, index=True),  # None once the job has begun
    sa.Column("args", sa.JSON, nullable=False),
    sa.Column("priority", sa.Integer, nullable=False),
    sa.Column("failures", sa.Integer, nullable=False, server_default="0"),  # in a row, for the patience
    sa.Column("last_error", sa.String(300), nullable=False, server_default=""),
)

users = _table(
    "users",
    sa.Column("id", sa.String(36), primary_key=True),
    sa.Column("email", sa.String(200), nullable=False, unique=True),  # lower case
    sa.Column("name", sa.String(120), nullable=False),
    sa.Column("role", sa.String(20), nullable=False),
    sa.Column("password_hash", sa.String(200), nullable=False),
    sa.Column("active", sa.Boolean, nullable=False),
    sa.Column("failures", sa.Integer, nullable=False, server_default="0"),
    sa.Column("locked_until", Instant),
    sa.Column("totp_last", sa.BigInteger),  # last accepted counter; the secret is in `secrets`
    sa.Column("totp_enabled", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("language", sa.String(5), nullable=False, server_default="fr"),
    sa.Column("reach", sa.JSON(none_as_null=True)),  # the SIRET of the structures seen; NULL: every structure
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("last_login_at", Instant),
)

sessions = _table(
    "sessions",
    sa.Column("token_hash", sa.String(64), primary_key=True),  # SHA-256 of the cookie
    sa.Column("user_id", sa.ForeignKey("users.id"), nullable=False, index=True),
    sa.Column("csrf", sa.String(64), nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("seen_at", Instant, nullable=False),
    sa.Column("expires_at", Instant, nullable=False),
    sa.Column("second_factor", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("agent", sa.String(200), nullable=False),
)

api_keys = _table(
    "api_keys",
    sa.Column("id", sa.String(36), primary_key=True),
    sa.Column("label", sa.String(120), nullable=False),
    sa.Column("prefix", sa.String(12), nullable=False, unique=True),
    sa.Column("key_hash", sa.String(64), nullable=False),
    sa.Column("scopes", sa.JSON, nullable=False),
    sa.Column("reach", sa.JSON(none_as_null=True)),  # as for persons, never more than its owner's
    sa.Column("user_id", sa.ForeignKey("users.id"), nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("expires_at", Instant),
    sa.Column("last_used_at", Instant),
    sa.Column("revoked", sa.Boolean, nullable=False),
)

one_time_links = _table(
    "one_time_links",
    sa.Column("token_hash", sa.String(64), primary_key=True),
    sa.Column("purpose", sa.String(30), nullable=False),  # first-superviseur, password-reset, invitation
    sa.Column("user_id", sa.ForeignKey("users.id")),
    sa.Column("expires_at", Instant, nullable=False),
    sa.Column("used_at", Instant),
)
