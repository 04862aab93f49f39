"""One working process for each house on SQLite: a file is locked while it works, and let go by its death itself.

A second one would only wait for the first at every write, and on a folder shared between two machines SQLite does not
hold: it is told to leave. PostgreSQL takes as many as one likes.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from raccord.domain.errors import Unavailable
from raccord.store.database import Store


@contextmanager
def sole_worker(store: Store) -> Iterator[None]:
    """Work alone. Raises `Unavailable` (`DEJA_AU_TRAVAIL`) when another process works on this SQLite file."""
    if store.dialect != "sqlite":
        yield
        return
    with open(f"{store.engine.url.database}.travail", "a", encoding="ascii", opener=_private) as file:
        if not _taken(file):
            raise Unavailable(
                "DEJA_AU_TRAVAIL",
                "Un autre Raccord travaille déjà dans ce dossier de données. Celui-ci n’a pas démarré.",
                "Arrêtez l’autre d’abord, ou passez à PostgreSQL : plusieurs moteurs y travaillent ensemble.",
            )
        yield


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


if sys.platform == "win32":
    import msvcrt

    def _taken(file: IO[str]) -> bool:
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _taken(file: IO[str]) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
