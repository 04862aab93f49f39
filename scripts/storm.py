"""A storm of deposits by REST, in bad weather, over a gateway killed again and again; then the accounts are settled.

    python scripts/storm.py [--deposits 5000] [--kills 20] [--seed 1] [--database-url postgresql://... --workers 2]

Programs deposit the invoices of three suppliers, in three syntaxes, over two connections, and send again whenever they
are in doubt. Chorus Pro resets connections before and after the work, keeps silent, answers 429, 500, 502, 503 and its
maintenance page, refuses tokens, closes its port; a technical password expires in the middle, and the Superviseur
enters the new one. `raccord serve` (and `raccord worker`) die by SIGKILL at drawn moments. Some invoices were typed on
the portal before: Chorus Pro must refuse those, and only those. One JSON line; exit code 0 when every promise held.
"""

import argparse
import json
import os
import random
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from scripts.storm_people import FIRM, GROUP, TOWN, Programs, Superviseur, Weather, paper
from scripts.trial import Crew, Simulator, Starter, books_of, is_whole, settle_accounts

from raccord.domain.connection import EnvironmentName
from raccord.domain.requests import NewConnection
from raccord.domain.roles import Permission, Role
from raccord.domain.secrets import Secret
from raccord.engine.connections import addresses_at
from raccord.engine.gateway import Gateway
from raccord.settings import Settings, load_settings
from raccord.wiring import build_gateway

ACTOR = "tempête"
PATIENCE_S = 1800.0


@dataclass(frozen=True)
class Wish:
    """What is asked of a storm; `patience_s` bounds the calm after it."""

    deposits: int = 5000
    kills: int = 20
    seed: int = 1
    workers: int = 1
    database_url: str = ""
    schematron: int = 1
    patience_s: float = PATIENCE_S
    call_deadline_s: float = 3.0
    """A little after it, Chorus Pro is asked."""

    def chance(self, actor: str) -> random.Random:
        """The dice of an actor: each has its own, so that their order of play does not matter."""
        return random.Random(f"{self.seed}/{actor}")

    @property
    def per_flux(self) -> int:
        """Small enough that a storm makes a hundred flux."""
        return max(3, self.deposits // 100)


def settings_of(folder: Path, wish: Wish) -> dict[str, str]:
    """A brisk gateway: the simulator answers at once, and finds a deposit within a second."""
    return {
        "RACCORD_DATA_DIR": str(folder / "var"),
        "RACCORD_DATABASE_URL": wish.database_url or f"sqlite:///{folder}/raccord.db",
        "RACCORD_FLUX_MAX_INVOICES": str(wish.per_flux),
        "RACCORD_GROUP_DELAY_S": "0.02",
        "RACCORD_REPORT_FIRST_S": "0.5",
        "RACCORD_REPORT_LONGEST_S": "3",
        "RACCORD_DOUBT_ASKS": "3",
        "RACCORD_CALL_DEADLINE_S": str(wish.call_deadline_s),
        "RACCORD_TAKEOVER_DELAY_S": str(wish.call_deadline_s * 1.2),
        "RACCORD_RETRY_FIRST_S": str(wish.call_deadline_s / 6),
        "RACCORD_SWEEP_PERIOD_S": "2",
        "RACCORD_RATE_PER_SECOND": "500",
        "RACCORD_RATE_BURST": "500",
        "RACCORD_ACCOUNT_RATE_PER_SECOND": "500",
        "RACCORD_SCHEMATRON_WORKERS": str(wish.schematron),
        "RACCORD_LOG_LEVEL": "error",
        "RACCORD_LOG_FORMAT": "json",
    }


def furnish(settings: Settings, simulator: Simulator) -> str:
    """Two connections that work, and the key of the programs."""
    gateway = build_gateway(settings)
    try:
        for label, siret in (("firm", FIRM), ("group", GROUP)):
            _connect(gateway, simulator, label, siret)
        password = Secret("une phrase assez longue pour la tempête")
        user = gateway.users.create_user("camille@exemple.fr", "Camille", Role.SUPERVISEUR, password, ACTOR)
        scopes = frozenset({Permission.READ, Permission.DEPOSIT, Permission.CONFIGURE})
        return gateway.users.create_key("tempête", scopes, user.id, gateway.clock() + timedelta(days=1)).key.reveal()
    finally:
        gateway.close()


def _connect(gateway: Gateway, simulator: Simulator, label: str, siret: str) -> None:
    application, account = simulator.application(), simulator.account(siret)
    new = NewConnection(
        label, EnvironmentName.SIMULATOR, addresses=addresses_at(simulator.ready["base_url"]),
        client_id=application["client_id"], client_secret=Secret(application["client_secret"]),
    )  # fmt: skip
    made = gateway.connections.create(new, ACTOR)
    entered = gateway.connections.enter_candidate(made.id, account["login"], Secret(account["password"]), ACTOR)
    assert entered.promoted, entered.verdict
    gateway.connections.discover_structures(made.id, ACTOR)


def starters(folder: Path, environment: dict[str, str], port: int, workers: int) -> list[Starter]:
    """How to start `raccord serve`, and `raccord worker` for each worker more."""

    def start(*words: str) -> "subprocess.Popen[str]":
        with (folder / f"{words[0]}.log").open("a", encoding="utf-8") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "raccord", *words, "--json"], cwd=folder, stderr=log,
                env={**os.environ, "PYTHONFAULTHANDLER": "1", **environment}, stdout=subprocess.PIPE, text=True,
            )  # fmt: skip
        assert process.stdout is not None
        if not process.stdout.readline():
            raise SystemExit(f"raccord {words[0]} did not start: {(folder / f'{words[0]}.log').read_text()[-2000:]}")
        return process

    return [lambda: start("serve", "--port", str(port)), *[lambda: start("worker")] * (workers - 1)]


