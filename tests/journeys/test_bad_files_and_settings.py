"""Bad input, on every face: a sentence that says what to do, a code, no trace, nothing kept half-done."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from raccord.domain.identifiers import Siret
from raccord.formats.sample import make_invoice, write_sample

pytestmark = pytest.mark.journey

FIRM, TOWN = "45251785100010", "21970999400017"

_UBL = '<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2">{}</Invoice>'


def _sample(syntax: str) -> bytes:
    invoice = make_invoice(
        3, number="F-1", supplier=Siret.parse(FIRM), recipient=Siret.parse(TOWN), service="SERV-TECH"
    )
    return write_sample(invoice, syntax)


def _half(syntax: str) -> bytes:
    whole = _sample(syntax)
    return whole[: len(whole) // 2]


BAD: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "vide": ("vide.xml", lambda: b"", "vide"),
    "trop gros": ("gros.pdf", lambda: b"%PDF-1.7\n" + b"0" * 11_000_000, "Mo"),
    "Latin-1 annoncé UTF-8": (
        "latin.xml", lambda: b'<?xml version="1.0" encoding="UTF-8"?>' + _UBL.format("é").encode("latin-1"), "UTF-8",
    ),
    "UTF-16": ("utf16.xml", lambda: b"\xff\xfe\x00bad", "UTF-8"),
    "pas une facture": ("note.txt", lambda: b"bonjour", "pas une facture"),
    "un XML quelconque": ("page.xml", lambda: b"<html><body/></html>", "facture"),
    "un PDF sans données": ("lettre.pdf", lambda: b"%PDF-1.4\n%%EOF", "PDF"),
    "DOCTYPE": ("doctype.xml", lambda: b'<!DOCTYPE a [<!ENTITY x "y">]>' + _UBL.format("&x;").encode(), "DOCTYPE"),
    "CII coupé": ("cii.xml", lambda: _half("cii"), "coupé"),
    "UBL coupé": ("ubl.xml", lambda: _half("ubl"), "coupé"),
    "Factur-X coupé": ("facturx.pdf", lambda: _half("facturx"), "coupé"),
}  # fmt: skip


@pytest.fixture(params=[*BAD])
def bad(request: pytest.FixtureRequest) -> tuple[str, bytes, str]:
    """One bad file: its name, its bytes, a word of what must be said."""
    name, make, word = BAD[request.param]
    return name, make(), word


def test_a_bad_file_on_the_command_line(house: Any, bad: tuple[str, bytes, str]) -> None:
    name, data, word = bad
    (house.folder / name).write_bytes(data)
    checked = house.run("check", name)
    assert checked.returncode == 1
    assert word in checked.stdout
    assert "Traceback" not in checked.stdout + checked.stderr


@pytest.fixture
def served(house: Any) -> Iterator[tuple[Any, Any, Any, Any]]:
    """A gateway that works, its office and a program."""
    house.connect()
    serving = house.serve()
    office = house.office(serving)
    program = house.program(serving, office)
    yield house, serving, office, program
    assert serving.end() == 0
    assert "Traceback" not in serving.logged()


def test_every_bad_file_on_the_api_the_pages_and_the_command(served: tuple[Any, Any, Any, Any]) -> None:
    house, _, office, program = served
    office.strict = False
    for name, make, word in BAD.values():
        data = make()
        answer = program.http.post("deposits", files={"file": (name, data)})
        assert answer.status_code == 422, (name, answer.text)
        told = answer.json()
        assert word in answer.text, (name, told)
        assert told["cure"] or told["faults"][0]["cure"]
        office.open("depots").send("/depots", files={"fichiers": (name, data)})
        assert office.status < 500, (name, office.status)
        assert word in " ".join(office.page.text_content().split()), name
        (house.folder / name).write_bytes(data)
        done = house.run("deposit", name)
        assert done.returncode == 1, (name, done.stderr)
        assert word in done.stderr + done.stdout
    assert program.http.post("deposits").status_code in (400, 422)
    sent = [one for one in program.get("deposits")["items"] if one["state"] not in ("faulty",)]
    assert sent == []
    assert house.received() == []


def test_a_good_file_beside_a_bad_one_leaves_all_the_same(house: Any) -> None:
    house.connect()
    (house.folder / "note.txt").write_text("bonjour")
    done = house.run("deposit", "note.txt", str(house.invoice("BON-1")), "--wait", "--json")
    assert done.returncode == 1
    assert [one["state"] for one in json.loads(done.stdout)] == ["rejected", "integrated"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["deposit", "absent.xml"], "« absent.xml », ce fichier ou ce dossier n’existe pas"),
        (["check", "absent.xml"], "n’existe pas"),
        (["deposit", "."], "c’est un dossier"),
        (["deposit"], "Il manque"),
        (["depot"], "La commande 'depot' n’existe pas"),
        (["status", "--limt", "3"], "Vouliez-vous dire --limit"),
        (["status", "--limit", "x"], "il faut un nombre entier"),
        (["serve", "--port", "70000"], "hors des limites"),
        (["retrieve", "--since", "hier"], "AAAA-MM-JJ"),
        (["connect", "A", "--environment", "ailleurs"], "choix possibles"),
        (["connect", "A", "--password-file", "absent"], "n’existe pas"),
    ],
)
def test_a_command_written_wrongly_is_told_in_french(house: Any, words: list[str], told: str) -> None:
    done = house.run(*words)
    assert done.returncode == 2
    assert told in done.stderr
    assert "--help" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("name", "value", "code", "told"),
    [
        ("PORT", "beaucoup", 2, "nombre entier"),
        ("PORT", "70000", 2, "nombre entier"),
        ("GROUP_DELAY_S", "nan", 2, "un nombre entre"),
        ("RATE_PER_SECOND", "-1", 2, "un nombre entre"),
        ("PRODUCTION", "peut-être", 2, "« oui » ou « non »"),
        ("LOG_LEVEL", "crier", 2, "l’un des mots"),
        ("PUBLIC_URL", "ftp://x", 2, "http:// ou https://"),
        ("PUBLIC_URL", "http://[", 2, "http:// ou https://"),
        ("PUBLIC_URL", "http://x:port", 2, "http:// ou https://"),
        ("PORTE", "12", 2, "vouliez-vous dire RACCORD_PORT"),
        ("DATA_DIR", "", 2, "un chemin"),
        ("ECB_RATE", "x", 2, "un nombre entre"),
        ("CA_FILE", "/nulle/part.pem", 2, "un fichier qui existe"),
        ("TIMESTAMP_CA_FILE", "/nulle/part.pem", 2, "un fichier qui existe"),
        ("METRICS_TOKEN_FILE", "/nulle/part", 2, "n’existe pas"),
        ("MASTER_KEY", "abc", 2, "pas une clé de Raccord"),
        ("DATABASE_URL", "mysql://u:motdepasse@h/b", 2, "sqlite:///"),
        ("DATABASE_URL", "postgresql://u:motdepasse@127.0.0.1:1/b", 4, "RACCORD_DATABASE_URL"),
        ("ARCHIVE_URL", "s3:", 2, "RACCORD_ARCHIVE_URL"),
        ("HOST", "nulle.part.invalid", 2, "n’est pas une adresse de cette machine"),
        ("HOST", "203.0.113.7", 2, "n’est pas une adresse de cette machine"),
    ],
)
def test_a_wrong_setting_stops_the_start(house: Any, name: str, value: str, code: int, told: str) -> None:
    done = house.run("serve", "--port" if name == "RIEN" else "--no-engine", **{f"RACCORD_{name}": value})
    assert done.returncode == code, done.stderr
    assert told in done.stderr
    assert "motdepasse" not in done.stderr
    assert "Traceback" not in done.stderr


def test_a_port_in_use_is_told_and_named(house: Any) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = house.run("serve", "--port", str(port))
    assert done.returncode == 4
    assert f"Le port {port} est déjà pris" in done.stderr
    assert not (house.folder / "var").exists()  # nothing was begun


@pytest.mark.parametrize(("name", "told"), [("DATA_DIR", "données"), ("ARCHIVE_DIR", "originaux")])
@pytest.mark.parametrize("command", ["init", "serve", "worker", "status", "retrieve"])
def test_a_folder_under_a_file_is_told_at_the_start(house: Any, name: str, told: str, command: str) -> None:
    blocked = house.folder / "un-fichier"
    blocked.write_text("")
    done = house.run(command, **{f"RACCORD_{name}": str(blocked / "dedans")})
    assert done.returncode == 2, done.stderr
    assert told in done.stderr
    assert "un fichier se trouve là où il faudrait un dossier" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_file_that_is_not_a_database_is_left_alone(house: Any) -> None:
    other = house.folder / "tableur.ods"
    other.write_bytes(b"PK\x03\x04 un autre fichier, qui compte" * 40)
    before = other.read_bytes()
    done = house.run("status", RACCORD_DATABASE_URL=f"sqlite:///{other}")
    assert done.returncode == 2
    assert "n’est pas une base de données de Raccord" in done.stderr
    assert other.read_bytes() == before


def test_the_folder_of_retrieved_files_that_cannot_be_made(house: Any) -> None:
    house.connect("Mairie", TOWN)
    house.simulator.control.invoices(TOWN, count=1)
    (house.folder / "fichier").write_text("")
    words = ["retrieve", "--since", "2020-01-01", "--wait", "20", "--to"]
    refused = house.run(*words, "fichier/dedans")
    assert refused.returncode == 4, refused.stderr
    assert "un fichier se trouve là où il faudrait un dossier" in refused.stderr
    done = house.run(*words, "dehors", "--json")
    assert done.returncode == 0, done.stderr
    assert all(Path(house.folder / path).is_file() for path in json.loads(done.stdout)["files"])
    assert len(json.loads(done.stdout)["receptions"]) >= 1
