"""A dossier is checked with nothing but its own files: hashes, events, chain, stamp; and it can always be read."""

from __future__ import annotations

import csv
import hashlib
import io
import itertools
import json
import re
import shlex
import subprocess
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from raccord.domain.answers import KeptFile
from raccord.domain.errors import NotFound
from raccord.domain.reception import Reception
from raccord.engine.archiving import ArchiveRules, Archiving
from raccord.engine.archiving.sealing import Authority, check
from raccord.engine.gateway import Gateway
from raccord.engine.receptions.readable import Reading
from raccord.formats.typst_drawing import DrawingError
from raccord.store import entries

Fetch = Callable[..., tuple[Reception, ...]]


def _opened(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def _recomputed(event: dict[str, Any]) -> str:
    """As LISEZMOI.txt tells it to somebody who has not Raccord."""
    told = [event[name] for name in ("objet", "nature", "date", "auteur", "donnees")]
    canonical = json.dumps(told, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return hashlib.sha256(f"{event['precedent']}|{canonical}".encode()).hexdigest()


def test_every_file_is_in_the_manifest_with_its_hash(gateway: Gateway, fetched: Fetch) -> None:
    (reception,) = fetched(1)
    made = gateway.archiving.dossier(f"reception/{reception.id}", "alice")
    files = _opened(made.data)
    manifest = json.loads(files.pop("manifest.json"))
    listed = {entry["chemin"]: entry["sha256"] for entry in manifest["fichiers"]}
    assert listed == {path: hashlib.sha256(data).hexdigest() for path, data in files.items()}
    kept = {document.sha256 for document in reception.documents}
    assert kept <= set(listed.values())
    assert files["facture/lisible.pdf"].startswith(b"%PDF")
    assert reception.number in files["LISEZMOI.txt"].decode()
    assert reception.number in made.name
    assert gateway.inbox.events(reception.id)[-1].kind == "archive.exported"


def test_the_events_and_the_chain_are_recomputed_without_raccord(gateway: Gateway, fetched: Fetch) -> None:
    first, _ = fetched(2)
    files = _opened(gateway.archiving.dossier(f"reception/{first.id}", "alice").data)
    events = json.loads(files["evenements.json"])
    assert [event["nature"] for event in events] == ["reception.seen", "reception.stored"]
    assert all(_recomputed(event) == event["empreinte"] for event in events)
    links = list(csv.DictReader(io.StringIO(files["preuve/chaine.csv"].decode()), delimiter=";"))
    assert all(here["precedent"] == before["empreinte"] for before, here in itertools.pairwise(links))
    by_place = {int(link["numero"]): link["empreinte"] for link in links}
    assert all(by_place[event["numero"]] == event["empreinte"] for event in events)


def test_a_stamped_seal_covers_the_events(gateway: Gateway, fetched: Fetch, authority: Any) -> None:
    (reception,) = fetched(1)
    rules = ArchiveRules(authority=Authority(authority.url, authority.roots))
    archiving = Archiving(gateway.ground, rules)
    archiving.seal()
    files = _opened(archiving.dossier(f"reception/{reception.id}", "alice").data)
    assert check(files["preuve/sceau.tsr"], files["preuve/sceau.txt"], authority.roots)
    head = files["preuve/chaine.csv"].decode().splitlines()[-1].split(";")[2]
    assert head in files["preuve/sceau.txt"].decode()


def test_the_command_of_the_read_me_verifies_the_stamp_and_still_will_when_its_certificates_are_over(
    gateway: Gateway, fetched: Fetch, authority: Any, tmp_path: Path
) -> None:
    """Typed as it is written, in the folder of the dossier, with the roots that the authority publishes."""
    (reception,) = fetched(1)
    archiving = Archiving(gateway.ground, ArchiveRules(authority=Authority(authority.url, authority.roots)))
    archiving.seal()
    with zipfile.ZipFile(io.BytesIO(archiving.dossier(f"reception/{reception.id}", "alice").data)) as archive:
        archive.extractall(tmp_path / "dossier")
    read_me = (tmp_path / "dossier" / "LISEZMOI.txt").read_text("utf-8")
    (command,) = re.findall(r"^ +(openssl ts -verify .*)$", read_me, re.MULTILINE)
    (tmp_path / "dossier" / "certificats.pem").write_bytes(authority.roots.read_bytes())

    def said(typed: str) -> str:
        here = tmp_path / "dossier"
        answer = subprocess.run(shlex.split(typed), check=False, cwd=here, capture_output=True, text=True)
        return answer.stdout + answer.stderr

    assert "Verification: OK" in said(command)
    late = int((datetime.now(UTC) + timedelta(days=9 * 365 + 730)).timestamp())
    assert "expired" in said(re.sub(r"-attime \d+", f"-attime {late}", command)), (
        "the hour of the stamp is what saves it"
    )
    (tmp_path / "dossier" / "preuve" / "sceau.txt").chmod(0o600)
    (tmp_path / "dossier" / "preuve" / "sceau.txt").write_text("raccord journal 2020-01-01 1 0\n")
    assert "Verification: FAILED" in said(command)


def test_the_dossier_of_a_deposit_holds_its_report(
    gateway: Gateway, online: Any, bench: Any, invoicing: Any, diary: Any
) -> None:
    deposit = invoicing.accept(gateway, "F-2026-1").deposit
    for _ in range(6):
        gateway.jobs.run_due()
        diary.passes(seconds=10)
    files = _opened(gateway.archiving.dossier(f"deposit/{deposit.id}", "alice").data)
    assert hashlib.sha256(files["facture/original/F-2026-1.xml"]).hexdigest() == deposit.sha256
    assert files["facture/lisible.pdf"].startswith(b"%PDF")
    assert json.loads(files["rapports/flux.json"])["numero_flux"].startswith("CPP")


def test_a_dossier_does_not_depend_on_the_drawing(
    gateway: Gateway, fetched: Fetch, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies(*_: object, **__: object) -> bytes:
        raise DrawingError("killed")

    monkeypatch.setattr("raccord.formats.render.draw", dies)
    monkeypatch.setattr(Reading, "_candidates", lambda *_: iter(()))  # no PDF came with the invoice
    (reception,) = fetched(1)
    files = _opened(gateway.archiving.dossier(f"reception/{reception.id}", "alice").data)
    assert "facture/lisible.pdf" not in files
    assert {"facture/fiche.json", "evenements.json", "LISEZMOI.txt"} <= set(files)


def test_files_given_beside_a_deposit_travel_in_its_dossier(gateway: Gateway, offline: Any, invoicing: Any) -> None:
    deposit = invoicing.accept(gateway, "F-2026-1").deposit
    name = gateway.archive.put(b"%PDF plan")
    with gateway.store.begin() as conn:
        entries.keep_files(conn, deposit.id, [KeptFile("joined", "../plan.pdf", "Plan", name, 9)])
    files = _opened(gateway.archiving.dossier(f"deposit/{deposit.id}", "alice").data)
    assert files["pieces/01_plan.pdf"] == b"%PDF plan"
    assert gateway.archiving.verify("alice").checked == 2


def test_two_dossiers_of_the_same_moment_are_the_same_bytes(gateway: Gateway, fetched: Fetch) -> None:
    from raccord.engine.archiving.dossier import dossier

    (reception,) = fetched(1)
    subject = f"reception/{reception.id}"
    assert dossier(gateway.ground, subject) == dossier(gateway.ground, subject)


def test_what_was_destroyed_still_has_its_story(gateway: Gateway, fetched: Fetch, diary: Any) -> None:
    (reception,) = fetched(1)
    diary.others.clear()
    diary.passes(days=4400)
    gateway.archiving.purge("alice", dry_run=False)
    files = _opened(gateway.archiving.dossier(f"reception/{reception.id}", "alice").data)
    assert not any(path.startswith(("facture/original", "facture/pivot", "pieces/")) for path in files)
    assert json.loads(files["evenements.json"])[-1]["nature"] == "archive.purged"
    assert "détruits" in files["LISEZMOI.txt"].decode()


@pytest.mark.parametrize("subject", ["reception/inconnue", "deposit/inconnu", "flux/1", ""])
def test_an_unknown_subject_is_said(gateway: Gateway, subject: str) -> None:
    with pytest.raises(NotFound):
        gateway.archiving.dossier(subject, "alice")