def keep_port() -> socket.socket:
    """A port for the gateway, which must come back at the same address; on Linux no other program takes it meanwhile.

    The socket holds it without listening, and the gateway listens beside it; elsewhere than on Linux it is let go.
    """
    kept = socket.socket()
    kept.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    kept.bind(("127.0.0.1", 0))
    return kept


class Storm:
    """The storm itself: programs, weather, kills, an expired password; all of it at once."""

    def __init__(self, wish: Wish, folder: Path, simulator: Simulator) -> None:
        self.wish, self.simulator = wish, simulator
        environment = settings_of(folder, wish)
        self.settings = load_settings(environment, env_file=None)
        key, self._place = furnish(self.settings, simulator), keep_port()
        port = int(self._place.getsockname()[1])
        if sys.platform != "linux":
            self._place.close()
        self.papers = paper(wish.deposits, wish.chance("paper"))
        self.doomed = frozenset(one.number for one in self.papers if one.doomed)
        self._type_on_the_portal()
        url = f"http://127.0.0.1:{port}/api/v1/"
        self.programs = Programs(url, key, self.papers, wish.chance("programs"))
        self.superviseur = Superviseur(url, key, simulator, FIRM)
        self.weather = Weather(simulator, wish.chance("weather"), pace=max(0.4, min(1.0, wish.deposits / 1000)))
        self.crew = Crew(starters(folder, environment, port, wish.workers), wish.chance("kills"))

    def _type_on_the_portal(self) -> None:
        for one in self.papers:
            if one.doomed:
                self.simulator.control(
                    "POST", "/factures", destinataire=TOWN, fournisseur=one.supplier, numero=one.number, count=1
                )

    def progress(self) -> float:
        """From 0 to 2: one for all accepted, one more for all arrived at Chorus Pro."""
        arrived = self.simulator.control("GET", "/counts")["factures"] - len(self.doomed)
        return float(len(self.programs.accepted) + arrived) / self.wish.deposits

    def rage(self) -> None:
        """Until every invoice was accepted, every kill was done and every kind of weather came.

        No storm is too short to matter: a part of the invoices waits for the gateway to fall under its programs, the
        last ones for the password to have expired.
        """
        chance = self.wish.chance("moments")
        kills = sorted(chance.uniform(0.02, 1.7) for _ in range(self.wish.kills))
        expiry = 0.7
        actors = [self.weather, self.programs, self.superviseur]
        for actor in actors:
            actor.start()
        stuck, seen = time.monotonic(), 0.0
        while kills or not self.programs.done() or not self.weather.seen:
            time.sleep(0.05)
            here = self.progress()
            if here > seen:
                stuck, seen = time.monotonic(), here
            if expiry and here >= expiry:
                expiry = 0.0
                self.superviseur.lose_the_password()
                self.programs.expired.set()
            if kills and (here >= kills[0] or time.monotonic() - stuck > 3):
                time.sleep(chance.uniform(0, 0.8))
                kills.pop(0)
                if self.crew.kills:
                    self.crew.kill_one()
                else:
                    self.crew.kill_one(0, self.programs.fallen.set)
                stuck = time.monotonic()
            assert not self.crew.dead(), f"a process ended by itself: {self.crew.dead()}"
        self.weather.stop()

    def calm(self) -> float:
        """The weather is fair again: everything must come to its end by itself. Seconds that it took."""
        begun = time.monotonic()
        while time.monotonic() - begun < self.wish.patience_s and self.superviseur.on_their_way():
            time.sleep(0.5)
        return time.monotonic() - begun

    def end(self) -> None:
        """Everybody goes home."""
        for actor in (self.weather, self.programs, self.superviseur):
            actor.stop()
        self.crew.stop()
        self._place.close()

    def accounts(self) -> dict[str, Any]:
        """Chorus Pro's ledger and the gateway's journal, side by side."""
        gateway = build_gateway(self.settings, durable=False)
        try:
            numbers = [one.number for one in self.papers]
            return settle_accounts(gateway, books_of(self.simulator), numbers, self.doomed)
        finally:
            gateway.close()


