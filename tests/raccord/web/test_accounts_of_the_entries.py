"""The accounts of the entries: chosen by a Superviseur, for the house or for one structure; seen before the file."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from raccord.domain.clock import PARIS
from raccord.domain.roles import Permission, Role
from raccord.engine.exporting import ExportQuery

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

TOWN, PLACE = "21970999400017", "/echeances/ecritures"


@pytest.fixture
def structure(office: Any) -> str:
    """A town that received two invoices."""
    connection = office.connect(TOWN, "Commune")
    body = next(one for one in office.gateway.connections.structures(connection.id) if one.is_recipient)
    office.simulator.control.invoices(TOWN, 2)
    office.gateway.inbox.begin(body.id, office.hours() - timedelta(days=30), "cli")
    office.work(2)
    return str(body.id)


def _accounts(office: Any, structure: str = "") -> set[str]:
    text = office.gateway.exports.make(ExportQuery("ecritures", structure_id=structure)).whole().decode("utf-8-sig")
    return {line.split(";")[2] for line in text.splitlines()[1:]}


def test_the_accounts_chosen_are_those_of_the_preview_and_of_the_file(office: Any, structure: str) -> None:
    visitor = office.visitor(Role.SUPERVISEUR).open(PLACE[1:])
    assert visitor.text.count("606000") >= 2
    told = visitor.send(
        f"{PLACE}/comptes", structure="", journal="HA", expense="60632", vat="", supplier="401{siren}", geste=""
    )
    assert "60632" in told.text
    supplier = next(account for account in _accounts(office) if account.startswith("401"))
    assert _accounts(office) == {"60632", supplier}
    assert len(supplier) == len("401") + 9
    visitor.open(f"{PLACE[1:]}?structure={structure}")
    visitor.send(
        f"{PLACE}/comptes", structure=structure, journal="HA", expense="2135", vat="4456", supplier="404000", geste=""
    )
    assert _accounts(office) == {"2135", "4456", "404000"}
    visitor.open(f"{PLACE[1:]}?structure={structure}").send(f"{PLACE}/comptes", structure=structure, geste="oublier")
    assert "60632" in _accounts(office)


def test_a_code_that_no_software_takes_is_told_at_its_field(office: Any, structure: str) -> None:
    visitor = office.visitor(Role.SUPERVISEUR).open(PLACE[1:])
    told = visitor.send(
        f"{PLACE}/comptes", structure="", journal="HA", expense="=cmd()", vat="", supplier="401000", geste=""
    )
    assert "Compte de charge" in told.text
    assert "=cmd()" in told.text, "what was typed stays to be mended"
    assert _accounts(office) >= {"606000"}


def test_the_others_see_and_download_but_do_not_choose(office: Any, structure: str) -> None:
    visitor = office.visitor(Role.COMPTABLE).open(PLACE[1:])
    assert "Un Superviseur peut les changer" in visitor.text
    assert "Enregistrer ces comptes" not in visitor.text


def test_programs_choose_and_read_them_too(office: Any, structure: str) -> None:
    program = office.program(*Permission)
    chosen = program.put("entries/accounts", json={"structure": structure, "expense": "6132"})
    assert (chosen.json()["expense"], chosen.json()["supplier"]) == ("6132", "401000")
    assert [one["structure"] for one in program.get("entries/accounts").json()] == ["", structure]
    lines = program.get("entries/preview", params={"invoices": 1}).json()
    assert {line["Compte"] for line in lines} >= {"6132", "401000"}
    assert len({line["Pièce"] for line in lines}) == 1
    assert program.put("entries/accounts", json={"journal": ""}).json()["code"] == "ECRITURES_COMPTE"
    assert program.put("entries/accounts", json={"structure": "nowhere"}).status_code == 404
    program.delete("entries/accounts", params={"structure": structure})
    assert [one["structure"] for one in program.get("entries/accounts").json()] == [""]


@pytest.mark.browser
def test_the_file_is_the_one_of_the_days_and_structure_shown(
    office: Any, structure: str, sit_down: Callable[..., Page]
) -> None:
    page = sit_down(Role.COMPTABLE)
    page.goto(f"{office.url}{PLACE}")
    page.select_option("#structure", structure)
    page.fill("#au", (office.hours().astimezone(PARIS).date() - timedelta(days=3)).isoformat())
    page.get_by_role("button", name="Afficher").click()
    assert "Aucune facture" in page.inner_text("main")
    page.fill("#au", "")
    page.get_by_role("button", name="Afficher").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Télécharger, CSV").click()
    assert download.value.path().read_text("utf-8-sig").count("401000") == 2
