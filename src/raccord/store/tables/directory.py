"""The tables of the directory. Those of its search index are made per edition, see `directory_index.py`.

Rows carry the number of their edition: a new one is written beside the one in use, then takes its place in one
transaction. An identifier of row is `edition * ROWS_PER_EDITION + position`, so that a loading counts by itself.
"""

import sqlalchemy as sa

from raccord.store.tables.core import metadata
from raccord.store.tables.types import Instant

__all__ = ["ROWS_PER_EDITION", "editions", "live", "metadata", "services", "structures"]

ROWS_PER_EDITION = 100_000_000

_Big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

editions = sa.Table(
    "directory_editions",
    metadata,
    sa.Column("id", _Big, primary_key=True, autoincrement=True),
    sa.Column("state", sa.String(12), nullable=False, index=True),  # loading, current, retired, failed
    sa.Column("environment", sa.String(20), nullable=False),  # which Chorus Pro it describes
    sa.Column("origin", sa.String(200), nullable=False),
    sa.Column("structures", sa.Integer, nullable=False, server_default="0"),
    sa.Column("services", sa.Integer, nullable=False, server_default="0"),
    sa.Column("at", Instant, nullable=False),  # when its state last changed
    sa.Column("failure", sa.String(1000), nullable=False, server_default=""),
)

structures = sa.Table(
    "directory_structures",
    metadata,
    sa.Column("id", _Big, primary_key=True, autoincrement=False),
    sa.Column("edition_id", _Big, nullable=False),
    sa.Column("siret", sa.String(80), nullable=False),
    sa.Column("kind", sa.String(20), nullable=False),
    sa.Column("name", sa.String(300), nullable=False),
    sa.Column("active", sa.Boolean, nullable=False),
    sa.Column("service_required", sa.Boolean, nullable=False),
    sa.Column("commitment_required", sa.Boolean, nullable=False),
    sa.Column("service_or_commitment", sa.Boolean, nullable=False),
    sa.Column("sends_edi", sa.Boolean, nullable=False),
    sa.Column("receives_edi", sa.Boolean, nullable=False),
    sa.Column("works_owner", sa.Boolean, nullable=False),
    sa.Column("works_only", sa.Boolean, nullable=False),
    sa.Column("address", sa.String(400), nullable=False),
    sa.Column("postcode", sa.String(20), nullable=False),
    sa.Column("town", sa.String(120), nullable=False),
    sa.Column("country", sa.String(3), nullable=False),
    sa.Index("uq_directory_structures_siret", "siret", "edition_id", unique=True),
)

services = sa.Table(
    "directory_services",
    metadata,
    sa.Column("id", _Big, primary_key=True, autoincrement=False),
    sa.Column("edition_id", _Big, nullable=False),
    sa.Column("siret", sa.String(80), nullable=False),
    sa.Column("code", sa.String(120), nullable=False),
    sa.Column("name", sa.String(300), nullable=False),
    sa.Column("active", sa.Boolean, nullable=False),
    sa.Column("commitment_required", sa.Boolean, nullable=False),
    sa.Index("ix_directory_services_siret", "siret", "edition_id"),
)

live = sa.Table(
    "directory_live",  # what Chorus Pro answered for a SIRET that the copy lacks
    metadata,
    sa.Column("environment", sa.String(20), primary_key=True),
    sa.Column("siret", sa.String(80), primary_key=True),
    sa.Column("known_at", Instant, nullable=False),
    sa.Column("structure", sa.JSON),  # None: Chorus Pro knows no such structure
    sa.Column("services", sa.JSON),
)
