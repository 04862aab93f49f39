"""The lists of some states, newest first: page after page nothing is missing, and a rare state is not looked for."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from raccord.domain.deposit import DepositState
from raccord.domain.reception import ReceptionState
from raccord.store import deposits, receptions, weights
from raccord.store.database import Store
from raccord.store.deposits import DepositQuery
from raccord.store.receptions import ReceptionQuery
from raccord.store.tables.core import metadata

START = datetime(2026, 3, 2, 8, tzinfo=UTC)
BLANKS: tuple[tuple[type, Any], ...] = (
    (sa.JSON, {}), (sa.DateTime, START), (sa.Boolean, False), (sa.Integer, 1), (sa.String, "1"),
)  # fmt: skip


def _row(table: sa.Table, **given: Any) -> dict[str, Any]:
    needed = (one for one in table.columns if not (one.nullable or one.server_default or one.name in given))
    blanks = {one.name: next((value for kind, value in BLANKS if isinstance(one.type, kind)), START) for one in needed}
    return blanks | given


@pytest.fixture
def many(store: Store) -> Store:
    """Three hundred deposits, several at the same instant, nearly all of them integrated; none is lost for good."""
    chance, common = random.Random(2), [DepositState.INTEGRATED] * 12
    states = [chance.choice([*DepositState, *common]).value for _ in range(300)]
    with store.begin() as conn:
        table = metadata.tables["deposits"]
        conn.execute(metadata.tables["connections"].insert().values(_row(metadata.tables["connections"], id="c1")))
        rows = [
            _row(table, id=f"d{rank:03}", connection_id="c1", state=state, number=f"F-{rank}", faults=[], rule_sets=[],
                 idempotency_key="", followed=state == "integrated", created_at=START + timedelta(minutes=rank // 3))
            for rank, state in enumerate(states)
        ]  # fmt: skip
        conn.execute(table.insert(), rows)
    return store


@pytest.mark.parametrize(
    "states",
    [
        (DepositState.REFUSED,),
        (DepositState.FAULTY, DepositState.REFUSED, DepositState.TO_DECIDE),
        (DepositState.READY, DepositState.INTEGRATED, DepositState.READY),
        tuple(DepositState),
    ],
)
def test_page_after_page_the_list_of_some_states_is_whole(many: Store, states: tuple[DepositState, ...]) -> None:
    with many.read() as conn:
        everything = deposits.search(conn, DepositQuery(), limit=1000).items
        found, after = [], ""
        while True:
            page = deposits.search(conn, DepositQuery(states=states), after, limit=7)
            assert len(page.items) <= 7
            found += page.items
            after = page.next
            if not after:
                break
    assert found
    assert [one.id for one in found] == [one.id for one in everything if one.state in states]


def _plans(store: Store, ask: Any) -> list[str]:
    """How the database answers each statement of `ask`, in one line each."""
    asked: list[tuple[str, Any]] = []
    with store.read() as conn:
        sa.event.listen(conn, "before_cursor_execute", lambda *given: asked.append((given[2], given[3])))
        ask(conn)
        cursor = conn.connection.cursor()
        plans = []
        for statement, values in asked:
            if store.dialect == "postgresql":
                cursor.execute("SET enable_seqscan = off")  # a few rows would be read at once
                cursor.execute("SET enable_bitmapscan = off")
            cursor.execute(f"EXPLAIN {'' if store.dialect == 'postgresql' else 'QUERY PLAN '}{statement}", values)
            plans.append(" / ".join(str(row[-1]) for row in cursor.fetchall()))
        return plans


def test_a_rare_state_is_read_from_its_index_in_the_order_of_the_list(many: Store) -> None:
    ask = DepositQuery(states=(DepositState.REFUSED,))
    (plan,) = _plans(many, lambda conn: deposits.search(conn, ask))
    assert "ix_deposits_state" in plan
    assert "SORT" not in plan.upper()
    assert "TEMP B-TREE" not in plan


def test_what_is_still_to_be_fetched_is_read_from_its_index(many: Store) -> None:
    ask = ReceptionQuery(states=(ReceptionState.SEEN,))
    (plan,) = _plans(many, lambda conn: receptions.search(conn, ask))
    assert "ix_receptions_seen" in plan
    assert "SORT" not in plan.upper()
    assert "TEMP B-TREE" not in plan


def test_the_board_of_deposits_is_summed_from_its_index_alone(many: Store) -> None:
    def board(conn: sa.Connection) -> None:
        weights.how_many_open(conn, weights.DEPOSITS, "c1")
        weights.by_party_and_service(conn, weights.DEPOSITS, "c1", START.date())
        weights.by_day(conn, weights.DEPOSITS, "", START.date())
        weights.by_last_day(conn, weights.DEPOSITS, "c1", START.date())
        weights.most_pressing(conn, weights.DEPOSITS, "", START.date(), 10)

    plans = _plans(many, board)
    assert len(plans) == 5
    assert [plan for plan in plans if "ix_deposits_due" not in plan] == []


def test_what_each_acceptance_and_each_news_looks_up_is_read_from_a_narrow_index(many: Store) -> None:
    """Of a connection with 100,000 deposits, never the 100,000."""
    lookups = {
        "ix_deposits_known": lambda conn: deposits.by_platform_ids(conn, "c1", [1, 2, 3]),
        "ix_deposits_number": lambda conn: deposits.sent_under(conn, "c1", "F-1", "732829320"),
        "uq_deposits_key": lambda conn: deposits.by_key(conn, "c1", "cle-1"),
    }
    for index, ask in lookups.items():
        (plan,) = _plans(many, ask)
        assert index in plan
