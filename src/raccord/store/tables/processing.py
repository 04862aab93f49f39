"""The tables of the finance officer's desk: who sees to a reception, remarks, failed downloads, what a body fetches."""

import sqlalchemy as sa

from raccord.store.tables import supply as supply_schema
from raccord.store.tables.types import Instant

__all__ = ["assignments", "intakes", "leases", "metadata", "remarks", "setbacks"]

metadata = supply_schema.metadata

assignments = sa.Table(
    "assignments",  # who sees to a reception: a person, a service, or both
    metadata,
    sa.Column("reception_id", sa.ForeignKey("receptions.id"), primary_key=True),
    sa.Column("assignee", sa.String(120), nullable=False, index=True),
    sa.Column("service", sa.String(100), nullable=False),
    sa.Column("author", sa.String(120), nullable=False),
    sa.Column("updated_at", Instant, nullable=False),
)

remarks = sa.Table(
    "remarks",  # said among colleagues; Chorus Pro never sees them
    metadata,
    sa.Column("id", sa.String(36), primary_key=True),
    sa.Column("reception_id", sa.ForeignKey("receptions.id"), nullable=False, index=True),
    sa.Column("author", sa.String(120), nullable=False),
    sa.Column("text", sa.String(2000), nullable=False),
    sa.Column("created_at", Instant, nullable=False),
)

setbacks = sa.Table(
    "setbacks",  # receptions whose download failed alone: set aside so that the others go on, tried again later
    metadata,
    sa.Column("reception_id", sa.ForeignKey("receptions.id"), primary_key=True),
    sa.Column("failures", sa.Integer, nullable=False),
    sa.Column("reason", sa.String(500), nullable=False),
    sa.Column("retry_at", Instant, nullable=False, index=True),
)

intakes = sa.Table(
    "intakes",  # what of a public body is fetched, when it is not everything
    metadata,
    sa.Column("structure_id", sa.ForeignKey("structures.id"), primary_key=True),
    sa.Column("states", sa.JSON, nullable=False),  # of what stood there before `begun_at`; empty: all
    sa.Column("services", sa.JSON, nullable=False),  # codes of services, "" for invoices without one; empty: all
    sa.Column("begun_at", Instant, nullable=False),
)

leases = sa.Table(
    "leases",  # who does a long piece of work at this moment, so that nobody does it beside him
    metadata,
    sa.Column("key", sa.String(120), primary_key=True),
    sa.Column("holder", sa.String(36), nullable=False),
    sa.Column("until", Instant, nullable=False),
)
