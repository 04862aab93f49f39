"""The supplier's other tables: invoices given as data, the files beside the original, corrections, answers."""

import sqlalchemy as sa

from raccord.store.tables import archive as archive_schema
from raccord.store.tables.types import Instant

__all__ = ["answers", "corrections", "deposit_files", "entries", "metadata"]

metadata = archive_schema.metadata

_Big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

entries = sa.Table(
    "entries",  # deposits that came as data (JSON), with or without a PDF
    metadata,
    sa.Column("deposit_id", sa.ForeignKey("deposits.id"), primary_key=True),
    sa.Column("road", sa.String(10), nullable=False),  # facturx, fields
    sa.Column("given", sa.String(64), nullable=False),  # SHA-256 of what was given, to recognise it when it comes again
    sa.Column("piece_id", sa.BigInteger),  # the PDF at Chorus Pro, once it has taken it
    sa.Column("looks", sa.Integer, nullable=False, server_default="0"),  # asks after a doubt
    sa.Column("ask_at", Instant),
)

deposit_files = sa.Table(
    "deposit_files",  # what belongs to a deposit beside its original
    metadata,
    sa.Column("id", _Big, primary_key=True, autoincrement=True),
    sa.Column("deposit_id", sa.ForeignKey("deposits.id"), nullable=False, index=True),
    sa.Column("owner", sa.String(36), nullable=False, server_default=""),  # the answer that joins it, "" for the entry
    sa.Column("kind", sa.String(12), nullable=False),  # terms, pdf, joined
    sa.Column("name", sa.String(200), nullable=False),
    sa.Column("designation", sa.String(100), nullable=False, server_default=""),
    sa.Column("sha256", sa.String(64), nullable=False, index=True),
    sa.Column("size", sa.BigInteger, nullable=False),
)

corrections = sa.Table(
    "corrections",  # which deposit replaces which
    metadata,
    sa.Column("deposit_id", sa.ForeignKey("deposits.id"), primary_key=True),
    sa.Column("corrects_id", sa.ForeignKey("deposits.id"), nullable=False, index=True),
)

answers = sa.Table(
    "answers",  # what a supplier answers to a public body: a suspended invoice completed, a rejection dealt with
    metadata,
    sa.Column("id", sa.String(36), primary_key=True),
    sa.Column("seq", _Big, nullable=False),  # order for each deposit
    sa.Column("deposit_id", sa.ForeignKey("deposits.id"), nullable=False, index=True),
    sa.Column("connection_id", sa.ForeignKey("connections.id"), nullable=False),
    sa.Column("kind", sa.String(20), nullable=False),
    sa.Column("comment", sa.String(2000), nullable=False),
    sa.Column("state", sa.String(12), nullable=False),
    sa.Column("reply", sa.String(500), nullable=False, server_default=""),
    sa.Column("author", sa.String(120), nullable=False),
    sa.Column("source", sa.String(20), nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("updated_at", Instant, nullable=False),
    sa.Index("ix_answers_waiting", "connection_id", "state", "seq"),
)
