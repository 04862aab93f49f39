"""The directory on a page, in the API and on the command line: one heart, three faces."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from raccord.cli.main import run
from raccord.domain.directory import PublicStructure
from raccord.domain.roles import Permission, Role
from raccord.store.directory.sample import generate, write_csv

TOWN, STATE = "21970999400017", "11000201100044"


def test_a_person_searches_and_reads_what_the_town_demands(office: Any) -> None:
    connection = office.connect()
    office.gateway.directory.refresh(connection.id, "cli")
    visitor = office.visitor(Role.LECTEUR)
    found = visitor.open("annuaire?texte=mairie+val+fictyf").text
    assert "COMMUNE DE VAL-FICTIF" in found
    assert f'href="/annuaire/{TOWN}"' in found
    town = visitor.open(f"annuaire/{TOWN}").text
    assert "Ni code service ni numéro d’engagement ne sont exigés." in town
    assert "ECOLES" in town
    assert "FACTURES_PUBLIQUES" not in town
    assert "Le code service et le numéro d’engagement sont obligatoires" in visitor.open(f"annuaire/{STATE}").text


def test_only_a_superviseur_may_refresh(office: Any) -> None:
    office.connect()
    assert "Actualiser depuis Chorus Pro" not in office.visitor(Role.COMPTABLE).open("annuaire").text
    superviseur = office.visitor(Role.SUPERVISEUR)
    assert "Actualiser depuis Chorus Pro" in superviseur.open("annuaire").text
    superviseur.send("/annuaire/actualiser")
    assert "structures" in superviseur.open("annuaire").text
    assert office.gateway.directory.status(office.gateway.directory.home()).current is not None


def test_a_failure_is_told_on_the_page_and_the_copy_stays(office: Any) -> None:
    connection = office.connect()
    before = office.gateway.directory.refresh(connection.id, "cli")
    office.simulator.control.fault("503", "*telecharger/annuaire*")
    superviseur = office.visitor(Role.SUPERVISEUR)
    superviseur.open("annuaire")
    superviseur.send("/annuaire/actualiser")
    assert "La dernière actualisation a échoué." in superviseur.open("annuaire").text
    assert office.gateway.directory.status(connection.id).current == before


def test_a_program_asks_by_the_api(office: Any) -> None:
    connection = office.connect()
    with office.program(Permission.READ, Permission.CONFIGURE) as program:
        assert program.get("directory").json()["structures"] is None
        assert program.post("directory/refresh").json()["structures"] > 5
        (first, *_) = program.get("directory/structures", params={"text": "val fictif"}).json()
        assert (first["siret"], first["requirement"], first["services"]) == (TOWN, "aucune", None)
        town = program.get(f"directory/structures/{TOWN}").json()
        services = {service["code"]: service["commitment_required"] for service in town["services"]}
        assert services == {"SERV-TECH": False, "ECOLES": True, "ANCIEN": False}
        public = program.get(f"directory/structures/{TOWN}", params={"public_supplier": "true"}).json()
        assert "FACTURES_PUBLIQUES" in [service["code"] for service in public["services"]]
        missing = program.get("directory/structures/99999999900018")
        assert (missing.status_code, missing.json()["code"]) == (404, "STRUCTURE_PUBLIQUE_INCONNUE")
        known = program.get("directory/commitments/EJ-2026-0001", params={"supplier_siret": "45251785100010"}).json()
        assert known["verdict"] == "connu"
    assert connection.id


def test_a_key_that_only_reads_refreshes_nothing(office: Any) -> None:
    office.connect()
    with office.program(Permission.READ) as program:
        assert program.post("directory/refresh").status_code == 403


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The data folder of a command line."""
    monkeypatch.setenv("RACCORD_DATA_DIR", str(tmp_path / "var"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_command_line_loads_and_searches(house: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["directory", "sample", "essai", "--structures", "40", "--seed", "9"]) == 0
    assert run(["directory", "load", "essai/structures.csv", "essai/services.csv"]) == 0
    assert "40 structures" in capsys.readouterr().out
    one = next(entry for entry in generate(40, seed=9) if isinstance(entry, PublicStructure))
    assert run(["directory", "search", "--json", one.siret]) == 0
    (found,) = json.loads(capsys.readouterr().out)
    assert found["structure"]["name"] == one.name
    assert run(["directory", "show", one.siret]) == 0
    assert one.name in capsys.readouterr().out


def test_the_command_line_says_what_is_wrong_with_a_file(house: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_csv(generate(40), house / "a.csv", house / "b.csv")
    (house / "broken.csv").write_text("rien;du;tout\n")
    assert run(["directory", "load", "a.csv", "b.csv"]) == 0
    assert run(["directory", "load", "broken.csv"]) == 1
    assert "L’annuaire en place reste en service." in capsys.readouterr().err
    assert run(["directory", "refresh"]) == 1
    assert "Aucune connexion" in capsys.readouterr().err
