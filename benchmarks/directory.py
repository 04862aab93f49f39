"""The directory of public structures on SQLite: loading an edition of 280,000 rows, then asking it.

The yardstick of the loading is reading the same files without writing anything: what no database can beat.
"""

import random
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import Any

from benchmarks.harness import percentile
from benchmarks.report import Row
from raccord.domain.directory import PublicStructure
from raccord.store.database import Store, open_store
from raccord.store.directory import editions as directory_editions
from raccord.store.directory import lookups as directory
from raccord.store.directory.columns import Entry
from raccord.store.directory.files import Tally, read
from raccord.store.directory.sample import generate, write_csv
from raccord.store.directory.search import search

STRUCTURES = 200_000
HERE = "production"


def run() -> list[Row]:
    """Load, look up, search."""
    with tempfile.TemporaryDirectory() as folder:
        files = (Path(folder) / "structures.csv", Path(folder) / "services.csv")
        write_csv(generate(STRUCTURES, seed=2026, services_per_ten=3), *files)
        store = open_store(f"sqlite:///{folder}/raccord.db")
        try:
            loading = _loading(store, files)
            known = [entry for entry in read(files[0]) if isinstance(entry, PublicStructure)]
            return [*loading, *_lookups(store, known), *_searches(store, known)]
        finally:
            store.close()


def _loading(store: Store, files: tuple[Path, Path]) -> list[Row]:
    started = time.perf_counter()
    rows = sum(1 for _ in _all_of(files, Tally()))
    reading = time.perf_counter() - started
    loading, replacing = _load(store, files), _load(store, files)
    return [
        Row("rows of the edition", rows, "rows"),
        Row("reading the files alone", reading, "s"),
        Row("loading the edition", loading, "s", loading / reading, "reading"),
        Row("loading, rows a second", rows / loading, "rows/s"),
        Row("replacing an edition in use, its rows deleted", replacing, "s", replacing / loading, "loading"),
    ]


def _load(store: Store, files: tuple[Path, Path]) -> float:
    tally = Tally()
    started = time.perf_counter()
    directory_editions.load(
        store, _all_of(files, tally), environment=HERE, origin="sample", clock=lambda: datetime.now(UTC), tally=tally
    )
    return time.perf_counter() - started


def _all_of(files: tuple[Path, Path], tally: Tally) -> Iterator[Entry]:
    return chain.from_iterable(read(file, tally) for file in files)


def _lookups(store: Store, known: list[PublicStructure]) -> list[Row]:
    asked = random.Random(1).sample([one.siret for one in known], 5_000)

    def look(conn: Any, siret: str) -> object:
        return directory.find(conn, HERE, siret)

    times = _timed(store, asked, look)
    return [
        Row("lookup by SIRET, median", percentile(times, 0.5), "ms"),
        Row("lookup by SIRET, p99", percentile(times, 0.99), "ms"),
    ]


def _searches(store: Store, known: list[PublicStructure]) -> list[Row]:
    """As people type: a whole name, a town, the beginning of a word, a slip, a word that thousands share."""
    chance = random.Random(2)
    some = chance.sample(known, 400)
    kinds = {
        "a whole name": [one.name for one in some],
        "the beginning of a town": [f"mairie {one.town[:6]}" for one in some],
        "a slip in the town": [_slipped(one.town, chance) for one in some],
        "a word that thousands share": ["commune", "ccas", "commune val", "college"] * 25,
    }
    rows, everything = [], []
    for kind, asked in kinds.items():
        times = _timed(store, asked, lambda conn, text: search(conn, HERE, text))
        everything += times
        rows.append(Row(f"search, {kind}, p95", percentile(times, 0.95), "ms"))
    return [*rows, Row("search, all of these, p95", percentile(everything, 0.95), "ms")]


def _slipped(word: str, chance: random.Random) -> str:
    place = chance.randrange(1, len(word) - 1)
    return word[:place] + word[place + 1 :]


def _timed(store: Store, asked: list[str], ask: Callable[[Any, str], object]) -> list[float]:
    """Milliseconds of each question, its connection taken from the pool included."""
    times = []
    for text in asked:
        started = time.perf_counter()
        with store.read() as conn:
            ask(conn, text)
        times.append((time.perf_counter() - started) * 1000)
    return times
