"""A person at a real browser, in front of the pages of the office."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image

from raccord.domain.roles import Role

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


@pytest.fixture
def sit_down(browser: Browser, office: Any) -> Iterator[Callable[..., Page]]:
    """Open a browser: `sit_down(Role.SUPERVISEUR)` signs in first; `scripts=False` turns JavaScript off."""
    contexts = []

    def sit(role: Role | None = None, *, scripts: bool = True, **options: Any) -> Page:
        context = browser.new_context(locale="fr-FR", java_script_enabled=scripts, **options)
        contexts.append(context)
        page = context.new_page()
        if role is not None:
            email = office.user(role).email
            page.goto(f"{office.url}/connexion")
            page.fill("#email", email)
            page.fill("#mot_de_passe", office.password)
            page.get_by_role("button", name="Se connecter").click()
            page.wait_for_url(f"{office.url}/")
        return page

    yield sit
    for context in contexts:
        context.close()


@pytest.fixture
def picture(tmp_path: Path) -> Callable[[Page, str], Path]:
    """Take the picture of a page; `RACCORD_IMAGES=docs/images` keeps it for the documentation."""

    def taken(page: Page, name: str) -> Path:
        folder = Path(os.environ.get("RACCORD_IMAGES", "") or tmp_path)
        folder.mkdir(parents=True, exist_ok=True)
        drawn = Image.open(BytesIO(page.screenshot()))
        drawn.convert("RGB").quantize(96).save(folder / f"{name}.png", optimize=True)
        assert (folder / f"{name}.png").stat().st_size < 150_000, "a picture of the documentation stays light"
        return folder / f"{name}.png"

    return taken
