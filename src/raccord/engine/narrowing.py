"""The gateway as a limited person or program sees it: the same rooms, standing on a narrowed store.

Only the faces ask for it, once for each request; jobs keep everything. A room made tomorrow is narrowed like the
others, because what is replaced is the ground under it.
"""

from __future__ import annotations

import copy
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any, Protocol, TypeVar, cast

from raccord.domain.reach import Reach
from raccord.store.database import Store
from raccord.store.reaching import narrow
from raccord.store.together import Together

if TYPE_CHECKING:
    from raccord.engine.foundation.ground import Ground

WHOLE = frozenset({"archive", "clock", "vault", "jobs", "users", "closing"})
"""What has no structure: bytes are reached through a row, secrets through their names, the engine's notes by nobody."""


class House(Protocol):
    """What is narrowed: a frozen dataclass of rooms, with the store and the ground on which they stand."""

    @property
    def store(self) -> Store: ...
    @property
    def ground(self) -> Ground: ...


_House = TypeVar("_House", bound=House)


def narrowed(gateway: _House, reach: Reach) -> _House:
    """Every room of `gateway` on a store that sees `reach` alone."""
    names = [field.name for field in fields(cast("Any", gateway)) if field.name not in WHOLE]
    moving = _Moving(gateway.store, gateway.ground, reach, [getattr(gateway, name) for name in names])
    return cast(
        "_House", replace(cast("Any", gateway), **{name: moving.moved(getattr(gateway, name)) for name in names})
    )


class _Moving:
    """Copies rooms, each once, and lays the new ground under the copies and under the rooms that they hold."""

    def __init__(self, store: Store, ground: Ground, reach: Reach, rooms: list[Any]) -> None:
        self._store = narrow(store, reach)
        self._known: dict[int, Any] = {id(store): self._store, id(ground): replace(ground, store=self._store)}
        self._rooms = {id(room) for room in rooms}

    def moved(self, room: Any) -> Any:
        """The copy of a room on the new ground."""
        if id(room) not in self._known:
            self._known[id(room)] = twin = copy.copy(room)
            for name, value in vars(room).items():
                if isinstance(value, Together):  # its queue is for one store
                    setattr(twin, name, Together(self._store))
                elif self._moves(value):
                    setattr(twin, name, self.moved(value))
        return self._known[id(room)]

    def _moves(self, value: Any) -> bool:
        """Whether a room holds this to ask the store something: the store, the ground, another room."""
        held = getattr(value, "__dict__", {})
        ground, store = held.get("_ground"), held.get("_store")
        return (
            id(value) in self._known
            or id(value) in self._rooms
            or id(ground) in self._known
            or id(store) in self._known
        )
