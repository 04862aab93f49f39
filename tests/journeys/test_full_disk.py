"""The disk of the data is full: at the start, at a deposit, at a reception. Nothing is half-written; room given back,
everything continues by itself."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.journey

FIRM, TOWN = "45251785100010", "21970999400017"


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of twelve megabytes. Mounting one needs to be root on Linux; elsewhere these stories are skipped."""
    place = tmp_path / "disque"
    place.mkdir()
    mount = shutil.which("mount")
    if mount is None or not hasattr(os, "geteuid") or os.geteuid() != 0:
        pytest.skip("pas de petit disque : il faut être root pour en monter un")
    done = subprocess.run([mount, "-t", "tmpfs", "-o", "size=12m", "tmpfs", place], capture_output=True, check=False)
    if done.returncode:
        pytest.skip(f"pas de petit disque : {done.stderr.decode().strip()}")
    yield place
    subprocess.run(["umount", "--lazy", place], check=False)


def _fill(disk: Path) -> Path:
    """Take all the room that is left, to the last byte."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file:
        for size in (1 << 20, 1 << 12, 1):
            try:
                while file.write(b"\0" * size):
                    pass
            except OSError:
                continue
    return ballast


def _drafts(disk: Path) -> list[Path]:
    return [path for path in (disk / "var").rglob("*") if path.is_file() and path.name.startswith(".")]


def _told(done: subprocess.CompletedProcess[str], *words: str) -> None:
    assert done.returncode == 4, (done.returncode, done.stdout, done.stderr)
    assert "Traceback" not in done.stderr + done.stdout
    assert any(word in done.stderr + done.stdout for word in words), done.stderr + done.stdout


def test_at_the_first_start(make_house: Callable[..., Any], small_disk: Path) -> None:
    house = make_house(small_disk / "var")
    ballast = _fill(small_disk)
    for words in (("init",), ("serve", "--port", "0"), ("status",)):
        _told(house.run(*words), "disque est plein")
    ballast.unlink()
    assert house.run("init").returncode == 0


def test_at_a_later_start_and_at_a_deposit(make_house: Callable[..., Any], small_disk: Path, until: Any) -> None:
    house = make_house(small_disk / "var")
    house.connect()
    first, second = house.invoice("PLEIN-1"), house.invoice("PLEIN-2", "facturx")
    ballast = _fill(small_disk)
    done = house.run("deposit", str(first), str(second))
    _told(done, "disque est plein", "plein")
    assert _drafts(small_disk) == []
    ballast.unlink()
    done = house.run("deposit", str(first), str(second), "--wait", "--json")
    assert [one["state"] for one in json.loads(done.stdout)] == ["integrated", "integrated"], done.stderr
    assert sorted(house.received()) == ["PLEIN-1", "PLEIN-2"]
    assert "Le journal est intact" in house.run("events", "--verify").stdout


def test_under_a_gateway_that_works(make_house: Callable[..., Any], small_disk: Path, until: Any) -> None:
    """The API says 503, pages still answer, the worker survives; with room again what comes in leaves."""
    house = make_house(small_disk / "var")
    house.connect()
    serving = house.serve()
    program = house.program(serving, house.office(serving))
    ballast = _fill(small_disk)
    refused = []
    for rank in range(3):
        file = house.invoice(f"PLEIN-{rank}")
        answer = program.http.post("deposits", files={"file": (file.name, file.read_bytes())})
        refused.append(answer)
    assert {answer.status_code for answer in refused} == {503}, [answer.text for answer in refused]
    assert all(answer.json()["cure"] for answer in refused)
    assert program.http.get("deposits").json()["items"] == []
    assert _drafts(small_disk) == []
    ballast.unlink()
    for rank in range(3):
        program.deposit(f"PLEIN-{rank}.xml", (house.folder / f"PLEIN-{rank}.xml").read_bytes())
    until("trois factures intégrées", lambda: _states(program) == ["integrated"] * 3)
    assert sorted(house.received()) == ["PLEIN-0", "PLEIN-1", "PLEIN-2"]
    assert serving.end() == 0
    assert "Traceback" not in serving.logged()


def test_in_the_middle_of_a_retrieval(make_house: Callable[..., Any], small_disk: Path, until: Any) -> None:
    """Chorus Pro may believe that the invoices were downloaded: they are fetched again, none is missing."""
    house = make_house(small_disk / "var")
    house.connect("Mairie", TOWN)
    serving = house.serve()
    program = house.program(serving, house.office(serving))
    town = _town(program)
    ballast = _fill(small_disk)
    house.simulator.control.invoices(TOWN, count=4)
    since = "2020-01-01T00:00:00+00:00"
    answer = program.http.post(f"structures/{town}/begin", json={"since": since})
    assert answer.status_code == 503, answer.text
    ballast.unlink()
    program.post(f"structures/{town}/begin", {"since": since})
    until("une première facture", lambda: program.get("receptions")["items"])
    ballast, told = _fill(small_disk), len(serving.logged())
    house.simulator.control.invoices(TOWN, count=5)
    until("le disque plein dans le journal technique", lambda: "plein" in serving.logged()[told:])
    ballast.unlink()
    wanted = sorted(one["numero"] for one in house.simulator.control.factures() if one["destinataire"] == TOWN)
    assert len(wanted) == 9
    until("toutes les factures, chacune une fois", lambda: _received(program) == wanted)
    until("plus aucun brouillon", lambda: not _drafts(small_disk))
    assert _received(program) == wanted
    assert "Traceback" not in serving.logged()


def test_under_a_gateway_whose_database_is_elsewhere(
    make_house: Callable[..., Any], small_disk: Path, until: Any, postgres_url: str
) -> None:
    """PostgreSQL has room, the archive has none: nothing is accepted without its bytes, nothing is fetched half."""
    house = make_house(small_disk / "var", RACCORD_DATABASE_URL=postgres_url, RACCORD_SCHEMATRON_WORKERS="0")
    house.connect()
    house.connect("Mairie", TOWN)
    serving = house.serve()
    program = house.program(serving, house.office(serving))
    mairie = next(one["id"] for one in program.get("connections") if one["label"] == "Mairie")
    town = next(one["id"] for one in program.post(f"connections/{mairie}/structures") if one["siret"] == TOWN)
    file = house.invoice("PLEIN-PG", "facturx")
    ballast = _fill(small_disk)
    answer = program.http.post(
        "deposits", files={"file": (file.name, file.read_bytes())}, params={"connection": "Entreprise"}
    )
    assert answer.status_code == 503, answer.text
    assert "plein" in answer.json()["detail"]
    assert program.get("deposits")["items"] == []
    told = len(serving.logged())
    house.simulator.control.invoices(TOWN, count=4)
    program.post(f"structures/{town}/begin", {"since": "2020-01-01T00:00:00+00:00"})
    until("le disque plein dans le journal technique", lambda: "plein" in serving.logged()[told:])
    assert program.get("receptions")["items"] == []  # seen, perhaps; none counts as fetched without its bytes
    until("aucun brouillon ne reste", lambda: not _drafts(small_disk))  # the engine tries, and cleans up, again
    ballast.unlink()
    program.deposit(file.name, file.read_bytes(), connection="Entreprise")
    until("la facture intégrée", lambda: _states(program) == ["integrated"])
    program.post(f"structures/{town}/retrieve")
    until("les quatre factures, et la nôtre", lambda: len(program.get("receptions")["items"]) == 5)
    assert house.received() == ["PLEIN-PG"]
    assert serving.end() == 0
    assert "Traceback" not in serving.logged()
    assert "Le journal est intact" in house.run("events", "--verify").stdout


def _town(program: Any) -> str:
    connection = program.get("connections")[0]["id"]
    found = program.post(f"connections/{connection}/structures")
    return str(next(one["id"] for one in found if one["siret"] == TOWN))


def _received(program: Any) -> list[str]:
    return sorted(one["number"] for one in program.get("receptions", limit=1000)["items"])


def _states(program: Any) -> list[str]:
    return [one["state"] for one in program.get("deposits")["items"]]
