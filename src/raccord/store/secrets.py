"""The shelf of the vault: sealed secrets and sealed data keys. Nothing here can open them."""

from contextlib import AbstractContextManager
from datetime import datetime

import sqlalchemy as sa

from raccord.domain.secrets import SealedKey
from raccord.store.database import Store
from raccord.store.tables.core import data_keys, secrets


class SecretShelf:
    """The rows that `raccord.vault.Vault` seals."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def begin(self) -> AbstractContextManager[sa.Connection]:
        """One transaction that writes."""
        return self._store.begin()

    def read(self) -> AbstractContextManager[sa.Connection]:
        """A connection to look with."""
        return self._store.read()

    def secret(self, conn: sa.Connection, name: str) -> bytes | None:
        """The sealed bytes of a secret."""
        found: bytes | None = conn.scalar(sa.select(secrets.c.sealed).where(secrets.c.name == name))
        return None if found is None else bytes(found)

    def put_secret(self, conn: sa.Connection, name: str, sealed: bytes, at: datetime) -> None:
        """Insert or replace."""
        values = {"sealed": sealed, "updated_at": at}
        if not conn.execute(sa.update(secrets).where(secrets.c.name == name).values(values)).rowcount:
            conn.execute(sa.insert(secrets).values(name=name, **values))

    def drop_secret(self, conn: sa.Connection, name: str) -> None:
        """Remove, without complaint when absent."""
        conn.execute(sa.delete(secrets).where(secrets.c.name == name))

    def secret_names(self, conn: sa.Connection, prefix: str) -> list[str]:
        """The names that begin with `prefix`, in order."""
        rows = sa.select(secrets.c.name).where(secrets.c.name.startswith(prefix, autoescape=True)).order_by("name")
        return list(conn.scalars(rows))

    def sealed_keys(self, conn: sa.Connection) -> list[SealedKey]:
        """Every data key, oldest first."""
        rows = conn.execute(sa.select(data_keys).order_by(data_keys.c.created_at, data_keys.c.id))
        return [SealedKey(row.id, bytes(row.sealed), row.master, row.active, row.created_at) for row in rows]

    def add_key(self, conn: sa.Connection, key: SealedKey) -> None:
        """Add a data key; when active, it is the only active one."""
        if key.active:
            conn.execute(sa.update(data_keys).values(active=False))
        conn.execute(
            sa.insert(data_keys).values(
                id=key.id, sealed=key.sealed, master=key.master, active=key.active, created_at=key.created_at
            )
        )

    def reseal_key(self, conn: sa.Connection, key_id: str, sealed: bytes, master: str) -> None:
        """Replace the seal of a data key."""
        conn.execute(sa.update(data_keys).where(data_keys.c.id == key_id).values(sealed=sealed, master=master))
