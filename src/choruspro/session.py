"""One call: prove, send, read. The same steps for both clients; only the waiting differs.

1. a bearer, from the cache or from PISTE; 2. the request, with both proofs; 3. if the bearer is worn out, a new one and
one more try, never two; 4. the answer, or an error of `choruspro.errors`; 5. one CallRecord per exchange.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any, TypeVar

import httpx2
import msgspec

from choruspro.auth import Token
from choruspro.exchange import Dialogue, Exchange, Steps
from choruspro.failures import TRANSPORT_ERRORS, DeadlinePassed
from choruspro.operation import Operation
from choruspro.reading import RawAnswer
from choruspro.records import AsyncHooks, Hooks

__all__ = ["AsyncSession", "Session"]

Ans = TypeVar("Ans")

CHUNK = 1 << 20


class Session(Steps):
    """Carries calls over a synchronous transport; safe between threads."""

    def __init__(self, dialogue: Dialogue, http: httpx2.Client, hooks: Hooks) -> None:
        super().__init__(dialogue, hooks.on_call)
        self._http = http
        self._before_call = hooks.before_call

    def call(self, operation: Operation[..., Ans], request: msgspec.Struct) -> Ans:
        """Carry one call. Raises the errors of `choruspro.errors`, and ValueError for a request that cannot be
        written.
        """
        target, body = operation.target(request), operation.content(request)
        kept = self.fresh()
        token = kept or self.token(operation.writes)
        exchange, raw = self._attempt(operation, target, body, token)
        if self.worn_out(exchange, raw, kept):
            token = self.token(operation.writes)
            exchange, raw = self._attempt(operation, target, body, token)
        return self.conclude(operation, exchange, raw, token)

    def token(self, writes: bool = False) -> Token:
        """Return a usable token, asking PISTE for one if need be; threads that need the same one ask once."""
        token = self.fresh()
        if token is not None:
            return token
        with self.dialogue.tokens.fetching(self._key):
            return self.fresh() or self._new_token(writes)

    def _new_token(self, writes: bool) -> Token:
        exchange = self.token_call()
        try:
            raw = self._send(exchange)
        except TRANSPORT_ERRORS as error:
            raise self.failed(exchange, error, writes=writes, token_step=True) from error
        return self.read_token(exchange, raw)

    def _attempt(
        self, operation: Operation[..., Any], target: str, body: bytes, token: Token
    ) -> tuple[Exchange, RawAnswer]:
        if self._before_call is not None:
            self._before_call(operation.name)
        exchange = self.api_call(operation, target, body, token)
        try:
            return exchange, self._send(exchange)
        except TRANSPORT_ERRORS as error:
            raise self.failed(exchange, error, writes=operation.writes, token_step=False) from error

    def _send(self, exchange: Exchange) -> RawAnswer:
        deadline = exchange.started + self.dialogue.timeouts.total
        request = self.request(exchange, self._paced(exchange.body, deadline))
        answer = self._http.send(request, stream=True)
        try:
            body = self._receive(answer, deadline)
        finally:
            answer.close()
        return self.answered(answer, body)

    def _paced(self, body: bytes, deadline: float) -> bytes | Iterator[bytes]:
        return body if len(body) <= CHUNK else self._slices(body, deadline)

    def _slices(self, body: bytes, deadline: float) -> Iterator[bytes]:
        view = memoryview(body)
        for start in range(0, len(body), CHUNK):
            if self.dialogue.timer() > deadline:
                raise DeadlinePassed(sent=None)
            yield bytes(view[start : start + CHUNK])

    def _receive(self, answer: httpx2.Response, deadline: float) -> bytes:
        parts, size = [], 0
        for part in answer.iter_bytes():
            size += len(part)
            _check_size(size, self.dialogue.max_answer)
            if self.dialogue.timer() > deadline:
                raise DeadlinePassed(sent=True)
            parts.append(part)
        return parts[0] if len(parts) == 1 else b"".join(parts)


class AsyncSession(Steps):
    """Carries calls over an asynchronous transport, in one event loop."""

    def __init__(self, dialogue: Dialogue, http: httpx2.AsyncClient, hooks: AsyncHooks) -> None:
        super().__init__(dialogue, hooks.on_call)
        self._http = http
        self._before_call = hooks.before_call
        self._fetching = asyncio.Lock()

    async def call(self, operation: Operation[..., Ans], request: msgspec.Struct) -> Ans:
        """Carry one call. Raises the errors of `choruspro.errors`, and ValueError for a request that cannot be
        written.
        """
        target, body = operation.target(request), operation.content(request)
        kept = self.fresh()
        token = kept or await self.token(operation.writes)
        exchange, raw = await self._attempt(operation, target, body, token)
        if self.worn_out(exchange, raw, kept):
            token = await self.token(operation.writes)
            exchange, raw = await self._attempt(operation, target, body, token)
        return self.conclude(operation, exchange, raw, token)

    async def token(self, writes: bool = False) -> Token:
        """Return a usable token, asking PISTE for one if need be; tasks that need the same one ask once."""
        token = self.fresh()
        if token is not None:
            return token
        async with self._fetching:
            return self.fresh() or await self._new_token(writes)

    async def _new_token(self, writes: bool) -> Token:
        exchange = self.token_call()
        try:
            raw = await self._send(exchange)
        except TRANSPORT_ERRORS as error:
            raise self.failed(exchange, error, writes=writes, token_step=True) from error
        return self.read_token(exchange, raw)

    async def _attempt(
        self, operation: Operation[..., Any], target: str, body: bytes, token: Token
    ) -> tuple[Exchange, RawAnswer]:
        if self._before_call is not None:
            await self._before_call(operation.name)
        exchange = self.api_call(operation, target, body, token)
        try:
            return exchange, await self._send(exchange)
        except TRANSPORT_ERRORS as error:
            raise self.failed(exchange, error, writes=operation.writes, token_step=False) from error

    async def _send(self, exchange: Exchange) -> RawAnswer:
        request = self.request(exchange, exchange.body)
        try:
            async with asyncio.timeout(self.dialogue.timeouts.total):
                answer = await self._http.send(request, stream=True)
                try:
                    body = await self._receive(answer)
                finally:
                    await answer.aclose()
        except TimeoutError as error:
            raise DeadlinePassed(sent=None) from error
        return self.answered(answer, body)

    async def _receive(self, answer: httpx2.Response) -> bytes:
        parts, size = [], 0
        async for part in answer.aiter_bytes():
            size += len(part)
            _check_size(size, self.dialogue.max_answer)
            parts.append(part)
        return parts[0] if len(parts) == 1 else b"".join(parts)


def _check_size(size: int, limit: int) -> None:
    if size > limit:
        raise httpx2.DecodingError(f"réponse de plus de {limit} octets")
