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
