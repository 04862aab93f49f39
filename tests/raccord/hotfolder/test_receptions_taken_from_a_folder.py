"""A finance software takes received invoices from a folder and lays statuses: each once, whole, whatever happens."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from typing import Any

import pytest

from raccord.domain.errors import Misconfigured
from raccord.domain.handover import Layout
from raccord.domain.reception import Reception
from raccord.engine.gateway import Gateway
from raccord.hotfolder import Naming

Receive = Callable[..., Reception]
FIRST = "12345678200051/F-1_1001"


def test_a_received_invoice_lies_whole_with_its_sheet(watch: Any, receive: Receive) -> None:
    reception = receive(1)
    assert watch.look().laid == 1
    assert watch.names("recues") == [f"{FIRST}/{n}" for n in ("Facture-n-1.pdf", "facture.json", "pivot_1.xml")]
    sheet = watch.sheet(f"recues/{FIRST}/facture.json")
    assert (sheet["id"], sheet["montant_ttc"], sheet["service"]["code"]) == (reception.id, "1200.00", "VOIRIE")
    for one in sheet["documents"]:
        data = (watch.root / "recues" / FIRST / one["fichier"]).read_bytes()
        assert hashlib.sha256(data).hexdigest() == one["sha256"]


def test_each_is_laid_once_even_after_it_was_taken(watch: Any, gateway: Gateway, receive: Receive) -> None:
    receive(1)
    watch.look()
    shutil.move(watch.root / "recues" / FIRST, watch.root / "traitees" / "F-1_1001")
    assert watch.look().taken == 1
    kinds = [event.kind for event in gateway.inbox.events("r-1")]
    assert kinds == ["reception.laid", "reception.taken"]
    assert watch.look(folder=watch.watched()).laid == 0
    assert gateway.handovers.waiting("dossier") == ()


def test_side_by_side_files_begin_with_the_name_of_the_invoice(watch: Any, receive: Receive) -> None:
    receive(1)
    receive(2)
    naming = Naming("{structure}/{fournisseur}-{numero}-{id}", layout=Layout.SIDE_BY_SIDE)
    watch.look(folder=watch.watched(naming=naming))
    base = "Mairie-dExemple/Batiment-Exemple-F-1-r-1"
    mine = [name for name in watch.names("recues") if "F-1" in name]
    assert mine == [f"{base}.json", f"{base}_Facture-n-1.pdf", f"{base}_pivot_1.xml"]
    files = {one["fichier"] for one in watch.sheet(f"recues/{base}.json")["documents"]}
    assert files == {name.rpartition("/")[2] for name in mine if not name.endswith(".json")}
    (watch.root / "recues" / f"{base}.json").rename(watch.root / "traitees" / f"{base.rpartition('/')[2]}.json")
    assert watch.look(times=1, folder=watch.watched(naming=naming)).taken == 1


@pytest.mark.parametrize("step", ["written", "named", "noted"])
@pytest.mark.parametrize("one_folder", [True, False])
def test_a_stop_after_any_step_lays_each_invoice_once(
    watch: Any, receive: Receive, step: str, one_folder: bool
) -> None:
    receive(1)
    receive(2)
    naming = Naming(layout=Layout.FOLDER if one_folder else Layout.SIDE_BY_SIDE)
    with pytest.raises(Exception, match=step):
        watch.look(folder=watch.watched(stop_at=step, naming=naming))
    watch.look(folder=watch.watched(naming=naming))
    assert len(watch.names("recues")) == 6
    assert not [name for name in watch.names("recues") if name.startswith(".")]
    assert len(watch.gateway.handovers.waiting("dossier")) == 2


def test_an_invoice_taken_before_raccord_noted_it_does_not_come_back(watch: Any, receive: Receive) -> None:
    receive(1)
    with pytest.raises(Exception, match="named"):
        watch.look(folder=watch.watched(stop_at="named"))
    shutil.move(watch.root / "recues" / FIRST, watch.root / "traitees" / "F-1_1001")
    look = watch.look(folder=watch.watched())
    assert look.taken == 1
    assert "facture.json" not in " ".join(watch.names("recues"))


@pytest.mark.parametrize(
    "template", ["{numero}", "{siret}/{inconnu}_{id}", "{id", "/{id}", "{id}/", "", "{siret}//{id}"]
)
def test_a_naming_that_would_confuse_two_invoices_is_refused(template: str) -> None:
    with pytest.raises(Misconfigured) as refusal:
        Naming(template)
    assert refusal.value.code == "DOSSIER_NOMMAGE"


def test_no_name_of_a_supplier_leads_out_of_the_folder(watch: Any, receive: Receive) -> None:
    receive(1, number="../../etc/passwd", supplier_name="..\\..\\CON", service_code="aux.txt")
    naming = Naming("{fournisseur}/{service}/{numero}/{id_facture}")
    watch.look(folder=watch.watched(naming=naming))
    assert {name.rpartition("/")[0] for name in watch.names("recues")} == {"_CON/_aux.txt/etc-passwd/1001"}


def lay_status(watch: Any, name: str, **asked: str) -> None:
    (watch.root / "statuts" / name).write_text(json.dumps(asked), "utf-8")


def test_a_status_laid_by_the_software_goes_to_chorus_pro(watch: Any, gateway: Gateway, receive: Receive) -> None:
    receive(1)
    receive(2)
    lay_status(watch, "r-1.statut.json", statut="MANDATEE", mandat="2026-118")
    lay_status(watch, "1002.statut.json", statut="SUSPENDUE", motif="Pièce manquante")
    assert [words for _, words in watch.look().statuses] == ["", ""]
    (first,), (second,) = gateway.statuses.posts("r-1"), gateway.statuses.posts("r-2")
    assert (first.target, first.mandate_number, first.author) == ("MANDATEE", "2026-118", "hotfolder")
    assert (second.target, second.motif) == ("SUSPENDUE", "Pièce manquante")
    assert watch.names("statuts/envoyes") == [
        "1002.statut.json", "1002.statut.json.json", "r-1.statut.json", "r-1.statut.json.json",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "asked", "code"),
    [
        ("r-1.statut.json", {"statut": "REJETEE"}, "STATUT_MOTIF_OBLIGATOIRE"),
        ("r-1.statut.json", {"statut": "PAYEE"}, "STATUT_INCONNU"),
        ("r-1.statut.json", {}, "STATUT_FICHIER_ILLISIBLE"),
        ("r-9.statut.json", {"statut": "MANDATEE"}, "RECEPTION_INCONNUE"),
    ],
)
def test_a_status_that_cannot_be_given_is_put_aside_with_a_sentence(
    watch: Any, gateway: Gateway, receive: Receive, name: str, asked: dict[str, str], code: str
) -> None:
    receive(1)
    lay_status(watch, name, **asked)
    watch.look()
    words = (watch.root / "statuts/refuses" / f"{name}.erreurs.txt").read_text("utf-8-sig")
    assert code in words
    assert gateway.statuses.posts("r-1") == ()
    assert watch.names("statuts") == [f"refuses/{name}{more}" for more in ("", ".erreurs.txt", ".json")]


def test_a_stop_after_posting_does_not_post_again(watch: Any, gateway: Gateway, receive: Receive) -> None:
    receive(1)
    lay_status(watch, "r-1.statut.json", statut="SERVICE_FAIT")
    with pytest.raises(Exception, match="posted"):
        watch.look(folder=watch.watched(stop_at="posted"))
    watch.look(folder=watch.watched())
    assert len(gateway.statuses.posts("r-1")) == 1
    assert watch.names("statuts") == ["envoyes/r-1.statut.json", "envoyes/r-1.statut.json.json"]
