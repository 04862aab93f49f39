"""The commands as a person or a script runs them: real processes, their words, their exit codes, never a trace."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from raccord.cli.main import COMMANDS
from raccord.cli.reference import page
from raccord.domain.identifiers import Siret
from raccord.formats.sample import make_invoice, write_sample

ROOT = Path(__file__).parents[3]
FIRM, TOWN = "45251785100010", "21970999400017"


@pytest.fixture
def raccord(tmp_path: Path) -> Any:
    """Run `raccord ...` in a house of its own; gives the finished process."""

    def run(*words: str, stdin: str = "", **more: str) -> subprocess.CompletedProcess[str]:
        clean = {name: value for name, value in os.environ.items() if not name.startswith("RACCORD_")}
        environment = clean | {
            "RACCORD_DATA_DIR": str(tmp_path / "var"), "RACCORD_GROUP_DELAY_S": "0.1", "RACCORD_FOLLOW_PERIOD_S": "1",
            "PYTHONUTF8": "1", **more,
        }  # fmt: skip
        return subprocess.run(
            [sys.executable, "-m", "raccord", *words], input=stdin, capture_output=True, text=True, timeout=240,
            cwd=tmp_path, env=environment, check=False,
        )  # fmt: skip

    return run


def _file(folder: Path, number: str, syntax: str = "cii") -> str:
    invoice = make_invoice(
        3, number=number, supplier=Siret.parse(FIRM), recipient=Siret.parse(TOWN), service="SERV-TECH"
    )
    path = folder / f"{number}.{'pdf' if syntax == 'facturx' else 'xml'}"
    path.write_bytes(write_sample(invoice, syntax))
    return str(path)


def _connected(raccord: Any, simulator: Any, folder: Path) -> None:
    application, account = simulator.application(), simulator.account(FIRM)
    (folder / "secret").write_text(application["client_secret"] + "\n")
    (folder / "compte").write_text(f"Identifiant : {account['login']}\nMot de passe : {account['password']}\n")
    done = raccord(
        "connect", "Entreprise", "--environment", "simulator", "--base-url", simulator.base_url, "--client-id",
        application["client_id"], "--client-secret-file", "secret", "--password-file", "compte", "--json",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["light"] == "vert"


@pytest.mark.journey
def test_from_an_empty_folder_to_an_integrated_invoice(raccord: Any, chorus_simulator: Any, tmp_path: Path) -> None:
    begun = raccord("init", "--json")
    assert "/premier-acces/" in json.loads(begun.stdout)["first_access"]
    _connected(raccord, chorus_simulator, tmp_path)
    files = [_file(tmp_path, "F-1", "facturx"), _file(tmp_path, "F-2", "ubl")]
    sent = raccord("deposit", *files, "--wait", "--json")
    assert sent.returncode == 0, sent.stderr + sent.stdout
    assert [one["state"] for one in json.loads(sent.stdout)] == ["integrated", "integrated"]
    again = raccord("deposit", *files, "--json")
    assert [one["replayed"] for one in json.loads(again.stdout)] == [True, True]
    status = json.loads(raccord("status", "--json").stdout)
    assert status["counts"]["integrated"] == 2
    assert "Le journal est intact" in raccord("events", "--verify").stdout
    told = raccord("status", "F-2").stdout
    assert told.startswith("F-2 : Intégrée dans Chorus Pro")
    assert "Déposée dans Raccord" in told
    assert "deposit." not in told + raccord("events").stdout.split("[")[0]


def test_the_exit_code_of_the_doctor_tells_the_family_of_the_cause(
    raccord: Any, chorus_simulator: Any, tmp_path: Path
) -> None:
    _connected(raccord, chorus_simulator, tmp_path)
    chorus_simulator.control.expire(chorus_simulator.account(FIRM)["login"])
    done = raccord("doctor", "--json")
    assert done.returncode == 13
    verdict = json.loads(done.stdout)[0]
    assert verdict["light"] == "rouge"
    assert verdict["causes"][0]["steps"]
    before = chorus_simulator.control.ledger()["calls"]
    again = raccord("doctor")
    assert again.returncode == 13
    assert "le même mot de passe n’est pas rejoué" in again.stdout
    calls = chorus_simulator.control.ledger()["calls"]
    assert calls == before, "a refused password was played again"
    assert raccord("doctor", "--retry").returncode == 13
    status = raccord("status")
    assert status.returncode == 3
    assert "Entreprise : Attention : Connexion avec Chorus Pro non établie" in status.stdout


def test_a_faulty_file_is_exit_code_1_with_what_to_correct(raccord: Any, tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("bonjour")
    done = raccord("check", "note.txt", _file(tmp_path, "F-3"))
    assert done.returncode == 1
    assert "note.txt : à corriger" in done.stdout
    assert "F-3.xml : peut partir" in done.stdout


@pytest.mark.parametrize(
    ("words", "environment", "code", "told"),
    [
        (["deposit"], {}, 2, ""),
        (["nulle-part"], {}, 2, ""),
        (["settings"], {"RACCORD_PORT": "beaucoup"}, 2, "RACCORD_PORT"),
        (["status", "rien"], {}, 1, "DEPOT_INCONNU"),
        (["doctor", "inconnue"], {}, 1, "CONNEXION_INCONNUE"),
        (["connect", "Sans clavier"], {}, 2, "personne n’est au clavier"),
        (["status"], {"RACCORD_DATA_DIR": "/proc/raccord"}, 2, "dossier"),
    ],
)
def test_what_goes_wrong_is_a_sentence_and_a_code_never_a_trace(
    raccord: Any, words: list[str], environment: dict[str, str], code: int, told: str
) -> None:
    done = raccord(*words, **environment)
    assert done.returncode == code, done.stderr
    assert told in done.stderr
    assert "Traceback" not in done.stderr


def test_a_port_in_use_is_told_at_once(raccord: Any) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = raccord("serve", "--port", str(taken.getsockname()[1]))
    assert done.returncode == 4
    assert "est déjà pris" in done.stderr
    assert "Traceback" not in done.stderr


def test_secrets_are_masked_in_the_settings(raccord: Any) -> None:
    done = raccord("settings", "--json", RACCORD_METRICS_TOKEN="tres-secret")
    lines = {line["name"]: line["value"] for line in json.loads(done.stdout)}
    assert "RACCORD_PORT" in lines
    assert "tres-secret" not in done.stdout


@pytest.mark.parametrize("name", [*COMMANDS])
def test_every_command_explains_itself(raccord: Any, name: str) -> None:
    done = raccord(name, "--help")
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()


def test_the_reference_page_is_made_from_the_code() -> None:
    written = (ROOT / "docs" / "reference" / "cli.md").read_text(encoding="utf-8")
    assert written == page(), "lancez scripts/reference_cli.py"
