"""What the open invoices weigh, summed by the database: a board of deadlines does not read them all.

The last day to pay is kept beside each invoice (`due_days.py`): what is late is a comparison.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from raccord.domain.money import ZERO
from raccord.domain.statuses import FINAL
from raccord.store import reaching
from raccord.store.tables.core import deposits, receptions
from raccord.store.tables.types import Money


@dataclass(frozen=True)
class Side:
    """The invoices of one board: which are open, which of those are suspended, what their figures are grouped by.

    `unreckoned` are those whose days are not those of now, open perhaps; `place` is the structure or the connection
    that a board may be limited to, `day` the one from which an age is counted. `by_own_index`: an index holds exactly
    the open ones, with all that is summed.
    """

    table: sa.Table
    open: tuple[Any, ...]
    paused: tuple[Any, ...]
    unreckoned: tuple[Any, ...]
    place: Any
    party: Any
    service: Any
    day: Any
    by_own_index: bool = False

    @property
    def amount(self) -> sa.ColumnElement[Any]:
        """What an invoice is worth."""
        return sa.func.coalesce(self.table.c.amount_total, self.table.c.amount_due)


def _first_said(name: sa.ColumnElement[str], otherwise: sa.ColumnElement[str]) -> sa.ColumnElement[str]:
    return sa.func.coalesce(sa.func.nullif(name, ""), otherwise)


RECEPTIONS = Side(
    receptions,
    open=(receptions.c.platform_status.not_in(sorted(FINAL)),),
    paused=(receptions.c.due_on.is_(None), receptions.c.reckoned, receptions.c.platform_status == "SUSPENDUE"),
    unreckoned=(receptions.c.platform_status.not_in(sorted(FINAL)), sa.text("NOT reckoned")),
    place=receptions.c.structure_id,
    party=_first_said(receptions.c.supplier_name, receptions.c.supplier_siret),
    service=_first_said(receptions.c.service_name, receptions.c.service_code),
    day=receptions.c.deposit_date,
)
DEPOSITS = Side(
    deposits,
    open=(deposits.c.starts_on.is_not(None),),
    paused=(deposits.c.due_on.is_(None),),
    unreckoned=(sa.text("NOT reckoned AND followed"),),
    place=sa.func.coalesce(deposits.c.connection_id, ""),  # an expression: no other index is to serve
    party=_first_said(deposits.c.recipient_name, deposits.c.recipient_siret),
    service=deposits.c.service_code,
    day=deposits.c.starts_on,
    by_own_index=True,
)


@dataclass(frozen=True)
class Weight:
    """So many invoices of this supplier, service, day of deposit or last day to pay, for so much."""

    party: str = ""
    service: str = ""
    day: date | None = None
    invoices: int = 0
    amount: Decimal = ZERO
    late: bool = False


def how_many_open(conn: sa.Connection, side: Side, place: str) -> int:
    """How many invoices await their payment, at this structure or connection (at all of them when empty)."""
    return _count(conn, side, _open(side, place))


def how_many_paused(conn: sa.Connection, side: Side, place: str) -> int:
    """How many of them have their period suspended."""
    return _count(conn, side, (*_open(side, place), *side.paused))


def how_many_due(conn: sa.Connection, side: Side, place: str, until: date) -> int:
    """How many are to be paid until that day, the late ones included."""
    return _count(conn, side, (*_open(side, place), side.table.c.due_on <= until))


def how_many_unreckoned(conn: sa.Connection, side: Side, place: str) -> int:
    """How many have a last day to pay that is still to be reckoned."""
    return _count(conn, side, _at(side, place, side.unreckoned))


def by_party_and_service(conn: sa.Connection, side: Side, place: str, today: date) -> tuple[Weight, ...]:
    """The open ones by party, service, and whether they are late."""
    return _weighed(conn, side, place, today, party=side.party, service=side.service)


def by_day(conn: sa.Connection, side: Side, place: str, today: date) -> tuple[Weight, ...]:
    """The open ones by the day from which their age is counted, and whether they are late."""
    return _weighed(conn, side, place, today, day=side.day)


def by_last_day(conn: sa.Connection, side: Side, place: str, today: date) -> tuple[Weight, ...]:
    """The late ones by last day to pay and by amount: `amount` is that of each, for their interest to the cent."""
    due_on, amount = side.table.c.due_on, side.amount
    query = (
        sa.select(due_on, sa.type_coerce(amount, Money).label("each"), sa.func.count().label("invoices"))
        .where(*_open(side, place), due_on < today)
        .group_by(due_on, amount)
    )
    rows = conn.execute(query, execution_options=_options(side))
    return tuple(Weight(day=row.due_on, invoices=row.invoices, amount=row.each or ZERO, late=True) for row in rows)


def most_pressing(conn: sa.Connection, side: Side, place: str, until: date, limit: int) -> tuple[str, ...]:
    """The invoices to pay until that day, the longest late first, then the dearest."""
    table = side.table
    query = sa.select(table.c.id).where(*_open(side, place), table.c.due_on <= until)
    dearest = sa.func.coalesce(side.amount, 0).desc()
    query = query.order_by(table.c.due_on, dearest, table.c.created_at, table.c.id).limit(limit)
    return tuple(conn.execute(query, execution_options=_options(side)).scalars())


def _open(side: Side, place: str) -> tuple[Any, ...]:
    return _at(side, place, side.open)


def _at(side: Side, place: str, wanted: tuple[Any, ...]) -> tuple[Any, ...]:
    return (*wanted, side.place == place) if place else wanted


def _options(side: Side) -> dict[str, bool]:
    return reaching.BY_ITS_OWN_INDEX if side.by_own_index else {}


def _count(conn: sa.Connection, side: Side, wanted: tuple[Any, ...]) -> int:
    query = sa.select(sa.func.count()).select_from(side.table).where(*wanted)
    return conn.execute(query, execution_options=_options(side)).scalar_one()


def _weighed(conn: sa.Connection, side: Side, place: str, today: date, **groups: Any) -> tuple[Weight, ...]:
    late = sa.case((side.table.c.due_on < today, 1), else_=0)
    columns = {**groups, "late": late}
    amount = sa.type_coerce(sa.func.sum(sa.func.coalesce(side.amount, 0)), Money)
    named = [column.label(name) for name, column in columns.items()]
    query = sa.select(*named, sa.func.count().label("invoices"), amount.label("amount")).where(*_open(side, place))
    rows = conn.execute(query.group_by(*named), execution_options=_options(side)).mappings()
    return tuple(Weight(**{**row, "late": bool(row["late"]), "amount": row["amount"] or ZERO}) for row in rows)
