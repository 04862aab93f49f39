"""Who takes part in a storm: the programs that deposit, the Superviseur, the weather, each in threads of its own."""

import itertools
import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import httpx2
from scripts.trial import Simulator

from raccord.domain.clock import PARIS
from raccord.domain.deposit import DepositState
from raccord.domain.identifiers import Siret
from raccord.domain.invoice import Invoice
from raccord.formats.sample import SampleSyntax, make_invoice, write_sample

FIRM, GROUP, BRANCH, TOWN = "45251785100010", "73282932000074", "12345678200077", "21970999400017"
_SUPPLIERS = ((FIRM, "firm"), (FIRM, "firm"), (GROUP, "group"), (BRANCH, "group"))
_SYNTAXES = (SampleSyntax.CII, SampleSyntax.UBL)
_PROGRAMS = 4
_ON_THEIR_WAY = tuple(
    state.value
    for state in DepositState
    if state not in (DepositState.INTEGRATED, DepositState.REFUSED, DepositState.FAULTY, DepositState.CANCELLED)
)


@dataclass(frozen=True)
class Paper:
    """An invoice before it is deposited. `doomed`: the same number was typed on the portal already."""

    number: str
    supplier: str
    connection: str
    syntax: SampleSyntax
    data: bytes
    doomed: bool

    @property
    def filename(self) -> str:
        """Its name, with the extension of its syntax."""
        return f"{self.number}.{'pdf' if self.syntax is SampleSyntax.FACTURX else 'xml'}"


def paper(count: int, chance: random.Random) -> list[Paper]:
    """So many invoices: of three suppliers, one Factur-X in twenty, one in eighty doomed."""
    today = datetime.now(PARIS).date()
    models = {
        siret: make_invoice(
            rank, number="X", supplier=Siret.parse(siret), recipient=Siret.parse(TOWN), service="SERV-TECH",
            issue_date=today,
        )
        for rank, siret in enumerate((FIRM, GROUP, BRANCH))
    }  # fmt: skip
    return [_write(rank, models, chance) for rank in range(count)]


def _write(rank: int, models: dict[str, Invoice], chance: random.Random) -> Paper:
    number, (supplier, connection) = f"T-{rank:05d}", chance.choice(_SUPPLIERS)
    syntax = SampleSyntax.FACTURX if chance.random() < 0.05 else chance.choice(_SYNTAXES)
    data = write_sample(replace(models[supplier], number=number), syntax)
    return Paper(number, supplier, connection, syntax, data, doomed=rank % 80 == 7)


class Actor:
    """Plays in threads until told to stop; what breaks a thread is kept and raised at the stop."""

    def __init__(self) -> None:
        self._over, self._threads = threading.Event(), list[threading.Thread]()
        self._broken: list[BaseException] = []

    def start(self) -> None:
        """Begin."""
        for play in self.plays():
            thread = threading.Thread(target=self._guarded, args=(play,), daemon=True)
            thread.start()
            self._threads.append(thread)

    def plays(self) -> list[Callable[[], None]]:
        """What each thread does."""
        raise NotImplementedError

    def stop(self) -> None:
        """End, and say what went wrong."""
        self._over.set()
        for thread in self._threads:
            thread.join(30)
        if self._broken:
            raise self._broken[0]

    def _guarded(self, play: Callable[[], None]) -> None:
        try:
            play()
        except BaseException as error:
            self._broken.append(error)


