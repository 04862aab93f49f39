"""The steps of a call that need no waiting: what is sent, what an answer means, what is told to the hooks."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, TypeVar
from urllib.parse import urlsplit

import httpx2

from choruspro.auth import DESK, Token, TokenCache, read_token, token_request
from choruspro.credentials import Credentials
from choruspro.environment import Environment
from choruspro.errors import ChorusProError
from choruspro.evidence import Masker
from choruspro.failures import unreachable
from choruspro.operation import Operation
from choruspro.reading import RawAnswer, bearer_expired, code_of, read
from choruspro.records import CallRecord

__all__ = ["Dialogue", "Exchange", "Steps", "Timeouts", "default_timer", "utc_now", "with_account"]

Ans = TypeVar("Ans")

USER_AGENT = "choruspro-python"


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


class Steps:
    """The steps of both sessions."""

    def __init__(self, dialogue: Dialogue, on_call: Callable[[CallRecord], None] | None) -> None:
        self.dialogue = dialogue
        self._on_call = on_call
        self._key = dialogue.token_key
        self._account = dialogue.credentials.account_header()
        self._masker = Masker(dialogue.credentials.secrets())
        self._with_bearer: tuple[str, Masker] = ("", self._masker)
        self._timeout = dialogue.timeouts.for_transport().as_dict()

    def fresh(self) -> Token | None:
        """Return the token kept, if it can still be used."""
        return self.dialogue.tokens.get(self._key, self.dialogue.clock())

    def token_call(self) -> Exchange:
        """Prepare a token request."""
        headers, body = token_request(self.dialogue.credentials, basic=self.dialogue.basic)
        return self._exchange(DESK, "POST", self.dialogue.environment.token_url, headers, body)

    def api_call(self, operation: Operation[..., Any], target: str, body: bytes, token: Token) -> Exchange:
        """Prepare a call, with both proofs."""
        headers = {
            "Authorization": f"Bearer {token.value}",
            "cpro-account": self._account,
            "Content-Type": "application/json;charset=utf-8",
            "Accept": "application/json;charset=utf-8",
            "Accept-Encoding": "gzip, deflate",
            "User-Agent": USER_AGENT,
        }
        url = self.dialogue.environment.api_url.rstrip("/") + target
        return self._exchange(operation.name, operation.method, url, headers, body)

    def request(self, exchange: Exchange, content: bytes | Iterator[bytes]) -> httpx2.Request:
        """Prepare the HTTP request of an exchange."""
        # A body sent in slices would otherwise travel in "chunked" form, which some gateways refuse.
        length = {"Content-Length": str(len(exchange.body))} if exchange.body else {}
        return httpx2.Request(
            exchange.method,
            exchange.url,
            headers=exchange.headers | length,
            content=content,
            extensions={"timeout": self._timeout},
        )

    def answered(self, answer: httpx2.Response, body: bytes) -> RawAnswer:
        """Keep what came back, dated."""
        return RawAnswer(answer.status_code, answer.headers, body, self.dialogue.clock())

    def read_token(self, exchange: Exchange, raw: RawAnswer) -> Token:
        """Read and keep a new token."""
        with self._told(exchange, raw):
            token = read_token(raw, self._masker)
        self.dialogue.tokens.put(self._key, token)
        return token

    def worn_out(self, exchange: Exchange, raw: RawAnswer, kept: Token | None) -> bool:
        """Tell whether the token kept from earlier calls must be renewed, and forget it then.

        A token asked for this very call cannot be worn out: a second try would only bring a refused account nearer
        to its lock.
        """
        if kept is None or not bearer_expired(raw):
            return False
        self.dialogue.tokens.drop(self._key, kept.value)
        self._tell(exchange, raw, "bearer-expired", None)
        return True

    def conclude(self, operation: Operation[..., Ans], exchange: Exchange, raw: RawAnswer, token: Token) -> Ans:
        """Read the answer, and tell how it ended."""
        with self._told(exchange, raw) as telling:
            answer = read(operation, raw, self._hiding(token))
            telling.code_retour = code_of(answer)
        return answer

    def failed(self, exchange: Exchange, error: Exception, *, writes: bool, token_step: bool) -> ChorusProError:
        """Build the error of an exchange without answer, and tell it."""
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

    def _exchange(self, operation: str, method: str, url: str, headers: dict[str, str], body: bytes) -> Exchange:
        dialogue = self.dialogue
        started = dialogue.timer()
        return Exchange(operation, method, url, headers, body, dialogue.clock(), started)

    def _hiding(self, token: Token) -> Masker:
        value, masker = self._with_bearer
        if value != token.value:
            masker = Masker((*self.dialogue.credentials.secrets(), token.value))
            self._with_bearer = (token.value, masker)
        return masker

    def _told(self, exchange: Exchange, raw: RawAnswer) -> Telling:
        return Telling(self, exchange, raw)

    def _tell(self, exchange: Exchange, raw: RawAnswer | None, outcome: str, code_retour: int | None) -> None:
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
class Exchange:
    """One HTTP request about to leave."""

    operation: str
    method: str
    url: str
    headers: dict[str, str]
    body: bytes
    started_at: datetime
    started: float


class Telling:
    """Tells one exchange when its block ends, whether by an answer or by an error."""

    def __init__(self, steps: Steps, exchange: Exchange, raw: RawAnswer) -> None:
        self._steps, self._exchange, self._raw = steps, exchange, raw
        self.code_retour: int | None = None

    def __enter__(self) -> Telling:
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if error is None:
            self._steps._tell(self._exchange, self._raw, "ok", self.code_retour)
        elif isinstance(error, ChorusProError):
            self._steps._tell(self._exchange, self._raw, error.code, error.code_retour)


def utc_now() -> datetime:
    """The default clock."""
    return datetime.now(UTC)


default_timer = time.monotonic


def with_account(dialogue: Dialogue, login: str, password: str) -> Dialogue:
    """The same application and the same tokens, acting as another technical account."""
    credentials = replace(dialogue.credentials, login=login, password=password)
    return replace(dialogue, credentials=credentials)
