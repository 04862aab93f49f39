"""What may be destroyed, and destroying it: 1 decide, with its event, commit; 2 drop the bytes; 3 note it.

An interruption after the decision leaves bytes that nothing refers to: the next passage drops them. Bytes that another
invoice shares stay.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from raccord.domain.clock import PARIS
from raccord.engine.foundation.ground import Ground
from raccord.store import journal
from raccord.store.archive import rows as archive_rows
from raccord.store.archive.rows import Due, Purge

_LATELY = timedelta(days=1)
"""Bytes given again since then belong to an invoice that is being taken in: they stay."""


@dataclass(frozen=True)
class PurgeReport:
    """What was destroyed, or would be (`dry_run`)."""

    items: tuple[Due, ...]
    dry_run: bool
    limit_day: str
    """Everything was taken in before this day."""


def limit_of(now: datetime, years: int) -> datetime:
    """The instant before which what was taken in may be destroyed.

    So many years after the end of the calendar year: an invoice of March 2016 kept ten years goes on 1 January 2027.
    """
    return datetime(now.astimezone(PARIS).year - years, 1, 1, tzinfo=PARIS)


def purge(ground: Ground, years: int, actor: str, *, dry_run: bool, most: int) -> PurgeReport:
    """Destroy what the rule allows, `most` invoices at a time, oldest first; nothing that is held."""
    limit = limit_of(ground.clock(), years)
    with ground.store.read() as conn:
        found = archive_rows.due(conn, limit, most)
    day = limit.date().isoformat()
    if dry_run:
        return PurgeReport(found, dry_run=True, limit_day=day)
    drop_decided(ground)
    done = tuple(one for one in found if _decide(ground, one, f"{years} ans", actor))
    drop_decided(ground)
    return PurgeReport(done, dry_run=False, limit_day=day)


def _decide(ground: Ground, one: Due, rule: str, actor: str) -> bool:
    with ground.store.begin() as conn:
        if not archive_rows.decide(conn, Purge(one.subject, rule, actor, one.files, ground.clock())):
            return False
        facts = {"number": one.number, "rule": rule, "taken_at": one.taken_at.isoformat(), "files": list(one.files)}
        journal.append(conn, ground.event(one.subject, "archive.purged", actor, **facts))
        return True


def drop_decided(ground: Ground) -> int:
    """Drop the bytes of every destruction decided; gives how many subjects are done with."""
    with ground.store.read() as conn:
        waiting = archive_rows.undropped(conn)
    return sum(_drop(ground, one) for one in waiting)


def _drop(ground: Ground, one: Purge) -> bool:
    now = ground.clock()
    with ground.store.read() as conn:
        shared = archive_rows.among_referenced(conn, one.files)
    gone = [ground.archive.drop(name, now - _LATELY) for name in one.files if name not in shared]
    if not all(gone):
        return False
    with ground.store.begin() as conn:
        archive_rows.dropped(conn, one.subject, now)
    return True
