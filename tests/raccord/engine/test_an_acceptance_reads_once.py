"""What an acceptance asks of the database: each thing once, and nothing that it knows already."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa

from raccord.domain.connection import Connection
from raccord.domain.deposit import DepositState
from raccord.domain.identifiers import Siret
from raccord.engine.gateway import Gateway

TOWN = "21970999400017"
_TABLE = re.compile(r"\bFROM (\w+)")


@contextmanager
def _readings(gateway: Gateway) -> Iterator[Counter[str]]:
    """How often each table is read in the block."""
    found: Counter[str] = Counter()

    def count(_conn: object, _cursor: object, statement: str, *_rest: object) -> None:
        if table := _TABLE.search(statement):
            found[table[1]] += 1

    sa.event.listen(gateway.store.engine, "before_cursor_execute", count)
    try:
        yield found
    finally:
        sa.event.remove(gateway.store.engine, "before_cursor_execute", count)


def test_the_connection_and_the_directory_are_read_once(gateway: Gateway, online: Connection, invoicing: Any) -> None:
    gateway.directory.refresh(online.id, "alice@exemple.fr")
    with _readings(gateway) as read:
        deposit = invoicing.accept(gateway, "F-1").deposit
    assert deposit.state is DepositState.READY, deposit.faults
    assert (read["connections"], read["directory_structures"]) == (1, 1), read
    assert read["directory_editions"] == 0, read  # the copy is not weighed when it has the structure


@pytest.mark.parametrize(("service", "times", "elsewhere"), [("ECOLES", 1, 0), ("INCONNU", 2, 1)])
def test_a_service_is_asked_elsewhere_only_when_the_copy_lacks_it(
    gateway: Gateway, online: Connection, invoicing: Any, service: str, times: int, elsewhere: int
) -> None:
    gateway.directory.refresh(online.id, "alice@exemple.fr")
    to_the_town = replace(invoicing, recipient=Siret.parse(TOWN), service=service)
    with _readings(gateway) as read:
        deposit = to_the_town.accept(gateway, "F-1").deposit
    assert (deposit.state is DepositState.READY) == (not elsewhere), deposit.faults
    assert (read["directory_services"], read["directory_live"]) == (times, elsewhere), read
