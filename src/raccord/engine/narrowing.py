"""The gateway as a limited person or program sees it: the same rooms, standing on a narrowed store.

Only the faces ask for it, once for each request; jobs keep everything. A room made tomorrow is narrowed like the
others, because what is replaced is the ground under it.
"""

from __future__ import annotations

import copy
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

from raccord.domain.reach import Reach
from raccord.engine.connections.visits import Visits
from raccord.store.reaching import narrow

if TYPE_CHECKING:
    from raccord.engine.gateway import Gateway

WHOLE = frozenset({"archive", "clock", "vault", "jobs", "users", "closing"})
"""What has no structure: bytes are reached through a row, secrets through their names, the engine's notes by nobody."""


def narrowed(gateway: Gateway, reach: Reach) -> Gateway:
    """Every room of `gateway` on a store that sees `reach` alone."""
    ground = replace(gateway.ground, store=narrow(gateway.store, reach))
    rooms = [getattr(gateway, field.name) for field in fields(gateway) if field.name not in WHOLE]
    moving = _Moving({id(gateway.store.whole): ground.store, id(gateway.ground): ground}, rooms)
    return replace(
        gateway,
        **{
            field.name: moving.moved(getattr(gateway, field.name))
            for field in fields(gateway)
            if field.name not in WHOLE
        },
    )


class _Moving:
    """Copies rooms, each once, and lays the new ground under the copies and under the rooms that they hold."""

    def __init__(self, known: dict[int, Any], rooms: list[Any]) -> None:
        self._known, self._rooms = known, {id(room) for room in rooms}

    def moved(self, room: Any) -> Any:
        if id(room) not in self._known:
            self._known[id(room)] = twin = copy.copy(room)
            for name, value in vars(room).items():
                if id(value) in self._known or id(value) in self._rooms or isinstance(value, Visits):
                    setattr(twin, name, self.moved(value))
        return self._known[id(room)]
