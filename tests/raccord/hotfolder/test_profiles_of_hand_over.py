"""Each profile lays every invoice once, whole, and knows when the software took it; a stop changes nothing of it."""

from __future__ import annotations

import io
import json
import re
import shutil
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from raccord.domain.errors import Misconfigured
from raccord.domain.handover import PROFILES, Layout
from raccord.domain.reception import Reception
from raccord.hotfolder import Naming, naming_of
from raccord.settings import load_settings
from raccord.store.tables.core import receptions

Receive = Callable[..., Reception]
NAME = "12345678200051_F-1_1001"
DOCUMENTS = {"pivot_1.xml", "Facture-n-1.pdf"}


def _yesterday(watch: Any) -> None:
    """What was received, was received yesterday."""
    with watch.gateway.store.begin() as conn:
        conn.execute(receptions.update().values(created_at=watch.gateway.clock() - timedelta(days=1)))


def _naming(profile: str) -> Naming:
    return naming_of(profile, "facture", "", own_template=False)


def _look(watch: Any, profile: str, stop_at: str = "", times: int = 1) -> Any:
    return watch.look(times=times, folder=watch.watched(stop_at=stop_at, naming=_naming(profile)))


def _zipped(data: bytes) -> set[str]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        return set(archive.namelist())


@pytest.mark.parametrize(
    ("profile", "expected"),
    [
        ("dossier", {f"12345678200051/F-1_1001/{name}" for name in (*DOCUMENTS, "facture.json")}),
        ("service", {f"12345678200051/VOIRIE/2026-03-01_F-1_1001/{name}" for name in (*DOCUMENTS, "facture.json")}),
        ("fournisseur", {f"Batiment-Exemple/F-1_1001/{name}" for name in (*DOCUMENTS, "facture.json")}),
        ("plat", {f"{NAME}.json", f"{NAME}_Facture-n-1.pdf", f"{NAME}_pivot_1.xml"}),
        ("paire", {f"{NAME}.xml", f"{NAME}.pdf"}),
        ("pivot", {f"{NAME}.xml"}),
        ("zip", {f"{NAME}.zip"}),
    ],
)
def test_a_profile_lays_what_it_says(watch: Any, receive: Receive, profile: str, expected: set[str]) -> None:
    receive(1)
    assert _look(watch, profile).laid == 1
    assert set(watch.names("recues")) == expected
    assert _look(watch, profile).laid == 0


def test_a_pair_is_the_pivot_and_the_page_byte_for_byte(watch: Any, receive: Receive) -> None:
    receive(1)
    _look(watch, "paire")
    folder = watch.root / "recues"
    assert (folder / f"{NAME}.xml").read_bytes() == b"<p>1</p>"
    assert (folder / f"{NAME}.pdf").read_bytes() == b"%PDF-1"


def test_a_zip_holds_the_documents_and_the_sheet(watch: Any, receive: Receive) -> None:
    receive(1)
    _look(watch, "zip")
    assert _zipped((watch.root / "recues" / f"{NAME}.zip").read_bytes()) == DOCUMENTS | {"facture.json"}


def test_a_zip_of_the_day_waits_for_the_day_to_end_and_lists_what_it_holds(watch: Any, receive: Receive) -> None:
    receive(1)
    receive(2)
    assert _look(watch, "zip-jour").laid == 0, "the day is not over"
    _yesterday(watch)
    receive(3)
    assert _look(watch, "zip-jour").laid == 2
    (name,) = watch.names("recues")
    assert re.fullmatch(r"factures_\d{4}-\d\d-\d\d_1\.zip", name)
    data = (watch.root / "recues" / name).read_bytes()
    assert {"F-1_1001/facture.json", "F-2_1002/pivot_2.xml", "lot.json"} <= _zipped(data)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        told = json.loads(archive.read("lot.json"))
    assert [one["id"] for one in told["factures"]] == ["r-1", "r-2"]
    shutil.move(watch.root / "recues" / name, watch.root / "traitees" / name)
    assert _look(watch, "zip-jour").taken == 2


@pytest.mark.parametrize("taken_meanwhile", [False, True])
@pytest.mark.parametrize("step", ["written", "named", "noted"])
@pytest.mark.parametrize("profile", list(PROFILES))
def test_a_stop_after_any_step_gives_each_invoice_once(
    watch: Any, receive: Receive, profile: str, step: str, taken_meanwhile: bool
) -> None:
    receive(1)
    receive(2)
    _yesterday(watch)
    with pytest.raises(Exception, match=step):
        _look(watch, profile, stop_at=step)
    if taken_meanwhile:
        for path in [one for one in (watch.root / "recues").iterdir() if not one.name.startswith(".")]:
            shutil.move(path, watch.root / "traitees" / path.name)
    receive(3)  # what arrives meanwhile must not make a lot begin again
    _yesterday(watch)
    _look(watch, profile, times=2)
    laid = [*watch.names("recues"), *watch.names("traitees")]
    assert not [name for name in laid if name.startswith(".")]
    assert len(laid) == len({Path(name).name if profile in ("zip", "pivot") else name for name in laid})
    held = [one for path in (watch.root / "recues", watch.root / "traitees") for one in _ids(path)]
    assert sorted(held) == ["1001", "1002", "1003"]
    waiting = len(watch.gateway.handovers.waiting("dossier"))
    assert waiting == 3 - len(_ids(watch.root / "traitees"))


def _ids(place: Path) -> list[str]:
    """The identifiers at Chorus Pro of the invoices that lie whole in a folder."""
    found: list[str] = []
    for path in place.rglob("*"):
        if path.name == "facture.json":
            found.append(path.parent.name.rpartition("_")[2])
        elif path.name.startswith("factures_"):
            with zipfile.ZipFile(path) as archive:
                found += [str(one["id_facture"]) for one in json.loads(archive.read("lot.json"))["factures"]]
        elif (path.parent == place and path.suffix in (".json", ".zip")) or (
            path.parent == place and path.suffix == ".xml" and "pivot" not in path.name
        ):
            found.append(path.stem.rpartition("_")[2])
    return found


def test_the_software_is_heard_in_the_layout_of_before_too(watch: Any, receive: Receive) -> None:
    receive(1)
    _look(watch, "zip")
    shutil.move(watch.root / "recues" / f"{NAME}.zip", watch.root / "traitees" / f"{NAME}.zip")
    assert _look(watch, "dossier").taken == 1


def test_a_profile_is_chosen_by_its_name_and_its_naming_may_be_replaced() -> None:
    assert naming_of("paire", "facture", "{siret}/{id}", own_template=False) == _naming("paire")
    assert naming_of("paire", "facture", "{siret}/{id}", own_template=True).template == "{siret}/{id}"
    assert naming_of("", "structure", "{id}", own_template=True).layout is Layout.SIDE_BY_SIDE
    with pytest.raises(Misconfigured) as refusal:
        naming_of("corail", "facture", "{id}", own_template=False)
    assert refusal.value.code == "DOSSIER_PROFIL"


def test_the_settings_know_every_profile_and_every_layout(tmp_path: Path) -> None:
    for profile in PROFILES:
        for layout in Layout:
            environ = {"RACCORD_DATA_DIR": str(tmp_path), "RACCORD_HOTFOLDER_PROFILE": profile,
                       "RACCORD_HOTFOLDER_LAYOUT": layout.value}  # fmt: skip
            settings = load_settings(environ, env_file=None)
            assert (settings.hotfolder_profile, settings.hotfolder_layout) == (profile, layout.value)
