"""A connection that serves many public bodies: each begins from its own day, and the invoices stay in sight."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from raccord.domain.clock import PARIS
from raccord.domain.roles import Role

HOSPITAL, TOWN, OF_MANY = "26970888200019", "21970999400017", "12345678200051"


def _plain(visitor: Any) -> str:
    return " ".join(visitor.page.xpath("//main")[0].text_content().split())


def _place(office: Any, siret: str) -> str:
    known = [one for link in office.gateway.connections.all() for one in office.gateway.connections.structures(link.id)]
    return f"receptions/structures/{next(one.id for one in known if one.siret == siret)}"


def _begin(office: Any, visitor: Any, siret: str, **typed: str) -> None:
    """Send the second form of the page, which begins; the first one counts."""
    (seal,) = set(visitor.page.xpath("//form[@method='post']//input[@name='_csrf_token']/@value"))
    answer = visitor.http.post(f"{office.url}/{_place(office, siret)}", data=typed | {"_csrf_token": seal})
    assert answer.status_code == 200, answer.text


def test_many_structures_share_a_list_that_folds_once_one_has_begun(office: Any) -> None:
    office.connect(OF_MANY, "Plusieurs")
    visitor = office.visitor(Role.COMPTABLE).open("receptions")
    assert len(visitor.page.xpath("//details[@open]//a[contains(., 'Commencer la récupération')]")) == 8
    day = office.hours().astimezone(PARIS).date().isoformat()
    _begin(office, visitor, OF_MANY, depuis=day)
    visitor.open("receptions")
    assert "dont la récupération n’a pas commencé pour : 7" in _plain(visitor)
    (folded,) = visitor.page.xpath("//details[.//a[contains(., 'Commencer la récupération')]]")
    assert folded.get("open") is None
    assert len(folded.xpath(".//button[contains(., 'Récupérer maintenant')]")) == 1


def test_few_structures_have_a_card_each(office: Any) -> None:
    office.connect(TOWN, "Commune")
    visitor = office.visitor(Role.COMPTABLE).open("receptions")
    assert [one.text_content() for one in visitor.page.xpath("//section/div[@class='head']/h2")] == [
        "COMMUNE DE VAL-FICTIF"
    ]


def test_the_count_is_that_of_the_boxes_as_they_are_ticked(office: Any) -> None:
    office.connect(TOWN, "Commune")
    office.simulator.control.invoices(TOWN, 3)
    office.simulator.control.invoices(TOWN, 2, statut="SUSPENDUE", motif="Bon manquant")
    visitor = office.visitor(Role.COMPTABLE).open(_place(office, TOWN))
    day = (office.hours().astimezone(PARIS).date() - timedelta(days=30)).isoformat()
    visitor.open(f"{_place(office, TOWN)}?depuis={day}")
    told = _plain(visitor)
    assert "3 factures seraient récupérées." in told
    assert "décochés ci-dessous : 2." in told
    _begin(office, visitor, TOWN, depuis=day, statuts="MISE_A_DISPOSITION", statut_compte="SUSPENDUE")
    office.work(4)
    assert sum(office.gateway.inbox.count().values()) == 3
    visitor.open(f"{_place(office, TOWN)}?depuis={day}")
    assert "2 factures ne sont pas encore dans Raccord." in _plain(visitor)


@pytest.mark.parametrize("office", [{"RACCORD_BACKFILL_DAYS": "7"}], indirect=True)
def test_the_day_that_is_proposed_is_that_of_the_settings(office: Any) -> None:
    office.connect(TOWN, "Commune")
    visitor = office.visitor(Role.COMPTABLE).open(_place(office, TOWN))
    proposed = office.hours().astimezone(PARIS).date() - timedelta(days=7)
    assert visitor.page.xpath("//input[@id='depuis']/@value") == [proposed.isoformat()]


def test_the_payment_period_is_told_where_the_retrieval_begins(office: Any) -> None:
    office.connect(HOSPITAL, "Hôpital")
    visitor = office.visitor(Role.COMPTABLE).open(_place(office, HOSPITAL))
    assert "30 jours" in _plain(visitor)
    assert not visitor.page.xpath("//main//a[contains(@href, '/echeances')]"), "a superviseur chooses it"
    manager = office.visitor(Role.SUPERVISEUR).open(_place(office, HOSPITAL))
    (link,) = manager.page.xpath("//main//a[contains(@href, '/echeances')]/@href")
    manager.open(link.lstrip("/"))
    assert manager.page.xpath("//input[@id='siret']/@value") == [HOSPITAL]
    manager.send("/echeances/organismes", siret=HOSPITAL, nature="sante")
    assert "Établissement de santé : 50 jours" in _plain(visitor.open(_place(office, HOSPITAL))).replace("\u00a0", " ")
