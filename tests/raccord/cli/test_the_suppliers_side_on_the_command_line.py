"""The supplier's commands as a script runs them: data with its PDF, a check that knows the house, an outbox held."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from raccord.domain.identifiers import Siret
from raccord.formats import invoice_json
from raccord.formats.render import render_pdf
from raccord.formats.sample import make_invoice
from raccord.settings import load_settings
from raccord.store.database import open_store
from raccord.wiring import build_gateway

if TYPE_CHECKING:
    from pathlib import Path

FIRM, TOWN = "45251785100010", "21970999400017"


@pytest.fixture
def house(chorus_simulator: Any, tmp_path: Path) -> Any:
    """Run `raccord ...` in a house that has a connection to the simulator; gives the finished process."""

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        clean = {name: value for name, value in os.environ.items() if not name.startswith("RACCORD_")}
        environment = clean | {
            "RACCORD_DATA_DIR": str(tmp_path / "var"), "RACCORD_GROUP_DELAY_S": "0.1", "RACCORD_REPORT_FIRST_S": "0.5",
            "PYTHONUTF8": "1",
        }  # fmt: skip
        return subprocess.run(
            [sys.executable, "-m", "raccord", *words], capture_output=True, text=True, timeout=240, cwd=tmp_path,
            env=environment, check=False,
        )  # fmt: skip

    application, account = chorus_simulator.application(), chorus_simulator.account(FIRM)
    (tmp_path / "secret").write_text(application["client_secret"] + "\n")
    (tmp_path / "compte").write_text(f"Identifiant : {account['login']}\nMot de passe : {account['password']}\n")
    done = run(
        "connect", "Entreprise", "--environment", "simulator", "--base-url", chorus_simulator.base_url, "--client-id",
        application["client_id"], "--client-secret-file", "secret", "--password-file", "compte",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return run


def _laid(folder: Path, number: str) -> tuple[str, str]:
    invoice = make_invoice(
        3, number=number, supplier=Siret.parse(FIRM), recipient=Siret.parse(TOWN), service="SERV-TECH"
    )
    (folder / f"{number}.json").write_bytes(invoice_json.write(invoice))
    (folder / f"{number}.pdf").write_bytes(render_pdf(invoice))
    return f"{number}.pdf", f"{number}.json"


def test_data_and_its_pdf_leave_by_fields_and_a_second_check_knows_it(house: Any, tmp_path: Path) -> None:
    page, data = _laid(tmp_path, "J-1")
    checked = house("check", page, data, "--json")
    assert [one["sendable"] for one in json.loads(checked.stdout)] == [True], checked.stdout + checked.stderr
    sent = house("deposit", page, data, "--road", "fields", "--wait", "--json")
    (line,) = json.loads(sent.stdout)
    assert line["state"] == "integrated", sent.stdout + sent.stderr
    again = json.loads(house("check", data, "--json").stdout)[0]
    assert "CP-UNI-01" in {fault["code"] for fault in again["faults"]}
    refused = house("answer", line["id"], "--comment", "Bonjour")
    assert refused.returncode != 0
    assert "REPONSE_HORS_DE_PROPOS" in refused.stderr
    status = json.loads(house("status", line["id"], "--json").stdout)
    assert status["next_step"] == ""


def test_a_deposit_is_taken_back_while_the_outbox_is_held(house: Any, tmp_path: Path) -> None:
    assert house("outbox", "pause", "Entreprise").returncode == 0
    assert 'raccord outbox resume "Entreprise"' in house("status").stdout
    unclear = house("deposit", _laid(tmp_path, "J-2")[1], "--not-before", "demain")
    assert "AAAA-MM-JJTHH:MM" in unclear.stderr
    later = ("--not-before", "2099-01-01 08:00", "--key", "lot-7", "--json")
    (line,) = json.loads(house("deposit", _laid(tmp_path, "J-2")[1], *later).stdout)
    assert line["state"] == "ready"
    (again,) = json.loads(house("deposit", "J-2.json", *later).stdout)
    assert (again["id"], again["replayed"]) == (line["id"], True)
    other = house("deposit", _laid(tmp_path, "J-4")[1], *later)
    assert "DEPOT_CLE_REUTILISEE" in other.stdout
    assert house("deposit", "J-2.json", "J-4.json", "--key", "lot-7").returncode == 2
    assert "Annulée" in house("outbox", "cancel", line["id"]).stdout
    assert "ne partira pas" in house("outbox", "cancel", line["id"]).stderr
    assert "reprennent" in house("outbox", "resume", "Entreprise").stdout


def test_news_are_asked_for_without_waiting_for_their_hour(house: Any, tmp_path: Path) -> None:
    (line,) = json.loads(house("deposit", _laid(tmp_path, "J-5")[1], "--wait", "--json").stdout)
    asked = house("outbox", "refresh", "Entreprise")
    assert "sont demandés à Chorus Pro" in asked.stdout
    assert "au prochain démarrage" in asked.stdout, "nobody works here"
    assert "connection.refreshed" in house("events", "--json").stdout
    assert "CONNEXION_INCONNUE" in house("outbox", "refresh", "Inconnue").stderr
    assert json.loads(house("status", line["id"], "--json").stdout)["deposit"]["state"] == "integrated"


def test_what_is_to_be_corrected_is_told_again_on_demand(house: Any, tmp_path: Path) -> None:
    assert house("deposit", _laid(tmp_path, "J-" + "9" * 20)[1]).returncode == 1
    told = house("status", "J-" + "9" * 20).stdout
    assert "À corriger" in told
    assert "Erreur CP-NUM-02" in told
    assert "Avertissement" not in told, "what keeps nothing back was told at the deposit"


def test_where_an_answer_stands_is_told_in_words(house: Any, tmp_path: Path, chorus_simulator: Any) -> None:
    (line,) = json.loads(house("deposit", _laid(tmp_path, "J-3")[1], "--wait", "--json").stdout)
    (known,) = chorus_simulator.control.factures("J-3")
    chorus_simulator.control.status(known["id"], "SUSPENDUE", "Une pièce manque")
    gateway = build_gateway(load_settings({"RACCORD_DATA_DIR": str(tmp_path / "var")}, env_file=None), durable=False)
    gateway.follow.refresh(gateway.outbox.get(line["id"]).connection_id, "cli")
    gateway.jobs.run_due()
    gateway.close()
    given = house("answer", line["id"], "--comment", "La voici.")
    assert given.returncode == 0, given.stderr
    told = house("status", "J-3").stdout
    assert "Compléter la facture suspendue : en attente d’envoi" in told
    assert "Motif du destinataire : Une pièce manque" in told


def test_a_reconciliation_shows_first_and_changes_nothing_unless_asked(house: Any, tmp_path: Path) -> None:
    (line,) = json.loads(house("deposit", _laid(tmp_path, "J-6")[1], "--wait", "--json").stdout)
    assert "disent la même chose" in house("reconcile").stdout
    with open_store(f"sqlite:///{tmp_path / 'var' / 'raccord.sqlite'}").begin() as conn:
        conn.exec_driver_sql("UPDATE deposits SET id_facture = NULL, platform_status = '', state = 'ready'")
    shown = house("reconcile", "Entreprise")
    assert "Déjà dans Chorus Pro" in shown.stdout, shown.stderr
    assert "raccord reconcile --apply" in shown.stdout
    assert json.loads(house("status", line["id"], "--json").stdout)["deposit"]["state"] == "ready"
    (told,) = json.loads(house("reconcile", "Entreprise", "--apply", "--json").stdout)
    assert (told["applied"], told["counts"]) == (True, {"adopted": 1})
    assert json.loads(house("status", line["id"], "--json").stdout)["deposit"]["state"] == "integrated"
