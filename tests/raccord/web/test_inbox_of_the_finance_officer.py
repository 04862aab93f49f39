"""The inbox as a finance officer uses it: filters, keys, many at once, colleagues; in a browser and without scripts."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from raccord.domain.clock import PARIS
from raccord.domain.reception import PostState, Reception
from raccord.domain.roles import Role
from raccord.store.receptions import ReceptionQuery

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

TOWN = "21970999400017"


def _received(office: Any, count: int, **more: Any) -> list[Reception]:
    office.connect(TOWN, "Commune")
    structure = next(one for one in office.gateway.connections.structures(office.gateway.connections.all()[0].id))
    office.simulator.control.invoices(TOWN, count, **more)
    office.gateway.inbox.begin(structure.id, office.hours() - timedelta(days=30), "cli")
    office.work(2)
    found = [reception for _, reception in office.gateway.inbox.since(0)]
    assert len(found) == count
    return found


@pytest.mark.browser
def test_with_the_keyboard_alone_two_invoices_are_ticked_and_mandated(
    office: Any, sit_down: Callable[..., Page]
) -> None:
    _received(office, 3)
    page = sit_down(Role.COMPTABLE)
    page.goto(f"{office.url}/receptions")
    page.locator("table[data-keys] tbody a").first.focus()
    for key in ("x", "j", "x", "j", "k"):
        page.keyboard.press(key)
    assert page.locator('[name="facture"]:checked').count() == 2
    page.get_by_text("Traiter les factures cochées").click()
    page.fill("#lot-mandat", "B-12")
    page.get_by_role("button", name="Donner ce statut").click()
    rows = page.locator("table.lines tbody tr")
    assert rows.count() == 2
    assert all("enregistré" in rows.nth(rank).inner_text() for rank in range(2))
    office.work(2)
    standing = sorted(one.platform_status for one in office.gateway.inbox.search(ReceptionQuery()).items)
    assert standing == ["MANDATEE", "MANDATEE", "MISE_A_DISPOSITION"]


@pytest.mark.browser
def test_the_invoice_is_read_beside_what_is_done_with_it(office: Any, sit_down: Callable[..., Page]) -> None:
    (one,) = _received(office, 1)
    page = sit_down(Role.COMPTABLE, viewport={"width": 1280, "height": 800})
    page.goto(f"{office.url}/receptions/{one.id}")
    sheet = page.locator("iframe.sheet").bounding_box()
    facts = page.get_by_role("heading", name="La facture", exact=True).bounding_box()
    form = page.get_by_role("heading", name="Changer le statut dans Chorus Pro").bounding_box()
    assert sheet is not None
    assert facts is not None
    assert form is not None
    assert sheet["y"] < 800, "in sight without scrolling"
    assert facts["x"] + facts["width"] < sheet["x"]
    assert form["x"] + form["width"] < sheet["x"]
    form_place = page.get_by_role("heading", name="Changer le statut dans Chorus Pro")
    form_place.evaluate("one => one.scrollIntoView({block: 'start'})")
    followed = page.locator("iframe.sheet").bounding_box()
    assert followed is not None
    assert 0 <= followed["y"] < 400, "it stays beside the form"
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280
    assert "COMMUNE DE VAL-FICTIF" in page.locator("main dl.facts").inner_text()
    page.set_viewport_size({"width": 390, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_without_scripts_many_are_refused_with_a_reason_and_each_answer_is_told(office: Any) -> None:
    first, second = _received(office, 2)
    office.simulator.control.status(second.id_facture, "MISE_EN_PAIEMENT")
    office.gateway.inbox.retrieve(second.structure_id, "cli")
    office.work(2)
    visitor = office.visitor(Role.COMPTABLE).open("receptions")
    answer = visitor.send(
        "/receptions/en-lot", facture=[first.id, second.id], geste="statut", statut="REJETEE",
        code_motif="DOUBLE_FACT", motif="voir F-12", mandat="",
    )  # fmt: skip
    told = answer.text
    assert "Traitement de plusieurs factures" in told
    assert "définitif" in told
    (post,) = office.gateway.statuses.posts(first.id)
    assert (post.motif, post.state) == ("Double facturation : voir F-12", PostState.WAITING)
    assert office.gateway.statuses.posts(second.id) == ()


def test_the_late_ones_those_of_a_service_and_those_of_a_colleague_are_found(office: Any) -> None:
    late = _received(office, 2, service="SERV-TECH")
    office.hours.pass_by(40 * 86_400)
    visitor = office.visitor(Role.COMPTABLE).open("receptions")
    visitor.send("/receptions/en-lot", facture=[late[0].id], geste="attribuer", personne="comptable@exemple.fr")
    office.simulator.control.invoices(TOWN, 1, service="")
    office.gateway.inbox.retrieve(late[0].structure_id, "cli")
    office.work(2)
    (fresh,) = {one.id: one for _, one in office.gateway.inbox.since(2)}.values()
    for query, numbers in {
        "retard=oui": {one.number for one in late},
        "service=SERV-TECH": {one.number for one in late},
        "attribuee=comptable@exemple.fr": {late[0].number},
        "attribuee=-": {late[1].number, fresh.number},
        f"fournisseur={fresh.supplier_siret[:9]} {fresh.supplier_siret[9:]}": {one.number for one in (*late, fresh)},
        "du=pas-une-date": {one.number for one in (*late, fresh)},
        f"du={office.hours().astimezone(PARIS).date() + timedelta(days=2)}": set(),
    }.items():
        text = visitor.open(f"receptions?{query}").text
        assert {one.number for one in (*late, fresh) if one.number in text} == numbers, query


def test_colleagues_talk_on_the_page_and_the_supplier_reads_nothing(office: Any) -> None:
    (reception,) = _received(office, 1)
    visitor = office.visitor(Role.COMPTABLE).open(f"receptions/{reception.id}")
    visitor.send(f"/receptions/{reception.id}/commentaires", commentaire="Bon de livraison demandé.")
    visitor.open(f"receptions/{reception.id}")
    visitor.send(f"/receptions/{reception.id}/attribution", personne="", equipe="Voirie")
    text = visitor.open(f"receptions/{reception.id}").text
    assert "Bon de livraison demandé." in text
    assert "Voirie" in text
    office.work(2)
    assert "livraison" not in str(office.simulator.control.ledger())


def test_only_those_who_process_see_the_means_to_process(office: Any) -> None:
    (reception,) = _received(office, 1)
    lists = office.visitor(Role.LECTEUR).open("receptions").text
    assert "/receptions/en-lot" not in lists
    one = office.visitor(Role.LECTEUR).open(f"receptions/{reception.id}").text
    assert "/commentaires" not in one
    assert "/attribution" not in one


@pytest.mark.browser
def test_what_the_filters_leave_is_treated_on_every_page_and_nothing_else(
    office: Any, sit_down: Callable[..., Page]
) -> None:
    """Fifty-three of a service, two of another: more than a page, and the filters are still there afterwards."""
    _received(office, 55, service="SERV-TECH")
    others = {one.id for _, one in office.gateway.inbox.since(0, limit=2)}
    structure = next(iter(office.gateway.inbox.search(ReceptionQuery()).items)).structure_id
    for reception in others:
        found = office.gateway.inbox.get(reception)
        office.simulator.control.status(found.id_facture, "SUSPENDUE", motif="Pièce manquante")
    office.gateway.inbox.retrieve(structure, "cli")
    office.work(2)
    page = sit_down(Role.COMPTABLE)
    page.goto(f"{office.url}/receptions?statut=MISE_A_DISPOSITION")
    page.get_by_text("Traiter les factures cochées").click()
    page.check("#tout")
    page.fill("#lot-equipe", "Comptabilité")
    page.get_by_role("button", name="Attribuer").click()
    assert "statut=MISE_A_DISPOSITION" in page.url
    assert len(office.gateway.desk.assigned([one.id for _, one in office.gateway.inbox.since(0)])) == 53
    page.get_by_text("Traiter les factures cochées").click()
    page.check("#tout")
    page.fill("#lot-mandat", "B-12")
    page.get_by_role("button", name="Donner ce statut").click()
    assert page.locator("table.lines tbody tr").count() == 53
    assert page.get_by_role("link", name="Revenir aux factures reçues").get_attribute("href") == (
        "/receptions?statut=MISE_A_DISPOSITION"
    )
    assert all(not office.gateway.statuses.posts(one) for one in others)


def test_more_than_may_be_treated_at_once_are_refused_whole(office: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from raccord.engine.receptions import statuses
    from raccord.web.pages import reception_filters

    received = _received(office, 3)
    for module in (statuses, reception_filters):
        monkeypatch.setattr(module, "MOST_AT_ONCE", 2)
    visitor = office.visitor(Role.COMPTABLE)
    for gesture in ({"geste": "attribuer", "equipe": "Voirie"}, {"geste": "statut", "statut": "SERVICE_FAIT"}):
        visitor.open("receptions")
        answer = visitor.send("/receptions/en-lot", tout="oui", filtre="statut=MISE_A_DISPOSITION", **gesture)
        assert "Plus de 2 factures sont choisies" in answer.text
    assert office.gateway.desk.assigned([one.id for one in received]) == {}
    assert all(not office.gateway.statuses.posts(one.id) for one in received)
