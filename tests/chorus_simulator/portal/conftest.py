"""A portal that listens, in the world of the demonstrations with its clock stopped, and people who visit it."""

from __future__ import annotations

import html
import re
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal

import httpx2
import pytest
import uvicorn

from chorus_simulator import seeds, validation
from chorus_simulator.app import Application
from chorus_simulator.bench import Bench
from chorus_simulator.clock import Clock
from chorus_simulator.model import Facture, PieceJointe
from chorus_simulator.world import World

NOON = datetime(2026, 11, 21, 11, 0, tzinfo=UTC)
PEOPLE = {
    "firm": ("gestionnaire@bati-reunion.example", "Batisseur-974!"),
    "accountant": ("comptable@bati-reunion.example", "Comptable-974!"),
    "subcontractor": ("gestionnaire@peintures.example", "Peinture-974!"),
    "town": ("gestionnaire@val-fictif.example", "Mairie-974!"),
    "agent": ("agent@val-fictif.example", "Agent-974!"),
}


class Visitor:
    """A browser without JavaScript: follows redirections, finds the form token by itself."""

    def __init__(self, base: str) -> None:
        self.http = httpx2.Client(base_url=base, follow_redirects=True, timeout=60)
        self.last: httpx2.Response | None = None

    def get(self, path: str) -> httpx2.Response:
        self.last = self.http.get(path.lstrip("/"))
        return self.last

    def post(self, path: str, **fields: str) -> httpx2.Response:
        """Send a form with the token of the last page seen."""
        token = hidden(self.last.text, "jeton") if self.last is not None else ""
        self.last = self.http.post(path.lstrip("/"), data={"jeton": token, **fields})
        return self.last

    def sign_in(self, who: str, password: str | None = None) -> httpx2.Response:
        login, right = PEOPLE[who]
        self.get("/connexion")
        return self.post("/connexion", identifiant=login, mot_de_passe=right if password is None else password)


def hidden(text: str, name: str) -> str:
    """The value of a hidden field, empty when the page has none."""
    found = re.search(rf'name="{name}" value="([^"]*)"', text)
    return html.unescape(found[1]) if found else ""


@dataclass
class Portal:
    """The world behind the portal and the address in front of it."""

    world: World
    base: str
    visitors: list[Visitor] = field(default_factory=list)

    def visitor(self, who: str | None = None) -> Visitor:
        visitor = Visitor(self.base)
        self.visitors.append(visitor)
        if who is not None:
            assert visitor.sign_in(who).status_code == 200
        return visitor

    @staticmethod
    def shown_password(text: str) -> str:
        """The password that a page shows in clear, empty when it shows none."""
        found = re.search(r'<code id="mot-de-passe"[^>]*>([^<]*)</code>', text)
        return html.unescape(found[1]) if found else ""

    def invoice(self, numero: str, cadre: str = "A1", supplier: str = seeds.FIRM) -> Facture:
        """An invoice for the town, on the desk of its recipient, or of its validator for A9 and A12."""
        world = self.world
        seller, town = world.structure_of(supplier), world.structure_of(seeds.TOWN)
        assert seller is not None
        assert town is not None
        number = world.next_id("facture")
        original = PieceJointe(number, f"{numero}.xml", "text/xml", world.spool.add(b"<facture/>"), "01")
        facture = Facture(
            number,
            numero,
            seller.idStructureCPP,
            town.idStructureCPP,
            world.now().date(),
            world.now(),
            Decimal("1234.56"),
            Decimal("104.94"),
            Decimal("1339.50"),
            Decimal("1339.50"),
            cadre=cadre,
            pieces=[original],
        )
        if cadre in validation.WITH_VALIDATOR:
            facture.idValideur1 = seller.titulaires[0]
            world.set_status(facture, "A_VALIDER_1")
        else:
            world.set_status(facture, "DEPOSEE")
            world.set_status(facture, "MISE_A_DISPOSITION")
        world.invoices.add(facture)
        return facture


@contextmanager
def served(app: object) -> Iterator[str]:
    """The address of an application that listens on a free port until the end of the block."""
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="off"))  # type: ignore[arg-type]  # any ASGI application
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(60)


@contextmanager
def open_portal(prefix: str = "", environment: str = "sandbox") -> Iterator[Portal]:
    """The portal of one environment of the whole simulator, in a newborn world; everything closes at the end."""
    clock = Clock(NOON)
    clock.freeze()
    bench = Bench(clock)
    with served(Application(bench)) as address:
        opened = Portal(bench.worlds[environment], f"{address}{prefix}/portail/")
        try:
            yield opened
        finally:
            for visitor in opened.visitors:
                visitor.http.close()
            for world in bench.worlds.values():
                world.spool.close()


@pytest.fixture
def portal() -> Iterator[Portal]:
    with open_portal() as opened:
        yield opened


@pytest.fixture(scope="session")
def opening() -> Callable[[], AbstractContextManager[Portal]]:
    """Opens a portal of its own for each walk of a browser."""
    return open_portal
