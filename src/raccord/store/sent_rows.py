"""The verbs that the three tables of what is sent one by one have in common: statuses, decisions, suppliers' answers.

Their rows leave in the order of `seq`. A change of state is an UPDATE that names the states it leaves: its row count
tells who won.
"""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from raccord.domain.reception import PostState

OPEN = tuple(state.value for state in PostState if state.is_open)


class SentRows:
    """Those of one table."""

    def __init__(self, table: sa.Table) -> None:
        self._table = table

    def next_place(self) -> sa.ColumnElement[int]:
        """The place after all others, for an INSERT."""
        last = sa.select(sa.func.coalesce(sa.func.max(self._table.c.seq), 0)).scalar_subquery()
        return last + 1

    def in_state(self, state: PostState, connection_id: str) -> sa.Select[Any]:
        """The rows of a connection in that state, oldest first."""
        mine = (self._table.c.connection_id == connection_id, self._table.c.state == state.value)
        return sa.select(self._table).where(*mine).order_by(self._table.c.seq)

    def first_waiting(self, connection_id: str) -> sa.Select[Any]:
        """The oldest row that waits to leave; on PostgreSQL another worker's is passed over."""
        return self.in_state(PostState.WAITING, connection_id).limit(1).with_for_update(skip_locked=True)

    def any_waiting(self, conn: sa.Connection, connection_id: str) -> bool:
        """Whether a row waits to leave, or to be asked about."""
        states = (PostState.WAITING.value, PostState.UNCERTAIN.value)
        mine = (self._table.c.connection_id == connection_id, self._table.c.state.in_(states))
        return conn.execute(sa.select(self._table.c.id).where(*mine).limit(1)).first() is not None

    def move(
        self,
        conn: sa.Connection,
        row_id: str,
        current: tuple[PostState, ...],
        target: PostState,
        *,
        now: datetime,
        **columns: Any,
    ) -> bool:
        """Change the state of a row; False when it stood elsewhere."""
        mine = (self._table.c.id == row_id, self._table.c.state.in_([state.value for state in current]))
        moved = self._table.update().where(*mine).values(state=target.value, updated_at=now, **columns)
        return conn.execute(moved).rowcount == 1
