"""What a limited person or program may see of each table; `reaching.py` adds it to every statement."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from raccord.domain.reach import Reach
from raccord.store.tables.core import deposits, receptions, structures
from raccord.store.tables.outward import webhooks


@dataclass(frozen=True)
class Bounds:
    """What a reach is, at the beginning of a transaction, in identifiers that have an index."""

    sirets: tuple[str, ...]
    structures: tuple[str, ...]
    connections: tuple[str, ...]
    in_order: bool = False
    """For a query that reads in an order of its own and stops early: the rules leave the choice of the index to it."""

    @property
    def reach(self) -> Reach:
        """The reach itself."""
        return Reach.of(self.sirets)


Source = Any  # a table or an alias of one; typed loosely, as SQLAlchemy's own FROM elements are
Rule = Callable[[Source, Bounds], sa.ColumnElement[bool]]


def among(column: sa.ColumnElement[Any], values: tuple[str, ...]) -> sa.ColumnElement[bool]:
    if not values:
        return sa.false()
    return column == values[0] if len(values) == 1 else column.in_(values)


def _exists(inner: Source, source: Source, *wanted: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    return sa.select(sa.literal(1)).select_from(inner).where(*wanted).correlate(source).exists()


def _deposit(source: Source, bounds: Bounds) -> sa.ColumnElement[bool]:
    return among(_indexed(source.c.supplier_siret, bounds), bounds.sirets)


def _reception(source: Source, bounds: Bounds) -> sa.ColumnElement[bool]:
    return among(_indexed(source.c.structure_id, bounds), bounds.structures)


def _indexed(column: Any, bounds: Bounds) -> sa.ColumnElement[Any]:
    """The column, or an expression of the same value that no index serves."""
    return sa.func.coalesce(column, "") if bounds.in_order else column


def _of_deposit(column: str) -> Rule:
    def rule(source: Source, bounds: Bounds) -> sa.ColumnElement[bool]:
        parent = deposits.alias()
        return _exists(parent, source, parent.c.id == source.c[column], _deposit(parent, bounds))

    return rule


def _of_reception(source: Source, bounds: Bounds) -> sa.ColumnElement[bool]:
    parent = receptions.alias()
    return _exists(parent, source, parent.c.id == source.c.reception_id, _reception(parent, bounds))


def _of_structure(source: Source, bounds: Bounds) -> sa.ColumnElement[bool]:
    return among(source.c.structure_id, ("", *bounds.structures))  # "": what holds for all that have no other choice


def _correction(source: Source, bounds: Bounds) -> sa.ColumnElement[bool]:
    return sa.and_(_of_deposit("deposit_id")(source, bounds), _of_deposit("corrects_id")(source, bounds))


def _flux(source: Source, bounds: Bounds) -> sa.ColumnElement[bool]:
    """A flux is seen by whoever sees one of its deposits."""
    carried = deposits.alias()
    return _exists(carried, source, carried.c.flux_id == source.c.id, _deposit(carried, bounds))


def _subject(source: Source, bounds: Bounds) -> sa.ColumnElement[bool]:
    """What the journal and the archive say of deposits, receptions and structures within reach; nothing of the rest."""
    sent, received, subject = deposits.alias(), receptions.alias(), source.c.subject
    return sa.or_(
        sa.and_(
            subject.like("deposit/%"),
            _exists(sent, source, sent.c.id == sa.func.substr(subject, 9), _deposit(sent, bounds)),
        ),
        sa.and_(
            subject.like("reception/%"),
            _exists(received, source, received.c.id == sa.func.substr(subject, 11), _reception(received, bounds)),
        ),
        among(subject, tuple(f"structure/{one}" for one in bounds.structures)),
    )


def _connection(column: str) -> Rule:
    return lambda source, bounds: among(source.c[column], bounds.connections)


def _of_whole_connection(source: Source, bounds: Bounds) -> sa.ColumnElement[bool]:
    """What cannot be told apart by structure is seen by whoever sees every structure of the connection."""
    other = structures.alias()
    return sa.and_(
        among(source.c.connection_id, bounds.connections),
        ~_exists(other, source, other.c.connection_id == source.c.connection_id, other.c.siret.not_in(bounds.sirets)),
    )


def _webhook(source: Source, bounds: Bounds) -> sa.ColumnElement[bool]:
    """A program sees the webhooks that are told exactly what it sees."""
    ours: sa.ColumnElement[bool] = sa.cast(source.c.reach, sa.Text) == json.dumps(bounds.reach.as_json())
    return ours


def _consumer(source: Source, bounds: Bounds) -> sa.ColumnElement[bool]:
    ours: sa.ColumnElement[bool] = source.c.name.endswith(f"~{bounds.reach.mark}")
    return ours


def _delivery(source: Source, bounds: Bounds) -> sa.ColumnElement[bool]:
    parent = webhooks.alias()
    return _exists(parent, source, parent.c.id == source.c.webhook_id, _webhook(parent, bounds))


_OPEN_TABLES = (
    # of the house: persons, doors, the engine's own notes; nothing of an invoice in them
    "users", "sessions", "api_keys", "one_time_links", "digests", "data_keys", "secrets", "tokens", "quotas", "workers",
    "wakes", "leases", "repeats", "journal_head", "journal_seals", "search_entries",
    # public: the directory, the kind of a public body
    "directory_editions", "directory_live", "directory_services", "directory_structures", "payment_terms",
)  # fmt: skip

RULES: dict[str, Rule | None] = {
    "structures": lambda source, bounds: among(source.c.siret, bounds.sirets),
    "connections": _connection("id"),
    "light_history": _connection("connection_id"),
    "attempts": _of_whole_connection,
    "validation_posts": _of_whole_connection,
    "deposits": _deposit,
    "entries": _of_deposit("deposit_id"),
    "deposit_files": _of_deposit("deposit_id"),
    "answers": _of_deposit("deposit_id"),
    "corrections": _correction,
    "flux": _flux,
    "receptions": _reception,
    "documents": _of_reception,
    "status_posts": _of_reception,
    "assignments": _of_reception,
    "remarks": _of_reception,
    "setbacks": _of_reception,
    "handovers": _of_reception,
    "consumers": _consumer,
    "intakes": _of_structure,
    "entry_accounts": _of_structure,
    "events": _subject,
    "legal_holds": _subject,
    "archive_purges": _subject,
    "webhooks": _webhook,
    "webhook_deliveries": _delivery,
    **dict.fromkeys(_OPEN_TABLES, None),
}
"""Every table of ours, and what of it a reach may see; None: all of it."""
