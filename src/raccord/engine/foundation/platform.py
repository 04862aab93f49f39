"""The way to Chorus Pro for the engine: a client opened around a few calls, with its proofs, its pace, its memory.

Connections to the network are kept (one transport per network setting, no secret in it); the proofs are taken from the
vault for the time of a `with` block.
"""

import ssl
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import httpx2

from choruspro import CallRecord, ChorusPro, Credentials, Environment, Hooks, Timeouts, TokenCache
from raccord.doctor import Proxy, proxy_of, transport_by, trust_of
from raccord.domain.clock import Clock
from raccord.domain.connection import Connection
from raccord.engine.foundation.limiter import Lane, Limiter
from raccord.engine.foundation.options import EngineOptions
from raccord.vault import Vault

OnCall = Callable[[str, CallRecord], None]
"""Told of each exchange of a connection: counters, journal of calls."""


@dataclass(frozen=True)
class Pace:
    """The keys of the limiter for one connection."""

    application: str
    account: str


class Platform:
    """Opens clients of Chorus Pro for the connections of this Raccord."""

    def __init__(
        self,
        vault: Vault,
        limiter: Limiter,
        tokens: TokenCache,
        options: EngineOptions,
        clock: Clock,
        *,
        on_call: OnCall | None = None,
    ) -> None:
        self._vault, self._limiter, self._tokens = vault, limiter, tokens
        self._options, self._clock, self._on_call = options, clock, on_call
        self._transports: dict[tuple[Proxy | None, ssl.SSLContext], _Kept] = {}
        self._lock = threading.Lock()

    @contextmanager
    def open(self, connection: Connection, ahead: int = 0) -> Iterator[ChorusPro]:
        """A client with the proofs of this connection, for a few calls. Raises `NotFound` when a proof is missing.

        `ahead`: how many calls are about to leave together, whose turns are taken in one go; raises `Later` then when
        the pace allows none.
        """
        hooks = self._hooks(connection, ahead)
        place = f"connection/{connection.id}"
        with self._vault.open(f"{place}/client_secret") as secret, self._vault.open(f"{place}/password") as password:
            credentials = Credentials(connection.client_id, secret.reveal(), connection.login, password.reveal())
        with ChorusPro(
            _environment(connection),
            credentials,
            transport=self._transport(connection),
            timeout=self._timeouts(),
            tokens=self._tokens,
            hooks=hooks,
            clock=self._clock,
        ) as client:
            yield client

    def hold(self, connection: Connection, seconds: float) -> None:
        """Chorus Pro asked for patience: no worker calls with this application before so many seconds."""
        self._limiter.hold(pace_of(connection).application, seconds)

    def close(self) -> None:
        """Close the connections to the network."""
        with self._lock:
            for transport in self._transports.values():
                transport.really_close()
            self._transports.clear()

    def _hooks(self, connection: Connection, ahead: int) -> Hooks:
        limiter, lanes = self._limiter, self._lanes(connection)
        turns = deque(limiter.take(lanes, ahead) if ahead else ())

        def before(_operation: str) -> None:
            try:
                turn = turns.popleft()
            except IndexError:
                limiter.wait(lanes)
            else:
                limiter.wait_until(turn)

        def told(record: CallRecord) -> None:
            if self._on_call is not None:
                self._on_call(connection.id, record)

        return Hooks(before_call=before, on_call=told)

    def _lanes(self, connection: Connection) -> tuple[Lane, ...]:
        pace, options = pace_of(connection), self._options
        return (
            Lane(pace.application, options.rate_per_second, options.rate_burst),
            Lane(pace.account, options.account_rate_per_second, options.rate_burst),
        )

    def _timeouts(self) -> Timeouts:
        house = self._options.house
        return Timeouts(
            connect=house.connect_timeout_s,
            read=house.read_timeout_s,
            write=house.read_timeout_s,
            total=self._options.call_deadline_s,
        )

    def _transport(self, connection: Connection) -> httpx2.BaseTransport:
        """The way that the doctor takes too (`doctor.ways`)."""
        house = self._options.house
        way = (proxy_of(connection, connection.addresses.api_url, house), trust_of(connection, house))
        with self._lock:
            if way not in self._transports:
                self._transports[way] = _Kept(transport_by(*way))
            return self._transports[way]


def pace_of(connection: Connection) -> Pace:
    """What the limits of Chorus Pro bear on: the PISTE application, and the technical account."""
    api = connection.addresses.api_url
    return Pace(f"application/{api}/{connection.client_id}"[:200], f"account/{api}/{connection.login}"[:200])


def _environment(connection: Connection) -> Environment:
    addresses = connection.addresses
    return Environment(connection.environment.value, addresses.token_url, addresses.api_url, addresses.portal_url)


class _Kept(httpx2.BaseTransport):
    """A transport that outlives the clients that use it, so that connections stay warm from one job to the next."""

    def __init__(self, transport: httpx2.BaseTransport) -> None:
        self._transport = transport

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Carry one exchange."""
        return self._transport.handle_request(request)

    def close(self) -> None:
        """Nothing: another client uses it next."""

    def really_close(self) -> None:
        """Close the network."""
        self._transport.close()
