"""Finance programs in processes of their own, over HTTP, beside a watched folder: each gets every invoice once."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from raccord.domain.roles import Permission
from raccord.hotfolder import WatchedFolder, naming_of

ROOT = Path(__file__).resolve().parents[3]
TOWN = "21970999400017"
PROGRAMS = ("comptabilite", "ged")


class Programs:
    """Two copies of the reference consumer, each with its folder; `acknowledged` counts by what they say."""

    def __init__(self, office: Any, folder: Path) -> None:
        client = office.program(Permission.READ, Permission.PROCESS)
        key = client.headers["Authorization"].removeprefix("Bearer ")
        self.client, self.folder = client, folder
        self.environ = {**os.environ, "RACCORD_URL": office.url, "RACCORD_CLE": key, "PYTHONUNBUFFERED": "1"}

    def begin(self, name: str) -> subprocess.Popen[str]:
        """Start a program; it ends by itself when nothing waits."""
        command = [sys.executable, str(ROOT / "examples" / "consommateur.py"), str(self.folder / name)]
        environ = self.environ | {"RACCORD_CONSOMMATEUR": name}
        return subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, text=True)

    def kept(self, name: str) -> list[str]:
        """The invoices that lie whole with a program."""
        sheets = (self.folder / name).rglob("facture.json")
        return sorted(json.loads(path.read_text("utf-8"))["number"] for path in sheets)


@pytest.mark.parametrize("office", [{"database": "sqlite"}, {"database": "postgresql"}], indirect=True)
def test_two_programs_and_a_folder_each_get_every_invoice_once(office: Any, tmp_path: Path) -> None:
    connection = office.connect(TOWN, "Commune")
    (structure,) = (one for one in office.gateway.connections.structures(connection.id) if one.is_recipient)
    office.gateway.inbox.begin(structure.id, office.hours() - timedelta(days=1), "cli")
    programs, chance = Programs(office, tmp_path / "programmes"), random.Random(3)
    root, taken = tmp_path / "partage", 0
    folder = WatchedFolder(office.gateway, root, naming_of("pivot", "", "", own_template=False))
    for turn in range(4):
        office.simulator.control.invoices(TOWN, chance.randrange(3, 9))
        office.gateway.inbox.retrieve(structure.id, "cli")
        running = [programs.begin(name) for name in PROGRAMS]
        office.work(2)
        folder.look()
        if turn < 3:  # one of them dies, wherever it stands
            running[turn % 2].kill()
        for process in running:
            process.communicate(timeout=240)
        for path in (root / "recues").glob("*.xml"):  # the third software erases what it took
            path.unlink()
            taken += 1
    for name in PROGRAMS:
        programs.begin(name).communicate(timeout=240)
    folder.look()
    received = sorted(reception.number for _, reception in office.gateway.inbox.since(0))
    assert len(received) == len(set(received)) == taken > 12
    for name in PROGRAMS:
        assert programs.kept(name) == received
        assert programs.client.get(f"consumers/{name}/receptions").json()["items"] == []
    assert office.gateway.handovers.how_many_wait("dossier") == 0
