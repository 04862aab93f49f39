"""The commands of the house-keeper: the key changed, the house given out and taken back, somebody let in again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from raccord.cli.main import run
from raccord.domain.connection import Addresses, Connection, EnvironmentName, Structure
from raccord.domain.roles import Role
from raccord.domain.secrets import Secret
from raccord.settings import load_settings
from raccord.store import connections, structures
from raccord.wiring import build_gateway

PERSON = "une phrase assez longue"


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    """Runs a command in the house of that name; gives the exit code, the output, the complaints."""
    monkeypatch.chdir(tmp_path)

    def at(house: str, *words: str) -> tuple[int, str, str]:
        monkeypatch.setenv("RACCORD_DATA_DIR", str(tmp_path / house))
        code = run(list(words))
        told = capsys.readouterr()
        return code, told.out, told.err

    return at


def _furnish(folder: Path) -> None:
    gateway = build_gateway(load_settings({"RACCORD_DATA_DIR": str(folder)}, env_file=None), durable=False)
    gateway.users.create_user("chef@exemple.fr", "Chef", Role.SUPERVISEUR, Secret(PERSON), "cli")
    with gateway.store.begin() as conn:
        gateway.vault.seal(conn, "connection/c1/password", "mot)de[passe")
    gateway.close()


def test_the_key_changes_and_the_old_one_opens_nothing_any_more(command: Any, tmp_path: Path) -> None:
    _furnish(tmp_path / "ici")
    file = tmp_path / "ici" / "raccord.key"
    old = file.read_bytes()
    code, out, _ = command("ici", "key", "rotate", "--reseal", "--json")
    assert code == 0
    assert json.loads(out)["secrets"] == 1
    assert file.read_bytes() != old
    assert command("ici", "user", "list")[0] == 0
    file.write_bytes(old)
    code, _, err = command("ici", "user", "list")
    assert code == 2
    assert "COFFRE_CLE_FAUSSE" in err


def test_a_house_travels_in_one_file_and_its_master_comes_in_again(command: Any, tmp_path: Path) -> None:
    _furnish(tmp_path / "ici")
    (tmp_path / "phrase").write_text("cinq mots sans aucun rapport\n")
    assert command("ici", "backup", "sans.tar.gz")[0] == 0
    code, out, _ = command("ici", "backup", "avec.tar.gz", "--with-secrets", "--passphrase-file", "phrase", "--json")
    assert (code, json.loads(out)["secrets"]) == (0, 1)
    assert command("ici", "backup", "sans.tar.gz")[0] == 1, "a file is never replaced"
    code, _, err = command("ici", "backup", "autre.tar.gz", "--with-secrets")
    assert (code, "personne n’est au clavier" in err) == (2, True)

    code, out, _ = command("ailleurs", "restore", "sans.tar.gz")
    assert code == 0
    assert "raccord user link" in out
    code, out, _ = command("ailleurs", "user", "link", "chef@exemple.fr", "--json")
    assert code == 0
    assert "/nouveau-mot-de-passe/" in json.loads(out)["link"]
    code, _, err = command("ailleurs", "restore", "avec.tar.gz")
    assert (code, "BASE_DEJA_UTILISEE" in err) == (1, True)
    assert command("plus-loin", "restore", "avec.tar.gz", "--with-secrets", "--passphrase-file", "phrase")[0] == 0


def test_people_are_listed_invited_and_helped(command: Any, tmp_path: Path) -> None:
    _furnish(tmp_path / "ici")
    code, out, _ = command("ici", "user", "invite", "ana@exemple.fr", "--name", "Ana", "--role", "comptable", "--json")
    assert code == 0
    assert "/invitation/" in json.loads(out)["link"]
    assert command("ici", "user", "forget-factor", "ana@exemple.fr")[0] == 0
    code, _, err = command("ici", "user", "link", "personne@exemple.fr")
    assert (code, "UTILISATEUR_INCONNU" in err) == (1, True)
    _, out, _ = command("ici", "user", "list", "--json")
    assert {one["email"] for one in json.loads(out)} == {"chef@exemple.fr", "ana@exemple.fr"}


def test_people_and_keys_are_limited_to_structures(command: Any, tmp_path: Path) -> None:
    _furnish(tmp_path / "ici")
    siret, other = "45251785100010", "21970999400017"
    gateway = build_gateway(load_settings({"RACCORD_DATA_DIR": str(tmp_path / "ici")}, env_file=None), durable=False)
    with gateway.store.begin() as conn:
        connection = Connection("c1", "Banc", EnvironmentName.SIMULATOR, Addresses("http://x/t", "http://x"))
        connections.insert(conn, connection, gateway.clock())
        place = Structure("s1", "c1", siret, "Agence", 1, is_supplier=True, is_recipient=False)
        structures.insert(conn, place, gateway.clock())
    gateway.close()
    invite = ("user", "invite", "ana@exemple.fr", "--name", "Ana", "--role", "comptable", "--structure")
    code, _, err = command("ici", *invite, other)
    assert (code, "PERIMETRE_INCONNU" in err) == (1, True)
    assert command("ici", *invite, siret)[0] == 0
    people = json.loads(command("ici", "user", "list", "--json")[1])
    assert {one["email"]: one["reach"]["sirets"] for one in people} == {
        "ana@exemple.fr": [siret],
        "chef@exemple.fr": None,
    }
    code, out, _ = command("ici", "user", "change", "ana@exemple.fr", "--every-structure")
    assert (code, "toutes" in out) == (0, True)
    assert command("ici", "user", "change", "ana@exemple.fr", "--every-structure", "--structure", siret)[0] != 0
    code, out, _ = command(
        "ici", "key", "create", "ERP", "--owner", "chef@exemple.fr", "--scope", "read", "--until", "2999-12-31",
        "--structure", siret, "--json",
    )  # fmt: skip
    made = json.loads(out)
    assert (code, made["key"].startswith("rac_")) == (0, True)
    _, out, _ = command("ici", "key", "list", "--json")
    assert [(one["label"], one["reach"]) for one in json.loads(out)] == [("ERP", {"sirets": [siret]})]
    assert command("ici", "key", "revoke", made["id"])[0] == 0
    assert "révoquée" in command("ici", "key", "list")[1]


def test_accounts_are_tried_before_they_are_imported(command: Any, tmp_path: Path) -> None:
    _furnish(tmp_path / "ici")
    (tmp_path / "comptes.csv").write_text("nom;identifiant;mot_de_passe\nCommune;TECH_1;secret-tres-long\n")
    code, out, _ = command("ici", "accounts", "import", "comptes.csv", "--json")
    assert code == 1, "a new name without a model is refused"
    assert json.loads(out)["dry_run"] is True
    assert "secret-tres-long" not in out
    code, out, _ = command("ici", "accounts", "digest")
    assert (code, out.strip()) == (0, "Aucune connexion.")
    code, out, _ = command("ici", "accounts", "calendar")
    assert (code, out.startswith("BEGIN:VCALENDAR")) == (0, True)
