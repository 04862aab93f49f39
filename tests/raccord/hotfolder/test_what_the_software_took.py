"""What was taken is seen however much waits, and by erasing as well where the profile says so; a lost share is not."""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from raccord.domain.errors import Unavailable
from raccord.domain.handover import PROFILES, Taking
from raccord.domain.reception import Reception
from raccord.engine.gateway import Gateway
from raccord.hotfolder import WatchedFolder, acknowledging, naming_of
from raccord.store.tables.core import receptions

Receive = Callable[..., Reception]
ERASING = [name for name, profile in PROFILES.items() if profile.taking is Taking.ERASED]


def watched(watch: Any, profile: str, taking: str = "") -> WatchedFolder:
    """A watched folder of that profile in a new process."""
    folder: WatchedFolder = watch.watched(naming=naming_of(profile, "facture", "", own_template=False, taking=taking))
    return folder


def lay(watch: Any, receive: Receive, folder: WatchedFolder, ranks: range) -> None:
    """Have these received, yesterday, and laid."""
    for rank in ranks:
        receive(rank)
    with watch.gateway.store.begin() as conn:
        conn.execute(receptions.update().values(created_at=watch.gateway.clock() - timedelta(days=1)))
    assert folder.look().laid == len(ranks)


def erase(watch: Any) -> None:
    """The software reads what lies in the folder, and erases it."""
    shutil.rmtree(watch.root / "recues")
    (watch.root / "recues").mkdir()


@pytest.mark.parametrize("profile", ERASING)
def test_what_the_software_erased_it_took(watch: Any, gateway: Gateway, receive: Receive, profile: str) -> None:
    folder = watched(watch, profile)
    lay(watch, receive, folder, range(3))
    assert folder.look().taken == 0, "it still lies there"
    erase(watch)
    assert folder.look().taken == 3
    assert [event.kind for event in gateway.inbox.events("r-1")] == ["reception.laid", "reception.taken"]
    assert watched(watch, profile).look().laid == 0
    assert watch.names("recues") == []


@pytest.mark.parametrize("step", ["written", "promised", "named", "noted"])
@pytest.mark.parametrize("profile", ERASING)
def test_what_the_software_erased_before_raccord_noted_it_does_not_come_back(
    watch: Any, gateway: Gateway, receive: Receive, profile: str, step: str
) -> None:
    """Killed at each step, and the software takes at once whatever it finds: nothing is had twice, nothing is lost."""
    for rank in range(3):
        receive(rank)
    with watch.gateway.store.begin() as conn:
        conn.execute(receptions.update().values(created_at=watch.gateway.clock() - timedelta(days=1)))
    had: list[str] = []
    for rank in range(1, 3):
        naming = naming_of(profile, "facture", "", own_template=False)
        look_until(watch.watched(stop_at=step, naming=naming, rank=rank), step)
        had += take_and_erase(watch)
    for _ in range(3):
        watched(watch, profile).look()
        had += take_and_erase(watch)
    assert sorted(had) == ["1000", "1001", "1002"]
    assert gateway.handovers.how_many_wait("dossier") == 0
    kinds = [[event.kind for event in gateway.inbox.events(f"r-{rank}")] for rank in range(3)]
    assert kinds == [["reception.laid", "reception.taken"]] * 3
    assert [name for name in watch.names("recues") if "/." not in f"/{name}"] == []


def look_until(folder: WatchedFolder, step: str) -> None:
    """Look; the machine may stop at that step, and for no other reason."""
    try:
        folder.look()
    except Exception as stopped:
        assert str(stopped) == step  # noqa: PT017


def take_and_erase(watch: Any) -> list[str]:
    """The software reads the invoices that lie whole, erases all that it sees, and leaves the hidden names alone."""
    received = watch.root / "recues"
    files = [path for path in received.rglob("*") if path.is_file() and "/." not in path.as_posix()]
    found = [number for path in files for number in whole(path)]
    for path in files:
        path.unlink()
    return found


def whole(path: Path) -> list[str]:
    """The identifiers at Chorus Pro of the invoices that this file says to be whole."""
    if path.name.startswith("factures_"):
        with zipfile.ZipFile(path) as archive:
            return [str(one["id_facture"]) for one in json.loads(archive.read("lot.json"))["factures"]]
    mark = path.suffix == ".zip" or (path.suffix == ".xml" and "pivot" not in path.name)
    return [path.stem.rpartition("_")[2]] if mark else []


