"""A day of random work with faults on: at night the simulator and the gateway tell the same story, to two programs."""

from __future__ import annotations

import random
from collections import Counter
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from raccord.domain.connection import EnvironmentName
from raccord.domain.errors import RaccordError
from raccord.domain.reception import NewStatus, PostState
from raccord.domain.requests import NewConnection
from raccord.domain.secrets import Secret
from raccord.domain.statuses import NEEDS_MOTIF
from raccord.engine.connections import addresses_at
from raccord.engine.foundation.names import SWEEP
from raccord.settings import load_settings
from raccord.store.receptions import ReceptionQuery
from raccord.wiring import build_gateway

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from chorus_simulator.pytest_plugin import RunningSimulator
    from raccord.domain.reception import Reception
    from raccord.engine.gateway import Gateway

TOWN, STEPS, LATE = "21970999400017", 50, 5
FAULTS = (
    ("reset", "before"), ("reset", "after"), ("503", "before"), ("500", "after"), ("429", "before"),
    ("truncated", "after"), ("401", "before"), ("content_type", "after"),
)  # fmt: skip
ELSEWHERE = ("SERVICE_FAIT", "MANDATEE", "SUSPENDUE", "COMPLETEE", "MISE_EN_PAIEMENT", "A_RECYCLER")

pytestmark = pytest.mark.journey


class Day:
    """The town, its finance officer, the portal, two finance programs and a tired network, all drawn from one seed."""

    def __init__(self, simulator: RunningSimulator, folder: Path, database: str, seed: int) -> None:
        self.chance, self.simulator, self._ahead = random.Random(seed), simulator, timedelta()
        self._now = lambda: datetime.now(UTC) + self._ahead
        self.taken: dict[str, list[int]] = {"compta": [], "ged": []}
        simulator.control.clock(set=self._now().isoformat())
        simulator.control.reset()
        self.gateway = self._house(folder, database)

    def _house(self, folder: Path, database: str) -> Gateway:
        environ = {"RACCORD_DATA_DIR": str(folder), "RACCORD_DATABASE_URL": database, "RACCORD_RATE_PER_SECOND": "1000",
                   "RACCORD_ACCOUNT_RATE_PER_SECOND": "1000"}  # fmt: skip
        settings = load_settings(environ, env_file=None)
        return build_gateway(settings, clock=self._now, sleep=self.wait, durable=False)

    def wait(self, seconds: float) -> None:
        """Time passes for both."""
        self._ahead += timedelta(seconds=seconds)
        self.simulator.control.clock(advance=seconds)

    def connect(self) -> None:
        """The town's own technical account, and a first retrieval."""
        application, account = self.simulator.application(), self.simulator.account(TOWN)
        new = NewConnection(
            "Commune", EnvironmentName.SIMULATOR, addresses=addresses_at(self.simulator.base_url),
            client_id=application["client_id"], client_secret=Secret(application["client_secret"]),
        )  # fmt: skip
        connections = self.gateway.connections
        made = connections.create(new, "cli")
        assert connections.enter_candidate(made.id, account["login"], Secret(account["password"]), "cli").promoted
        connections.discover_structures(made.id, "cli")
        town = next(one for one in connections.structures(made.id) if one.siret == TOWN)
        self.gateway.inbox.begin(town.id, self._now() - timedelta(days=1), "cli")

    def step(self) -> None:
        """One thing happens."""
        happenings = (self._arrives, self._officer, self._officer, self._portal, self._breaks, self._program,
                      self._colleague, self._supplier)  # fmt: skip
        self.chance.choice(happenings)()
        self.work()
        self.wait(self.chance.choice((20, 120, 900)))

    def work(self) -> None:
        """Whatever is due is done."""
        for _ in range(2):
            self.gateway.jobs.run_due()

    def _arrives(self) -> None:
        self.simulator.control.invoices(TOWN, self.chance.randint(1, 4))

    def _officer(self) -> None:
        receptions = self.gateway.inbox.search(ReceptionQuery(), limit=200).items
        if not receptions:
            return
        self._decide(self.chance.choice(receptions))

    def _decide(self, reception: Reception) -> None:
        targets = self.gateway.statuses.targets(reception.id)
        if targets:
            target = self.chance.choice(targets)
            motif = "Pièce manquante" if target in NEEDS_MOTIF else ""
            self.gateway.statuses.post(NewStatus(reception.id, target, motif, author="bob"))

    def _portal(self) -> None:
        factures = self.simulator.control.factures()
        mine = [one for one in factures if one["destinataire"] == TOWN and one["statut"] not in ("REJETEE",)]
        if mine:
            self.simulator.control.status(self.chance.choice(mine)["id"], self.chance.choice(ELSEWHERE), "Motif")

    def _colleague(self) -> None:
        receptions = self.gateway.inbox.search(ReceptionQuery(), limit=200).items
        if receptions:
            chosen = self.chance.choice(receptions)
            self.gateway.desk.assign([chosen.id], "alice@val-fictif.fr", "TECH", "bob")
            self.gateway.desk.remark(chosen.id, "À voir avec le chantier.", "bob")

    def _supplier(self) -> None:
        """A supplier completes what was suspended."""
        waiting = [one for one in self.simulator.control.factures() if one["statut"] == "SUSPENDUE"]
        if waiting:
            self.simulator.control.status(self.chance.choice(waiting)["id"], "COMPLETEE", "Voici la pièce.")

    def _breaks(self) -> None:
        kind, when = self.chance.choice(FAULTS)
        pattern = self.chance.choice(("*/rechercher/recipiendaire", "*/telecharger/groupe", "*/traiter/recue"))
        self.simulator.control("POST", "/faults", {"kind": kind, "when": when, "pattern": pattern, "count": 1})

    def _program(self) -> None:
        name = self.chance.choice(list(self.taken))
        batch = self.gateway.handovers.take(name, self.chance.randint(1, 5))
        if self.chance.random() < 0.3:
            return  # it crashes before it says that it has them
        self.taken[name] += [reception.id_facture for _, reception in batch.receptions]
        if batch.receptions:
            self.gateway.handovers.acknowledge(name, batch.after, batch.through, "cli")

    def close(self) -> None:
        """The officer does not leave before everything that can be decided on is decided."""
        for reception in self.gateway.inbox.search(ReceptionQuery(), limit=200).items:
            with suppress(RaccordError):
                self._decide(reception)
        self.work()

    def night(self) -> None:
        """Faults end, calls resume, everything comes to rest; the programs take what is left."""
        self.simulator.control("DELETE", "/faults", {})
        for connection in self.gateway.connections.all():
            if connection.breaker_open:
                self.gateway.outbox.release(connection.id)
        for _ in range(12):
            self.gateway.jobs.run(SWEEP, "*", {})
            with self.gateway.store.begin() as conn:
                self.gateway.jobs.schedule(conn, SWEEP, "*", {})
            self.work()
            self.wait(1_000)
        for name in self.taken:
            while (batch := self.gateway.handovers.take(name, 50)).receptions:
                self.taken[name] += [reception.id_facture for _, reception in batch.receptions]
                self.gateway.handovers.acknowledge(name, batch.after, batch.through, "cli")

    def late(self) -> None:
        """The last invoices of the day come in fair weather and are decided on: whatever broke before, it works."""
        made = self.simulator.control.invoices(TOWN, LATE)
        self.night()
        for reception in self.gateway.inbox.search(ReceptionQuery(), limit=200).items:
            if reception.id_facture in made:
                self.gateway.statuses.post(NewStatus(reception.id, "SERVICE_FAIT", author="bob"))
        self.night()


