"""One call: prove, send, read. The same steps for both clients; only the waiting differs.

1. a bearer, from the cache or from PISTE; 2. the request, with both proofs; 3. if the bearer is worn out, a new one and
one more try, never two; 4. the answer, or an error of `choruspro.errors`; 5. one CallRecord per exchange.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, TypeVar
from urllib.parse import urlsplit

import httpx2
import msgspec

from choruspro.auth import DESK, Token, TokenCache, read_token, token_request
from choruspro.base import Retour
from choruspro.credentials import Credentials
from choruspro.environment import Environment
from choruspro.errors import ChorusProError
from choruspro.evidence import Masker
from choruspro.failures import TRANSPORT_ERRORS, DeadlinePassed, unreachable
from choruspro.operation import Operation
from choruspro.reading import RawAnswer, bearer_expired, read
from choruspro.records import AsyncHooks, CallRecord, Hooks

__all__ = ["AsyncSession", "Dialogue", "Session", "Timeouts", "utc_now"]

Ans = TypeVar("Ans")

CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds. `read` and `write` bound one silence, `pool` the wait for a connection, `total` one exchange as
    a whole.
    """

    connect: float = 10.0
    read: float = 60.0
    write: float = 60.0
    pool: float = 10.0
    total: float = 90.0

    def for_transport(self) -> httpx2.Timeout:
        """Return the transport's own form; no single silence may outlast the whole."""
        read_, write = min(self.read, self.total), min(self.write, self.total)
        return httpx2.Timeout(connect=self.connect, read=read_, write=write, pool=self.pool)


@dataclass(frozen=True, slots=True)
class Dialogue:
    """What every call of one connection shares: where, who, which clocks.

    `clock` gives the aware present (life of tokens, dates of records); `timer` monotonic seconds (durations, deadline).
    """

    environment: Environment
    credentials: Credentials
    tokens: TokenCache
    timeouts: Timeouts
    clock: Callable[[], datetime]
    timer: Callable[[], float]
    basic: bool
    max_answer: int

    @property
    def token_key(self) -> tuple[str, str]:
        """Name this connection's token in the cache."""
        return self.environment.token_url, self.credentials.application_key()


class _Steps:
    """The steps that need no waiting."""

    def __init__(self, dialogue: Dialogue, on_call: Callable[[CallRecord], None] | None) -> None:
        self.dialogue = dialogue
        self._on_call = on_call
        self._key = dialogue.token_key
        self._account = dialogue.credentials.account_header()
        self._masker = Masker(dialogue.credentials.secrets())
        self._timeout = dialogue.timeouts.for_transport().as_dict()

    def fresh(self) -> Token | None:
        return self.dialogue.tokens.get(self._key, self.dialogue.clock())

    def token_call(self) -> _Exchange:
        headers, body = token_request(self.dialogue.credentials, basic=self.dialogue.basic)
        return self._exchange(DESK, "POST", self.dialogue.environment.token_url, headers, body)

    def api_call(self, operation: Operation[..., Any], target: str, body: bytes, token: Token) -> _Exchange:
        headers = {
            "Authorization": f"Bearer {token.value}",
            "cpro-account": self._account,
            "Content-Type": "application/json;charset=utf-8",
            "Accept": "application/json;charset=utf-8",
        }
        url = self.dialogue.environment.api_url.rstrip("/") + target
        return self._exchange(operation.name, operation.method, url, headers, body)

    def read_token(self, exchange: _Exchange, raw: RawAnswer) -> Token:
        with self._told(exchange, raw):
            token = read_token(raw, self._masker)
        self.dialogue.tokens.put(self._key, token)
        return token

    def worn_out(self, exchange: _Exchange, raw: RawAnswer, token: Token) -> bool:
        if not bearer_expired(raw):
            return False
        self.dialogue.tokens.drop(self._key, token.value)
        self._tell(exchange, raw, "bearer-expired", None)
        return True

    def conclude(self, operation: Operation[..., Ans], exchange: _Exchange, raw: RawAnswer, token: Token) -> Ans:
        masker = Masker((*self.dialogue.credentials.secrets(), token.value)) if raw.status != 200 else self._masker
        with self._told(exchange, raw) as telling:
            answer = read(operation, raw, masker)
            telling.code_retour = answer.codeRetour if isinstance(answer, Retour) else None
        return answer

    def failed(self, exchange: _Exchange, error: Exception, *, writes: bool, token_step: bool) -> ChorusProError:
        host = urlsplit(exchange.url).hostname or ""
        failure = unreachable(
            error,
            operation=exchange.operation,
            host=host,
            writes=writes,
            masker=self._masker,
            token_step=token_step,
        )
        self._tell(exchange, None, failure.code, None)
        return failure

    def _exchange(self, operation: str, method: str, url: str, headers: dict[str, str], body: bytes) -> _Exchange:
        dialogue = self.dialogue
        started = dialogue.timer()
        return _Exchange(operation, method, url, headers, body, dialogue.clock(), started)

    def _told(self, exchange: _Exchange, raw: RawAnswer) -> _Telling:
        return _Telling(self, exchange, raw)

    def _tell(self, exchange: _Exchange, raw: RawAnswer | None, outcome: str, code_retour: int | None) -> None:
        if self._on_call is None:
            return
        record = CallRecord(
            operation=exchange.operation,
            started_at=exchange.started_at,
            duration=self.dialogue.timer() - exchange.started,
            http_status=raw.status if raw else None,
            code_retour=code_retour,
            outcome=outcome,
            request_id=raw.request_id if raw else None,
            sent_bytes=len(exchange.body),
            received_bytes=len(raw.body) if raw else 0,
        )
        self._on_call(record)


