"""The tables of what Raccord tells the outside: webhooks, consumers, repeats, hand-overs, letters, entries."""

import sqlalchemy as sa

from raccord.store.tables import directory as directory_schema
from raccord.store.tables.types import Day, Instant

__all__ = [
    "consumers",
    "deliveries",
    "digests",
    "entry_accounts",
    "handovers",
    "metadata",
    "payment_terms",
    "repeats",
    "webhooks",
]

metadata = directory_schema.metadata

_Big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

webhooks = sa.Table(
    "webhooks",
    metadata,
    sa.Column("id", sa.String(36), primary_key=True),
    sa.Column("label", sa.String(120), nullable=False),
    sa.Column("url", sa.String(1000), nullable=False),
    sa.Column("kinds", sa.JSON, nullable=False),  # families or exact kinds; the secret is in the vault
    sa.Column("active", sa.Boolean, nullable=False),
    sa.Column("cursor", _Big, nullable=False),  # last event of the journal delivered or passed over
    sa.Column("failures", sa.Integer, nullable=False, server_default="0"),  # in a row
    sa.Column("retry_at", Instant),
    sa.Column("claimed_until", Instant),  # a worker delivers: the order is kept by being alone
    sa.Column("stopped_because", sa.String(300), nullable=False, server_default=""),
    sa.Column("former_until", Instant),  # calls are signed with the secret before this one too, until then
    sa.Column("reach", sa.JSON(none_as_null=True)),  # the SIRET of the structures told about; NULL: every structure
    sa.Column("created_by", sa.String(120), nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("updated_at", Instant, nullable=False),
)

deliveries = sa.Table(
    "webhook_deliveries",
    metadata,
    sa.Column("id", _Big, primary_key=True, autoincrement=True),
    sa.Column("webhook_id", sa.ForeignKey("webhooks.id"), nullable=False),
    sa.Column("seq", _Big, nullable=False),  # of the event; 0 for a test
    sa.Column("kind", sa.String(60), nullable=False),
    sa.Column("attempt", sa.Integer, nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("status", sa.Integer, nullable=False),  # HTTP, 0 when nobody answered
    sa.Column("delivered", sa.Boolean, nullable=False),
    sa.Column("answer", sa.String(300), nullable=False),
    sa.Column("milliseconds", sa.Integer, nullable=False),
    sa.Index("ix_webhook_deliveries_log", "webhook_id", "id"),
)

consumers = sa.Table(
    "consumers",
    metadata,
    sa.Column("name", sa.String(60), primary_key=True),
    sa.Column("sequence", _Big, nullable=False),  # last reception acknowledged, in the order of storage
    sa.Column("token", sa.String(80), nullable=False, server_default=""),  # of the last acknowledgement
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("updated_at", Instant, nullable=False),
)

handovers = sa.Table(
    "handovers",  # receptions laid in a folder for a program to take
    metadata,
    sa.Column("consumer", sa.String(60), primary_key=True),
    sa.Column("reception_id", sa.ForeignKey("receptions.id"), primary_key=True),
    sa.Column("path", sa.String(500), nullable=False),  # below the folder of what is to be taken
    sa.Column("delivered_at", Instant, nullable=False),
    sa.Column("acknowledged_at", Instant),
    sa.Index("ix_handovers_waiting", "consumer", "acknowledged_at"),
)

payment_terms = sa.Table(
    "payment_terms",  # the kind of a public body, where a person has chosen another than the ordinary one
    metadata,
    sa.Column("siret", sa.String(18), primary_key=True),
    sa.Column("kind", sa.String(20), nullable=False),
    sa.Column("updated_at", Instant, nullable=False),
)

digests = sa.Table(
    "digests",  # who wants the letter of the day about late payments
    metadata,
    sa.Column("id", sa.String(36), primary_key=True),
    sa.Column("recipient", sa.String(60), nullable=False),  # user/<id> or role/<role>
    sa.Column("side", sa.String(12), nullable=False),  # receptions, deposits
    sa.Column("scope", sa.String(36), nullable=False),  # a structure (receptions), a connection (deposits); empty: all
    sa.Column("hour", sa.Integer, nullable=False),  # of Paris, from which it leaves
    sa.Column("always", sa.Boolean, nullable=False),  # also when there is nothing to say
    sa.Column("told_on", Day),  # the last day on which it left, or had nothing to say
    sa.Column("created_by", sa.String(120), nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.UniqueConstraint("recipient", "side", "scope"),
)

entry_accounts = sa.Table(
    "entry_accounts",  # the journal and accounts of the entries of purchases
    metadata,
    sa.Column("structure_id", sa.String(36), primary_key=True),  # empty: those without a choice of their own
    sa.Column("journal", sa.String(20), nullable=False),
    sa.Column("expense", sa.String(20), nullable=False),
    sa.Column("vat", sa.String(20), nullable=False),
    sa.Column("supplier", sa.String(20), nullable=False),
    sa.Column("updated_by", sa.String(120), nullable=False),
    sa.Column("updated_at", Instant, nullable=False),
)

repeats = sa.Table(
    "repeats",  # requests of programs under an idempotency key, and what they were answered
    metadata,
    sa.Column("owner", sa.String(36), primary_key=True),  # the API key
    sa.Column("key", sa.String(200), primary_key=True),
    sa.Column("sealed", sa.LargeBinary, nullable=False),  # the answer may hold a secret
    sa.Column("answered", sa.Boolean, nullable=False),
    sa.Column("created_at", Instant, nullable=False, index=True),
)
