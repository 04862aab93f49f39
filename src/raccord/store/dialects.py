"""What differs between SQLite and PostgreSQL: opening, `INSERT ... ON CONFLICT`, the words of failures."""

import sqlite3
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from raccord.domain.errors import Misconfigured, RaccordError, Unavailable

_MENDED_BRANCHES = ((3, 44, 6), (3, 50, 7))
"""Branches that received the fix of the WAL-reset bug besides 3.51.3 and later."""


def insert(conn: sa.Connection, table: sa.Table) -> postgresql.Insert | sqlite.Insert:
    """An `INSERT` that knows `on_conflict_do_update` in the dialect of this connection."""
    if conn.dialect.name == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)


class Upsert:
    """An `INSERT` of each dialect, built once by the function given: `build(insert)` adds its `ON CONFLICT`.

    Building a statement again costs SQLAlchemy eight times its execution.
    """

    def __init__(self, table: sa.Table, build: Callable[[Any], sa.Executable]) -> None:
        self._postgresql = build(postgresql.insert(table))
        self._sqlite = build(sqlite.insert(table))

    def on(self, conn: sa.Connection) -> Any:
        """The statement for the database of this connection."""
        return self._postgresql if conn.dialect.name == "postgresql" else self._sqlite


def has_wal_reset_bug(version: tuple[int, int, int]) -> bool:
    """Whether this SQLite can corrupt a WAL database used by several connections (mended in 3.51.3)."""
    if version >= (3, 51, 3) or version < (3, 7, 0):
        return False
    return not any(version[:2] == fix[:2] and version >= fix for fix in _MENDED_BRANCHES)


def journal_mode_for(wish: str, version: tuple[int, int, int] | None = None) -> str:
    """`auto` takes WAL where this SQLite is sound, the rollback journal elsewhere; `wal` and `delete` are obeyed."""
    if wish in ("wal", "delete"):
        return wish
    return "delete" if has_wal_reset_bug(version or sqlite_version()) else "wal"


def sqlite_version() -> tuple[int, int, int]:
    """The version of the SQLite library of this Python."""
    major, minor, patch = sqlite3.sqlite_version_info[:3]
    return major, minor, patch


def furnish_sqlite(engine: sa.Engine, journal_mode: str) -> None:
    """Give each new connection the pragmas of the house, and `unixepoch`, which DBOS uses, where SQLite lacks it."""

    @sa.event.listens_for(engine, "connect")
    def furnish(raw: sqlite3.Connection, _record: Any) -> None:
        raw.isolation_level = "IMMEDIATE"
        cursor = raw.cursor()
        cursor.execute("PRAGMA busy_timeout=30000")
        cursor.execute(f"PRAGMA journal_mode={journal_mode}")
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute("PRAGMA cache_size=-16000")
        cursor.close()
        if sqlite_version() < (3, 42, 0):
            raw.create_function("unixepoch", -1, _unixepoch)


def _unixepoch(*_how: str) -> float:
    """Stands for `unixepoch('subsec')`, the only form that DBOS asks."""
    import time

    return time.time()


def explain(error: sa.exc.DBAPIError) -> RaccordError:
    """The sentence for a database that does not answer as it should; the cause stays chained for the log."""
    words = str(error.orig).lower()
    for clue, code, sentence, cure in _FAILURES:
        if clue in words:
            kind = Misconfigured if code in _SETTINGS else Unavailable
            return kind(code, sentence, cure)
    return Unavailable(
        "BASE_INDISPONIBLE",
        "La base de données de Raccord ne répond pas : rien n’a été enregistré.",
        "Réessayez dans un instant ; si cela dure, lancez « raccord doctor » et consultez le journal du serveur.",
    )


def disk_full() -> Unavailable:
    """The sentence for a disk without room."""
    return Unavailable(*_FULL)


_SETTINGS = frozenset({"BASE_DOSSIER", "BASE_LECTURE_SEULE", "BASE_IDENTIFIANTS", "BASE_ABSENTE", "BASE_ILLISIBLE"})
_FULL = (
    "BASE_DISQUE_PLEIN",
    "Le disque est plein : Raccord n’a rien enregistré.",
    "Libérez de la place sur le disque des données ; les envois reprendront d’eux-mêmes.",
)
_SILENT = (
    "BASE_INJOIGNABLE",
    "PostgreSQL ne répond pas à l’adresse indiquée dans RACCORD_DATABASE_URL : rien n’a été enregistré.",
    "Vérifiez que le serveur de base de données est démarré, puis l’adresse et le port de RACCORD_DATABASE_URL.",
)
_RESTARTING = (
    "BASE_REDEMARRE",
    "PostgreSQL s’arrête ou redémarre : rien n’a été enregistré.",
    "Attendez qu’il réponde de nouveau : Raccord reprendra de lui-même, sans être relancé.",
)
_LOCKED = (
    "BASE_VERROUILLEE",
    "La base de données est occupée par un autre programme : rien n’a été enregistré.",
    "Réessayez ; si cela dure, cherchez quel programme (sauvegarde, antivirus) tient le fichier ouvert.",
)
_FAILURES = (
    (
        "unable to open database file",
        "BASE_DOSSIER",
        "Raccord ne peut pas ouvrir sa base de données : le dossier n’existe pas ou ne lui est pas accessible.",
        "Vérifiez RACCORD_DATA_DIR ou RACCORD_DATABASE_URL, et les droits de l’utilisateur qui lance Raccord.",
    ),
    (
        "readonly database",
        "BASE_LECTURE_SEULE",
        "La base de données est en lecture seule : Raccord ne peut rien enregistrer.",
        "Donnez à l’utilisateur qui lance Raccord le droit d’écrire dans le dossier des données.",
    ),
    (
        "file is not a database",
        "BASE_ILLISIBLE",
        "Le fichier indiqué n’est pas une base de données de Raccord.",
        "Vérifiez RACCORD_DATABASE_URL ; si le fichier est abîmé, rétablissez la dernière sauvegarde.",
    ),
    ("disk is full", *_FULL),
    ("disk i/o error", *_FULL),
    ("no space left", *_FULL),
    ("could not extend file", *_FULL),
    ("connection refused", *_SILENT),
    ("could not translate host name", *_SILENT),
    ("failed to resolve host", *_SILENT),
    ("is the server running", *_SILENT),
    ("no route to host", *_SILENT),
    ("network is unreachable", *_SILENT),
    ("timeout expired", *_SILENT),
    ("connection timeout", *_SILENT),
    ("database system is", *_RESTARTING),
    ("terminating connection", *_RESTARTING),
    ("server closed the connection", *_RESTARTING),
    ("connection is lost", *_RESTARTING),
    ("database is locked", *_LOCKED),
    ("lock timeout", *_LOCKED),
    (
        "password authentication failed",
        "BASE_IDENTIFIANTS",
        "PostgreSQL refuse l’utilisateur ou le mot de passe de Raccord.",
        "Corrigez RACCORD_DATABASE_URL (ou le fichier de RACCORD_DATABASE_URL_FILE).",
    ),
    (
        "does not exist",
        "BASE_ABSENTE",
        "La base PostgreSQL, le rôle ou une table attendue par Raccord n’existe pas.",
        "Créez la base et le rôle, puis corrigez RACCORD_DATABASE_URL si besoin.",
    ),
)
