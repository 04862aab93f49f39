"""What a person must do about the invoices sent, in one place: faulty, refused, in doubt, suspended, rejected."""

from collections import Counter
from datetime import datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from raccord.domain.clock import PARIS
from raccord.domain.deposit import DepositState
from raccord.domain.to_do import Task, ToDo, ToDoList
from raccord.engine.foundation.ground import Ground
from raccord.store import to_do

_BY_STATE = {
    DepositState.FAULTY.value: Task.CORRECT,
    DepositState.REFUSED.value: Task.CORRECT,
    DepositState.TO_DECIDE.value: Task.DECIDE,
}
_BY_STATUS = {"SUSPENDUE": Task.COMPLETE, "REJETEE": Task.REPLACE}


class ToDos:
    """Answers what waits for a person."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    def waiting(self, connection_id: str = "", limit: int = 50) -> ToDoList:
        """The deposits that wait for a person, oldest first, with the counts and the sums of all of them.

        One that another deposit replaces, or whose answer is on its way, waits for nobody.
        """
        now = self._ground.clock()
        with self._ground.store.read() as conn:
            rows = to_do.oldest(conn, connection_id, limit)
            groups = to_do.groups(conn, connection_id)
        counts, sums = Counter[Task](), dict[str, Decimal]()
        for group in groups:
            counts[_task(group.state, group.platform_status)] += group.count
            if group.currency:
                sums[group.currency] = sums.get(group.currency, Decimal(0)) + group.amount
        return ToDoList(tuple(_shown(row, now) for row in rows), counts, sums)


def _task(state: str, platform_status: str) -> Task:
    return _BY_STATE.get(state) or _BY_STATUS.get(platform_status, Task.ELSEWHERE)


def _shown(row: sa.Row[Any], now: datetime) -> ToDo:
    return ToDo(
        deposit_id=row.id,
        task=_task(row.state, row.platform_status),
        number=row.number,
        filename=row.filename,
        recipient=row.recipient_name or row.recipient_siret,
        amount=row.amount_due,
        currency=row.currency,
        issue_date=row.issue_date,
        reason=row.platform_comment or _first_fault(row.faults),
        since=row.since,
        age=(now.astimezone(PARIS).date() - row.since.astimezone(PARIS).date()).days,
    )


def _first_fault(faults: list[dict[str, str]]) -> str:
    errors = [fault["sentence"] for fault in faults if fault.get("severity") == "error"]
    return errors[-1] if errors else ""
