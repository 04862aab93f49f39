"""The tables of the archive (holds, destructions, seals of the journal), of the search index, of the validators.

The words of the index lie where each database searches them best, outside of `metadata`: FTS5 tables on SQLite, a
`tsvector` on PostgreSQL (see `store/search/index.py` and migration 0004).
"""

import sqlalchemy as sa

from raccord.store.tables.core import receptions
from raccord.store.tables.outward import metadata
from raccord.store.tables.types import Day, Instant

__all__ = ["holds", "metadata", "purges", "seals", "search_entries", "validation_posts"]

_Big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

holds = sa.Table(
    "legal_holds",  # while one of them is open, nothing of its subject is destroyed
    metadata,
    sa.Column("id", sa.String(36), primary_key=True),
    sa.Column("subject", sa.String(80), nullable=False, index=True),  # reception/<id> or deposit/<id>
    sa.Column("reason", sa.String(500), nullable=False),
    sa.Column("author", sa.String(120), nullable=False),
    sa.Column("placed_at", Instant, nullable=False),
    sa.Column("lifted_at", Instant),
    sa.Column("lifted_by", sa.String(120), nullable=False, server_default=""),
)

purges = sa.Table(
    "archive_purges",  # what was destroyed, or is being: the row stays for ever
    metadata,
    sa.Column("subject", sa.String(80), primary_key=True),
    sa.Column("rule", sa.String(120), nullable=False),
    sa.Column("author", sa.String(120), nullable=False),
    sa.Column("files", sa.JSON, nullable=False),  # the SHA-256 of each file
    sa.Column("decided_at", Instant, nullable=False),
    sa.Column("dropped_at", Instant, index=True),  # None: decided, the bytes may still be there
)

seals = sa.Table(
    "journal_seals",  # the head of the journal at the end of each day, time-stamped when an authority is configured
    metadata,
    sa.Column("day", Day, primary_key=True),
    sa.Column("seq", _Big, nullable=False),
    sa.Column("hash", sa.String(64), nullable=False),
    sa.Column("authority", sa.String(500), nullable=False, server_default=""),
    sa.Column("token", sa.LargeBinary),  # the answer of the authority (RFC 3161), whole
    sa.Column("stamped_at", Instant),  # the authority's own hour
    sa.Column("sealed_at", Instant, nullable=False),
)

search_entries = sa.Table(
    "search_entries",
    metadata,
    sa.Column("id", _Big, primary_key=True, autoincrement=True),  # in the order of arrival: the order of results
    sa.Column("kind", sa.String(12), nullable=False),  # reception or deposit
    sa.Column("subject_id", sa.String(36), nullable=False),
    sa.Index("uq_search_entries_subject", "subject_id", "kind", unique=True),
)

validation_posts = sa.Table(
    "validation_posts",  # decisions of a validator on their way to Chorus Pro
    metadata,
    sa.Column("id", sa.String(36), primary_key=True),
    sa.Column("seq", _Big, nullable=False),  # order of the requests
    sa.Column("connection_id", sa.ForeignKey("connections.id"), nullable=False),
    sa.Column("id_facture", sa.BigInteger, nullable=False),
    sa.Column("number", sa.String(60), nullable=False),
    sa.Column("supplier_name", sa.String(200), nullable=False),
    sa.Column("rank", sa.Integer, nullable=False),  # first or second validator
    sa.Column("accepted", sa.Boolean, nullable=False),
    sa.Column("motif", sa.String(60), nullable=False),
    sa.Column("comment", sa.String(2000), nullable=False),
    sa.Column("state", sa.String(12), nullable=False),
    sa.Column("answer", sa.String(500), nullable=False, server_default=""),
    sa.Column("author", sa.String(120), nullable=False),
    sa.Column("source", sa.String(20), nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("updated_at", Instant, nullable=False),
    sa.Index("ix_validation_posts_waiting", "connection_id", "state", "seq"),
    sa.Index("ix_validation_posts_invoice", "connection_id", "id_facture"),
)

sa.Index("ix_receptions_newest", receptions.c.created_at, receptions.c.id)
sa.Index(
    "ix_receptions_of_structure",
    receptions.c.structure_id,
    receptions.c.created_at,
    receptions.c.id,
    receptions.c.state,  # the counts of a reach need no row
)