@dataclass(frozen=True, slots=True)
class _Exchange:
    """One HTTP request about to leave."""

    operation: str
    method: str
    url: str
    headers: dict[str, str]
    body: bytes
    started_at: datetime
    started: float


class _Telling:
    """Tells one exchange when its block ends, whether by an answer or by an error."""

    def __init__(self, steps: _Steps, exchange: _Exchange, raw: RawAnswer) -> None:
        self._steps, self._exchange, self._raw = steps, exchange, raw
        self.code_retour: int | None = None

    def __enter__(self) -> _Telling:
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if error is None:
            self._steps._tell(self._exchange, self._raw, "ok", self.code_retour)
        elif isinstance(error, ChorusProError):
            self._steps._tell(self._exchange, self._raw, error.code, error.code_retour)


class Session(_Steps):
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
        token = self.token(operation.writes)
        exchange, raw = self._attempt(operation, target, body, token)
        if self.worn_out(exchange, raw, token):
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
    ) -> tuple[_Exchange, RawAnswer]:
        if self._before_call is not None:
            self._before_call(operation.name)
        exchange = self.api_call(operation, target, body, token)
        try:
            return exchange, self._send(exchange)
        except TRANSPORT_ERRORS as error:
            raise self.failed(exchange, error, writes=operation.writes, token_step=False) from error

    def _send(self, exchange: _Exchange) -> RawAnswer:
        deadline = exchange.started + self.dialogue.timeouts.total
        request = httpx2.Request(
            exchange.method,
            exchange.url,
            headers=_sized(exchange),
            content=self._paced(exchange.body, deadline),
            extensions={"timeout": self._timeout},
        )
        answer = self._http.send(request, stream=True)
        try:
            body = self._receive(answer, deadline)
        finally:
            answer.close()
        return RawAnswer(answer.status_code, answer.headers, body, self.dialogue.clock())

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


class AsyncSession(_Steps):
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
        token = await self.token(operation.writes)
        exchange, raw = await self._attempt(operation, target, body, token)
        if self.worn_out(exchange, raw, token):
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
    ) -> tuple[_Exchange, RawAnswer]:
        if self._before_call is not None:
            await self._before_call(operation.name)
        exchange = self.api_call(operation, target, body, token)
        try:
            return exchange, await self._send(exchange)
        except TRANSPORT_ERRORS as error:
            raise self.failed(exchange, error, writes=operation.writes, token_step=False) from error

    async def _send(self, exchange: _Exchange) -> RawAnswer:
        request = httpx2.Request(
            exchange.method,
            exchange.url,
            headers=exchange.headers,
            content=exchange.body,
            extensions={"timeout": self._timeout},
        )
        try:
            async with asyncio.timeout(self.dialogue.timeouts.total):
                answer = await self._http.send(request, stream=True)
                try:
                    body = await self._receive(answer)
                finally:
                    await answer.aclose()
        except TimeoutError as error:
            raise DeadlinePassed(sent=None) from error
        return RawAnswer(answer.status_code, answer.headers, body, self.dialogue.clock())

    async def _receive(self, answer: httpx2.Response) -> bytes:
        parts, size = [], 0
        async for part in answer.aiter_bytes():
            size += len(part)
            _check_size(size, self.dialogue.max_answer)
            parts.append(part)
        return parts[0] if len(parts) == 1 else b"".join(parts)


def _sized(exchange: _Exchange) -> dict[str, str]:
    # A body sent in slices would otherwise travel in "chunked" form, which some gateways refuse.
    return exchange.headers | ({"Content-Length": str(len(exchange.body))} if exchange.body else {})


def _check_size(size: int, limit: int) -> None:
    if size > limit:
        raise httpx2.DecodingError(f"réponse de plus de {limit} octets")


def utc_now() -> datetime:
    """The default clock."""
    return datetime.now(UTC)


default_timer = time.monotonic


def with_account(dialogue: Dialogue, login: str, password: str) -> Dialogue:
    """The same application and the same tokens, acting as another technical account."""
    credentials = replace(dialogue.credentials, login=login, password=password)
    return replace(dialogue, credentials=credentials)
