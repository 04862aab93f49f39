"""Who is examined: a connection, its opened proofs, what is remembered of it. And what the doctor works with."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime

from choruspro import ChorusPro
from raccord.doctor.ways import Proxy, proxy_of
from raccord.domain.clock import Clock
from raccord.domain.connection import Addresses, Connection
from raccord.domain.secrets import Secret
from raccord.domain.verdict import Rung


@dataclass(frozen=True)
class Proofs:
    """The secrets of a connection, opened for the time of the visit. None when none is recorded."""

    client_secret: Secret | None = None
    password: Secret | None = None
    unreadable: tuple[str, ...] = ()
    """French names of the secrets that are recorded but do not open (CFG-02)."""


@dataclass(frozen=True)
class Refusal:
    """The last refused technical account: enough not to try the same password again."""

    fingerprint: str
    """Keyed hash of login and password (`Vault.fingerprint`)."""
    at: datetime
    evidence: str


@dataclass(frozen=True)
class History:
    """What is known of the past of a connection (specifications/diagnosis.md §3)."""

    worked_at: datetime | None = None
    """Last success with the present password."""
    ever_worked: bool = False
    """Whether this connection ever worked, with any password."""
    changed_at: datetime | None = None
    """When the present login and password were recorded."""
    expires_at: datetime | None = None
    refusals: int = 0
    """Refusals in a row of the present password."""
    just_typed: bool = False
    """The password under test was typed a moment ago (a candidate)."""
    retry_at: datetime | None = None
    """When a test is planned by itself."""
    refusal: Refusal | None = None
    fingerprint: str = ""
    """Of the login and password under test."""
    remarks: tuple[str, ...] = ()
    """What is odd in the password typed, in French sentences."""
    sirets: tuple[str, ...] = ()
    """The structures that this connection serves."""
    families: tuple[str, ...] = ("structures", "factures")
    """API families in use, beside transverses."""


@dataclass(frozen=True)
class Patient:
    """One connection under examination."""

    connection: Connection
    proofs: Proofs
    history: History


Opener = Callable[[Connection, Proofs], AbstractContextManager[ChorusPro]]
"""Opens a client with these proofs, for the time of a block."""


@dataclass(frozen=True)
class Reached:
    """A server answered: its hour when it told it."""

    date: datetime | None


@dataclass(frozen=True)
class Tools:
    """What the doctor works with; everything that waits, draws or reads a clock enters here."""

    clock: Clock
    open_client: Opener
    reach: Callable[[str, Connection], Reached]
    """Knocks at the host of an address, sending nothing of ours. Raises `choruspro.Unreachable`."""
    timer: Callable[[], float]
    local_checks: Callable[[], tuple[Rung, ...]] = field(default=lambda: ())
    twin: Callable[[Addresses], Addresses | None] = field(default=lambda _: None)
    """The other environment of the same platform, for the test of a mix-up."""
    proxy: Callable[[str, Connection], Proxy | None] = field(default=lambda url, connection: proxy_of(connection, url))
    """The proxy through which `reach` goes to an address."""
    hour_without_trust: Callable[[str, Connection], datetime | None] = field(default=lambda _url, _connection: None)
    """The hour told by a host whose certificate was refused: a clock that is wrong refuses every certificate."""
