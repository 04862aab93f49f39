"""The journal: what happened, when, by whom. Append-only, each event sealed to the one before by a hash."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

GENESIS = "0" * 64
"""The hash before the first event."""


@dataclass(frozen=True)
class NewEvent:
    """Something that happened. `data` holds plain JSON values and never a secret."""

    subject: str
    """What it is about: `deposit/<id>`, `reception/<id>`, `connection/<id>`, `user/<id>`."""
    kind: str
    at: datetime
    actor: str
    data: Mapping[str, object]


@dataclass(frozen=True)
class Event(NewEvent):
    """An event in the chain of its journal."""

    seq: int
    previous: str
    hash: str


def seal(previous: str, event: NewEvent) -> str:
    """The hash that ties an event to the one before: SHA-256 of the previous hash and of the canonical event."""
    canonical = json.dumps(
        [event.subject, event.kind, event.at.isoformat(), event.actor, event.data],
        ensure_ascii=False,
        separators=(",", ":"),
        sort_keys=True,
    )
    return hashlib.sha256(f"{previous}|{canonical}".encode()).hexdigest()
