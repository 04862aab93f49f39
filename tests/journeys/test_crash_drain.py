"""A worker killed in the middle of its work, again and again: each invoice arrives once, and only once."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def crash_drain() -> ModuleType:
    """The script that an operator can run for longer."""
    specification = importlib.util.spec_from_file_location("crash_drain", ROOT / "scripts" / "crash_drain.py")
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    sys.modules["crash_drain"] = module
    specification.loader.exec_module(module)
    return module


@pytest.mark.journey
@pytest.mark.parametrize(("workers", "database"), [(1, "sqlite"), (2, "postgresql")])
def test_a_crash_after_sending_asks_before_sending_again(
    crash_drain: ModuleType, tmp_path: Path, request: pytest.FixtureRequest, workers: int, database: str
) -> None:
    url = str(request.getfixturevalue("postgres_url")) if database == "postgresql" else ""
    told = crash_drain.trial(tmp_path, invoices=60 * workers, kills=3, workers=workers, database_url=url, seed=7)
    assert told["kills"] == 3
    assert told["states"] == {"integrated": 60 * workers}
    assert (told["received"], told["distinct"]) == (60 * workers, 60 * workers)
    assert not any(told["broken"].values()), told["broken"]
    assert told["journal_intact"]
