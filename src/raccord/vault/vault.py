"""The vault: seals secrets on a shelf, opens them in a `with` block, changes its keys without changing the secrets."""

import hashlib
import hmac
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from datetime import datetime
from typing import Protocol

import sqlalchemy as sa

from raccord.domain.clock import Clock, NewId
from raccord.domain.errors import Misconfigured, NotFound
from raccord.domain.secrets import SealedKey, Secret
from raccord.vault.credential import Credential
from raccord.vault.envelope import BrokenSeal, seal, take_apart, unseal
from raccord.vault.master import MasterKey


class Shelf(Protocol):
    """Where sealed rows lie. `store/secrets.py` is the real one."""

    def begin(self) -> AbstractContextManager[sa.Connection]:
        """One transaction that writes."""
        ...

    def read(self) -> AbstractContextManager[sa.Connection]:
        """A connection to look with."""
        ...

    def secret(self, conn: sa.Connection, name: str) -> bytes | None:
        """The sealed bytes of a secret."""
        ...

    def put_secret(self, conn: sa.Connection, name: str, sealed: bytes, at: datetime) -> None:
        """Insert or replace."""
        ...

    def drop_secret(self, conn: sa.Connection, name: str) -> None:
        """Remove, without complaint when absent."""
        ...

    def secret_names(self, conn: sa.Connection, prefix: str) -> list[str]:
        """The names that begin with `prefix`, in order."""
        ...

    def sealed_keys(self, conn: sa.Connection) -> list[SealedKey]:
        """Every data key, oldest first."""
        ...

    def add_key(self, conn: sa.Connection, key: SealedKey) -> None:
        """Add a data key; when active, it is the only active one."""
        ...

    def reseal_key(self, conn: sa.Connection, key_id: str, sealed: bytes, master: str) -> None:
        """Replace the seal of a data key."""
        ...


