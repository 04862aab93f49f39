"""What a finance officer is promised: a chosen intake, nothing that holds up the rest, many invoices at once."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from raccord.domain.clock import PARIS
from raccord.domain.connection import Structure
from raccord.domain.errors import Conflict, Invalid, NotFound
from raccord.domain.motifs import MOTIFS, worded
from raccord.domain.reception import NewStatus, PostState, Reception, ReceptionState
from raccord.engine.foundation.port import Later
from raccord.engine.receptions.statuses import MOST_AT_ONCE
from raccord.store import receptions
from raccord.store.receptions import NOBODY, ReceptionQuery

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from raccord.engine.gateway import Gateway

TOWN, BOB = "21970999400017", "bob@val-fictif.fr"


def _receive(bench: Any, count: int = 1, **more: Any) -> list[int]:
    return list(bench.control("POST", "/factures", destinataire=TOWN, count=count, **more)["ids"])


def _fetched(gateway: Gateway, diary: Any, turns: int = 1, **begin: Any) -> list[Reception]:
    gateway.inbox.begin("s1", diary() - timedelta(days=30), BOB, **begin)
    _work(gateway, diary, turns)
    return [reception for _, reception in gateway.inbox.since(0)]


def _work(gateway: Gateway, diary: Any, turns: int) -> None:
    for _ in range(turns):
        gateway.jobs.run_due()
        diary.passes(minutes=16)


def _states(gateway: Gateway, reception: Reception) -> list[tuple[str, PostState]]:
    return [(post.target, post.state) for post in gateway.statuses.posts(reception.id)]


# What is fetched


def test_the_count_before_the_start_is_what_the_start_brings_by_status_and_by_service(
    gateway: Gateway, commune: Structure, bench: Any, diary: Any
) -> None:
    _receive(bench, 3)
    _receive(bench, 2, statut="SERVICE_FAIT")
    backlog = gateway.inbox.backlog("s1", diary().astimezone(PARIS).date() - timedelta(days=29))
    assert backlog.by_status == {"MISE_A_DISPOSITION": 3, "SERVICE_FAIT": 2}
    assert sum(backlog.by_service.values()) == backlog.total == len(_fetched(gateway, diary))


def test_old_invoices_in_other_states_stay_away_until_they_move(
    gateway: Gateway, commune: Structure, bench: Any, diary: Any
) -> None:
    _receive(bench, 2)
    old, _ = _receive(bench, 2, statut="MANDATEE")
    diary.passes(minutes=5)
    fetched = _fetched(gateway, diary, states=["MISE_A_DISPOSITION", "COMPLETEE"])
    assert {reception.platform_status for reception in fetched} == {"MISE_A_DISPOSITION"}
    bench.control("POST", f"/factures/{old}/statut", statut="COMPTABILISEE")
    _work(gateway, diary, 6)
    assert old in {reception.id_facture for _, reception in gateway.inbox.since(0)}
    assert len(gateway.inbox.since(0)) == 3


def test_the_invoices_of_other_services_are_left_where_they_are(
    gateway: Gateway, commune: Structure, bench: Any, diary: Any
) -> None:
    _receive(bench, 2, service="SERV-TECH")
    _receive(bench, 3, service="")
    backlog = gateway.inbox.backlog("s1", diary().astimezone(PARIS).date() - timedelta(days=29))
    assert {service.code: count for service, count in backlog.by_service.items()} == {"SERV-TECH": 2, "": 3}
    assert len(_fetched(gateway, diary, services=["SERV-TECH"])) == 2
    later = gateway.inbox.backlog("s1", diary().astimezone(PARIS).date() - timedelta(days=29))
    assert (later.total, later.missing) == (5, 3)
    assert {service.code: count for service, count in later.missing_by_service.items()} == {"": 3}
    assert len(_fetched(gateway, diary)) == 5  # beginning again without a filter brings the others, and only them


def test_an_invoice_that_cannot_be_downloaded_is_set_aside_and_the_others_come(
    gateway: Gateway, commune: Structure, bench: Any, diary: Any
) -> None:
    _receive(bench, 12)
    gateway.inbox.begin("s1", diary() - timedelta(days=30), BOB)
    _poison(gateway)
    _work(gateway, diary, 1)
    assert gateway.inbox.count() == {ReceptionState.SEEN: 1, ReceptionState.STORED: 12}
    (waiting,) = gateway.inbox.search(ReceptionQuery(states=(ReceptionState.SEEN,))).items
    setback = gateway.inbox.setback(waiting.id)
    assert setback is not None
    assert (setback.failures, bool(setback.reason)) == (1, True)
    assert "reception.set_aside" in [event.kind for event in gateway.inbox.events(waiting.id)]


def _poison(gateway: Gateway) -> None:
    """A reception whose invoice Chorus Pro does not know: it refuses the call of its whole group."""
    with gateway.store.begin() as conn:
        empty = dict.fromkeys(("supplier_siret", "supplier_name", "service_code", "service_name", "commitment"), "")
        now = gateway.clock()
        columns = {
            "id": "poison", "connection_id": "c1", "structure_id": "s1", "state": "seen", "family": "FACTURE",
            "id_facture": 999_999_999, "number": "ABSENTE", "recipient_siret": TOWN, "market": "", "type_code": "",
            "currency": "EUR", "platform_status": "MISE_A_DISPOSITION", "created_at": now, "updated_at": now,
        }  # fmt: skip
        receptions.insert(conn, columns | empty)


def test_two_workers_never_fetch_the_same_structure_side_by_side(
    gateway: Gateway, make_gateway: Callable[..., Gateway], commune: Structure, bench: Any, diary: Any
) -> None:
    _receive(bench, 20)
    gateway.inbox.begin("s1", diary() - timedelta(days=30), BOB)
    other, args = make_gateway(), {"structure_id": "s1"}
    seen = []

    def meanwhile(*_call: Any) -> None:
        if not seen:
            seen.append(other)
            with pytest.raises(Later):
                other.inbox.sync(args)

    gateway.archive.shelf = _Interrupted(gateway.archive.shelf, meanwhile)
    _work(gateway, diary, 1)
    assert seen
    assert gateway.inbox.count()[ReceptionState.STORED] == 20
    assert bench.calls()["factures/telecharger/groupe"] == 2


class _Interrupted:
    """A shelf on which something happens before files are kept."""

    def __init__(self, shelf: Any, before: Callable[..., None]) -> None:
        self._shelf, self._before = shelf, before

    def keep(self, files: Mapping[str, bytes]) -> None:
        """Put the files, after what happens."""
        self._before()
        self._shelf.keep(files)


# Statuses


def test_service_done_then_mandated_is_one_request_and_a_step_already_made_is_passed_over(
    gateway: Gateway, commune: Structure, bench: Any, diary: Any
) -> None:
    _receive(bench, 1)
    _receive(bench, 1, statut="SERVICE_FAIT")
    first, second = _fetched(gateway, diary)
    for reception in (first, second):
        chain = (NewStatus(reception.id, "SERVICE_FAIT"), NewStatus(reception.id, "MANDATEE", mandate_number="M-1"))
        gateway.statuses.chain(chain)
    gateway.jobs.run_due()
    assert _states(gateway, first) == [("SERVICE_FAIT", PostState.DONE), ("MANDATEE", PostState.DONE)]
    assert _states(gateway, second) == [("MANDATEE", PostState.DONE)]
    assert bench.control("GET", "/factures")["factures"][0]["statut"] == "MANDATEE"


def test_a_chain_of_which_one_step_is_impossible_asks_nothing(
    gateway: Gateway, commune: Structure, bench: Any, diary: Any
) -> None:
    _receive(bench)
    (reception,) = _fetched(gateway, diary)
    with pytest.raises(Conflict):
        gateway.statuses.chain(
            (NewStatus(reception.id, "REJETEE", motif="En double"), NewStatus(reception.id, "MANDATEE"))
        )
    assert gateway.statuses.posts(reception.id) == ()
    with pytest.raises(Invalid):
        gateway.statuses.chain(())


def test_the_same_request_twice_is_one_request(gateway: Gateway, commune: Structure, bench: Any, diary: Any) -> None:
    _receive(bench)
    (reception,) = _fetched(gateway, diary)
    wish = NewStatus(reception.id, "MANDATEE", mandate_number="M-7")
    assert gateway.statuses.post(wish) == gateway.statuses.post(wish)
    gateway.jobs.run_due()
    assert len(_states(gateway, reception)) == 1
    with pytest.raises(Conflict):
        gateway.statuses.post(wish)  # it has that status now


def test_many_at_once_are_answered_one_by_one(gateway: Gateway, commune: Structure, bench: Any, diary: Any) -> None:
    _receive(bench, 4)
    _receive(bench, 1, statut="MISE_EN_PAIEMENT")
    everyone = _fetched(gateway, diary)
    chains = [[NewStatus(one.id, "SERVICE_FAIT", author=BOB)] for one in everyone] + [[NewStatus("x", "SERVICE_FAIT")]]
    outcomes = gateway.statuses.in_bulk(chains)
    assert [len(one.posts) for one in outcomes] == [1, 1, 1, 1, 0, 0]
    assert [type(one.refusal) for one in outcomes[4:]] == [Conflict, NotFound]
    gateway.jobs.run_due()
    assert [gateway.inbox.get(one.id).platform_status for one in everyone] == ["SERVICE_FAIT"] * 4 + [
        "MISE_EN_PAIEMENT"
    ]
    with pytest.raises(Invalid):
        gateway.statuses.in_bulk([[NewStatus("x", "SERVICE_FAIT")]] * (MOST_AT_ONCE + 1))


def test_a_step_already_made_on_the_portal_counts_as_made(
    gateway: Gateway, commune: Structure, bench: Any, diary: Any
) -> None:
    (known,) = _receive(bench)
    (reception,) = _fetched(gateway, diary)
    bench.control("POST", f"/factures/{known}/statut", statut="REJETEE", motif="En double")
    gateway.statuses.post(NewStatus(reception.id, "REJETEE", motif="En double"))
    gateway.jobs.run_due()
    assert _states(gateway, reception) == [("REJETEE", PostState.DONE)]
    changes = [one["statut"] for one in bench.control("GET", "/ledger")["changes"] if one["idFacture"] == known]
    assert "REJETEE" not in changes  # no call of ours changed anything


def test_a_refusal_tells_where_the_invoice_stands_and_what_may_be_asked(
    gateway: Gateway, commune: Structure, bench: Any, diary: Any
) -> None:
    (known,) = _receive(bench)
    (reception,) = _fetched(gateway, diary)
    bench.control("POST", f"/factures/{known}/statut", statut="SUSPENDUE", motif="RIB")
    gateway.statuses.post(NewStatus(reception.id, "MANDATEE"))
    gateway.jobs.run_due()
    (post,) = gateway.statuses.posts(reception.id)
    assert post.state is PostState.REFUSED
    assert "« Suspendue »" in post.answer
    assert "« Mise à disposition du destinataire »" in post.answer
    assert gateway.statuses.targets(reception.id) == ("MISE_A_DISPOSITION",)


def test_the_twenty_one_reasons_open_the_text_that_the_supplier_reads() -> None:
    assert len(MOTIFS) == 21
    assert worded("DOUBLE_FACT", " voir F-12 ") == "Double facturation : voir F-12"
    assert worded("DOUBLE_FACT", "") == "Double facturation"
    assert worded("", "Autre chose") == "Autre chose"
    assert max(len(label) for label in MOTIFS.values()) < 100


# Colleagues


def test_the_work_is_shared_and_found_again(gateway: Gateway, commune: Structure, bench: Any, diary: Any) -> None:
    _receive(bench, 3)
    first, second, third = _fetched(gateway, diary)
    gateway.desk.assign([first.id, second.id], BOB, "", "alice@val-fictif.fr")
    gateway.desk.assign([third.id], "", "Voirie", "alice@val-fictif.fr")
    assert _found(gateway, assignee=BOB) == {first.id, second.id}
    assert _found(gateway, assignee="Voirie") == {third.id}
    assert _found(gateway, assignee=NOBODY) == set()
    gateway.desk.assign([first.id], "", "", BOB)
    assert _found(gateway, assignee=NOBODY) == {first.id}
    assert gateway.desk.assigned([first.id, third.id])[third.id].service == "Voirie"
    with pytest.raises(NotFound):
        gateway.desk.assign([second.id, "inconnue"], "", "", BOB)
    assert _found(gateway, assignee=BOB) == {second.id}


def test_the_inbox_is_narrowed_by_service_supplier_and_choice(
    gateway: Gateway, commune: Structure, bench: Any, diary: Any
) -> None:
    _receive(bench, 2, service="SERV-TECH")
    _receive(bench, 1, service="")
    first, second, third = _fetched(gateway, diary)
    assert _found(gateway, service="SERV-TECH") == {first.id, second.id}
    assert _found(gateway, supplier_siret=third.supplier_siret) == {first.id, second.id, third.id}
    assert _found(gateway, ids=(third.id,)) == {third.id}
    assert _found(gateway, ids=()) == set()
    assert [code for code, _ in gateway.desk.services("s1")] == ["SERV-TECH"]


def test_remarks_stay_among_colleagues(gateway: Gateway, commune: Structure, bench: Any, diary: Any) -> None:
    _receive(bench)
    (reception,) = _fetched(gateway, diary)
    gateway.desk.remark(reception.id, " Attend le bon de livraison. ", BOB)
    diary.passes(seconds=1)
    gateway.desk.remark(reception.id, "Reçu.", "alice@val-fictif.fr")
    told = [(remark.author, remark.text) for remark in gateway.desk.remarks(reception.id)]
    assert told == [(BOB, "Attend le bon de livraison."), ("alice@val-fictif.fr", "Reçu.")]
    for text in ("  ", "x" * 2001):
        with pytest.raises(Invalid):
            gateway.desk.remark(reception.id, text, BOB)
    assert all("bon de livraison" not in str(event.data) for event in gateway.inbox.events(reception.id))


def _found(gateway: Gateway, **asked: Any) -> set[str]:
    return {reception.id for reception in gateway.inbox.search(ReceptionQuery(**asked)).items}
