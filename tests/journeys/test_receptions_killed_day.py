"""A day of random work through the REST API of a real `raccord serve`, killed with -9 while the platform is tired.

At night Chorus Pro's history and Raccord's journal are compared event by event.
"""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import httpx2
import pytest

from raccord.cli.demo.stage import StepFailed
from raccord.domain.statuses import NEEDS_MOTIF
from raccord.settings import load_settings
from raccord.wiring import build_gateway

pytestmark = [pytest.mark.journey, pytest.mark.skipif(os.name != "posix", reason="SIGKILL")]

TOWN, STEPS, KILLS, LATE = "21970999400017", 70, 3, 5
FAULTS = (
    ("reset", "before"), ("reset", "after"), ("503", "before"), ("503", "after"), ("429", "before"), ("401", "before"),
)  # fmt: skip
PATTERNS = ("*/rechercher/recipiendaire", "*/telecharger/groupe", "*/traiter/recue", "*/consulter/historique")
ELSEWHERE = ("SERVICE_FAIT", "MANDATEE", "SUSPENDUE", "MISE_EN_PAIEMENT")


class Day:
    """The officer, the portal, the supplier, the weather and the kills, all drawn from one seed."""

    def __init__(self, house: Any, seed: int, workers: int) -> None:
        self.house, self.chance, self.control = house, random.Random(seed), house.simulator.control
        self.workers = [house.begin("worker", ready="Le moteur travaille") for _ in range(workers - 1)]
        self.serving = house.serve()
        self.program = house.program(self.serving, house.office(self.serving))
        self.kills = 0

    def begin(self) -> None:
        """A first retrieval, and the first invoices."""
        self.control.invoices(TOWN, 4)
        connection = self.program.get("connections")[0]["id"]
        found = self.program.post(f"connections/{connection}/structures")
        town = next(one["id"] for one in found if one["siret"] == TOWN)
        self.program.post(f"structures/{town}/begin", {"since": "2020-01-01T00:00:00+00:00"})

    def pass_by(self) -> None:
        """One thing after another; the gateway dies at drawn steps. A refusal is told, never a surprise."""
        deadly = set(self.chance.sample(range(5, STEPS - 5), KILLS))
        happenings = (self._arrives, self._officer, self._officer, self._officer, self._portal, self._supplier,
                      self._colleague, self._breaks)  # fmt: skip
        for step in range(STEPS):
            with suppress(StepFailed, httpx2.HTTPError):
                self.chance.choice(happenings)()
            time.sleep(self.chance.uniform(0, 0.25))  # the day has its pace: whatever is under way may be struck
            if step in deadly:
                self._kill()

    def _kill(self) -> None:
        self.kills += 1
        if self.workers and self.chance.random() < 0.5:
            self.workers.pop().end(signal.SIGKILL)
            self.workers.append(self.house.begin("worker", ready="Le moteur travaille"))
            return
        key = self.program.http.headers["Authorization"].removeprefix("Bearer ")
        self.serving.end(signal.SIGKILL)
        self.serving = self.house.serve()
        self.program.http.close()
        self.program = type(self.program)(self.serving.url, key)
        self.house.clients.append(self.program.http)

    def _receptions(self) -> list[dict[str, Any]]:
        return list(self.program.get("receptions", limit=1000)["items"])

    def _arrives(self) -> None:
        self.control.invoices(TOWN, self.chance.randint(1, 3))

    def _officer(self) -> None:
        if found := self._receptions():
            target = self.chance.choice(ELSEWHERE)
            body = {"target": target, "motif": "Pièce manquante" if target in NEEDS_MOTIF else ""}
            self.program.post(f"receptions/{self.chance.choice(found)['id']}/statuses", body)

    def _colleague(self) -> None:
        if found := self._receptions():
            chosen = self.chance.choice(found)["id"]
            body = {"assignee": "alice@val-fictif.fr", "service": "TECH"}
            self.program.http.put(f"receptions/{chosen}/assignment", json=body)

    def _portal(self) -> None:
        if found := [one for one in self.control.factures() if one["statut"] != "REJETEE"]:
            self.control.status(self.chance.choice(found)["id"], self.chance.choice(ELSEWHERE), "Vu au portail")

    def _supplier(self) -> None:
        if found := [one for one in self.control.factures() if one["statut"] == "SUSPENDUE"]:
            self.control.status(self.chance.choice(found)["id"], "COMPLETEE", "Voici la pièce.")

    def _breaks(self) -> None:
        kind, when = self.chance.choice(FAULTS)
        self.control.fault(kind, self.chance.choice(PATTERNS), when=when)

    def at_rest(self) -> bool:
        """Nothing under way, and the same statuses on both sides."""
        self._cure()
        theirs = {one["id"]: one["statut"] for one in self.control.factures() if one["destinataire"] == TOWN}
        ours = {one["id_facture"]: (one["platform_status"] or {}).get("code") for one in self._receptions()}
        if ours != theirs:
            return False
        posts = [self.program.get(f"receptions/{one['id']}/statuses") for one in self._receptions()]
        return all(post["state"] in ("done", "refused") for few in posts for post in few)

    def _cure(self) -> None:
        for one in self.program.get("connections"):
            if one["light"] == "rouge":
                self.program.post(f"connections/{one['id']}/test", retry=True)

    def night(self, until: Callable[..., Any]) -> None:
        """The weather is fair; a light still red is tested again, as a person would; everything comes to rest.

        The last invoices of the day are decided on like any other: whatever the kills left, the house works.
        """
        self.control.clear_faults()
        late = self.control.invoices(TOWN, LATE)
        until("le repos", self.at_rest)
        for one in self._receptions():
            if one["id_facture"] in late:
                self.program.post(f"receptions/{one['id']}/statuses", {"target": "SERVICE_FAIT"})
        until("le repos", self.at_rest)


@pytest.mark.parametrize(("database", "workers"), [("sqlite", 1), ("postgresql", 2)])
def test_the_same_story_after_a_day_of_kills(
    make_house: Callable[..., Any], until: Callable[..., Any], same_story: Any, request: pytest.FixtureRequest,
    database: str, workers: int,
) -> None:  # fmt: skip
    url = {"RACCORD_DATABASE_URL": str(request.getfixturevalue("postgres_url"))} if database == "postgresql" else {}
    house = make_house(**url, RACCORD_RETRY_FIRST_S="0.3", RACCORD_SCHEMATRON_WORKERS="0")
    house.connect("Commune", TOWN)
    day = Day(house, seed=21, workers=workers)
    day.begin()
    day.pass_by()
    day.night(until)
    for serving in (day.serving, *day.workers):
        assert serving.end() == 0
    settings = load_settings({key: value for key, value in house.environment.items() if key.startswith("RACCORD_")})
    gateway = build_gateway(settings, durable=False)
    try:
        story = same_story(gateway, day.control, TOWN)
        assert story.check() >= 2 * LATE
    finally:
        gateway.close()
    assert day.kills == KILLS
    assert len([one for one in day.control.ledger()["changes"] if "traiter/recue" in one["operation"]]) >= LATE
