"""Reading the whole archive again: every hash that an invoice refers to, and what lies there that nobody refers to."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

from raccord.domain.errors import RaccordError
from raccord.engine.foundation.ground import Ground
from raccord.store import journal
from raccord.store.archive import rows as archive_rows
from raccord.store.archive.room import Condition
from raccord.store.journal import JournalVerdict

Progress = Callable[[int, int], None]
"""Told of what is done and of the whole, in objects."""

_BATCH = 500


@dataclass(frozen=True)
class Flaw:
    """Bytes that are missing or no longer what they were, and whose they are."""

    sha256: str
    condition: Condition
    subjects: tuple[str, ...]


@dataclass(frozen=True)
class VerifyReport:
    """What a verification found. `unexpected`: objects that no invoice refers to, harmless, left by an interruption."""

    checked: int
    flaws: tuple[Flaw, ...]
    unexpected: int
    journal: JournalVerdict

    @property
    def sound(self) -> bool:
        """Whether every byte is what it was, and the journal too."""
        return not self.flaws and self.journal.intact


def verify(ground: Ground, progress: Progress) -> VerifyReport:
    """Read every object again, five hundred at a time. Raises `Unavailable` when the archive does not answer."""
    with ground.store.read() as conn:
        total = archive_rows.count_referenced(conn)
    flaws, done = [], 0
    for name in _referenced(ground):
        condition = ground.archive.examine(name)
        if condition is not Condition.SOUND and (flaw := _flaw(ground, name, condition)):
            flaws.append(flaw)
        done += 1
        progress(done, max(total, done))
    with ground.store.read() as conn:
        verdict = journal.verify(conn)
    return VerifyReport(done, tuple(flaws), _unexpected(ground), verdict)


def _referenced(ground: Ground) -> Iterator[str]:
    after = ""
    while True:
        with ground.store.read() as conn:
            batch = archive_rows.referenced(conn, after, _BATCH)
        if not batch:
            return
        yield from batch
        after = batch[-1]


def _flaw(ground: Ground, name: str, condition: Condition) -> Flaw | None:
    """None when the invoice was destroyed by the rule while we were reading."""
    with ground.store.read() as conn:
        if not archive_rows.among_referenced(conn, [name]):
            return None
        return Flaw(name, condition, archive_rows.owners(conn, name))


def _unexpected(ground: Ground) -> int:
    try:
        names, count = ground.archive.shelf.names(), 0
        while batch := list(islice(names, _BATCH)):
            with ground.store.read() as conn:
                count += len(batch) - len(archive_rows.among_referenced(conn, batch))
    except (OSError, RaccordError):  # a bucket may refuse to list: what counts was verified already
        return 0
    return count
