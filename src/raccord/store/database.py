"""The store: one SQLAlchemy engine for our tables and the durable engine's, on SQLite or on PostgreSQL.

`with store.begin() as conn` is one transaction that writes; `with store.read() as conn` only reads and never takes
SQLite's single write lock.
"""

import errno
import os
import stat
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from raccord.domain.errors import Misconfigured, Unavailable
from raccord.domain.machine import why
from raccord.domain.reach import EVERYTHING, Reach
from raccord.store import dialects, versions

ASKED_WRONG = (sa.exc.IntegrityError, sa.exc.ProgrammingError, sa.exc.DataError)
"""Not the database's fault: the caller reads them as they are."""
_LONGEST_TURN_S = 60.0


@dataclass(frozen=True)
class StoreFacts:
    """What the doctor says of the database."""

    dialect: str
    version: str
    journal_mode: str
    """`wal` or `delete` on SQLite, empty on PostgreSQL."""
    wal_reset_bug: bool
    """True when this SQLite has the WAL-reset bug; the rollback journal is then the safe choice."""


class Store:
    """The database of one Raccord. Cheap to share between threads; `close()` gives the connections back."""

    reach: Reach = EVERYTHING
    """What is seen through this store; `reaching.narrow` makes others."""

    def __init__(self, engine: sa.Engine, facts: StoreFacts) -> None:
        self.engine = engine
        self.facts = facts
        self._writing = threading.RLock()

    @property
    def whole(self) -> "Store":
        """The database without any limit: itself here, the one behind for a store that sees less."""
        return self

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""
        return self.engine.dialect.name

    @contextmanager
    def begin(self) -> Iterator[sa.Connection]:
        """One transaction: committed when the block ends well, rolled back otherwise. Raises `Unavailable`."""
        try:
            with self._turn(), self.engine.begin() as conn:
                if self.dialect == "sqlite":  # the write lock first: what is read stays true until commit
                    conn.exec_driver_sql("BEGIN IMMEDIATE")
                yield conn
        except ASKED_WRONG:
            raise
        except (sa.exc.DatabaseError, sa.exc.TimeoutError) as error:
            raise _explain(error) from error

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """On SQLite, the turn to write among the threads of this process.

        SQLite lets one write at a time and those who wait only knock again later, ever less often: eight threads
        could keep a ninth out for a second.
        """
        if self.dialect != "sqlite":
            yield
            return
        if not self.whole._writing.acquire(timeout=_LONGEST_TURN_S):
            raise _busy()
        try:
            yield
        finally:
            self.whole._writing.release()

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """A connection to look with; nothing written through it is kept."""
        try:
            with self.engine.connect() as conn:
                yield conn
        except ASKED_WRONG:
            raise
        except (sa.exc.DatabaseError, sa.exc.TimeoutError) as error:
            raise _explain(error) from error

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def open_store(url: str, *, journal_mode: str = "auto", pool_size: int = 20, migrate: bool = True) -> Store:
    """Open the database at `url` (`sqlite:///path/raccord.db` or `postgresql://...`) and bring its tables up to date.

    `journal_mode`: `auto`, `wal` or `delete`, for SQLite alone. Raises `Misconfigured` (folder, rights, credentials,
    a database written by a newer Raccord) or `Unavailable`.
    """
    engine, facts = _open_engine(_with_driver(url), journal_mode, pool_size)
    store = Store(engine, facts)
    if migrate:
        with store.begin() as conn:  # one that cannot be written is no good, whatever its version
            _bring_up_to_date(conn)
    return store


def _bring_up_to_date(conn: sa.Connection) -> None:
    if versions.is_of_today(conn):
        return
    from raccord.store import migrating

    migrating.upgrade(conn)


def _with_driver(url: str) -> sa.URL:
    try:
        parsed = sa.make_url(url)
    except sa.exc.ArgumentError as error:
        raise _bad_url() from error
    if parsed.drivername in ("postgres", "postgresql"):
        return parsed.set(drivername="postgresql+psycopg")
    if parsed.get_backend_name() not in ("sqlite", "postgresql"):
        raise _bad_url()
    return parsed


def _bad_url() -> Misconfigured:
    return Misconfigured(
        "BASE_ADRESSE",
        "RACCORD_DATABASE_URL n’est pas une adresse de base de données que Raccord connaît.",
        "Écrivez par exemple sqlite:///var/raccord.db ou postgresql://raccord@serveur/raccord.",
    )


def _open_engine(url: sa.URL, journal_mode: str, pool_size: int) -> tuple[sa.Engine, StoreFacts]:
    if url.get_backend_name() == "sqlite":
        return _open_sqlite(url, dialects.journal_mode_for(journal_mode), pool_size)
    engine = sa.create_engine(url, pool_size=pool_size, max_overflow=pool_size, pool_pre_ping=True)
    try:
        with engine.connect() as conn:
            version = conn.exec_driver_sql("SHOW server_version").scalar_one()
    except sa.exc.OperationalError as error:
        raise _explain(error) from error
    return engine, StoreFacts("postgresql", str(version), "", wal_reset_bug=False)


def _open_sqlite(url: sa.URL, mode: str, pool_size: int) -> tuple[sa.Engine, StoreFacts]:
    if url.database in (None, "", ":memory:"):
        raise Misconfigured(
            "BASE_MEMOIRE",
            "Une base en mémoire perdrait vos envois à l’arrêt de Raccord.",
            "Indiquez un fichier dans RACCORD_DATABASE_URL.",
        )
    file = Path(str(url.database))
    _make_folder(file.parent)
    _make_private(file)
    engine = sa.create_engine(url, pool_size=pool_size, max_overflow=pool_size, pool_timeout=60)
    dialects.furnish_sqlite(engine, mode)
    version = dialects.sqlite_version()
    facts = StoreFacts("sqlite", ".".join(map(str, version)), mode, dialects.has_wal_reset_bug(version))
    return engine, facts


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise _no_place(folder, error) from error


def _no_place(place: Path, error: OSError) -> Misconfigured | Unavailable:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return dialects.disk_full()
    return Misconfigured(
        "BASE_DOSSIER",
        f"Raccord ne peut pas créer « {place} », où vont ses données : {why(error)}.",
        "Choisissez un autre dossier dans RACCORD_DATA_DIR, ou donnez le droit d’y écrire.",
    )


def _make_private(file: Path) -> None:
    """Create the file readable by its owner alone (its journals take the same rights); shut an older one to strangers.

    A group may be let in on purpose, for a backup; everybody never is.
    """
    if os.name != "posix":
        return
    try:
        os.close(os.open(file, os.O_RDWR | os.O_CREAT, 0o600))
        rights = stat.S_IMODE(file.stat().st_mode)
        if rights & 0o007:
            file.chmod(rights & ~0o007)
    except PermissionError:  # somebody else's file: what opens it next says so in its own words
        return
    except OSError as error:
        raise _no_place(file, error) from error


def _explain(error: sa.exc.SQLAlchemyError) -> Misconfigured | Unavailable:
    if isinstance(error, sa.exc.DBAPIError):
        explained = dialects.explain(error)
        if isinstance(explained, Misconfigured | Unavailable):
            return explained
    return _busy()


def _busy() -> Unavailable:
    return Unavailable(
        "BASE_OCCUPEE",
        "Trop de demandes attendent la base de données : celle-ci n’a pas été traitée.",
        "Réessayez dans un instant.",
    )