def storm(wish: Wish, folder: Path) -> dict[str, Any]:
    """Run a storm; gives the figures and the broken promises."""
    begun, simulator = time.monotonic(), Simulator()
    try:
        one = Storm(wish, folder, simulator)
        try:
            one.rage()
            raged = time.monotonic() - begun
            calm = one.calm()
        finally:
            one.end()
        return {
            "seed": wish.seed,
            "database": "postgresql" if wish.database_url else "sqlite",
            "workers": wish.workers,
            "kills": one.crew.kills,
            "doomed": len(one.doomed),
            "faults_struck": dict(sorted(one.weather.struck.items())),
            "sent_again_by_programs": one.programs.again,
            "answered_as_replay": one.programs.replayed,
            "storm_s": round(raged, 1),
            "calm_s": round(calm, 1),
            "strange_answers": one.programs.strange[:10],
            **one.accounts(),
        }
    finally:
        simulator.stop()


def main() -> int:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--deposits", type=int, default=Wish.deposits)
    parser.add_argument("--kills", type=int, default=Wish.kills)
    parser.add_argument("--seed", type=int, default=Wish.seed, help="draws the weather, the kills and the invoices")
    parser.add_argument("--workers", type=int, default=Wish.workers, help="processes that work (PostgreSQL)")
    parser.add_argument("--database-url", default="", help="empty: SQLite")
    parser.add_argument("--schematron", type=int, default=Wish.schematron, help="processes of the official rules")
    parser.add_argument("--patience", type=float, default=PATIENCE_S, help="seconds left to the calm")
    parser.add_argument("--call-deadline", type=float, default=Wish.call_deadline_s, help="seconds")
    parser.add_argument("--keep", type=Path, help="keep the data and the logs in this folder")
    asked = parser.parse_args()
    wish = Wish(
        asked.deposits,
        asked.kills,
        asked.seed,
        asked.workers,
        asked.database_url,
        asked.schematron,
        asked.patience,
        asked.call_deadline,
    )
    if asked.keep:
        asked.keep.mkdir(parents=True, exist_ok=True)
        told = storm(wish, asked.keep)
    else:
        with tempfile.TemporaryDirectory(prefix="raccord-storm-", ignore_cleanup_errors=True) as folder:
            told = storm(wish, Path(folder))
    print(json.dumps(told, ensure_ascii=False))
    return 0 if is_whole(told) and not told["strange_answers"] else 1


if __name__ == "__main__":
    sys.exit(main())