class Programs(Actor):
    """The business programs: each invoice under its own key, sent again until an answer comes.

    The second half waits until the gateway has `fallen`, the last quarter until the password has `expired` as well.
    """

    def __init__(self, url: str, key: str, papers: list[Paper], chance: random.Random) -> None:
        super().__init__()
        self._url, self._key, self._chance = url, key, chance
        self._waiting, self._lock = iter(enumerate(papers)), threading.Lock()
        self._count = len(papers)
        self.fallen, self.expired = threading.Event(), threading.Event()
        self.accepted: set[str] = set()
        self.strange: list[str] = []
        self.again = self.replayed = 0

    def plays(self) -> list[Callable[[], None]]:
        """Four programs side by side."""
        return [self._work] * _PROGRAMS

    def done(self) -> bool:
        """Whether every invoice had its answer."""
        if self._broken:
            raise self._broken[0]
        return len(self.accepted) == self._count

    def _work(self) -> None:
        with httpx2.Client(base_url=self._url, headers=_bearer(self._key), timeout=30, trust_env=False) as http:
            while not self._over.is_set():
                with self._lock:
                    batch = list(itertools.islice(self._waiting, 1))
                    twice = self._chance.random() < 0.03  # a double click
                if not batch:
                    return
                rank, one = batch[0]
                self._wait_for(*([self.fallen] if rank * 2 >= self._count else []))
                self._wait_for(*([self.expired] if rank * 4 >= self._count * 3 else []))
                for _ in range(2 if twice else 1):
                    self._deposit(http, one)

    def _wait_for(self, *happenings: threading.Event) -> None:
        for one in happenings:
            while not one.wait(0.1) and not self._over.is_set():
                continue

    def _deposit(self, http: httpx2.Client, one: Paper) -> None:
        asked = {"filename": one.filename, "connection": one.connection}
        headers = {"Idempotency-Key": f"cle-{one.number}", "Content-Type": "application/octet-stream"}
        while not self._over.is_set():
            with suppress(httpx2.HTTPError):
                answer = http.post("deposits", params=asked, content=one.data, headers=headers)
                if answer.status_code in (200, 201):
                    self._taken(one, answer)
                    return
                if answer.status_code < 500:
                    self._odd(one, f"{answer.status_code} {answer.text[:300]}")
                    return
            with self._lock:
                self.again += 1
            self._over.wait(0.2)

    def _taken(self, one: Paper, answer: httpx2.Response) -> None:
        with self._lock:
            self.replayed += answer.headers.get("Idempotent-Replayed") == "true"
            self.accepted.add(one.number)
        if answer.json()["number"] != one.number:
            self._odd(one, f"answered for {answer.json()['number']}")

    def _odd(self, one: Paper, what: str) -> None:
        with self._lock:
            self.strange.append(f"{one.number}: {what}")
            self.accepted.add(one.number)


class Superviseur(Actor):
    """Looks at the lights; tests a red one again, and enters the new password of the portal when it has expired."""

    def __init__(self, url: str, key: str, simulator: Simulator, siret: str) -> None:
        super().__init__()
        self._simulator, self._login = simulator, simulator.account(siret)["login"]
        self._http = httpx2.Client(base_url=url, headers=_bearer(key), timeout=30, trust_env=False)
        self._expired = threading.Event()

    def plays(self) -> list[Callable[[], None]]:
        """One person."""
        return [self._watch]

    def stop(self) -> None:
        """Go home, and hang up."""
        super().stop()
        self._http.close()

    def lose_the_password(self) -> None:
        """At the portal, the password of the technical account expires."""
        self._simulator.control("POST", f"/accounts/{self._login}/expire")
        self._expired.set()

    def on_their_way(self) -> int:
        """How many deposits have not come to their end; at least one when the gateway does not answer."""
        with suppress(httpx2.HTTPError):
            answer = self._http.get("deposits", params={"state": list(_ON_THEIR_WAY), "limit": 1000})
            if answer.status_code == 200:
                return len(answer.json()["items"])
        return 1

    def _watch(self) -> None:
        while not self._over.wait(1.0):
            with suppress(httpx2.HTTPError):
                answer = self._http.get("connections")
                for connection in answer.json() if answer.status_code == 200 else ():
                    self._care(connection)

    def _care(self, connection: dict[str, Any]) -> None:
        if connection["light"] != "rouge":
            return
        named = connection["cause"].startswith("TEC-")  # a red light of bad weather is no reason to change a password
        if connection["label"] == "firm" and self._expired.is_set() and named:
            self._enter(connection["id"])
        else:
            self._http.post(f"connections/{connection['id']}/test", params={"retry": True})

    def _enter(self, connection_id: str) -> None:
        """A new password on the portal, then here; again as long as the weather keeps the test from passing."""
        password = self._simulator.control("POST", f"/accounts/{self._login}/password")["password"]
        body = {"login": self._login, "password": password}
        answer = self._http.post(f"connections/{connection_id}/technical-account", json=body)
        if answer.status_code == 200 and answer.json()["promoted"]:
            self._expired.clear()


