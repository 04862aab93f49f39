"""Loading a new edition beside the one in use, then giving it its place in one transaction.

1 open an edition; 2 write it by batches, each a short transaction, so that deposits keep passing meanwhile; 3 judge it;
4 swap; 5 drop the one before. Whatever fails leaves the edition in use as it was, and a sentence that says why.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from operator import attrgetter

import sqlalchemy as sa

from raccord.domain.clock import Clock
from raccord.domain.directory import DirectoryStatus, Edition, PublicService, PublicStructure
from raccord.domain.errors import Conflict, Invalid, RaccordError
from raccord.store.database import Store
from raccord.store.directory import words as directory_words
from raccord.store.directory.columns import Entry
from raccord.store.directory.files import Tally
from raccord.store.directory.index import Indexed, count_words, index_for, write_spellings
from raccord.store.directory.pour import pour
from raccord.store.tables.directory import ROWS_PER_EDITION, editions, services, structures

BATCH = 5_000
"""Rows written in one transaction: a tenth of a second, then others have their turn."""

LONGEST_LOADING = timedelta(hours=2)
"""A loading older than this died with its process."""

MOST_LOST = 0.05
"""Share of lines without identifier beyond which a file is taken for a broken one."""

LEAST_KEPT = 0.5
"""A new edition with fewer structures than this share of the one in use is taken for a truncated one."""

Progress = Callable[[int], None]
"""Told how many rows are written so far."""


_current = sa.select(editions).where(
    editions.c.environment == sa.bindparam("environment"), editions.c.state == "current"
)


def load(
    store: Store,
    entries: Iterable[Entry],
    *,
    environment: str,
    origin: str,
    clock: Clock,
    tally: Tally | None = None,
    progress: Progress = lambda _rows: None,
    shrink: bool = False,
) -> Edition:
    """Write these entries as a new edition and put it in use; `shrink` allows one much smaller than before.

    Raises `Conflict` (`ANNUAIRE_EN_COURS`), `Invalid` (`ANNUAIRE_VIDE`, `ANNUAIRE_LIGNES`, `ANNUAIRE_TRONQUE`, and what
    reading raises) or `Unavailable`: the edition in use stays.
    """
    number = _open(store, environment, origin, clock())
    try:
        writing = _Writing(store, number, progress)
        writing.write(entries)
        _judge(store, writing, environment, tally or Tally(), shrink=shrink)
        writing.finish()
        edition = Edition(number, environment, origin, len(writing.sirets), len(writing.codes), clock())
        retired = _swap(store, edition)
    except BaseException as error:  # a Ctrl-C too: no half-written edition stays behind
        _fail(store, number, error, clock())
        raise
    for old in retired:
        _retire(store, old)
    return edition


def status(conn: sa.Connection, environment: str) -> DirectoryStatus:
    """The edition in use, and the last failure when it is more recent."""
    current = current_edition(conn, environment)
    settled = sa.and_(editions.c.environment == environment, editions.c.state != "loading")
    last = conn.execute(sa.select(editions).where(settled).order_by(editions.c.id.desc()).limit(1)).first()
    if last is None or last.state != "failed":
        return DirectoryStatus(current, None, "")
    return DirectoryStatus(current, last.at, last.failure)


def current_edition(conn: sa.Connection, environment: str) -> Edition | None:
    """The edition in use, None before the first loading."""
    row = conn.execute(_current, {"environment": environment}).first()
    return None if row is None else Edition(row.id, environment, row.origin, row.structures, row.services, row.at)


def _open(store: Store, environment: str, origin: str, now: datetime) -> int:
    with store.begin() as conn:
        for row in conn.execute(sa.select(editions).where(editions.c.state == "loading")).all():
            if row.at > now - LONGEST_LOADING:
                raise Conflict(
                    "ANNUAIRE_EN_COURS",
                    "Un chargement de l’annuaire est déjà en cours : celui-ci n’a pas commencé.",
                    "Attendez la fin du chargement en cours, puis recommencez si besoin.",
                )
            _mark(conn, row.id, "failed", now, "Le chargement a été interrompu.")
            _empty(conn, store.dialect, row.id)
        values = {"state": "loading", "environment": environment, "origin": origin[:200], "at": now}
        key = conn.execute(editions.insert().values(**values)).inserted_primary_key
        number = int(key[0]) if key is not None else 0
        index_for(store.dialect).create(conn, number)
    return number


class _Writing:
    """One edition being written: doubles are left aside, the first one met is kept."""

    def __init__(self, store: Store, edition: int, progress: Progress) -> None:
        self.store, self.edition, self.progress = store, edition, progress
        self.index = index_for(store.dialect)
        self.sirets: set[str] = set()
        self.codes: set[tuple[str, str]] = set()
        self.words: Counter[str] = Counter()

    def write(self, entries: Iterable[Entry]) -> None:
        """Write everything, by batches."""
        found: list[PublicStructure] = []
        offered: list[PublicService] = []
        for entry in entries:
            if isinstance(entry, PublicStructure):
                if entry.siret not in self.sirets:
                    self.sirets.add(entry.siret)
                    found.append(entry)
            elif (entry.siret, entry.code) not in self.codes:
                self.codes.add((entry.siret, entry.code))
                offered.append(entry)
            if len(found) + len(offered) >= BATCH:
                self._flush(found, offered)
        self._flush(found, offered)

    def finish(self) -> None:
        """Write the near spellings, and let the index settle."""
        with self.store.begin() as conn:
            write_spellings(conn, self.edition, self.words)
        with self.store.begin() as conn:
            self.index.finish(conn, self.edition)

    def _flush(self, found: list[PublicStructure], offered: list[PublicService]) -> None:
        with self.store.begin() as conn:
            if found:
                base = self.edition * ROWS_PER_EDITION + len(self.sirets) - len(found)
                lines = ((base + n, self.edition, *_structure_values(one)) for n, one in enumerate(found))
                pour(conn, structures.name, ("id", "edition_id", *STRUCTURE_FIELDS), lines)
                indexed = [_indexed(base + n, one) for n, one in enumerate(found)]
                self.index.add(conn, self.edition, indexed)
                count_words(indexed, self.words)
            if offered:
                base = self.edition * ROWS_PER_EDITION + len(self.codes) - len(offered)
                lines = ((base + n, self.edition, *_service_values(one)) for n, one in enumerate(offered))
                pour(conn, services.name, ("id", "edition_id", *SERVICE_FIELDS), lines)
        found.clear()
        offered.clear()
        self.progress(len(self.sirets) + len(self.codes))


STRUCTURE_FIELDS = tuple(column.name for column in structures.columns if column.name not in ("id", "edition_id"))
SERVICE_FIELDS = tuple(column.name for column in services.columns if column.name not in ("id", "edition_id"))
_structure_values = attrgetter(*STRUCTURE_FIELDS)
_service_values = attrgetter(*SERVICE_FIELDS)


def _indexed(number: int, one: PublicStructure) -> Indexed:
    return Indexed(number, directory_words.words(one.name), directory_words.words(f"{one.town} {one.postcode}"))


def _judge(store: Store, writing: _Writing, environment: str, tally: Tally, *, shrink: bool) -> None:
    """Refuse what cannot be the directory. Raises `Invalid`."""
    written = len(writing.sirets)
    if written == 0:
        raise Invalid(
            "ANNUAIRE_VIDE",
            "Ce fichier ne contient aucune structure : l’annuaire en place reste en service.",
            "Vérifiez que le fichier a été téléchargé en entier ; donnez ensemble la liste des structures et celle des "
            "services.",
        )
    if tally.lost > MOST_LOST * (tally.lost + tally.understood):
        raise Invalid(
            "ANNUAIRE_LIGNES",
            f"{tally.lost} lignes de ce fichier n’ont pas d’identifiant : il paraît abîmé, et l’annuaire en place "
            "reste en service.",
            "Téléchargez-le de nouveau ; s’il est bien ainsi, signalez-le nous avec ses premières lignes.",
        )
    with store.read() as conn:
        current = current_edition(conn, environment)
    if current is not None and not shrink and written < LEAST_KEPT * current.structures:
        raise Invalid(
            "ANNUAIRE_TRONQUE",
            f"Ce fichier contient {written} structures, contre {current.structures} dans l’annuaire en place : il "
            "paraît incomplet, et l’annuaire en place reste en service.",
            "Téléchargez-le de nouveau ; s’il est bien complet, relancez le chargement en acceptant la réduction.",
        )


def _swap(store: Store, new: Edition) -> list[int]:
    """Give the new edition its place; the numbers of those that it replaces, which nobody reads any more."""
    with store.begin() as conn:
        here = sa.and_(editions.c.environment == new.environment, editions.c.state == "current")
        before = list(conn.execute(sa.select(editions.c.id).where(here)).scalars())
        conn.execute(editions.update().where(editions.c.id.in_(before)).values(state="retired"))
        counts = {"structures": new.structures, "services": new.services}
        taken = editions.update().where(editions.c.id == new.id)
        conn.execute(taken.values(state="current", at=new.loaded_at, **counts))
    return before


def _retire(store: Store, number: int) -> None:
    """Delete an edition by batches: nobody reads it any more."""
    for first in _slices(store, number):
        with store.begin() as conn:
            for table in (structures, services):
                conn.execute(table.delete().where(table.c.id >= first, table.c.id < first + BATCH * 4))
    with store.begin() as conn:
        index_for(store.dialect).drop(conn, number)


def _slices(store: Store, number: int) -> Iterator[int]:
    start = number * ROWS_PER_EDITION
    with store.read() as conn:
        last = max(
            conn.execute(
                sa.select(sa.func.max(table.c.id)).where(table.c.id >= start, table.c.id < start + ROWS_PER_EDITION)
            ).scalar()
            or 0
            for table in (structures, services)
        )
    yield from range(start, last + 1, BATCH * 4)


def _fail(store: Store, number: int, error: BaseException, now: datetime) -> None:
    """Note why, and leave nothing of the broken edition."""
    sentence = error.sentence if isinstance(error, RaccordError) else "Le chargement a été interrompu."
    _retire(store, number)
    with store.begin() as conn:
        _mark(conn, number, "failed", now, sentence)


def note_failure(store: Store, environment: str, origin: str, sentence: str, now: datetime) -> None:
    """Remember that a new edition could not even be fetched."""
    with store.begin() as conn:
        told = {"origin": origin[:200], "failure": sentence[:1000]}
        conn.execute(editions.insert().values(state="failed", environment=environment, at=now, **told))


def _mark(conn: sa.Connection, number: int, state: str, now: datetime, failure: str) -> None:
    values = {"state": state, "at": now, "failure": failure[:1000]}
    conn.execute(editions.update().where(editions.c.id == number).values(**values))


def _empty(conn: sa.Connection, dialect: str, number: int) -> None:
    start = number * ROWS_PER_EDITION
    for table in (structures, services):
        conn.execute(table.delete().where(table.c.id >= start, table.c.id < start + ROWS_PER_EDITION))
    index_for(dialect).drop(conn, number)
