"""The PISTE token of an application, shared by every worker: one row, sealed by the vault, renewed once for all."""

import hashlib
import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from choruspro import TokenCache
from choruspro.auth import Token
from raccord.domain.clock import Clock
from raccord.domain.errors import RaccordError
from raccord.store.database import Store
from raccord.store.dialects import insert
from raccord.store.tables.core import tokens
from raccord.vault import Vault

_LEASE = timedelta(seconds=30)
"""How long one process may take to renew a token before another one tries."""


class SharedTokens(TokenCache):
    """The client's cache, backed by the table `tokens`: memory first, then what another worker obtained."""

    def __init__(self, store: Store, vault: Vault, clock: Clock) -> None:
        super().__init__()
        self._store, self._vault, self._clock = store, vault, clock

    def get(self, key: tuple[str, str], now: datetime) -> Token | None:
        """The token of `key` if it can still be used at `now`."""
        kept = super().get(key, now)
        if kept is not None:
            return kept
        shared = self._read(key)
        if shared is None or now >= shared.use_before:
            return None
        super().put(key, shared)
        return shared

    def put(self, key: tuple[str, str], token: Token) -> None:
        """Keep a fresh token, here and for the others."""
        super().put(key, token)
        sealed = self._vault.seal_bytes(_name(key), token.value.encode())
        with self._store.begin() as conn:
            row = {"sealed": sealed, "expires_at": token.use_before}
            first = insert(conn, tokens).values(application=_name(key), **row)
            conn.execute(first.on_conflict_do_update(index_elements=["application"], set_=row))

    def drop(self, key: tuple[str, str], worn: str) -> None:
        """Forget the token of `key`, here and for the others, if it is still the one that was refused."""
        super().drop(key, worn)
        shared = self._read(key)
        if shared is not None and shared.value == worn:
            self._erase(key)

    def forget(self, key: tuple[str, str]) -> None:
        """Forget the token of `key` everywhere, so that the next call proves the credentials again."""
        super().forget(key)
        self._erase(key)

    def fetching(self, key: tuple[str, str]) -> AbstractContextManager[Any]:
        """Held while a token is asked: by one thread of one process at a time."""
        return self._lease(key, super().fetching(key))

    @contextmanager
    def _lease(self, key: tuple[str, str], lock: AbstractContextManager[Any]) -> Iterator[Any]:
        with lock:
            mine = self._take_lease(key)
            try:
                yield None
            finally:
                if mine:
                    self._give_lease(key)

    def _take_lease(self, key: tuple[str, str]) -> bool:
        patience = threading.Event()
        deadline = time.monotonic() + _LEASE.total_seconds()
        while time.monotonic() < deadline:
            if self._read(key) is not None:
                return False
            if self._claim_lease(_name(key) + _LEASED):
                return True
            patience.wait(0.1)
        return False

    def _claim_lease(self, name: str) -> bool:
        now = self._clock()
        with self._store.begin() as conn:
            row = {"sealed": b"", "expires_at": now + _LEASE}
            first = insert(conn, tokens).values(application=name, **row)
            claimed = first.on_conflict_do_update(
                index_elements=["application"], set_=row, where=tokens.c.expires_at < now
            )
            return conn.execute(claimed.returning(tokens.c.application)).first() is not None

    def _give_lease(self, key: tuple[str, str]) -> None:
        with self._store.begin() as conn:
            conn.execute(tokens.delete().where(tokens.c.application == _name(key) + _LEASED))

    def _read(self, key: tuple[str, str]) -> Token | None:
        with self._store.read() as conn:
            row = conn.execute(sa.select(tokens).where(tokens.c.application == _name(key))).first()
        if row is None or row.expires_at <= self._clock():
            return None
        try:
            return Token(self._vault.open_bytes(_name(key), row.sealed).decode(), row.expires_at)
        except RaccordError:  # sealed under a key that is gone: a new token costs one call
            return None

    def _erase(self, key: tuple[str, str]) -> None:
        with self._store.begin() as conn:
            conn.execute(tokens.delete().where(tokens.c.application == _name(key)))


_LEASED = "/lease"


def _name(key: tuple[str, str]) -> str:
    return "token/" + hashlib.sha256("\0".join(key).encode()).hexdigest()
