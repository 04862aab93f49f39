"""What the open receptions weigh, summed by the database: for the boards of houses that have too many to read them all.

The last day to pay is kept beside each reception (`engine/receptions/due_dates.py`): what is late is a comparison.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from raccord.domain.money import ZERO
from raccord.domain.statuses import FINAL
from raccord.store.tables.core import receptions
from raccord.store.tables.types import Money

_AMOUNT = sa.func.coalesce(receptions.c.amount_total, receptions.c.amount_due)


@dataclass(frozen=True)
class Weight:
    """So many invoices of this supplier, service, day of deposit or last day to pay, for so much."""

    party: str = ""
    service: str = ""
    day: date | None = None
    invoices: int = 0
    amount: Decimal = ZERO
    late: bool = False


def how_many_open(conn: sa.Connection, structure_id: str) -> int:
    """How many receptions await their payment."""
    return _count(conn, structure_id)


def how_many_paused(conn: sa.Connection, structure_id: str) -> int:
    """How many of them have their period suspended."""
    paused = (receptions.c.due_on.is_(None), receptions.c.reckoned, receptions.c.platform_status == "SUSPENDUE")
    return _count(conn, structure_id, *paused)


def how_many_due(conn: sa.Connection, structure_id: str, until: date) -> int:
    """How many are to be paid until that day, the late ones included."""
    return _count(conn, structure_id, receptions.c.due_on <= until)


def how_many_unreckoned(conn: sa.Connection, structure_id: str) -> int:
    """How many have a last day to pay that is still to be reckoned."""
    return _count(conn, structure_id, ~receptions.c.reckoned)


def by_supplier_and_service(conn: sa.Connection, structure_id: str, today: date) -> tuple[Weight, ...]:
    """The open ones by supplier, service, and whether they are late."""
    party = sa.func.coalesce(sa.func.nullif(receptions.c.supplier_name, ""), receptions.c.supplier_siret)
    service = sa.func.coalesce(sa.func.nullif(receptions.c.service_name, ""), receptions.c.service_code)
    return _weighed(conn, structure_id, today, party=party, service=service)


def by_day_of_deposit(conn: sa.Connection, structure_id: str, today: date) -> tuple[Weight, ...]:
    """The open ones by day of deposit, and whether they are late."""
    return _weighed(conn, structure_id, today, day=receptions.c.deposit_date)


def by_last_day(conn: sa.Connection, structure_id: str, today: date) -> tuple[Weight, ...]:
    """The late ones by last day to pay and by amount: `amount` is that of each, for their interest to the cent."""
    query = (
        sa.select(receptions.c.due_on, sa.type_coerce(_AMOUNT, Money).label("each"), sa.func.count().label("invoices"))
        .where(*_open(structure_id), receptions.c.due_on < today)
        .group_by(receptions.c.due_on, _AMOUNT)
    )
    rows = conn.execute(query)
    return tuple(Weight(day=row.due_on, invoices=row.invoices, amount=row.each or ZERO, late=True) for row in rows)


def most_pressing(conn: sa.Connection, structure_id: str, until: date, limit: int) -> tuple[str, ...]:
    """The receptions to pay until that day, the longest late first, then the dearest."""
    query = sa.select(receptions.c.id).where(*_open(structure_id), receptions.c.due_on <= until)
    query = query.order_by(receptions.c.due_on, sa.func.coalesce(_AMOUNT, 0).desc(), receptions.c.id).limit(limit)
    return tuple(conn.execute(query).scalars())


def _open(structure_id: str) -> tuple[sa.ColumnElement[bool], ...]:
    awaited = (receptions.c.platform_status.not_in(sorted(FINAL)),)
    return (*awaited, receptions.c.structure_id == structure_id) if structure_id else awaited


def _count(conn: sa.Connection, structure_id: str, *besides: sa.ColumnElement[bool]) -> int:
    return conn.execute(sa.select(sa.func.count()).where(*_open(structure_id), *besides)).scalar_one()


def _weighed(conn: sa.Connection, structure_id: str, today: date, **groups: Any) -> tuple[Weight, ...]:
    late = sa.case((receptions.c.due_on < today, 1), else_=0)
    columns = {**groups, "late": late}
    amount = sa.type_coerce(sa.func.sum(sa.func.coalesce(_AMOUNT, 0)), Money)
    named = [column.label(name) for name, column in columns.items()]
    query = sa.select(*named, sa.func.count().label("invoices"), amount.label("amount")).where(*_open(structure_id))
    rows = conn.execute(query.group_by(*named)).mappings()
    return tuple(Weight(**{**row, "late": bool(row["late"]), "amount": row["amount"] or ZERO}) for row in rows)
