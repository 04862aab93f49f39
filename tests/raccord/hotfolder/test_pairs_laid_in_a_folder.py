"""A software lays a PDF and the data of its invoice: one deposit, whichever comes first and wherever Raccord stops."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raccord.domain.clock import PARIS
from raccord.domain.deposit import Deposit, DepositState
from raccord.domain.identifiers import Siret
from raccord.engine.gateway import Gateway
from raccord.formats import facturx, invoice_json, read_invoice
from raccord.formats.render import render_pdf
from raccord.formats.sample import make_invoice
from raccord.hotfolder import bundles
from raccord.store import deposits as table
from raccord.store import journal
from raccord.store.deposits import DepositQuery

SUPPLIER, TOWN = "45251785100010", "12345678200051"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 64


@pytest.fixture
def pair() -> Callable[..., tuple[bytes, bytes]]:
    """Makes the data and the page of one invoice."""

    def make(number: str) -> tuple[bytes, bytes]:
        invoice = make_invoice(
            1, number=number, supplier=Siret.parse(SUPPLIER), recipient=Siret.parse(TOWN),
            issue_date=datetime.now(PARIS).date(),
        )  # fmt: skip
        return invoice_json.write(invoice), render_pdf(invoice)

    return make


Pair = Callable[[str], tuple[bytes, bytes]]


def all_of(gateway: Gateway) -> list[Deposit]:
    return list(gateway.outbox.search(DepositQuery()).items)


@pytest.mark.parametrize("order", [("json", "pdf"), ("pdf", "json"), ("PDF", "json")])
def test_a_pair_is_one_deposit_whichever_half_comes_first(
    watch: Any, gateway: Gateway, pair: Pair, order: tuple[str, str]
) -> None:
    terms, page = pair("F-1")
    for extension in order:
        watch.lay(f"F1.{extension}", terms if extension == "json" else page)
        watch.look(times=3)
    (deposit,) = all_of(gateway)
    assert (deposit.number, deposit.state, deposit.source) == ("F-1", DepositState.READY, "hotfolder")
    page_name = f"F1.{'PDF' if 'PDF' in order else 'pdf'}"
    assert watch.names("deposees") == sorted(["F1.json", page_name, f"{page_name}.json"])
    assert watch.names("a-deposer") == watch.names("en-cours") == []
    assert read_invoice(gateway.outbox.original(deposit.id)).number == "F-1"
    assert page in [gateway.archive.get(file.sha256) for file in gateway.outbox.files(deposit.id)]


def test_a_facturx_waits_for_nobody(watch: Any, gateway: Gateway, pair: Pair) -> None:
    terms, page = pair("F-1")
    watch.lay("F1.pdf", facturx.write(invoice_json.read(terms), page))
    watch.look()
    assert [one.number for one in all_of(gateway)] == ["F-1"]


def test_data_alone_leave_when_their_name_says_so(watch: Any, gateway: Gateway, pair: Pair) -> None:
    terms, _ = pair("F-1")
    watch.lay("F1.seul.json", terms)
    watch.look()
    assert [one.number for one in all_of(gateway)] == ["F-1"]
    assert watch.names("deposees") == ["F1.pdf.json", "F1.seul.json"]


@pytest.mark.parametrize(
    ("name", "code", "other"), [("F1.json", "PAIRE_INCOMPLETE", "F1.pdf"), ("F1.pdf", "SANS_DONNEES", "F1.json")]
)
def test_a_half_whose_other_half_never_comes_is_told_after_the_wait(
    watch: Any, gateway: Gateway, pair: Pair, name: str, code: str, other: str
) -> None:
    terms, page = pair("F-1")
    watch.lay(name, terms if name.endswith("json") else page)
    assert watch.look(times=3).invoices == ()
    assert watch.names("a-deposer") == [name]
    late = watch.watched_late(timedelta(minutes=6))
    (outcome,) = watch.look(folder=late).invoices  # another process: the wait was kept on the disk
    assert not outcome.accepted
    words = (watch.root / "a-corriger" / "F1.pdf.erreurs.txt").read_text("utf-8-sig")
    assert code in words
    assert other in words
    assert all_of(gateway) == []
    assert watch.names("en-cours") == []


def test_the_numbered_files_laid_before_the_data_are_its_attachments(watch: Any, gateway: Gateway, pair: Pair) -> None:
    terms, page = pair("F-1")
    watch.lay("F1.1.pdf", page)
    watch.lay("F1.2.png", PNG)
    watch.look(times=2)
    watch.lay("F1.pdf", page)
    watch.lay("F1.json", terms)
    watch.look(times=2)
    (deposit,) = all_of(gateway)
    joined = read_invoice(gateway.outbox.original(deposit.id)).attachments
    assert [(one.filename, one.content) for one in joined if one.reference.startswith("PJ")] == [
        ("F1.1.pdf", page), ("F1.2.png", PNG),
    ]  # fmt: skip
    assert watch.names("deposees") == ["F1.1.pdf", "F1.2.png", "F1.json", "F1.pdf", "F1.pdf.json"]


def test_the_same_pair_laid_twice_leaves_once_and_another_of_the_same_name_is_kept(
    watch: Any, gateway: Gateway, pair: Pair
) -> None:
    for number in ("F-1", "F-1", "F-2"):
        terms, page = pair(number)
        watch.lay("F1.pdf", page)
        watch.lay("F1.json", terms)
        watch.look()
    assert sorted(one.number for one in all_of(gateway)) == ["F-1", "F-2"]
    sheets = [watch.sheet(f"deposees/{name}") for name in watch.names("deposees") if name.endswith(".pdf.json")]
    assert sorted(sheet["numero"] for sheet in sheets) == ["F-1", "F-2"]
    for sheet in sheets:
        assert len(sheet["fichiers"]) == 2
        assert all((watch.root / "deposees" / name).exists() for name in sheet["fichiers"])


def test_unreadable_data_bring_both_files_back(watch: Any, pair: Pair) -> None:
    _, page = pair("F-1")
    watch.lay("F1.pdf", page)
    watch.lay("F1.json", b'{"numero": 1}')
    watch.look()
    assert watch.names("a-corriger") == ["F1.json", "F1.pdf", "F1.pdf.erreurs.txt", "F1.pdf.json"]


STEPS = [
    ("folder made", 1), ("listed", 1), ("claimed", 1), ("companion claimed", 1), ("companion claimed", 2),
    ("accepted", 1), ("decided", 1), ("sheet written", 1), ("put away", 1), ("put away", 2), ("put away", 3),
]  # fmt: skip


@pytest.mark.parametrize(("step", "rank"), STEPS)
def test_a_stop_after_any_step_keeps_the_pair_together(
    watch: Any, gateway: Gateway, pair: Pair, step: str, rank: int
) -> None:
    terms, page = pair("F-1")
    watch.lay("F1.1.png", PNG)
    watch.lay("F1.pdf", page)
    watch.lay("F1.json", terms)
    with pytest.raises(Exception, match=step):
        watch.look(folder=watch.watched(stop_at=step, rank=rank))
    watch.look(times=3, folder=watch.watched())
    (deposit,) = all_of(gateway)
    assert len(read_invoice(gateway.outbox.original(deposit.id)).attachments) == 1
    assert watch.names("deposees") == ["F1.1.png", "F1.json", "F1.pdf", "F1.pdf.json"]
    assert watch.names("a-deposer") == watch.names("en-cours") == []
    assert list((watch.root / "en-cours").iterdir()) == []


def test_two_workers_on_one_share_make_one_deposit(watch: Any, gateway: Gateway, pair: Pair) -> None:
    terms, page = pair("F-1")
    watch.lay("F1.pdf", page)
    watch.lay("F1.json", terms)
    first, second = watch.watched(), watch.watched()
    first.look()
    second.look()
    with pytest.raises(Exception, match="claimed"):  # the first holds the data only when the second comes
        watch.watched(stop_at="claimed").look_twice(lambda: None)
    second.look()
    first.look()
    assert [one.number for one in all_of(gateway)] == ["F-1"]
    assert watch.names("deposees") == ["F1.json", "F1.pdf", "F1.pdf.json"]
    assert list((watch.root / "en-cours").iterdir()) == []


def test_a_late_refusal_brings_the_whole_pair_back(watch: Any, gateway: Gateway, pair: Pair) -> None:
    terms, page = pair("F-1")
    watch.lay("F1.pdf", page)
    watch.lay("F1.json", terms)
    watch.look()
    (deposit,) = all_of(gateway)
    with gateway.store.begin() as conn:
        table.move(conn, [deposit.id], DepositState.READY, DepositState.SENDING, now=gateway.clock())
        table.move(conn, [deposit.id], DepositState.SENDING, DepositState.REFUSED, now=gateway.clock())
        journal.append(conn, gateway.ground.event(f"deposit/{deposit.id}", "deposit.refused"))
    watch.look(times=1)
    assert watch.names("deposees") == []
    assert watch.names("a-corriger") == ["F1.json", "F1.pdf", "F1.pdf.erreurs.txt", "F1.pdf.json"]


def test_a_file_too_large_to_be_an_invoice_is_refused_unread(watch: Any) -> None:
    path = watch.lay("plan.pdf", b"%PDF-1.7")
    with path.open("r+b") as file:
        file.truncate(200 * 1024 * 1024)  # a hole: nothing is written
    watch.look()
    assert "FICHIER_TROP_VOLUMINEUX" in (watch.root / "a-corriger" / "plan.pdf.erreurs.txt").read_text("utf-8-sig")
    assert json.loads((watch.root / "a-corriger" / "plan.pdf.json").read_text("utf-8"))["code"]


NAMES = st.lists(
    st.builds(
        lambda stem, middle, suffix: f"{stem}{middle}.{suffix}",
        st.sampled_from(["a", "b", "a.1"]), st.sampled_from(["", ".1", ".02", ".seul"]),
        st.sampled_from(["json", "pdf", "xml", "png", "PDF"]),
    ),
    unique_by=str.lower,
)  # fmt: skip


@given(NAMES)
def test_every_file_is_in_one_family_and_no_two_invoices_share_one(names: list[str]) -> None:
    families = list(bundles._families_of(names))
    assert sorted(name for family in families for name in family) == sorted(names)
    for family in families:
        assert len(family) == 1 or family[0].lower().endswith(".json")
        assert not any(name.lower().endswith((".json", ".xml")) for name in family[1:])