@pytest.fixture
def make_day(chorus_simulator: RunningSimulator, tmp_path: Path, store_url: str) -> Iterator[Callable[[int], Day]]:
    """Begin a day drawn from a seed."""
    days: list[Day] = []

    def make(seed: int) -> Day:
        days.append(Day(chorus_simulator, tmp_path, store_url, seed))
        return days[-1]

    yield make
    for day in days:
        day.gateway.close()


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_at_night_both_sides_tell_the_same_story(make_day: Callable[[int], Day], same_story: Any, seed: int) -> None:
    day = make_day(seed)
    day.connect()
    day.simulator.control.invoices(TOWN, 5)
    for _ in range(STEPS):
        with suppress(RaccordError):  # a person is told; nothing else may come out
            day.step()
    day.close()
    day.night()
    day.late()
    story = same_story(day.gateway, day.simulator.control, TOWN)
    assert story.check() >= 2 * LATE
    _assert_no_status_was_posted_twice(day.gateway, day.simulator.control.ledger()["changes"], story.ours)
    for taken in day.taken.values():
        assert sorted(taken) == sorted(story.theirs)


def _assert_no_status_was_posted_twice(gateway: Gateway, changes: Any, ours: dict[int, Any]) -> None:
    posts = {key: gateway.statuses.posts(one.id) for key, one in ours.items()}
    states = Counter(post.state for several in posts.values() for post in several)
    assert set(states) <= {PostState.DONE, PostState.REFUSED}
    assert states[PostState.DONE] >= LATE
    told = Counter((key, post.target) for key, few in posts.items() for post in few if post.state is PostState.DONE)
    happened = Counter((one["idFacture"], one["statut"]) for one in changes if "traiter/recue" in one["operation"])
    assert not happened - told  # Chorus Pro took no status that we do not count as done, and none twice
