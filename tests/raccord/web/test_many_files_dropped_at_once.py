"""Many invoices dropped at once: each its own answer while a bar advances; the same without scripts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from raccord.domain.roles import Role
from raccord.store.deposits import DepositQuery

if TYPE_CHECKING:
    from playwright.sync_api import Page

SitDown = Callable[..., "Page"]


@pytest.fixture
def files(office: Any, tmp_path: Path) -> list[str]:
    """Six invoices, one of them too long in its number, and a note that is none."""
    office.connect()
    made = []
    for number in ("F-1", "F-2", "F-3", "F-4", "F-5", "UN-NUMERO-BIEN-TROP-LONG-POUR-CHORUS"):
        path = tmp_path / f"{number}.xml"
        path.write_bytes(office.invoice(number))
        made.append(str(path))
    note = tmp_path / "note.xml"
    note.write_text("<note/>")
    return [*made, str(note)]


@pytest.mark.parametrize("scripts", [True, False])
def test_each_file_has_its_answer_and_the_bad_ones_keep_none_back(
    office: Any, sit_down: SitDown, files: list[str], scripts: bool
) -> None:
    page = sit_down(Role.COMPTABLE, scripts=scripts)
    page.goto(f"{office.url}/depots")
    page.set_input_files("#fichiers", files)
    page.get_by_role("button", name="Déposer", exact=True).click()
    page.locator("article").nth(6).wait_for()
    assert page.locator("article").count() == 7
    assert page.locator("article[data-wrong]").count() == 2
    if scripts:
        page.get_by_text("7 factures déposées sur 7, 2 à corriger").wait_for()
        assert page.get_by_role("button", name="Déposer", exact=True).is_enabled()
    else:
        assert "5 en règle, 2 à corriger" in page.locator("[data-results]").inner_text()
    states = sorted(one.state.value for one in office.gateway.outbox.search(DepositQuery()).items)
    assert states == ["faulty", *["ready"] * 5]
    assert page.locator("[data-list] tbody tr").count() == 6, "the list below is up to date"


@pytest.mark.parametrize("width", [1280, 390])
def test_neither_the_list_nor_an_invoice_overflows_its_page(
    office: Any, sit_down: SitDown, files: list[str], width: int
) -> None:
    page = sit_down(Role.COMPTABLE, viewport={"width": width, "height": 900})
    page.goto(f"{office.url}/depots")
    page.set_input_files("#fichiers", files)
    page.get_by_role("button", name="Déposer", exact=True).click()
    page.locator("article").nth(6).wait_for()
    page.get_by_text("7 factures déposées sur 7").wait_for()
    office.work()
    (first,) = office.gateway.outbox.search(DepositQuery(text="F-1")).items
    for path in ("depots", f"depots/{first.id}"):
        page.goto(f"{office.url}/{path}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path


@pytest.mark.parametrize("scripts", [True, False])
def test_files_are_only_checked_with_the_same_answer_and_nothing_is_deposited(
    office: Any, sit_down: SitDown, files: list[str], scripts: bool
) -> None:
    page = sit_down(Role.COMPTABLE, scripts=scripts)
    page.goto(f"{office.url}/depots")
    page.set_input_files("#fichiers", files)
    page.get_by_role("button", name="Contrôler sans déposer").click()
    page.locator("article").nth(6).wait_for()
    assert "rien n’a été déposé" in page.locator("#resultat").inner_text()
    assert page.locator("article[data-wrong]").count() == 2
    assert "CP-NUM-02" in page.locator("article", has_text="UN-NUMERO-BIEN-TROP-LONG").inner_text()
    assert office.gateway.outbox.search(DepositQuery()).items == ()
    if scripts:
        page.get_by_text("7 factures contrôlées sur 7, 2 à corriger").wait_for()
        page.get_by_role("button", name="Déposer", exact=True).click()  # the files are still chosen
        page.get_by_text("7 factures déposées sur 7, 2 à corriger").wait_for()
        assert len(office.gateway.outbox.search(DepositQuery()).items) == 6


def test_what_waits_because_the_sending_is_paused_says_so(office: Any, sit_down: SitDown, files: list[str]) -> None:
    (connection,) = office.gateway.outbox.senders()
    office.gateway.outbox.pause(connection.id, "alice@exemple.fr")
    page = sit_down(Role.COMPTABLE)
    page.goto(f"{office.url}/depots")
    page.set_input_files("#fichiers", files[0])
    page.get_by_role("button", name="Déposer", exact=True).click()
    page.get_by_text(f"Les envois de « {connection.label} » sont suspendus.").wait_for()
    page.get_by_role("link", name="Suivre F-1").click()
    page.get_by_text("Cette facture attend, elle partira d’elle-même à la reprise.").wait_for()
    office.gateway.outbox.resume(connection.id, "alice@exemple.fr")
    page.reload()
    assert page.get_by_text("sont suspendus").count() == 0
