"""What the client tells its host of each exchange, for journals, counters and limiters; never a secret."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime

__all__ = ["AsyncHooks", "CallRecord", "Hooks"]


@dataclass(frozen=True, slots=True)
class CallRecord:
    """One HTTP exchange.

    `operation`: `family/tail`, or `piste/token`; `started_at`: aware instant; `duration`: seconds;
    `http_status`: None when no answer came; `outcome`: `ok`, or the `code` of the error;
    `request_id`: header `x-piste-request-id`; `sent_bytes`, `received_bytes`: sizes of the two bodies.
    """

    operation: str
    started_at: datetime
    duration: float
    http_status: int | None
    code_retour: int | None
    outcome: str
    request_id: str | None
    sent_bytes: int
    received_bytes: int


@dataclass(frozen=True, slots=True)
class Hooks:
    """`before_call(operation)` runs before each API exchange (a limiter waits there); `on_call(record)` after
    each one.
    """

    before_call: Callable[[str], None] | None = field(default=None)
    on_call: Callable[[CallRecord], None] | None = field(default=None)


@dataclass(frozen=True, slots=True)
class AsyncHooks:
    """The same for the asynchronous client, whose `before_call` is awaited."""

    before_call: Callable[[str], Awaitable[None]] | None = field(default=None)
    on_call: Callable[[CallRecord], None] | None = field(default=None)
