"""The last day to pay of each invoice, received or deposited, kept beside it: what is late is a condition on a column.

The day depends on the passages of the invoice and on the kind of the public body, not on today: whoever writes a status
reckons it again in the same transaction; the sweep reckons what was left (an update, the kind of a body chosen anew).
Most statuses move nothing, and an invoice just integrated has no history: the journal is not read for them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from raccord.domain.clock import PARIS
from raccord.domain.deadlines import BodyKind, InvoiceDates, Passage, may_move, standing
from raccord.domain.deposit import Deposit
from raccord.engine.foundation.ground import Ground
from raccord.store import boards, due_days
from raccord.store.boards import Awaited
from raccord.store.due_days import DEPOSITS, RECEPTIONS, Days, DueDays

_AT_ONCE = 500
_MOST_BATCHES = 40
"""Batches of one sweep: the others wait for the next one, a minute later."""
_OVER = Days()
OVER: Mapping[str, Any] = {**asdict(_OVER), "reckoned": True}
"""The columns of a deposit whose payment is awaited no more."""


def reckon_receptions(conn: sa.Connection, ids: Sequence[str]) -> None:
    """Write the last day to pay of these receptions, in the caller's transaction, after the journal was told."""
    _reckon(conn, RECEPTIONS, ids)


def reckon_deposits(conn: sa.Connection, ids: Sequence[str]) -> None:
    """The same of these deposits."""
    _reckon(conn, DEPOSITS, ids)


def stays(deposit: Deposit, status: str, at: datetime | None) -> bool:
    """Whether a deposit that passes to this status keeps the days that it has."""
    last = deposit.platform_status_at
    in_order = at is not None and last is not None and last <= at
    return in_order and not may_move(deposit.platform_status, status)


def first_days(left_at: datetime, kind: BodyKind, status: str) -> dict[str, Any]:
    """The columns of a deposit that is integrated, without any other history; none when its status may move them."""
    if may_move("", status):
        return {}
    deposited = left_at.astimezone(PARIS).date()
    stands = standing(InvoiceDates(deposited), (), deposited, kind)
    return {"starts_on": stands.start, "due_on": stands.due, "reckoned": True}


def reckon_all(ground: Ground) -> int:
    """Reckon what is to be, by small transactions; gives how many."""
    return sum(_reckon_the_rest(ground, kept) for kept in due_days.BOTH)


def _reckon_the_rest(ground: Ground, kept: DueDays) -> int:
    done = 0
    for _ in range(_MOST_BATCHES):
        with ground.store.begin() as conn:
            ids = kept.to_reckon(conn, _AT_ONCE)
            _reckon(conn, kept, ids)
        done += len(ids)
        if len(ids) < _AT_ONCE:
            break
    return done


def _reckon(conn: sa.Connection, kept: DueDays, ids: Sequence[str]) -> None:
    if not ids:
        return
    invoices = kept.awaited(conn, ids)
    histories, kinds = boards.passages(conn, invoices), boards.kinds(conn)
    days = {one.id: _days(one, histories[one.id], kinds.get(one.body_siret, BodyKind.ORDINARY)) for one in invoices}
    kept.put(conn, {one: days.get(one, _OVER) for one in ids})


def _days(invoice: Awaited, history: Sequence[Passage], kind: BodyKind) -> Days:
    stands = standing(InvoiceDates(invoice.deposited, invoice.amount), history, invoice.deposited, kind)
    return Days(stands.start, stands.due) if stands.open else _OVER
