"""What every verb on connections shares, and what they are given."""

from contextlib import AbstractContextManager
from typing import Protocol

import sqlalchemy as sa

from choruspro import ChorusPro
from raccord.domain.clock import Clock, NewId
from raccord.domain.connection import Connection
from raccord.domain.journal import NewEvent
from raccord.engine.connections.light import Lights
from raccord.engine.connections.visits import Visits
from raccord.store import connections as table
from raccord.store import journal
from raccord.store.database import Store
from raccord.vault import Vault


class Way(Protocol):
    """Opens a client for a connection: `engine/foundation/platform.py`."""

    def open(self, connection: Connection) -> AbstractContextManager[ChorusPro]:
        """A client with the proofs of this connection, for a few calls."""
        ...


class Room:
    """The store, the vault, the doctor's visits, the lights, the way to Chorus Pro."""

    def __init__(
        self, store: Store, vault: Vault, clock: Clock, new_id: NewId, *, visits: Visits, lights: Lights, way: Way
    ) -> None:
        self._store, self._vault, self._clock, self._new_id = store, vault, clock, new_id
        self._visits, self._lights, self._way = visits, lights, way

    def get(self, connection_id: str) -> Connection:
        """One connection. Raises `NotFound` CONNEXION_INCONNUE."""
        with self._store.read() as conn:
            return table.get(conn, connection_id)

    def _note(self, conn: sa.Connection, connection_id: str, kind: str, actor: str, **data: object) -> None:
        journal.append(conn, NewEvent(f"connection/{connection_id}", kind, self._clock(), actor, data))
