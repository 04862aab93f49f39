"""A download arrives damaged, or Chorus Pro finds it too large: the culprit is set aside, the others are kept."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from raccord.domain.connection import Structure
from raccord.domain.reception import ReceptionState

if TYPE_CHECKING:
    from raccord.engine.gateway import Gateway

TOWN = "21970999400017"
DAMAGES = ("base64", "cut", "noise", "missing")


@pytest.fixture
def town(commune: Structure, gateway: Gateway, diary: Any) -> Structure:
    """A public body that has begun to receive."""
    gateway.inbox.begin("s1", diary() - timedelta(days=30), "bob@val-fictif.fr")
    return commune


def _receive(bench: Any, count: int) -> list[int]:
    return list(bench.control("POST", "/factures", destinataire=TOWN, count=count)["ids"])


def _work(gateway: Gateway, diary: Any, turns: int = 4) -> None:
    for _ in range(turns):
        gateway.jobs.run_due()
        diary.passes(minutes=16)


def _stored(gateway: Gateway) -> set[int]:
    return {reception.id_facture for _, reception in gateway.inbox.since(0, limit=1000)}


@pytest.mark.parametrize("damage", DAMAGES)
def test_one_damaged_answer_costs_nothing(
    gateway: Gateway, town: Structure, bench: Any, diary: Any, damage: str
) -> None:
    made = _receive(bench, 12)
    bench.fails("damaged_pivot", "*", damage=damage)
    _work(gateway, diary)
    assert _stored(gateway) == set(made)
    assert gateway.inbox.count() == {ReceptionState.SEEN: 0, ReceptionState.STORED: 12}


@pytest.mark.parametrize("damage", DAMAGES)
def test_an_invoice_damaged_at_each_download_holds_up_no_other(
    gateway: Gateway, town: Structure, bench: Any, diary: Any, damage: str
) -> None:
    made = _receive(bench, 25)
    culprit = made[13]
    bench.fails("damaged_pivot", "*", damage=damage, facture=culprit, count=None)
    _work(gateway, diary)
    assert _stored(gateway) == set(made) - {culprit}
    aside = next(one for one in gateway.inbox.search(_all(), limit=100).items if one.id_facture == culprit)
    kinds = [event.kind for event in gateway.inbox.events(aside.id)]
    assert "reception.set_aside" in kinds
    reasons = [event.data["reason"] for event in gateway.inbox.events(aside.id) if event.kind == "reception.set_aside"]
    assert any(word in reasons[0] for word in ("endommagé", "illisible"))
    bench.control("DELETE", "/faults")
    diary.passes(days=1)
    _work(gateway, diary)
    assert _stored(gateway) == set(made)


def test_a_damaged_attachment_is_kept_as_it_came(gateway: Gateway, town: Structure, bench: Any, diary: Any) -> None:
    """Its ZIP may be the supplier's own doing: no invoice is held back for it, and no byte is changed."""
    bench.control("PUT", "/switches", pivot_en_zip=True)
    made = _receive(bench, 3)
    bench.fails("damaged_pivot", "*", damage="zip", facture=made[1], count=None)
    _work(gateway, diary)
    originals = {}
    for _, reception in gateway.inbox.since(0):
        original = next(one for one in reception.documents if one.kind == "original")
        originals[reception.id_facture] = gateway.inbox.document(reception.id, original.sha256)[1]
    assert set(originals) == set(made)
    assert [originals[number][:2] == b"PK" for number in made] == [False, True, False]


def test_a_group_too_large_is_halved_until_it_passes(gateway: Gateway, town: Structure, bench: Any, diary: Any) -> None:
    made = _receive(bench, 16)
    bench.fails("too_large", "*", most=3, count=None)
    _work(gateway, diary)
    assert _stored(gateway) == set(made)
    kinds = {event.kind for event in gateway.journal.read(limit=1000)}
    assert "reception.set_aside" not in kinds


def test_an_invoice_too_large_alone_is_set_aside_and_comes_when_it_may(
    gateway: Gateway, town: Structure, bench: Any, diary: Any
) -> None:
    made = _receive(bench, 11)
    bench.fails("too_large", "*", facture=made[4], count=None)
    _work(gateway, diary)
    assert _stored(gateway) == set(made) - {made[4]}
    bench.control("DELETE", "/faults")
    diary.passes(days=1)
    _work(gateway, diary)
    assert _stored(gateway) == set(made)


def test_when_every_answer_is_unreadable_the_platform_is_suspected_not_the_invoices(
    gateway: Gateway, town: Structure, bench: Any, diary: Any
) -> None:
    """A proxy that spoils everything: after three lone failures Raccord waits, instead of setting all of them aside."""
    made = _receive(bench, 30)
    bench.fails("damaged_pivot", "*", damage="base64", count=None)
    gateway.jobs.run_due()
    set_aside = [event for event in gateway.journal.read(limit=1000) if event.kind == "reception.set_aside"]
    assert len(set_aside) < 4
    bench.control("DELETE", "/faults")
    diary.passes(days=1)
    _work(gateway, diary)
    assert _stored(gateway) == set(made)


def _all() -> Any:
    from raccord.store.receptions import ReceptionQuery

    return ReceptionQuery()
