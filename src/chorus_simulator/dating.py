"""The `Date` header of every answer: the bench's hour, as a server that has a clock gives it (RFC 9110 §6.6.1).

A bench whose clock was moved plays another day: it then keeps silent about the hour, as a server without a clock must,
unless the switch `date_banc` asks it to say its own. uvicorn's own header is turned off.
"""

from __future__ import annotations

from collections.abc import MutableMapping
from datetime import UTC, datetime, timedelta
from email.utils import formatdate
from functools import lru_cache
from typing import Any

from chorus_simulator.bench import Bench
from chorus_simulator.transport import Send

MOVED = timedelta(seconds=60)


class Dated:
    """The same `send`, which adds the header to the head of the answer."""

    def __init__(self, bench: Bench, send: Send) -> None:
        self._bench, self._send = bench, send
        self.__self__ = getattr(send, "__self__", None)  # `transport.Request.cut` finds the line through it

    async def __call__(self, message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message.get("headers", ()), *_date(self._bench)]}
        await self._send(message)


def _date(bench: Bench) -> list[tuple[bytes, bytes]]:
    now = bench.clock.now()
    moved = abs(now - datetime.now(UTC)) > MOVED
    return [] if moved and not bench.switches.on("date_banc") else [(b"date", _written(int(now.timestamp())))]


@lru_cache(maxsize=4)
def _written(second: int) -> bytes:
    return formatdate(second, usegmt=True).encode()