class Vault:
    """Keeps secrets by name (`connection/<id>/password`). Call `check` once at start."""

    def __init__(self, shelf: Shelf, master: MasterKey, clock: Clock, new_id: NewId) -> None:
        self._shelf = shelf
        self._master = master
        self._clock = clock
        self._new_id = new_id
        self._keys: dict[str, bytes] = {}
        self._active = ""

    def __repr__(self) -> str:
        return f"Vault({self._master!r})"

    def check(self) -> None:
        """Open every data key, make the first one. Raises `Misconfigured` COFFRE_CLE_FAUSSE on a wrong key."""
        with self._shelf.begin() as conn:
            self._load_keys(conn)
            if not self._active:
                self._add_key(conn)

    def seal(self, conn: sa.Connection, name: str, secret: Secret | str | bytes) -> None:
        """Keep a secret under `name`, in the caller's transaction, byte for byte."""
        self._shelf.put_secret(conn, name, self._sealed(_place(name), _bytes(secret)), self._clock())

    @contextmanager
    def open(self, name: str, conn: sa.Connection | None = None) -> Iterator[Credential]:
        """Open a secret for the time of a block.

        Give the connection of the transaction under way, if there is one. Raises `NotFound` COFFRE_ABSENT, or
        `Misconfigured` COFFRE_ILLISIBLE (another key, a row moved or altered: cause CFG-02 of the doctor).
        """
        credential = Credential(name, self._open_secret(name, conn))
        try:
            yield credential
        finally:
            credential.close()

    @contextmanager
    def open_many(self, *names: str) -> Iterator[tuple[Credential, ...]]:
        """Open several secrets for the time of one block. Raises like `open`."""
        with ExitStack() as stack:
            yield tuple(stack.enter_context(self.open(name)) for name in names)

    def exists(self, name: str, conn: sa.Connection | None = None) -> bool:
        """Whether a secret of that name is kept (it may still be unreadable)."""
        return self._read(name, conn) is not None

    def forget(self, conn: sa.Connection, name: str) -> None:
        """Remove a secret, in the caller's transaction."""
        self._shelf.drop_secret(conn, name)

    def rename(self, conn: sa.Connection, name: str, new_name: str) -> None:
        """Move a secret to another name: opened and sealed again, since its name is bound to its seal."""
        content = self._open_secret(name, conn)
        self.seal(conn, new_name, content)
        self.forget(conn, name)

    def names(self, prefix: str = "") -> list[str]:
        """The names of the secrets kept."""
        with self._shelf.read() as conn:
            return self._shelf.secret_names(conn, prefix)

    def seal_bytes(self, name: str, data: bytes) -> bytes:
        """Seal bytes that another table keeps (the shared token), bound to `name`."""
        return self._sealed(f"elsewhere|{name}", data)

    def open_bytes(self, name: str, sealed: bytes) -> bytes:
        """Open what `seal_bytes` gave. Raises `Misconfigured` COFFRE_ILLISIBLE."""
        return self._opened(f"elsewhere|{name}", name, sealed, None)

    def fingerprint(self, use: str, secret: Secret | str) -> str:
        """A keyed hash that recognises a secret without keeping it; it means nothing outside this vault and use."""
        key = hmac.new(next(iter(self._keys.values())), f"fingerprint|{use}".encode(), hashlib.sha256).digest()
        return hmac.new(key, _bytes(secret), hashlib.sha256).hexdigest()[:32]

    def rotate_master(self, new: MasterKey) -> int:
        """Seal every data key again with `new`, in one transaction; the secrets are not touched. Gives their number."""
        with self._shelf.begin() as conn:
            self._load_keys(conn)
            for key_id, key in self._keys.items():
                self._shelf.reseal_key(
                    conn, key_id, seal("master", new.reveal_bytes(), _key_place(key_id), key), new.fingerprint
                )
        self._master = new
        return len(self._keys)

    def rotate_data_key(self) -> int:
        """Make a new data key and seal every secret again with it, in one transaction. Gives the number of secrets."""
        with self._shelf.begin() as conn:
            self._load_keys(conn)
            opened = {name: self._open_secret(name, conn) for name in self._shelf.secret_names(conn, "")}
            self._add_key(conn)
            for name, content in opened.items():
                self.seal(conn, name, content)
        return len(opened)

    def _sealed(self, place: str, content: bytes) -> bytes:
        if not self._active:
            self.check()
        return seal(self._active, self._keys[self._active], place, content)

    def _read(self, name: str, conn: sa.Connection | None) -> bytes | None:
        if conn is not None:
            return self._shelf.secret(conn, name)
        with self._shelf.read() as own:
            return self._shelf.secret(own, name)

    def _open_secret(self, name: str, conn: sa.Connection | None) -> bytes:
        sealed = self._read(name, conn)
        if sealed is None:
            raise NotFound("COFFRE_ABSENT", f"Aucun secret n’est enregistré sous « {name} ».", "Saisissez-le.")
        return self._opened(_place(name), name, sealed, conn)

    def _opened(self, place: str, name: str, sealed: bytes, conn: sa.Connection | None) -> bytes:
        try:
            return unseal(self._key(take_apart(sealed).key_id, conn), place, sealed)
        except BrokenSeal:
            raise Misconfigured(
                "COFFRE_ILLISIBLE",
                f"Le secret « {name} » est enregistré mais illisible : la clé du coffre a changé, ou la sauvegarde "
                "restaurée n’est pas la sienne.",
                "Remettez la clé qui accompagnait cette base, ou saisissez le secret de nouveau.",
            ) from None

    def _key(self, key_id: str, conn: sa.Connection | None) -> bytes:
        """Another process may have made a new data key since ours were read."""
        if key_id not in self._keys:
            self._reload(conn)
        try:
            return self._keys[key_id]
        except KeyError:
            raise BrokenSeal(key_id) from None

    def _reload(self, conn: sa.Connection | None) -> None:
        if conn is not None:
            self._load_keys(conn)
            return
        with self._shelf.read() as own:
            self._load_keys(own)

    def _load_keys(self, conn: sa.Connection) -> None:
        for row in self._shelf.sealed_keys(conn):
            self._keys[row.id] = self._open_key(row)
            if row.active:
                self._active = row.id

    def _open_key(self, row: SealedKey) -> bytes:
        try:
            return unseal(self._master.reveal_bytes(), _key_place(row.id), row.sealed)
        except BrokenSeal:
            raise Misconfigured(
                "COFFRE_CLE_FAUSSE",
                f"La clé du coffre ({self._master.origin}) n’est pas celle de cette base : rien n’a démarré, "
                "rien n’a été modifié.",
                "Remettez la clé qui accompagnait cette base. Si elle est perdue, les identifiants devront être saisis "
                "de nouveau dans une base neuve.",
            ) from None

    def _add_key(self, conn: sa.Connection) -> None:
        fresh = MasterKey.new().reveal_bytes()
        key_id = self._new_id()
        sealed = seal("master", self._master.reveal_bytes(), _key_place(key_id), fresh)
        self._shelf.add_key(conn, SealedKey(key_id, sealed, self._master.fingerprint, True, self._clock()))
        self._keys[key_id] = fresh
        self._active = key_id


def _place(name: str) -> str:
    return f"secrets|sealed|{name}"


def _key_place(key_id: str) -> str:
    return f"data_keys|sealed|{key_id}"


def _bytes(secret: Secret | str | bytes) -> bytes:
    if isinstance(secret, bytes):
        return secret
    text = secret.reveal() if isinstance(secret, Secret) else secret
    return text.encode("utf-8", "surrogatepass")
