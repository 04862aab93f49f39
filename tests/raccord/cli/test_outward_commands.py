"""The commands of the outward rooms: watched folder, exports, webhooks, in processes of their own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def raccord(tmp_path: Path) -> Any:
    """Runs a command in this test's own data folder; gives the finished process."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("RACCORD_")}
    environ |= {"RACCORD_DATA_DIR": str(tmp_path / "var"), "RACCORD_WEBHOOK_PRIVATE": "oui"}

    def run(*arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "raccord", *arguments]
        return subprocess.run(
            command, env=environ | more, cwd=tmp_path, capture_output=True, text=True, timeout=240, check=False
        )

    return run


def test_one_look_into_a_folder_refuses_with_a_sentence_and_a_code(raccord: Any, tmp_path: Path) -> None:
    folder = tmp_path / "échanges"
    (folder / "a-deposer").mkdir(parents=True)
    (folder / "a-deposer" / "f.xml").write_bytes(b"<facture/>")
    done = raccord("folder", "--once", "--wait", "0.1", "--dir", str(folder))
    assert done.returncode == 1, done.stderr
    assert "à corriger" in done.stdout
    assert "Aucune connexion" in (folder / "a-corriger" / "f.xml.erreurs.txt").read_text("utf-8-sig")
    again = raccord("folder", "--once", "--wait", "0.1", "--json", RACCORD_HOTFOLDER_DIR=str(folder))
    assert again.returncode == 0
    assert json.loads(again.stdout) == {"invoices": [], "laid": 0, "taken": 0, "statuses": {}}


def test_the_letters_of_the_day_are_asked_for_and_read_without_sending(raccord: Any) -> None:
    raccord("user", "invite", "alice@exemple.fr", "--name", "Alice", "--role", "comptable")
    asked = raccord("digest", "ask", "alice@exemple.fr", "--hour", "8", "--always", "--json")
    assert asked.returncode == 0, asked.stderr
    shown = raccord("digest", "send", "--dry-run")
    assert "À : alice@exemple.fr" in shown.stdout
    assert "aucune facture en retard" in shown.stdout
    assert raccord("digest", "ask", "bob@exemple.fr").returncode != 0
    assert raccord("digest", "cancel", json.loads(asked.stdout)["id"]).returncode == 0
    assert "Personne n’a demandé" in raccord("digest", "send", "--dry-run").stdout


def test_without_folder_or_with_a_bad_naming_the_setting_is_named(raccord: Any, tmp_path: Path) -> None:
    nothing = raccord("folder", "--once")
    assert nothing.returncode == 2
    assert "RACCORD_HOTFOLDER_DIR" in nothing.stderr
    bad = raccord("folder", "--once", "--dir", str(tmp_path / "x"), RACCORD_HOTFOLDER_NAMING="{numero}")
    assert bad.returncode == 2
    assert "RACCORD_HOTFOLDER_NAMING" in bad.stderr


def test_an_export_is_written_where_it_is_asked(raccord: Any, tmp_path: Path) -> None:
    done = raccord("export", "ecritures", "--to", str(tmp_path), "--json")
    path = Path(json.loads(done.stdout)["file"])
    assert path.parent == tmp_path
    assert path.read_bytes().startswith(b"\xef\xbb\xbfJournal;Date;Compte")
    assert raccord("export", "tout").returncode == 2


def test_a_webhook_lives_by_the_command_line(raccord: Any) -> None:
    made = json.loads(raccord("webhook", "create", "ERP", "http://127.0.0.1:9/", "--json").stdout)
    assert made["secret"].startswith("rws_")
    listed = raccord("webhook", "list", "--json").stdout
    assert json.loads(listed)[0]["label"] == "ERP"
    assert made["secret"] not in listed
    assert raccord("webhook", "test", made["id"]).returncode == 1
    assert raccord("webhook", "replay", made["id"], "0").returncode == 0
    assert raccord("webhook", "delete", made["id"]).returncode == 0
    assert json.loads(raccord("webhook", "list", "--json").stdout) == []
