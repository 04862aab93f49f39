"""What the inbox promises to a public body: everything once, whole, whatever breaks; and its statuses, in order."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from raccord.domain.clock import PARIS
from raccord.domain.connection import Structure
from raccord.domain.errors import Conflict, Invalid, Unavailable
from raccord.domain.reception import NewStatus, PostState, ReceptionState
from raccord.store.receptions import ReceptionQuery

if TYPE_CHECKING:
    from raccord.engine.gateway import Gateway

TOWN = "21970999400017"


def _work(gateway: Gateway, diary: Any, turns: int = 4, **span: float) -> None:
    for _ in range(turns):
        gateway.jobs.run_due()
        diary.passes(**(span or {"minutes": 16}))


def _receive(bench: Any, count: int = 1, **more: Any) -> None:
    bench.control("POST", "/factures", destinataire=TOWN, count=count, **more)


def _begin(gateway: Gateway, diary: Any) -> None:
    gateway.inbox.begin("s1", diary() - timedelta(days=30), "bob@val-fictif.fr")


def test_what_the_town_receives_is_seen_fetched_and_kept_whole(
    gateway: Gateway, commune: Structure, bench: Any, diary: Any
) -> None:
    _receive(bench, 23)
    _begin(gateway, diary)
    _work(gateway, diary, turns=1)
    assert gateway.inbox.count() == {ReceptionState.SEEN: 0, ReceptionState.STORED: 23}
    assert bench.calls()["factures/telecharger/groupe"] == 3  # ten a call
    told = gateway.inbox.since(0)
    assert [place for place, _ in told] == list(range(1, 24))
    for _, reception in told:
        kinds = [document.kind for document in reception.documents]
        assert kinds[:2] == ["pivot", "original"]
        for document in reception.documents:
            same, data = gateway.inbox.document(reception.id, document.sha256)
            assert (len(data), same) == (document.size, document)


def test_nothing_is_fetched_before_a_person_has_said_from_when(
    gateway: Gateway, commune: Structure, bench: Any, diary: Any
) -> None:
    _receive(bench, 3)
    _work(gateway, diary)
    assert sum(gateway.inbox.count().values()) == 0
    backlog = gateway.inbox.backlog("s1", diary().astimezone(PARIS).date() - timedelta(days=30))
    assert (backlog.total, backlog.by_status) == (3, {"MISE_A_DISPOSITION": 3})
    assert sum(gateway.inbox.count().values()) == 0


def test_a_second_look_brings_only_what_is_new(gateway: Gateway, commune: Structure, bench: Any, diary: Any) -> None:
    _receive(bench, 2)
    _begin(gateway, diary)
    _work(gateway, diary)
    _receive(bench, 1)
    _work(gateway, diary, turns=8)
    assert gateway.inbox.count()[ReceptionState.STORED] == 3
    seen = [e for e in gateway.journal.read(limit=1000) if e.kind == "reception.seen"]
    assert len(seen) == 3


def test_what_chorus_pro_shows_late_is_found_within_a_day_and_nothing_comes_twice(
    gateway: Gateway, commune: Structure, bench: Any, diary: Any
) -> None:
    """An invoice that the account sees two days after its date: a right given late, an index that lagged."""
    _receive(bench)
    _begin(gateway, diary)
    _work(gateway, diary)
    bench.control("POST", "/clock", set=(diary() - timedelta(days=2)).isoformat())
    _receive(bench)
    bench.control("POST", "/clock", set=diary().isoformat())
    _work(gateway, diary, turns=6, hours=7)
    assert gateway.inbox.count()[ReceptionState.STORED] == 2
    before = bench.calls()["factures/rechercher/recipiendaire"]
    _work(gateway, diary, turns=10, hours=7)
    seen = [e for e in gateway.journal.read(limit=1000) if e.kind == "reception.seen"]
    assert len(seen) == 2
    assert bench.calls()["factures/rechercher/recipiendaire"] - before == 20, "a wider look costs no call more"


def test_a_date_that_has_not_come_yet_hides_nothing_of_what_follows(
    gateway: Gateway, commune: Structure, bench: Any, diary: Any
) -> None:
    """One row dated next year would otherwise be the place from which every look begins."""
    bench.control("POST", "/clock", set=(diary() + timedelta(days=400)).isoformat())
    _receive(bench)
    bench.control("POST", "/clock", set=diary().isoformat())
    _begin(gateway, diary)
    _work(gateway, diary)
    _receive(bench)
    _work(gateway, diary, turns=8)
    assert gateway.inbox.count()[ReceptionState.STORED] == 2


def test_a_status_set_elsewhere_is_noticed_once(gateway: Gateway, commune: Structure, bench: Any, diary: Any) -> None:
    _receive(bench)
    _begin(gateway, diary)
    _work(gateway, diary)
    (reception,) = gateway.inbox.search(ReceptionQuery()).items
    bench.control("POST", f"/factures/{reception.id_facture}/statut", statut="SERVICE_FAIT")
    _work(gateway, diary, turns=8)
    assert gateway.inbox.get(reception.id).platform_status == "SERVICE_FAIT"
    kinds = [event.kind for event in gateway.inbox.events(reception.id)]
    assert kinds == ["reception.seen", "reception.stored", "reception.status"]
    seen, _, changed = gateway.inbox.events(reception.id)
    (passage, before, *_) = gateway.statuses.history(reception.id)
    assert passage.at is not None
    assert _minute(changed.data["at"]) == passage.at, "the hour of Chorus Pro (its history has no seconds), not ours"
    assert passage.at < changed.at - timedelta(minutes=10)
    assert _minute(seen.data["at"]) == before.at


def test_a_status_posted_from_here_takes_the_hour_of_chorus_pro_with_the_next_news(
    gateway: Gateway, commune: Structure, bench: Any, diary: Any
) -> None:
    _receive(bench)
    _begin(gateway, diary)
    _work(gateway, diary, turns=1)
    (reception,) = gateway.inbox.search(ReceptionQuery()).items
    gateway.statuses.post(NewStatus(reception.id, "SERVICE_FAIT", author="bob@val-fictif.fr"))
    _work(gateway, diary, turns=6)
    (passage, *_) = gateway.statuses.history(reception.id)
    assert _minute(gateway.inbox.get(reception.id).platform_status_at) == passage.at
    assert [event.kind for event in gateway.inbox.events(reception.id)].count("reception.status") == 0


def _minute(at: object) -> datetime:
    return datetime.fromisoformat(str(at)).replace(second=0, microsecond=0)


@pytest.mark.parametrize(("kind", "waiting"), [("reset", 3), ("503", 3), ("truncated", 0)])
def test_a_download_that_breaks_loses_nothing_though_chorus_pro_marks_it_downloaded(
    gateway: Gateway, commune: Structure, bench: Any, diary: Any, kind: str, waiting: int
) -> None:
    """The network or the platform is waited for; an unreadable answer is asked for again at once, in smaller groups."""
    _receive(bench, 3)
    bench.fails(kind, pattern="*/telecharger/groupe", when="after")
    _begin(gateway, diary)
    gateway.jobs.run_due()
    assert gateway.inbox.count() == {ReceptionState.SEEN: waiting, ReceptionState.STORED: 3 - waiting}
    _work(gateway, diary)
    assert gateway.inbox.count() == {ReceptionState.SEEN: 0, ReceptionState.STORED: 3}


def test_statuses_go_in_the_order_asked_and_show_as_done_only_when_chorus_pro_answered(
    gateway: Gateway, commune: Structure, bench: Any, diary: Any
) -> None:
    _receive(bench)
    _begin(gateway, diary)
    _work(gateway, diary, turns=1)
    (reception,) = gateway.inbox.search(ReceptionQuery()).items
    gateway.statuses.post(NewStatus(reception.id, "SERVICE_FAIT", author="bob@val-fictif.fr"))
    gateway.statuses.post(NewStatus(reception.id, "MANDATEE", mandate_number="M-12", author="bob@val-fictif.fr"))
    assert [post.state for post in gateway.statuses.posts(reception.id)] == [PostState.WAITING, PostState.WAITING]
    gateway.jobs.run_due()
    assert [post.state for post in gateway.statuses.posts(reception.id)] == [PostState.DONE, PostState.DONE]
    assert gateway.inbox.get(reception.id).platform_status == "MANDATEE"
    history = [line.code for line in gateway.statuses.history(reception.id)]
    assert history[:2] == ["MANDATEE", "SERVICE_FAIT"]


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        (NewStatus("", "REJETEE"), "STATUT_MOTIF_OBLIGATOIRE"),
        (NewStatus("", "SUSPENDUE", motif=" "), "STATUT_MOTIF_OBLIGATOIRE"),
        (NewStatus("", "REJETEE", motif="x" * 256), "STATUT_MOTIF_TROP_LONG"),
        (NewStatus("", "SERVICE_FAIT", mandate_number="M-1"), "STATUT_MANDAT_DEPLACE"),
        (NewStatus("", "DEPOSEE"), "STATUT_INCONNU"),
    ],
)
def test_a_status_that_cannot_be_is_refused_before_anything(gateway: Gateway, wish: NewStatus, code: str) -> None:
    with pytest.raises(Invalid) as refusal:
        gateway.statuses.post(wish)
    assert refusal.value.code == code


def test_a_final_status_accepts_nothing_more(gateway: Gateway, commune: Structure, bench: Any, diary: Any) -> None:
    _receive(bench)
    _begin(gateway, diary)
    _work(gateway, diary, turns=1)
    (reception,) = gateway.inbox.search(ReceptionQuery()).items
    gateway.statuses.post(NewStatus(reception.id, "REJETEE", motif="Facture en double"))
    assert gateway.statuses.targets(reception.id) == ()
    with pytest.raises(Conflict):
        gateway.statuses.post(NewStatus(reception.id, "SERVICE_FAIT"))


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_status_whose_answer_was_lost_is_asked_about_before_it_is_posted_again(
    gateway: Gateway, commune: Structure, bench: Any, diary: Any, when: str
) -> None:
    _receive(bench)
    _begin(gateway, diary)
    _work(gateway, diary, turns=1)
    (reception,) = gateway.inbox.search(ReceptionQuery()).items
    bench.fails("reset", pattern="*/traiter/recue", when=when)
    gateway.statuses.post(NewStatus(reception.id, "REJETEE", motif="Facture en double"))
    gateway.jobs.run_due()
    (post,) = gateway.statuses.posts(reception.id)
    assert post.state is PostState.UNCERTAIN
    _work(gateway, diary, turns=4)
    (post,) = gateway.statuses.posts(reception.id)
    assert post.state is PostState.DONE
    changes = [
        c["statut"] for c in bench.control("GET", "/ledger")["changes"] if c["idFacture"] == reception.id_facture
    ]
    assert changes.count("REJETEE") == 1


def test_a_status_that_chorus_pro_refuses_is_explained_by_where_the_invoice_stands(
    gateway: Gateway, commune: Structure, bench: Any, diary: Any
) -> None:
    _receive(bench)
    _begin(gateway, diary)
    _work(gateway, diary, turns=1)
    (reception,) = gateway.inbox.search(ReceptionQuery()).items
    bench.control("POST", f"/factures/{reception.id_facture}/statut", statut="MISE_EN_PAIEMENT")
    gateway.statuses.post(NewStatus(reception.id, "SERVICE_FAIT"))
    gateway.jobs.run_due()
    (post,) = gateway.statuses.posts(reception.id)
    assert post.state is PostState.REFUSED
    assert "Mise en paiement" in post.answer
    assert gateway.inbox.get(reception.id).platform_status == "MISE_EN_PAIEMENT"


def test_a_live_question_while_the_calls_are_stopped_is_answered_in_french(
    gateway: Gateway, commune: Structure, bench: Any, diary: Any
) -> None:
    with gateway.store.begin() as conn:
        conn.exec_driver_sql("UPDATE connections SET breaker_open = true")
    with pytest.raises(Unavailable) as refusal:
        gateway.inbox.backlog("s1", diary().astimezone(PARIS).date())
    assert refusal.value.code == "CONNEXION_ARRETEE"
