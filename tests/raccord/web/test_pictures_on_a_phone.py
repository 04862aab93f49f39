"""The main pages on a phone: what matters is on the first screen, nothing goes out sideways; with their pictures."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from raccord.domain.roles import Role
from raccord.store.deposits import DepositQuery
from raccord.store.receptions import ReceptionQuery

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page

WIDTH, HEIGHT = 390, 844
TOWN = "21970999400017"
SHOWN = {
    "telephone-accueil": "/",
    "telephone-depots": "/depots",
    "telephone-facture": "/depots/{deposit}",
    "telephone-receptions": "/receptions",
    "telephone-reception": "/receptions/{reception}",
    "telephone-connexion": "/options/parametres/systeme/chorus-pro",
}

pytestmark = pytest.mark.browser


@pytest.fixture
def things(office: Any) -> dict[str, str]:
    """A firm that has deposited, a town that has received."""
    firm, town = office.connect(), office.connect(TOWN, "Commune")
    visitor = office.visitor(Role.SUPERVISEUR)
    for number in ("F-2026-0117", "F-2026-0118", "F-2026-0119"):
        files = {"fichiers": (f"{number}.xml", office.invoice(number))}
        visitor.open("depots").send("/depots", connexion=firm.id, files=files)
    office.work()
    structure = next(one for one in office.gateway.connections.structures(town.id) if one.is_recipient)
    office.gateway.inbox.begin(structure.id, office.hours() - timedelta(days=29), "cli")
    office.work()
    deposits = office.gateway.outbox.search(DepositQuery()).items
    receptions = office.gateway.inbox.search(ReceptionQuery()).items
    return {"deposit": deposits[0].id, "reception": receptions[0].id}


def test_the_main_pages_fit_a_phone_and_begin_with_what_matters(
    office: Any, things: dict[str, str], sit_down: Callable[..., Page], picture: Callable[[Page, str], Path]
) -> None:
    page = sit_down(Role.SUPERVISEUR, viewport={"width": WIDTH, "height": HEIGHT}, device_scale_factor=2)
    for name, path in SHOWN.items():
        page.goto(office.url + path.format(**things))
        assert page.evaluate("document.documentElement.scrollWidth") <= WIDTH, path
        for first in ("#voyant", "h1"):
            box = page.locator(first).first.bounding_box()
            assert box is not None, path
            assert box["y"] + box["height"] <= HEIGHT, f"{first} of {path} is below the first screen"
        picture(page, name)
