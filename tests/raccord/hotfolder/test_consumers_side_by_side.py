"""Programs that take receptions: each gets every invoice, each once; of two copies only one moves the place."""

from __future__ import annotations

import random
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


@pytest.mark.parametrize("seed", range(4))
def test_a_program_by_its_place_and_a_folder_side_by_side_whatever_stops(
    watch: Any, make_gateway: Callable[[], Gateway], receive: Receive, seed: int
) -> None:
    """The program keeps what it read in a file of its own before it acknowledges; either side is killed at any step."""
    chance, kept, expected = random.Random(seed), [], []
    for turn in range(14):
        expected += [receive(turn * 10 + rank).id for rank in range(chance.randrange(3))]
        if chance.random() < 0.4:  # the whole house is killed and comes back
            watch.gateway = make_gateway()
        _folder_looks(watch, chance.choice(["", "written", "named", "noted"]))
        _program_takes(watch.gateway, kept, chance)
    _folder_looks(watch, "")
    while watch.gateway.handovers.take("compta").receptions:
        _program_takes(watch.gateway, kept, chance)
    assert kept == expected
    assert sorted(one.reception_id for one in watch.gateway.handovers.waiting("dossier")) == sorted(expected)
    sheets = [name for name in watch.names("recues") if name.endswith("facture.json")]
    assert len(sheets) == len(expected)
    assert not [name for name in watch.names("recues") if name.startswith(".")]


def _folder_looks(watch: Any, stop_at: str) -> None:
    try:
        watch.look(times=1, folder=watch.watched(stop_at=stop_at))
    except Exception as stopped:
        assert str(stopped) == stop_at  # noqa: PT017  # the killed machine, and nothing else


def _program_takes(gateway: Gateway, kept: list[str], chance: random.Random) -> None:
    """Read, keep, acknowledge; killed before keeping, after keeping, or after an answer that was lost."""
    batch = gateway.handovers.take("compta", 1 + chance.randrange(3))
    if chance.random() < 0.25:
        return
    kept += [one.id for _, one in batch.receptions if one.id not in kept]
    for _ in range(chance.randrange(3)):
        gateway.handovers.acknowledge("compta", batch.after, batch.through, "cli", token=f"lot-{batch.after}")


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
