"""`raccord archive` and `raccord search` as a person or a script runs them: words, JSON, exit codes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from raccord.cli.exits import Exit
from raccord.domain.connection import Addresses, Connection, EnvironmentName
from raccord.domain.deposit import Deposit, NewDeposit
from raccord.domain.identifiers import Siret
from raccord.formats.sample import make_invoice, write_sample
from raccord.settings import load_settings
from raccord.store import connections
from raccord.wiring import build_gateway


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A house of its own, whose settings the commands read."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RACCORD_DATA_DIR", str(tmp_path / "var"))
    monkeypatch.setenv("RACCORD_MASTER_KEY", "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=")
    return tmp_path


@pytest.fixture
def deposit(house: Path) -> Deposit:
    """An invoice that waits for a connection nobody answers on."""
    gateway = build_gateway(load_settings(env_file=None), durable=True)
    nowhere = Connection(
        id="c1", label="Nulle part", environment=EnvironmentName.SIMULATOR,
        addresses=Addresses("http://127.0.0.1:9/token", "http://127.0.0.1:9"), client_id="a", login="t",
    )  # fmt: skip
    with gateway.store.begin() as conn:
        connections.insert(conn, nowhere, gateway.clock())
    supplier, recipient = Siret.parse("45251785100010"), Siret.parse("21970999400017")
    day = gateway.clock().date()
    invoice = make_invoice(3, number="FAC-2026-0042", supplier=supplier, recipient=recipient, issue_date=day)
    made = gateway.outbox.accept(NewDeposit("c1", write_sample(invoice, "cii"), "F.xml")).deposit
    gateway.close()
    return made


def _run(*words: str, stdin: str = "") -> Any:
    from raccord.cli.main import run

    runner = CliRunner()
    with runner.isolation(input=stdin) as (out, err, _):
        code = run(list(words))
        text, complaint = out.getvalue().decode(), err.getvalue().decode()
    return code, text, complaint


def test_verify_answers_by_its_exit_code(house: Path, deposit: Deposit) -> None:
    code, out, _ = _run("archive", "verify", "--json")
    answer = json.loads(out)
    assert (code, answer["sound"], answer["checked"], answer["flaws"]) == (Exit.OK, True, 1, [])
    name = deposit.sha256
    (house / "var" / "archive" / name[:2] / name[2:4] / name).unlink()
    code, out, _ = _run("archive", "verify")
    assert code == Exit.REFUSED
    assert f"absent : {name}  deposit/{deposit.id}" in out
    code, out, _ = _run("archive", "verify", "--json")
    assert json.loads(out)["flaws"][0]["subjects"] == [f"deposit/{deposit.id}"]


def test_verify_says_where_to_put_the_lost_file_back_and_is_content_once_it_is(house: Path, deposit: Deposit) -> None:
    archive = house / "var" / "archive"
    (kept,) = [path for path in archive.rglob("*") if path.name == deposit.sha256]
    saved = kept.read_bytes()
    kept.unlink()
    code, out, _ = _run("archive", "verify")
    place = kept.relative_to(archive).as_posix()
    assert (code, place in out, deposit.id in out) == (1, True, True)
    (archive / place).write_bytes(saved[:-1] + b"?")
    assert "altéré" in _run("archive", "verify")[1]
    (archive / place).write_bytes(saved)
    assert _run("archive", "verify")[0] == 0


def test_an_invoice_is_found_exported_held_and_released(house: Path, deposit: Deposit) -> None:
    code, out, _ = _run("search", "fac-2026-00", "--json")
    assert (code, [one["id"] for one in json.loads(out)["items"]]) == (Exit.OK, [deposit.id])
    subject = f"deposit/{deposit.id}"
    code, out, _ = _run("archive", "export", subject, "--to", "sortie", "--json")
    assert code == Exit.OK
    assert Path(json.loads(out)["file"]).read_bytes().startswith(b"PK")
    code, _, complaint = _run("archive", "hold", subject)
    assert (code, "GEL_SANS_MOTIF" in complaint) == (Exit.REFUSED, True)
    code, out, _ = _run("archive", "hold", subject, "--reason", "contentieux", "--json")
    (hold,) = json.loads(out)
    assert (hold["subject"], hold["reason"]) == (subject, "contentieux")
    code, out, _ = _run("archive", "hold", "--lift", hold["id"])
    assert (code, "Aucune facture n’est gelée" in out) == (Exit.OK, True)


def test_nothing_is_purged_before_its_time_and_the_day_is_sealed(house: Path, deposit: Deposit) -> None:
    code, out, _ = _run("archive", "purge", "--dry-run")
    assert (code, "Rien à détruire" in out) == (Exit.OK, True)
    code, out, _ = _run("archive", "seal", "--json")
    assert (code, len(json.loads(out)[0]["hash"])) == (Exit.OK, 64)


def test_an_unknown_invoice_is_said(house: Path, deposit: Deposit) -> None:
    code, _, complaint = _run("archive", "export", "deposit/inconnu")
    assert (code, "DEPOT_INCONNU" in complaint) == (Exit.REFUSED, True)