_FLUX, _READS, _TOKEN = "*/deposer/flux", ("*/rechercher/fournisseur", "*/consulterCRDetaille"), "*/oauth/token"
_SKY: tuple[dict[str, Any], ...] = (
    {"kind": "reset", "when": "before", "pattern": _FLUX, "count": 2},
    {"kind": "reset", "when": "after", "pattern": _FLUX, "count": 2},
    {"kind": "reset", "when": "before", "pattern": "*", "count": 3},
    {"kind": "timeout", "when": "before", "pattern": _FLUX, "seconds": 20},
    {"kind": "timeout", "when": "after", "pattern": _FLUX, "seconds": 20},
    {"kind": "timeout", "when": "before", "pattern": _READS[0], "seconds": 20},
    {"kind": "429", "pattern": "*", "count": 3},
    {"kind": "429", "pattern": "*", "retry_after": 1, "count": 2},
    {"kind": "500", "when": "after", "pattern": _FLUX},
    {"kind": "502", "when": "before", "pattern": _FLUX, "count": 2},
    {"kind": "503", "when": "after", "pattern": _FLUX},
    {"kind": "502", "when": "after", "pattern": _READS[1]},
    {"kind": "maintenance", "when": "before", "pattern": "*", "count": 4},
    {"kind": "truncated", "pattern": _FLUX},
    {"kind": "content_type", "pattern": _FLUX},
    {"kind": "401", "when": "before", "pattern": _FLUX, "count": 2},
    {"kind": "401", "when": "before", "pattern": _READS[1], "count": 2},
    {"kind": "503", "when": "before", "pattern": _TOKEN, "count": 2},
    {"kind": "degenerate_token", "pattern": _TOKEN},
    {"kind": "internal_state", "pattern": _FLUX, "state": "IN_INCIDENTE"},
    {"kind": "slow", "pattern": _FLUX, "seconds": 0.6, "count": 2},
    {"kind": "closed port"},
)


class Weather(Actor):
    """The faults of Chorus Pro and of the network: they come, and go."""

    def __init__(self, simulator: Simulator, chance: random.Random, pace: float) -> None:
        super().__init__()
        self._simulator, self._chance, self._pace = simulator, chance, pace
        self.struck: Counter[str] = Counter()
        self.seen = False
        """Whether every kind came."""

    def start(self) -> None:
        """The first flux of all is taken, and its answer lost: no storm, however short, is without a doubt."""
        self._strike(dict(_SKY[1]))
        super().start()

    def plays(self) -> list[Callable[[], None]]:
        """One sky."""
        return [self._blow]

    def _blow(self) -> None:
        """Every kind comes before any comes back: a short storm too sees them all, if it lasts."""
        while not self._over.is_set() and self._simulator.control("GET", "/faults")["waiting"]:
            self._over.wait(0.05)  # the first answer is not lost yet: no clear spell may come before
        deck: list[dict[str, Any]] = []
        while not self._over.wait(self._pace * self._chance.uniform(0.1, 0.8)):
            deck = deck or self._chance.sample(_SKY, len(_SKY))
            self._strike(dict(deck.pop()))
            self.seen = self.seen or not deck
            if self._chance.random() < 0.1:  # a clear spell
                self._forget()
                self._over.wait(self._pace * self._chance.uniform(0.5, 2.0))
        self._forget()

    def _strike(self, fault: dict[str, Any]) -> None:
        if fault["kind"] == "closed port":
            self.struck["closed port"] += 1
            self._simulator.control("POST", "/refuse", seconds=0.7)
            time.sleep(0.7)
            return
        if fault["pattern"] == _TOKEN:  # tokens last an hour: they are forgotten, so that one is asked for
            self._simulator.control("DELETE", "/tokens")
        self._simulator.control("POST", "/faults", **fault)
        self.struck[f"{fault['kind']} {fault.get('when', '')}".strip()] += 1

    def _forget(self) -> None:
        self._simulator.control("DELETE", "/faults")


def _bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}
