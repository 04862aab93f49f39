"""A house of one's own: `raccord` run as a person runs it, in real processes, beside the simulator's process."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest

from chorus_simulator.pytest_plugin import Control, RunningSimulator
from raccord.cli.demo.program import Program
from raccord.cli.demo.visitor import Visitor
from raccord.domain.clock import PARIS
from raccord.domain.connection import EnvironmentName
from raccord.domain.deposit import Deposit, DepositState, NewDeposit, Road
from raccord.domain.identifiers import Siret
from raccord.domain.invoice import Invoice
from raccord.domain.reception import Reception, ReceptionState
from raccord.domain.requests import NewConnection
from raccord.domain.secrets import Secret
from raccord.engine.connections import addresses_at
from raccord.engine.gateway import Gateway
from raccord.formats import invoice_json
from raccord.formats.sample import make_invoice, write_sample
from raccord.settings import load_settings
from raccord.wiring import build_gateway

FIRM, TOWN = "45251785100010", "21970999400017"
PLACE = "options/parametres/systeme/chorus-pro"
SUPERVISEUR, PASSWORD = "superviseur@exemple.fr", "une phrase assez longue"

Found = TypeVar("Found")

_BRISK = {
    "RACCORD_GROUP_DELAY_S": "0.1",
    "RACCORD_FOLLOW_PERIOD_S": "1",
    "RACCORD_REPORT_FIRST_S": "0.5",
    "RACCORD_INBOX_PERIOD_S": "1",
    "RACCORD_SWEEP_PERIOD_S": "1",
    "RACCORD_TAKEOVER_DELAY_S": "4",
    "RACCORD_CALL_DEADLINE_S": "3",
    "RACCORD_RATE_PER_SECOND": "500",
    "RACCORD_RATE_BURST": "500",
    "RACCORD_ACCOUNT_RATE_PER_SECOND": "500",
    "RACCORD_LOG_FORMAT": "json",
}


def until(what: str, look: Callable[[], Found], seconds: float = 240) -> Found:
    """Look again until something true is seen."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := look():
            return found
        time.sleep(0.1)
    raise AssertionError(f"jamais vu : {what}")


@dataclass
class Serving:
    """A process that stays: `raccord serve`, `raccord worker`. `said` is what it printed, `log` its error stream."""

    process: subprocess.Popen[str]
    log: Path
    said: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        """The address that it told."""
        return next(found[1] for line in self.said if (found := re.search(r"adresse (http\S+)", line)))

    @property
    def first_link(self) -> str:
        """The path of the link of the first Superviseur, empty once there is one."""
        return next((found[0] for line in self.said if (found := re.search(r"/premier-acces/\S+", line))), "")

    def end(self, how: int = signal.SIGTERM, within: float = 60) -> int:
        """Send that signal and give the exit code; a process that does not end is a failure."""
        self.process.send_signal(how)
        return self.process.wait(within)

    def logged(self) -> str:
        """Everything on the error stream so far."""
        return self.log.read_text(encoding="utf-8", errors="replace")


