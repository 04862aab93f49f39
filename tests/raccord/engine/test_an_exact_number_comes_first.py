"""Who types a number sees the invoice of that number first, however many newer ones begin alike."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from raccord.domain.connection import Structure
from raccord.store import receptions, structures
from raccord.store.receptions import ReceptionQuery

if TYPE_CHECKING:
    from collections.abc import Callable

    from raccord.domain.connection import Connection
    from raccord.engine.gateway import Gateway

TOWN = "21970999400017"


@pytest.fixture
def receive(gateway: Gateway, offline: Connection) -> Callable[..., None]:
    """Have the town receive invoices of these numbers, one minute after the other."""
    with gateway.store.begin() as conn:
        structures.insert(conn, Structure("s1", "c1", TOWN, "Ville", 7, is_recipient=True), gateway.clock())

    def receive(*numbers: str) -> None:
        empty = dict.fromkeys(("supplier_siret", "supplier_name", "service_code", "service_name", "commitment"), "")
        for rank, number in enumerate(numbers):
            at = gateway.clock() + timedelta(minutes=rank)
            columns: dict[str, Any] = {
                "id": f"r{rank}", "connection_id": "c1", "structure_id": "s1", "state": "seen", "family": "FACTURE",
                "id_facture": 100 + rank, "number": number, "recipient_siret": TOWN, "market": "", "type_code": "",
                "currency": "EUR", "platform_status": "MISE_A_DISPOSITION", "created_at": at, "updated_at": at,
            }  # fmt: skip
            with gateway.store.begin() as conn:
                receptions.insert(conn, columns | empty)

    return receive


def _walk(gateway: Gateway, text: str, limit: int) -> list[str]:
    numbers, after = [], ""
    while True:
        page = gateway.inbox.search(ReceptionQuery(text=text), after=after, limit=limit)
        numbers += [one.number for one in page.items]
        after = page.next
        if not after:
            return numbers


def _walk_both(gateway: Gateway, text: str, limit: int) -> list[str]:
    numbers, after = [], 0
    while True:
        page = gateway.finder.search(text, limit=limit, after=after)
        assert len(page.items) <= limit
        numbers += [f"{one.kind} {one.number}" for one in page.items]
        if not page.next:
            return numbers
        after = int(page.next)


@pytest.mark.parametrize("limit", [1, 2, 3, 50])
@pytest.mark.parametrize("text", ["F-3", "f-3", " F-3 "])
def test_the_oldest_comes_first_when_it_is_the_one_and_no_page_loses_any(
    gateway: Gateway, receive: Callable[..., None], text: str, limit: int
) -> None:
    receive("F-3", "F-30", "F-31", "X F-3", "F-32", "G-3")
    assert _walk(gateway, text, limit) == ["F-3", "F-32", "X F-3", "F-31", "F-30"]


def test_several_of_the_same_number_come_first_the_last_arrived_before(
    gateway: Gateway, receive: Callable[..., None]
) -> None:
    receive("12", "12", "120", "121", "99")
    assert [one.id for one in gateway.inbox.search(ReceptionQuery(text="12")).items] == ["r1", "r0", "r3", "r2"]


def test_a_filter_still_holds_for_the_exact_one(gateway: Gateway, receive: Callable[..., None]) -> None:
    receive("F-3", "F-30")
    assert gateway.inbox.search(ReceptionQuery(text="F-3", platform_status="MANDATEE")).items == ()


@pytest.mark.parametrize("limit", [1, 2, 3, 50])
def test_the_search_among_both_kinds_puts_the_exact_ones_of_each_first(
    gateway: Gateway, receive: Callable[..., None], invoicing: Any, limit: int
) -> None:
    receive("F-3", "F-30")
    for number in ("F-3", "F-33"):
        invoicing.accept(gateway, number)
    found = _walk_both(gateway, "F-3", limit)
    assert sorted(found) == ["deposit F-3", "deposit F-33", "reception F-3", "reception F-30"]
    assert {one.split()[1] for one in found[: min(limit, 2)]} == {"F-3"}
    assert [one.number for one in gateway.outbox.search(_deposits("F-3")).items] == ["F-3", "F-33"]


def _deposits(text: str) -> Any:
    from raccord.store.deposits import DepositQuery

    return DepositQuery(text=text)


@pytest.mark.parametrize("most", [2500])
def test_a_word_that_many_have_turns_all_its_pages(gateway: Gateway, receive: Callable[..., None], most: int) -> None:
    receive("LOT-1")
    now = gateway.clock()
    empty = dict.fromkeys(("supplier_siret", "supplier_name", "service_code", "service_name", "commitment"), "")
    rows = [
        {
            "id": f"m{rank}", "connection_id": "c1", "structure_id": "s1", "state": "seen", "family": "FACTURE",
            "id_facture": 10_000 + rank, "number": f"LOT-1{rank:05}", "recipient_siret": TOWN, "market": "",
            "type_code": "", "currency": "EUR", "platform_status": "", "created_at": now, "updated_at": now, **empty,
        }
        for rank in range(most)
    ]  # fmt: skip
    with gateway.store.begin() as conn:
        for begun in range(0, most, 500):
            receptions.insert_all(conn, rows[begun : begun + 500])
    found = _walk(gateway, "lot-1", 900)
    assert found[0] == "LOT-1"
    assert found[1:] == [row["number"] for row in reversed(rows)]
