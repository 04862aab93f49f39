"""A software lays invoices in a folder: each is taken once, whole, and its answer lies beside, whatever happens."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from raccord.domain.deposit import DepositState
from raccord.domain.errors import Unavailable
from raccord.engine.gateway import Gateway
from raccord.hotfolder import WatchedFolder
from raccord.store.deposits import DepositQuery

Make = Callable[..., bytes]


def deposits(gateway: Gateway) -> list[str]:
    return sorted(one.number for one in gateway.outbox.search(DepositQuery()).items)


def test_a_good_invoice_is_taken_and_its_sheet_says_where_it_stands(
    watch: Any, gateway: Gateway, invoice: Make
) -> None:
    data = invoice("F-1")
    watch.lay("Facture été.xml", data)
    (outcome,) = watch.look().invoices
    assert outcome.accepted
    assert watch.names("a-deposer") == watch.names("en-cours") == []
    assert watch.names("deposees") == ["Facture été.xml", "Facture été.xml.json"]
    assert (watch.root / "deposees" / "Facture été.xml").read_bytes() == data
    sheet = watch.sheet("deposees/Facture été.xml.json")
    deposit = gateway.outbox.get(sheet["depot"])
    assert (sheet["etat"], sheet["numero"], deposit.source) == ("ready", "F-1", "hotfolder")
    assert gateway.outbox.original(deposit.id) == data


def test_a_faulty_invoice_comes_back_with_its_faults_in_french(watch: Any, invoice: Make) -> None:
    watch.lay("trop-long.xml", invoice("UN-NUMERO-BIEN-TROP-LONG-POUR-CHORUS"))
    (outcome,) = watch.look().invoices
    assert not outcome.accepted
    assert watch.names("a-corriger") == ["trop-long.xml", "trop-long.xml.erreurs.txt", "trop-long.xml.json"]
    words = (watch.root / "a-corriger" / "trop-long.xml.erreurs.txt").read_text("utf-8-sig")
    assert "Erreur" in words
    assert "À faire" in words
    assert watch.sheet("a-corriger/trop-long.xml.json")["anomalies"]


def test_what_is_no_invoice_is_put_aside_with_a_sentence(watch: Any) -> None:
    watch.lay("notes.docx", b"bonjour")
    watch.look()
    assert "FICHIER_ILLISIBLE" in (watch.root / "a-corriger" / "notes.docx.erreurs.txt").read_text("utf-8-sig")


def test_a_file_still_being_written_is_left_alone(watch: Any, gateway: Gateway, invoice: Make) -> None:
    data = invoice("F-1")
    path = watch.lay("f.xml", data[:100])
    watch.look(times=1)
    path.write_bytes(data[:500])
    watch.look(times=1)
    path.write_bytes(data)
    watch.look(times=1)
    assert deposits(gateway) == []
    watch.look(times=1)
    assert deposits(gateway) == ["F-1"]


@pytest.mark.parametrize("name", [".f.xml", "~f.xml", "f.xml.part", "f.xml.TMP", "f.xml.filepart", "Thumbs.db"])
def test_names_of_unfinished_files_are_left_alone(watch: Any, gateway: Gateway, invoice: Make, name: str) -> None:
    watch.lay(name, invoice("F-1"))
    watch.look(times=3)
    assert deposits(gateway) == []
    assert watch.names("a-deposer") == [name]


def test_an_empty_file_waits_for_its_content(watch: Any) -> None:
    watch.lay("f.xml", b"")
    assert watch.look(times=3).invoices == ()
    assert watch.names("a-deposer") == ["f.xml"]


def test_the_same_invoice_laid_twice_leaves_once(watch: Any, gateway: Gateway, invoice: Make) -> None:
    data = invoice("F-1")
    watch.lay("a.xml", data)
    watch.look()
    watch.lay("a.xml", data)
    watch.lay("b.xml", data)
    watch.look()
    assert deposits(gateway) == ["F-1"]
    assert watch.names("deposees") == ["a.xml", "a.xml.json", "b.xml", "b.xml.json"]


def test_two_invoices_of_the_same_name_are_both_kept(watch: Any, gateway: Gateway, invoice: Make) -> None:
    watch.lay("facture.xml", invoice("F-1"))
    watch.look()
    watch.lay("facture.xml", invoice("F-2"))
    watch.look()
    assert deposits(gateway) == ["F-1", "F-2"]
    sheets = [watch.sheet(f"deposees/{name}") for name in watch.names("deposees") if name.endswith(".json")]
    assert sorted(sheet["numero"] for sheet in sheets) == ["F-1", "F-2"]
    assert all((watch.root / "deposees" / sheet["fichier"]).exists() for sheet in sheets)


def test_a_corrected_invoice_under_the_same_name_leaves(watch: Any, gateway: Gateway, invoice: Make) -> None:
    watch.lay("f.xml", invoice("UN-NUMERO-BIEN-TROP-LONG-POUR-CHORUS"))
    watch.look()
    watch.lay("f.xml", invoice("F-1"))
    watch.look()
    assert watch.names("deposees") == ["f.xml", "f.xml.json"]


def test_with_several_connections_a_folder_may_name_the_one_that_is_meant(
    watch: Any, gateway: Gateway, invoice: Make
) -> None:
    from raccord.domain.connection import Addresses, Connection, EnvironmentName
    from raccord.store import connections

    addresses = Addresses("http://127.0.0.1:9/token", "http://127.0.0.1:9/c2")
    with gateway.store.begin() as conn:
        for key, label in (("c2", "École"), ("c3", "Crèche")):
            connections.insert(conn, Connection(key, label, EnvironmentName.SIMULATOR, addresses), gateway.clock())
    watch.lay("f.xml", invoice("F-1"))
    watch.lay("École/g.xml", invoice("F-2"))
    watch.lay("Inconnue/h.xml", invoice("F-3"))
    watch.look()
    (deposit,) = gateway.outbox.search(DepositQuery()).items
    assert (deposit.connection_id, deposit.number) == ("c2", "F-2")
    assert "a-deposer/<nom de la connexion>" in (watch.root / "a-corriger/f.xml.erreurs.txt").read_text("utf-8-sig")
    assert "CONNEXION_INCONNUE" in (watch.root / "a-corriger/h.xml.erreurs.txt").read_text("utf-8-sig")


STEPS = ["folder made", "claimed", "accepted", "sheet written", "put away"]


@pytest.mark.parametrize("step", STEPS)
def test_a_stop_after_any_step_loses_nothing_and_doubles_nothing(
    watch: Any, gateway: Gateway, invoice: Make, step: str
) -> None:
    data = invoice("F-1")
    watch.lay("f.xml", data)
    dying = watch.watched(stop_at=step)
    with pytest.raises(Exception, match=step):
        watch.look(folder=dying)
    watch.look(times=3, folder=watch.watched())
    assert deposits(gateway) == ["F-1"]
    assert watch.names("a-deposer") == watch.names("en-cours") == []
    assert list((watch.root / "en-cours").iterdir()) == []
    assert watch.names("deposees") == ["f.xml", "f.xml.json"]
    assert (watch.root / "deposees" / "f.xml").read_bytes() == data


@pytest.mark.parametrize("step", ["accepted", "faults written", "sheet written", "put away"])
def test_a_stop_while_refusing_keeps_the_file_and_its_faults(watch: Any, invoice: Make, step: str) -> None:
    watch.lay("f.xml", invoice("UN-NUMERO-BIEN-TROP-LONG-POUR-CHORUS"))
    with pytest.raises(Exception, match=step):
        watch.look(folder=watch.watched(stop_at=step))
    watch.look(times=3, folder=watch.watched())
    assert watch.names("a-corriger") == ["f.xml", "f.xml.erreurs.txt", "f.xml.json"]
    assert watch.names("en-cours") == []


def test_while_the_archive_is_out_of_reach_the_file_waits(
    watch: Any, gateway: Gateway, invoice: Make, tmp_path: Path
) -> None:
    watch.lay("f.xml", invoice("F-1"))
    archive = tmp_path / "var" / "archive"
    if archive.exists():
        archive.rename(tmp_path / "away")
    archive.parent.mkdir(exist_ok=True)
    archive.write_text("a file where the folder should be")
    assert watch.look(times=3).invoices == ()
    assert len(watch.names("en-cours")) == 1
    archive.unlink()
    watch.look()
    assert watch.names("deposees") == ["f.xml", "f.xml.json"]


def test_a_share_that_is_gone_is_said_in_a_sentence(gateway: Gateway, tmp_path: Path) -> None:

    (tmp_path / "partage").write_text("not a folder")
    with pytest.raises(Unavailable) as refusal:
        WatchedFolder(gateway, tmp_path / "partage" / "x").look()
    assert refusal.value.code == "DOSSIER_INDISPONIBLE"


def test_the_sheet_follows_the_invoice_and_a_late_refusal_brings_it_back(
    watch: Any, gateway: Gateway, invoice: Make
) -> None:
    from raccord.store import deposits as table
    from raccord.store import journal

    watch.lay("f.xml", invoice("F-1"))
    watch.look()
    deposit_id = watch.sheet("deposees/f.xml.json")["depot"]
    with gateway.store.begin() as conn:
        table.move(conn, [deposit_id], DepositState.READY, DepositState.SENDING, now=gateway.clock())
        table.move(conn, [deposit_id], DepositState.SENDING, DepositState.SENT, now=gateway.clock(), numero_flux="CPP1")
        journal.append(conn, gateway.ground.event(f"deposit/{deposit_id}", "deposit.sent"))
    watch.look(times=1)
    assert (watch.sheet("deposees/f.xml.json")["etat"], watch.sheet("deposees/f.xml.json")["flux"]) == ("sent", "CPP1")
    with gateway.store.begin() as conn:
        table.move(conn, [deposit_id], DepositState.SENT, DepositState.REFUSED, now=gateway.clock())
        journal.append(conn, gateway.ground.event(f"deposit/{deposit_id}", "deposit.refused"))
    with pytest.raises(Exception, match="refusal written"):
        watch.watched(stop_at="refusal written").look()
    watch.look(times=1)
    assert watch.names("deposees") == []
    assert watch.names("a-corriger") == ["f.xml", "f.xml.erreurs.txt", "f.xml.json"]


def test_the_drafts_of_the_dead_are_erased_those_of_the_living_are_not(
    watch: Any, gateway: Gateway, invoice: Make
) -> None:
    watch.lay("f.xml", invoice("F-1"))
    watch.look()
    dead, living, theirs = (
        watch.root / "deposees" / name
        for name in (".f.xml.json-0a1b2c3d.tmp", ".g.xml.json-4e5f6a7b.tmp", ".ce-que-le-logiciel-ecrit.tmp")
    )
    for draft in (dead, living, theirs):
        draft.write_text("{")
    old = (gateway.clock() - timedelta(minutes=11)).timestamp()
    for draft in (dead, theirs):
        os.utime(draft, (old, old))
    WatchedFolder(gateway, watch.root).look()
    assert [draft.exists() for draft in (dead, living, theirs)] == [False, True, True]
    assert watch.names("deposees")[-2:] == ["f.xml", "f.xml.json"]
