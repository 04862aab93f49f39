"""`raccord serve` killed with -9 while it takes invoices from the watched folder: none is lost, none is doubled."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytestmark = [pytest.mark.journey, pytest.mark.skipif(os.name != "posix", reason="SIGKILL")]

COUNT, KILLS = 30, 3
SYNTAXES = ("cii", "ubl", "facturx")


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_each_file_is_taken_once_and_lies_beside_its_answer(
    make_house: Callable[..., Any], until: Any, request: pytest.FixtureRequest, tmp_path: Path, database: str
) -> None:
    url = {"RACCORD_DATABASE_URL": str(request.getfixturevalue("postgres_url"))} if database == "postgresql" else {}
    root = tmp_path / "dossier"
    house = make_house(
        **url, RACCORD_HOTFOLDER_DIR=str(root), RACCORD_HOTFOLDER_PERIOD_S="0.05", RACCORD_SCHEMATRON_WORKERS="0"
    )
    house.connect()
    chance = random.Random(17)
    laid = [_write(house, rank) for rank in range(COUNT)]
    for _ in range(KILLS):
        serving = house.serve()
        for _ in range(COUNT // KILLS):
            _lay(root, laid.pop(0))
            time.sleep(chance.uniform(0, 0.05))
        time.sleep(chance.uniform(0.1, 0.5))  # where it dies is the point: any moment is good
        serving.end(signal.SIGKILL)
    assert not laid
    serving = house.serve()
    until("le dossier rangé", lambda: _rest(root / "a-deposer") == _rest(root / "en-cours") == [])
    until("toutes intégrées", lambda: _states(root) == {"integrated": COUNT - COUNT // 10})
    assert serving.end() == 0

    _age_drafts(root)
    house.run("folder", "--once")
    accepted, refused = _rest(root / "deposees"), _rest(root / "a-corriger")
    good = sorted(_name(rank) for rank in range(COUNT) if rank % 10 != 9)
    wrong = sorted(_name(rank) for rank in range(COUNT) if rank % 10 == 9)
    assert sorted(accepted) == sorted([*good, *(f"{name}.json" for name in good)])
    assert sorted(refused) == sorted(one for name in wrong for one in (name, f"{name}.json", f"{name}.erreurs.txt"))
    for name in good:  # the very bytes that were laid
        assert (root / "deposees" / name).read_bytes() == (house.folder / "laid" / name).read_bytes()
    assert sorted(house.received()) == sorted(name.rpartition(".")[0] for name in good)
    assert "Le journal est intact" in house.run("events", "--verify").stdout


def _name(rank: int) -> str:
    return f"DOS-{rank:03d}.{'pdf' if SYNTAXES[rank % 3] == 'facturx' else 'xml'}"


def _write(house: Any, rank: int) -> Path:
    """An invoice; one in ten is no invoice at all."""
    place = house.folder / "laid"
    place.mkdir(exist_ok=True)
    path = place / _name(rank)
    if rank % 10 == 9:
        path.write_bytes(b"<rien/>" + str(rank).encode())
    else:
        made = house.invoice(f"DOS-{rank:03d}", SYNTAXES[rank % 3])
        shutil.move(made, path)
    return path


def _lay(root: Path, path: Path) -> None:
    """As a business software does: written beside, then given its name."""
    draft = root / "a-deposer" / f"{path.name}.tmp"
    draft.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(path, draft)
    os.replace(draft, draft.with_suffix(""))


def _age_drafts(root: Path) -> None:
    """Minutes later: a draft of a dead process is not one that another is writing."""
    for draft in root.rglob(".*.tmp"):
        os.utime(draft, (0, 0))


def _rest(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def _states(root: Path) -> dict[str, int]:
    """How many sheets of accepted invoices tell each state."""
    states: dict[str, int] = {}
    for sheet in (root / "deposees").glob("*.json"):
        state = json.loads(sheet.read_bytes())["etat"]
        states[state] = states.get(state, 0) + 1
    return states
