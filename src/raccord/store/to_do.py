"""The deposits that wait for a person: one condition, whatever makes them wait."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from raccord.domain.deposit import DepositState
from raccord.domain.next_steps import SUPPLIER_ACTS
from raccord.domain.reception import PostState
from raccord.store.tables.core import deposits
from raccord.store.tables.supply import answers, corrections

_HERE = tuple(state.value for state in (DepositState.FAULTY, DepositState.REFUSED, DepositState.TO_DECIDE))
_THERE = tuple(sorted(SUPPLIER_ACTS))
_OPEN = tuple(state.value for state in PostState if state.is_open)


@dataclass(frozen=True)
class Group:
    """How many deposits stand in one state and status, and their sum in one currency."""

    state: str
    platform_status: str
    currency: str
    count: int
    amount: Decimal


def oldest(conn: sa.Connection, connection_id: str, limit: int) -> list[sa.Row[Any]]:
    """The rows of those that have waited longest."""
    columns = (
        deposits.c.id, deposits.c.state, deposits.c.platform_status, deposits.c.platform_comment, deposits.c.number,
        deposits.c.filename, deposits.c.recipient_name, deposits.c.recipient_siret, deposits.c.amount_due,
        deposits.c.currency, deposits.c.issue_date, deposits.c.faults, _since.label("since"),
    )  # fmt: skip
    found: list[sa.Row[Any]] = []
    for wanted in _waiting(connection_id):
        query = sa.select(*columns).where(*wanted).order_by(_since, deposits.c.id).limit(limit)
        found += conn.execute(query)
    return sorted(found, key=lambda row: (row.since, row.id))[:limit]


def groups(conn: sa.Connection, connection_id: str) -> list[Group]:
    """All of them, counted."""
    by = (deposits.c.state, deposits.c.platform_status, deposits.c.currency)
    amount = sa.func.coalesce(sa.func.sum(deposits.c.amount_due), 0, type_=deposits.c.amount_due.type)
    found: list[Group] = []
    for wanted in _waiting(connection_id):
        rows = conn.execute(sa.select(*by, sa.func.count(), amount).where(*wanted).group_by(*by))
        found += [Group(*row) for row in rows]
    return found


_since = sa.func.coalesce(deposits.c.platform_status_at, deposits.c.updated_at, type_=deposits.c.updated_at.type)


def _waiting(connection_id: str) -> tuple[tuple[sa.ColumnElement[bool], ...], ...]:
    """Undone here, and sent back by the public body; neither replaced since, nor answered already.

    Two conditions that exclude each other, asked one after the other: each has its index, their OR has none.
    """
    undone = (deposits.c.state.in_(_HERE), ~_replaced())
    integrated = (
        sa.func.coalesce(deposits.c.state, "") == DepositState.INTEGRATED.value
    )  # the index of statuses is read
    sent_back = (deposits.c.platform_status.in_(_THERE), integrated, ~_replaced(), ~_answered())
    mine = (deposits.c.connection_id == connection_id,) if connection_id else ()
    return (*undone, *mine), (*sent_back, *mine)


def _replaced() -> sa.ColumnElement[bool]:
    later = deposits.alias("later")
    lives = later.c.state != DepositState.CANCELLED.value
    joined = corrections.join(later, later.c.id == corrections.c.deposit_id)
    return (
        sa.select(sa.literal(1))
        .select_from(joined)
        .where(corrections.c.corrects_id == deposits.c.id, lives)
        .correlate(deposits)
        .exists()
    )


def _answered() -> sa.ColumnElement[bool]:
    """An answer is on its way, or the rejection was declared dealt with."""
    dealt_with = sa.and_(answers.c.kind == "rejection", answers.c.state == PostState.DONE.value)
    mine = answers.c.deposit_id == deposits.c.id
    return (
        sa.select(sa.literal(1))
        .select_from(answers)
        .where(mine, sa.or_(answers.c.state.in_(_OPEN), dealt_with))
        .correlate(deposits)
        .exists()
    )
