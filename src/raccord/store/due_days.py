"""The last day to pay, kept beside each invoice of a table: what is late is then a comparison, with an index.

One piece for what is received and for what is deposited; the days themselves are reckoned by the engine
(`engine/foundation/due_dates.py`).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from raccord.domain.statuses import FINAL
from raccord.store import boards
from raccord.store.boards import Awaited
from raccord.store.tables.core import deposits, receptions

Read = Callable[[sa.Connection, Sequence[str]], tuple[Awaited, ...]]


@dataclass(frozen=True)
class Days:
    """What is kept of one invoice: `due_on` is None while suspended, both are unless its payment is awaited."""

    starts_on: date | None = None
    due_on: date | None = None


class DueDays:
    """Those of one table. `read` gives the invoices whose payment is awaited among some; `columns` are what is kept."""

    def __init__(self, table: sa.Table, awaited: sa.ColumnElement[bool], stale: str, read: Read, *columns: str) -> None:
        self.awaited = read
        self._table, self._columns, self._is_awaited = table, columns, awaited
        self._stale = sa.select(table.c.id).where(sa.text(stale)).order_by(table.c.id)
        self._put = _only_what_differs(table, columns)

    def to_reckon(self, conn: sa.Connection, limit: int) -> tuple[str, ...]:
        """Invoices whose days are not those of now; no other transaction reckons them meanwhile."""
        return tuple(conn.execute(self._stale.limit(limit).with_for_update(skip_locked=True)).scalars())

    def put(self, conn: sa.Connection, days: Mapping[str, Days]) -> None:
        """Keep the days of each of these invoices; a row that has them already is not written."""
        if days:
            rows = [{f"new_{name}": getattr(days[one], name) for name in self._columns} for one in sorted(days)]
            conn.execute(self._put, [{"mine": one, **row} for one, row in zip(sorted(days), rows, strict=True)])

    def reckon_again(self, conn: sa.Connection, recipient_siret: str) -> None:
        """The period of a public body is another one: what it has not paid is to be reckoned again."""
        of_body = self._table.c.recipient_siret == recipient_siret
        conn.execute(self._table.update().where(of_body, self._is_awaited).values(reckoned=False))


def _only_what_differs(table: sa.Table, columns: Sequence[str]) -> sa.Update:
    new = {name: sa.bindparam(f"new_{name}", type_=table.c[name].type) for name in columns}
    differs = (table.c[name].is_distinct_from(value) for name, value in new.items())
    mine = table.update().where(table.c.id == sa.bindparam("mine"), sa.or_(~table.c.reckoned, *differs))
    return mine.values(**new, reckoned=True)


RECEPTIONS = DueDays(
    receptions, receptions.c.platform_status.not_in(sorted(FINAL)), "NOT reckoned", boards.awaited_receptions, "due_on"
)
DEPOSITS = DueDays(
    deposits, deposits.c.followed.is_(True), "NOT reckoned AND followed", boards.awaited_deposits, "due_on", "starts_on"
)
BOTH = (RECEPTIONS, DEPOSITS)
