"""A storm over a whole house: REST, several syntaxes, two connections, bad weather, an expired password, kill -9."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.journey


@pytest.fixture(scope="module")
def script() -> ModuleType:
    """The script that an operator can run for longer."""
    specification = importlib.util.spec_from_file_location("script_storm", ROOT / "scripts" / "storm.py")
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    sys.modules["script_storm"] = module
    specification.loader.exec_module(module)
    return module


@pytest.mark.parametrize(("workers", "database"), [(1, "sqlite"), (2, "postgresql")])
def test_each_invoice_once_whatever_breaks(
    script: ModuleType, tmp_path: Path, request: pytest.FixtureRequest, workers: int, database: str
) -> None:
    url = str(request.getfixturevalue("postgres_url")) if database == "postgresql" else ""
    wish = script.Wish(
        deposits=160, kills=4, seed=5, workers=workers, database_url=url, schematron=0, patience_s=400,
        call_deadline_s=1.5,
    )  # fmt: skip
    told = script.storm(wish, tmp_path)
    assert not any(told["broken"].values()), told
    assert told["strange_answers"] == []
    assert told["journal_intact"]
    assert told["states"] == {"integrated": 160 - told["doomed"], "refused": told["doomed"]}
    assert told["kills"] == 4
    assert told["doomed"] == 2
    assert told["doubts"] > 0  # the answer to the first flux was lost
    assert len(told["faults_struck"]) > 10  # every kind of weather came
    assert told["sent_again_by_programs"] > 0
    assert told["connections"]["connection.breaker_opened"] >= 1
    assert told["connections"]["connection.password_changed"] >= 3  # the two first ones, and the renewed one
