"""Whoever is limited is given other rooms: none of them can reach the whole store, not even one made tomorrow."""

from __future__ import annotations

import types
from collections.abc import Iterator
from dataclasses import fields
from typing import Any

from raccord.domain.reach import EVERYTHING, Reach
from raccord.engine.gateway import Gateway
from raccord.engine.narrowing import WHOLE

_OF_THE_ENGINE = {"jobs", "platform", "breaker", "archive", "vault", "options"}
"""Parts of the ground that no face asks anything of an invoice: the engine's notes, the way to Chorus Pro, bytes."""
_OF_THE_ENGINE_ALONE = {"_notices", "_vault", "_way", "_check", "_tools", "_sender", "report", "delta", "release"}
"""Attributes of rooms that serve jobs, secrets or checks, whatever the reach of whoever asks."""


def held(room: Any, path: str, seen: set[int]) -> Iterator[tuple[str, Any]]:
    """Everything of ours that a room holds, with the way to it."""
    if id(room) in seen or isinstance(room, types.FunctionType | types.MethodType):
        return
    seen.add(id(room))
    yield path, room
    for name, value in getattr(room, "__dict__", {}).items():
        if name in _OF_THE_ENGINE | _OF_THE_ENGINE_ALONE or not type(value).__module__.startswith("raccord."):
            continue
        yield from held(value, f"{path}.{name}", seen)


def test_no_room_of_a_narrowed_gateway_holds_the_whole_store(gateway: Gateway) -> None:
    """Walk through every room and what it holds: the whole store is nowhere."""
    small = gateway.within(Reach.of(["45251785100010"]))
    ways = [
        path
        for field in fields(small)
        if field.name not in WHOLE
        for path, found in held(getattr(small, field.name), field.name, set())
        if found in (gateway.store, gateway.ground) and not path.endswith("._whole")
    ]
    assert ways == []


def test_everything_is_the_gateway_itself(gateway: Gateway) -> None:
    """Who sees everything is served by the very same rooms."""
    assert gateway.within(EVERYTHING) is gateway
