"""`python -m chorus_simulator`: one ready line, a clear refusal, a clean stop, a world that is kept."""

import base64
import json
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from datetime import UTC, datetime

import pytest

from chorus_simulator.pytest_plugin import Control, start, stop

COMMAND = [sys.executable, "-m", "chorus_simulator"]
FIRM, TOWN = "45251785100010", "21970999400017"


def test_the_ready_line_tells_everything_needed():
    process, simulator = start()
    try:
        assert simulator.token_url == f"{simulator.base_url}/api/oauth/token"
        assert {a["environment"] for a in simulator.applications} == {"sandbox", "production"}
        assert simulator.account(FIRM)["login"] == f"TECH_1_{FIRM}@cpro.fr"
        assert simulator.structure(TOWN)["role"] == "destinataire"
        assert {"login", "password", "role"} <= set(simulator.persons[0])
        with urllib.request.urlopen(simulator.portal_url) as page:
            assert page.status == 200
    finally:
        assert stop(process) == 0


def test_ctrl_c_stops_cleanly():
    process, _ = start()
    process.send_signal(signal.SIGINT)
    assert process.wait(60) == 0
    process.stdout.close()


def test_a_taken_port_is_said_in_french_with_code_2():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        ended = subprocess.run([*COMMAND, "--port", port], capture_output=True, text=True, timeout=90, check=False)
    assert ended.returncode == 2
    assert f"Impossible d’écouter sur 127.0.0.1, port {port}" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert ended.stdout == ""


def test_a_world_file_that_is_none_is_said_in_french(tmp_path):
    path = tmp_path / "monde.json"
    path.write_text('{"persons": 3}')
    ended = subprocess.run(
        [*COMMAND, "--port", "0", "--world", path], capture_output=True, text=True, timeout=120, check=False
    )
    assert ended.returncode == 2
    assert "n’est pas un monde du simulateur" in ended.stderr


def test_the_world_is_kept_between_two_runs(tmp_path):
    path = tmp_path / "monde.json"
    process, simulator = start("--world", str(path))
    (number,) = simulator.control.invoices(TOWN, numero="GARDEE-1")
    changed = simulator.control.password(simulator.account(FIRM)["login"])["password"]
    assert stop(process) == 0
    assert set(json.loads(path.read_text())["environments"]) == {"sandbox", "production"}
    process, simulator = start("--world", str(path))
    try:
        assert [f["id"] for f in simulator.control.factures("GARDEE-1")] == [number]
        assert simulator.account(FIRM)["password"] == changed
        assert simulator.control.invoices(TOWN) == [number + 1]
    finally:
        stop(process)


def test_both_environments_and_the_counters_are_kept(tmp_path):
    path = tmp_path / "monde.json"
    process, simulator = start("--world", str(path))
    production = Control(simulator.base_url, "production")
    production.invoices(TOWN, numero="PROD-1")
    with pytest.raises(urllib.error.HTTPError):
        urllib.request.urlopen(f"{simulator.base_url}/production/cpro/factures/v1/soumettre", data=b"{}", timeout=60)
    assert stop(process) == 0
    process, simulator = start("--world", str(path))
    try:
        assert simulator.control.factures("PROD-1") == []
        production = Control(simulator.base_url, "production")
        assert [facture["numero"] for facture in production.factures("PROD-1")] == ["PROD-1"]
        assert production.ledger()["statuses"] == {"400": 1}
    finally:
        stop(process)


def test_a_world_of_one_environment_given_by_the_control_room_is_read(tmp_path):
    process, simulator = start()
    simulator.control.invoices(TOWN, numero="PORTEE-1")
    world = simulator.control("GET", "/world")
    stop(process)
    path = tmp_path / "monde.json"
    path.write_text(json.dumps(world))
    process, simulator = start("--world", str(path))
    try:
        assert len(simulator.control.factures("PORTEE-1")) == 1
    finally:
        stop(process)


def test_a_world_travels_with_its_files(api, invoices, tmp_path):
    data = invoices.cii(numero="VOYAGE-1")
    number = api.integrated(data)
    world = api.simulator.control("GET", "/world")
    hour = api.simulator.control.clock()["now"]  # the passwords of that world are not those of today
    process, other = start("--world", str(tmp_path / "autre.json"), "--clock", hour)
    try:
        assert other.control("PUT", "/world", world) == {"structures": 19, "factures": 1}
        api.simulator.base_url, kept = other.base_url, api.simulator.base_url
        api.base, api._token = f"{other.base_url}/sandbox", ""
        body = {"format": "PIVOT", "listeFacture": [{"idFacture": number}]}
        answer = api.call("factures/v1/telecharger/groupe", body, TOWN).json
        assert base64.b64encode(data) in base64.b64decode(answer["fichierResultat"])
        api.simulator.base_url = kept
    finally:
        stop(process)


def test_the_same_world_is_written_the_same(tmp_path):
    """Two processes scatter their sets differently; the file of the world does not show it."""
    written = []
    for name in ("un.json", "deux.json"):
        file = tmp_path / name
        process, _ = start("--world", str(file), "--clock", "2026-11-21T10:00:00+01:00")
        assert stop(process) == 0
        applications = [kept["applications"] for kept in json.loads(file.read_bytes())["environments"].values()]
        written.append(applications)
        assert all(app["subscribed"] == sorted(app["subscribed"]) for kept in applications for app in kept)
    assert written[0] == written[1]


def test_the_same_seed_draws_the_same_passwords_and_tokens():
    drawn = []
    for _ in range(2):
        process, simulator = start("--seed", "7", "--clock", "2026-01-01T00:00:00+01:00")
        drawn.append(simulator.control.password(simulator.account(FIRM)["login"])["password"])
        told = datetime.fromisoformat(simulator.control.clock()["now"])
        assert datetime(2025, 12, 31, 23, tzinfo=UTC) <= told < datetime(2025, 12, 31, 23, 15, tzinfo=UTC)
        stop(process)
    assert drawn[0] == drawn[1]


def test_a_country_of_structures_is_there_in_a_moment():
    process, simulator = start("--structures", "5000")
    try:
        first = Control(simulator.base_url)("PATCH", "/structures/90000000000010", {})
        assert first["designation"] == "COMMUNE FICTIVE N° 0"
        assert first["role"] == "destinataire"
    finally:
        stop(process)


def test_an_hour_without_zone_is_refused():
    ended = subprocess.run(
        [*COMMAND, "--clock", "2026-01-01"], capture_output=True, text=True, timeout=120, check=False
    )
    assert ended.returncode == 2
    assert "fuseau" in ended.stderr


@pytest.mark.skipif(os.name != "posix", reason="signaux POSIX")
def test_a_killed_simulator_leaves_the_world_it_had_saved(tmp_path):
    path = tmp_path / "monde.json"
    process, _ = start("--world", str(path))
    process.kill()
    process.wait(60)
    process.stdout.close()
    process, simulator = start("--world", str(path))
    assert simulator.structure(TOWN)["siret"] == TOWN
    assert stop(process) == 0
