"""Programs that take receptions: each gets every invoice, each once; of two copies only one moves the place."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from raccord.domain.errors import Conflict, Invalid
from raccord.domain.reception import Reception
from raccord.engine.gateway import Gateway

Receive = Callable[..., Reception]


def numbers(batch: Any) -> list[str]:
    return [reception.number for _, reception in batch.receptions]


def test_two_programs_each_get_every_invoice_once(gateway: Gateway, receive: Receive) -> None:
    for rank in range(5):
        receive(rank)
    got: dict[str, list[str]] = {"compta": [], "ged": []}
    for name, limit in [("compta", 2), ("ged", 3), ("compta", 2), ("compta", 2), ("ged", 3), ("compta", 2)]:
        batch = gateway.handovers.take(name, limit)
        got[name] += numbers(batch)
        gateway.handovers.acknowledge(name, batch.after, batch.through, "cli")
    assert got == {"compta": ["F-0", "F-1", "F-2", "F-3", "F-4"], "ged": ["F-0", "F-1", "F-2", "F-3", "F-4"]}


def test_what_is_not_acknowledged_comes_again(gateway: Gateway, receive: Receive) -> None:
    receive(1)
    first, again = gateway.handovers.take("compta"), gateway.handovers.take("compta")
    assert first == again
    assert numbers(first) == ["F-1"]


def test_an_answer_lost_on_the_way_may_be_asked_again(gateway: Gateway, receive: Receive) -> None:
    receive(1)
    batch = gateway.handovers.take("compta")
    for _ in range(2):
        found = gateway.handovers.acknowledge("compta", batch.after, batch.through, "cli", token="lot-1")
        assert found.sequence == batch.through
    told = [event for event in gateway.journal.latest() if event.kind == "consumer.acknowledged"]
    assert len(told) == 1


def test_of_two_copies_of_a_program_one_is_told_that_it_came_second(gateway: Gateway, receive: Receive) -> None:
    receive(1)
    batch = gateway.handovers.take("compta")
    gateway.handovers.acknowledge("compta", batch.after, batch.through, "cli", token="copie-a")
    with pytest.raises(Conflict) as refusal:
        gateway.handovers.acknowledge("compta", batch.after, batch.through, "cli", token="copie-b")
    assert refusal.value.code == "CONSOMMATEUR_DEPASSE"


@pytest.mark.parametrize(("after", "through"), [(0, 99), (-1, 0), (1, 0)])
def test_a_place_that_does_not_exist_is_refused(gateway: Gateway, receive: Receive, after: int, through: int) -> None:
    receive(1)
    with pytest.raises(Invalid):
        gateway.handovers.acknowledge("compta", after, through, "cli")


@pytest.mark.parametrize("name", ["", "a b", "x" * 61, "é", "../x"])
def test_a_name_is_plain(gateway: Gateway, name: str) -> None:
    with pytest.raises(Invalid) as refusal:
        gateway.handovers.take(name)
    assert refusal.value.code == "CONSOMMATEUR_NOM"