@dataclass
class House:
    """A folder, its environment, the processes begun in it."""

    folder: Path
    simulator: RunningSimulator
    environment: dict[str, str]
    processes: list[Serving] = field(default_factory=list)
    clients: list[Any] = field(default_factory=list)

    def run(self, *words: str, stdin: str = "", timeout: float = 240, **more: str) -> subprocess.CompletedProcess[str]:
        """Run `raccord ...` to its end."""
        return subprocess.run(
            [sys.executable, "-m", "raccord", *words], input=stdin, capture_output=True, text=True, timeout=timeout,
            cwd=self.folder, env=self.environment | more, check=False, encoding="utf-8",
        )  # fmt: skip

    def begin(self, *words: str, ready: str, **more: str) -> Serving:
        """Start `raccord ...` and wait until it says those words."""
        log = self.folder / f"{words[0]}-{len(self.processes)}.log"
        with log.open("w", encoding="utf-8") as stream:
            process = subprocess.Popen(
                [sys.executable, "-m", "raccord", *words], cwd=self.folder, env=self.environment | more,
                stdout=subprocess.PIPE, stderr=stream, text=True, encoding="utf-8",
            )  # fmt: skip
        serving = Serving(process, log)
        self.processes.append(serving)
        assert process.stdout is not None
        seen = threading.Event()
        threading.Thread(target=_listen, args=(process.stdout, serving.said, ready, seen), daemon=True).start()
        until(
            f"« {ready} » de raccord {words[0]} : {serving.logged()}",
            lambda: seen.is_set() or process.poll() is not None,
        )
        assert seen.is_set(), serving.logged()
        return serving

    def serve(self, *words: str, **more: str) -> Serving:
        """Start `raccord serve` on a free port, and wait until its pages answer."""
        serving = self.begin("serve", "--port", "0", *words, ready="écoute à l’adresse", **more)
        until("les écrans", lambda: _answers(serving))
        return serving

    def connect(self, label: str = "Entreprise", siret: str = FIRM) -> str:
        """A connection that works, made by the command; gives its identifier."""
        application, account = self.simulator.application(), self.simulator.account(siret)
        (self.folder / "secret").write_text(application["client_secret"] + "\n", encoding="utf-8")
        saved = f"Identifiant : {account['login']}\nMot de passe : {account['password']}\n"
        (self.folder / "compte").write_text(saved, encoding="utf-8")
        done = self.run(
            "connect", label, "--environment", "simulator", "--base-url", self.simulator.base_url, "--client-id",
            application["client_id"], "--client-secret-file", "secret", "--password-file", "compte", "--json",
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return str(json.loads(done.stdout)["connection"])

    def invoice(self, number: str, syntax: str = "cii", supplier: str = FIRM, recipient: str = TOWN) -> Path:
        """An invoice in a file."""
        invoice = make_invoice(
            3, number=number, supplier=Siret.parse(supplier), recipient=Siret.parse(recipient), service="SERV-TECH"
        )
        path = self.folder / f"{number}.{'pdf' if syntax == 'facturx' else 'xml'}"
        path.write_bytes(write_sample(invoice, syntax))
        return path

    def office(self, serving: Serving) -> Visitor:
        """A browser without JavaScript, the first Superviseur signed in."""
        visitor = Visitor(serving.url)
        self.clients.append(visitor.http)
        if serving.first_link:
            token = serving.first_link.rsplit("/", 1)[1]
            visitor.open(serving.first_link).send(token, email=SUPERVISEUR, nom="Camille", mot_de_passe=PASSWORD)
            return visitor
        visitor.open("connexion").send("/connexion", email=SUPERVISEUR, mot_de_passe=PASSWORD)
        return visitor

    def program(self, serving: Serving, office: Visitor) -> Program:
        """A business program with a key that may do everything."""
        office.open("cles-api").send("/cles-api", nom="Essai", droits=["read", "deposit", "process", "configure"])
        program = Program(serving.url, office.read("cle").strip())
        self.clients.append(program.http)
        return program

    def received(self) -> list[str]:
        """The number of every invoice that Chorus Pro received, as often as it did."""
        return [number for one in self.simulator.control.ledger()["deposits"] for number in one["numbers"]]

    def close(self) -> None:
        """End what was begun here."""
        for serving in self.processes:
            if serving.process.poll() is None:
                serving.process.terminate()
        for client in self.clients:
            client.close()
        for serving in self.processes:
            with suppress(subprocess.TimeoutExpired):
                serving.process.wait(20)
            serving.process.kill()
            serving.process.wait()
            if serving.process.stdout:
                serving.process.stdout.close()


def _listen(stream: Any, said: list[str], ready: str, seen: threading.Event) -> None:
    for line in stream:
        said.append(line)
        if ready in line:
            seen.set()


def _answers(serving: Serving) -> bool:
    import httpx2

    assert serving.process.poll() is None, serving.logged()
    with suppress(httpx2.HTTPError):
        return httpx2.get(f"{serving.url}/healthz", timeout=5).status_code == 200
    return False


@pytest.fixture
def make_house(tmp_path: Path, chorus_simulator: RunningSimulator) -> Iterator[Callable[..., House]]:
    """Furnish a house whose data lie in a folder of the test's choice."""
    built: list[House] = []
    clean = {name: value for name, value in os.environ.items() if not name.startswith("RACCORD_")}

    def make(data_dir: Path | None = None, **more: str) -> House:
        environment = clean | _BRISK | {"RACCORD_DATA_DIR": str(data_dir or tmp_path / "var"), "PYTHONUTF8": "1"} | more
        built.append(House(tmp_path, chorus_simulator, environment))
        return built[-1]

    yield make
    for house in built:
        house.close()


@pytest.fixture
def house(make_house: Callable[..., House]) -> House:
    """A house in an empty folder."""
    return make_house()


class SameStory:
    """Compares what Chorus Pro and Raccord tell of a public body's invoices: event by event, not the ends alone."""

    def __init__(self, gateway: Gateway, control: Control, town: str) -> None:
        self.gateway, self.control = gateway, control
        self.theirs = {one["id"]: one for one in control.factures() if one["destinataire"] == town}
        self.ours = {reception.id_facture: reception for _, reception in gateway.inbox.since(0, limit=1000)}
        posted = [one for one in control.ledger()["changes"] if "traiter/recue" in one["operation"]]
        self._posted = {key: [one["statut"] for one in posted if one["idFacture"] == key] for key in self.theirs}

    def check(self) -> int:
        """Raises AssertionError where the stories part; gives how many passages were compared."""
        assert set(self.ours) == set(self.theirs)
        assert self.gateway.inbox.count()[ReceptionState.SEEN] == 0
        assert self.gateway.journal.verify().intact
        return sum(self._one(key) for key in self.ours)

    def _one(self, key: int) -> int:
        """The history read at Chorus Pro is the same passage for passage; the journal agrees with it line by line."""
        reception = self.ours[key]
        told = self.control.facture(key)["historique"]
        passages = [(one["statut"], _minute(one["at"]), one["commentaire"], one["auteur"]) for one in told]
        read = [(one.code, one.at, one.comment, one.author) for one in self.gateway.statuses.history(reception.id)]
        assert read[::-1] == passages
        assert (reception.platform_status, _minute(str(reception.platform_status_at))) == passages[-1][:2]
        self._journal(key, reception, {(code, at) for code, at, _, _ in passages})
        return len(passages)

    def _journal(self, key: int, reception: Reception, passages: set[tuple[str, datetime]]) -> None:
        events = self.gateway.inbox.events(reception.id)
        kinds = [event.kind for event in events]
        assert (kinds.count("reception.seen"), kinds.count("reception.stored")) == (1, 1)
        assert kinds.index("reception.seen") < kinds.index("reception.stored")
        for event in events:
            if event.kind in ("reception.seen", "reception.status"):
                assert (event.data["status"], _minute(str(event.data["at"]))) in passages, event
        asked = [event.data["target"] for event in events if event.kind == "status.asked"]
        done = [event.data["target"] for event in events if event.kind == "status.done"]
        refused = [event.data["target"] for event in events if event.kind == "status.refused"]
        assert sorted(asked) == sorted([*done, *refused])  # each wish has one end
        here = iter(done)
        assert all(statut in here for statut in self._posted[key]), (done, self._posted[key])  # in order, none twice
        known = {code for code, _ in passages}
        assert set(done) <= known


def _minute(at: str) -> datetime:
    """Chorus Pro's history tells minutes."""
    return datetime.fromisoformat(at).astimezone(UTC).replace(second=0, microsecond=0)


@pytest.fixture
def same_story() -> type[SameStory]:
    """Compare Chorus Pro's history with Raccord's journal: `same_story(gateway, control, siret).check()`."""
    return SameStory


@dataclass
class Voyage:
    """A gateway whose jobs run when the test says so, beside a simulator; both live at the same hour."""

    simulator: RunningSimulator
    ahead: timedelta = timedelta()
    gateway: Gateway = field(init=False)

    def now(self) -> datetime:
        """The hour of the journey."""
        return datetime.now(UTC) + self.ahead

    def passes(self, turns: int = 8, **span: float) -> None:
        """Let time pass, the jobs running."""
        step = timedelta(**span)
        for _ in range(turns):
            self.gateway.jobs.run_due()
            self.ahead += step
            self.simulator.control.clock(advance=step.total_seconds())

    def connect(self, siret: str) -> str:
        """A connection with the account of that supplier; its id."""
        application, account = self.simulator.application(), self.simulator.account(siret)
        new = NewConnection(
            siret, EnvironmentName.SIMULATOR, addresses=addresses_at(self.simulator.base_url),
            client_id=application["client_id"], client_secret=Secret(application["client_secret"]),
        )  # fmt: skip
        made = self.gateway.connections.create(new, "cli").id
        entered = self.gateway.connections.enter_candidate(made, account["login"], Secret(account["password"]), "cli")
        assert entered.promoted, entered.verdict.suspicions
        self.gateway.connections.discover_structures(made, "cli")
        return made

    def invoice(self, number: str, supplier: str = FIRM, **more: Any) -> Invoice:
        """An invoice of five lines of that supplier to the town, of today; `more` says what else, or other."""
        known: dict[str, Any] = {"recipient": Siret.parse(TOWN), "service": "SERV-TECH"}
        return make_invoice(
            5,
            number=number,
            supplier=Siret.parse(supplier),
            issue_date=self.now().astimezone(PARIS).date(),
            **known | more,
        )

    def deposit(self, connection_id: str, invoice: Invoice, form: str = "cii") -> Deposit:
        """Deposit an invoice in that form; it must be ready to leave."""
        if form in ("json", "fields"):
            road = Road.FIELDS if form == "fields" else Road.FACTURX
            new = NewDeposit(connection_id, invoice_json.write(invoice), f"{invoice.number}.json", road=road)
        else:
            extension = "pdf" if form == "facturx" else "xml"
            new = NewDeposit(connection_id, write_sample(invoice, form), f"{invoice.number}.{extension}")
        accepted = self.gateway.outbox.accept(new).deposit
        assert accepted.state is DepositState.READY, [fault.sentence for fault in accepted.faults if fault.is_error]
        return accepted

    def send(self, connection_id: str, invoice: Invoice, form: str = "cii") -> Deposit:
        """Deposit it, and wait for Chorus Pro's word."""
        accepted = self.deposit(connection_id, invoice, form)
        self.passes(seconds=10)
        return self.again(accepted)

    def again(self, deposit: Deposit) -> Deposit:
        """The same deposit, as it stands now."""
        return self.gateway.outbox.get(deposit.id)

    def states(self, *deposits: Deposit) -> list[str]:
        """Where these deposits stand now."""
        return [self.again(one).state.value for one in deposits]

    def status(self, deposit: Deposit) -> str:
        """The status that Raccord knows now."""
        return self.again(deposit).platform_status


@pytest.fixture
def voyage(chorus_simulator: RunningSimulator, tmp_path: Path) -> Iterator[Voyage]:
    """A gateway at the hour of this machine, and a peopled simulator."""
    environ = {
        "RACCORD_DATA_DIR": str(tmp_path), "RACCORD_GROUP_DELAY_S": "0", "RACCORD_RATE_PER_SECOND": "1000",
        "RACCORD_ACCOUNT_RATE_PER_SECOND": "1000", "RACCORD_SCHEMATRON_WORKERS": "0",
    }  # fmt: skip
    made = Voyage(chorus_simulator)
    settings = load_settings(environ, env_file=None)
    made.gateway = build_gateway(settings, durable=False, sleep=lambda _: None, clock=made.now)
    chorus_simulator.control.clock(set=made.now().isoformat())
    chorus_simulator.control.reset()
    yield made
    made.gateway.close()


@pytest.fixture(name="until")
def _until() -> Callable[..., Any]:
    """Look again until something true is seen."""
    return until
