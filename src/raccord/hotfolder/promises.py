"""Received invoices on their way to their name, so that a stop leaves no doubt about what the software may have taken.

A software that erases what it takes leaves no trace of it. Everything is written in a hidden folder first, the mark
too; a *promise* then says which invoices are about to be named and how; the mark leaves the hidden folder by a rename;
once the database has noted it, the promise goes. After a stop, a promise whose mark is still in the hidden folder was
not kept: it is forgotten and the invoices are laid anew. A promise whose mark is gone was kept, whatever the software
did since: the invoices are only noted.
"""

import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from raccord.hotfolder.places import files_of, read_sheet, settle, write_sheet

_ROOM = ".en-pose"


@dataclass(frozen=True)
class Promise:
    """`path`: below `recues/`; `mark`: the name of the mark in the draft; `invoices`: their places and identifiers."""

    path: str
    mark: str
    invoices: tuple[tuple[int, str], ...]


class Promises:
    """The hidden folder of what is being laid, and the promises; one process at a time (`Handovers.alone`)."""

    def __init__(self, received: Path) -> None:
        self._room = received / _ROOM

    def draft(self, key: str) -> Path:
        """An empty folder in which to write everything."""
        self.forget(key)
        draft = self._room / key
        draft.mkdir(parents=True)
        return draft

    def make(self, key: str, promise: Promise) -> None:
        """All is written: what follows is a rename of the mark."""
        write_sheet(self._note(key), asdict(promise))
        settle(self._room)

    def kept(self) -> Iterator[tuple[str, Promise]]:
        """After a stop: what was named and may not be noted yet; what was not named is forgotten on the way."""
        for note in list(files_of(self._room)):
            key, promise = note.stem, _read(note)
            if promise is None or (self._room / key / promise.mark).exists():
                self.forget(key)
            else:
                yield key, promise

    def forget(self, key: str) -> None:
        """Remove the promise, then what was written: the other way round, an unkept promise would seem kept."""
        self._note(key).unlink(missing_ok=True)
        if (self._room / key).exists():
            settle(self._room)
            shutil.rmtree(self._room / key, ignore_errors=True)

    def _note(self, key: str) -> Path:
        return self._room / f"{key}.json"


def _read(note: Path) -> Promise | None:
    found = read_sheet(note)
    try:
        invoices = tuple((int(place), str(key)) for place, key in found["invoices"])
        return Promise(str(found["path"]), str(found["mark"]), invoices)
    except (KeyError, TypeError, ValueError):
        return None
