"""What a control handler receives, and the table entry that documents it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from chorus_simulator.bench import Bench
from chorus_simulator.gateway import Gateway
from chorus_simulator.world import World


@dataclass
class Order:
    """One request to the control room: the environment's world, the path's parts, the query, the JSON body."""

    bench: Bench
    gateway: Gateway
    world: World
    parts: dict[str, str]
    query: dict[str, str]
    body: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Endpoint:
    """`path` under `/_control`; `fields` describes the body, name to French sentence. The handler raises
    `LookupError` for what does not exist and `ValueError` (French) for what cannot be done."""

    method: str
    path: str
    summary: str
    handler: Callable[[Order], object]
    fields: dict[str, str] = field(default_factory=dict)


def number(body: dict[str, Any], name: str, default: float | None = None) -> float:
    """A number of the body. Raises `ValueError` (French) when it is missing without a default, or is no number."""
    value = body.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"« {name} » doit être un nombre.")
    return value


def text(body: dict[str, Any], name: str, default: str | None = None) -> str:
    """A text of the body, as it came. Raises `ValueError` (French) when it is missing without a default, or is no
    text."""
    value = body.get(name, default)
    if not isinstance(value, str):
        raise ValueError(f"« {name} » doit être un texte.")
    return value


def moment(body: dict[str, Any], name: str) -> datetime:
    """An instant with its zone."""
    try:
        read = datetime.fromisoformat(text(body, name))
    except ValueError:
        read = None
    if read is None or read.tzinfo is None:
        raise ValueError(f"« {name} » doit être une heure ISO avec son fuseau, par exemple 2026-11-21T10:00:00+01:00.")
    return read