def test_a_folder_that_went_with_its_hidden_part_is_made_again(watch: Any, receive: Receive) -> None:
    receive(1)
    look_until(watch.watched(stop_at="promised"), "promised")
    erase(watch)
    assert watch.look().laid == 1
    assert "facture.json" in " ".join(watch.names("recues"))


def test_of_two_processes_at_one_folder_one_lays_and_the_other_leaves_it_to_it(
    watch: Any, make_gateway: Callable[[], Gateway], receive: Receive
) -> None:
    """The second one looks at the very moment when the first has named an invoice and noted nothing."""
    for rank in range(3):
        receive(rank)
    other = WatchedFolder(make_gateway(), watch.root, naming_of("zip", "facture", "", own_template=False))
    laid_by_the_other: list[int] = []

    def meanwhile(step: str) -> None:
        if step == "named":
            laid_by_the_other.append(other.look().laid)

    naming = naming_of("zip", "facture", "", own_template=False)
    assert WatchedFolder(watch.gateway, watch.root, naming, meanwhile).look().laid == 3
    assert laid_by_the_other == [0, 0, 0]
    assert other.look().laid == 0
    receive(7)
    assert other.look().laid == 1, "the first one is no longer at it"


def test_what_a_person_erased_where_one_moves_still_waits(watch: Any, gateway: Gateway, receive: Receive) -> None:
    folder = watched(watch, "dossier")
    lay(watch, receive, folder, range(2))
    erase(watch)
    assert folder.look().taken == 0
    assert gateway.handovers.how_many_wait("dossier") == 2


def test_the_setting_decides_otherwise_than_the_profile(watch: Any, receive: Receive) -> None:
    lay(watch, receive, watched(watch, "zip", taking="deplacement"), range(1))
    erase(watch)
    assert watched(watch, "zip", taking="deplacement").look().taken == 0


def test_a_share_that_is_not_mounted_is_not_a_software_that_erased(
    watch: Any, gateway: Gateway, receive: Receive
) -> None:
    folder = watched(watch, "pivot")
    lay(watch, receive, folder, range(2))
    away = watch.root.with_name("ailleurs")
    watch.root.rename(away)
    receive(7)
    for _ in range(2):
        with pytest.raises(Unavailable) as refusal:
            folder.look()
        assert refusal.value.code == "DOSSIER_MECONNU"
    assert watch.names("recues") == [], "nothing is laid where nobody looks"
    shutil.rmtree(watch.root)
    away.rename(watch.root)
    assert (folder.look().laid, gateway.handovers.how_many_wait("dossier")) == (1, 3)


def test_a_house_that_erased_before_raccord_believed_it_says_so_by_a_file(watch: Any, receive: Receive) -> None:
    lay(watch, receive, watched(watch, "zip", taking="deplacement"), range(2))
    erase(watch)
    with pytest.raises(Unavailable, match=r"\.raccord"):
        watched(watch, "zip").look()
    (watch.root / ".raccord").touch()
    assert watched(watch, "zip").look().taken == 2


@pytest.mark.parametrize("profile", ["dossier", "pivot"])
def test_what_was_never_taken_does_not_hide_what_is(
    watch: Any, gateway: Gateway, receive: Receive, profile: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(acknowledging, "_PAGE", 3)
    monkeypatch.setattr(acknowledging, "_PAGES", 2)
    folder = watched(watch, profile)
    lay(watch, receive, folder, range(20))
    for path in [path for path in (watch.root / "recues").rglob("*") if path.name.startswith(("F-19_", "F-18_"))]:
        shutil.move(path, watch.root / "traitees" / path.name)
    for path in list((watch.root / "recues").glob("*_F-1[89]_*")):
        shutil.move(path, watch.root / "traitees" / path.name)
    taken = [folder.look().taken for _ in range(4)]
    assert sum(taken) == 2
    assert gateway.handovers.how_many_wait("dossier") == 18


def test_a_look_at_what_waits_costs_one_file_each(
    watch: Any, receive: Receive, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = watched(watch, "pivot")
    lay(watch, receive, folder, range(8))
    asked: list[str] = []
    exists = type(watch.root).exists
    monkeypatch.setattr(type(watch.root), "exists", lambda path: asked.append(path.name) or exists(path))
    folder.look()
    assert len([name for name in asked if name.endswith(".xml")]) == 8
