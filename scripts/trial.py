"""What the trials by violence share: a Chorus Pro of one's own, processes that die by SIGKILL, and the final count.

Used by `crash_drain.py` (one outbox, kills alone) and `storm.py` (a whole house, kills and bad weather).
"""

import json
import random
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from raccord.domain.deposit import Deposit
from raccord.engine.gateway import Gateway
from raccord.store.deposits import DepositQuery

Starter = Callable[[], "subprocess.Popen[str]"]


class Simulator:
    """A Chorus Pro in a process of its own, and its control room."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "chorus_simulator", "--port", "0", "--quiet"]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        assert self.process.stdout is not None
        self.ready: dict[str, Any] = json.loads(self.process.stdout.readline())

    def control(self, method: str, path: str, **body: Any) -> Any:
        """Ask the control room; again while its port is closed (that is one of the faults)."""
        url, data = f"{self.ready['base_url']}/_control{path}", json.dumps(body).encode()
        request = urllib.request.Request(url, data, {"Content-Type": "application/json"}, method=method)
        for _ in range(150):
            try:
                with urllib.request.urlopen(request, timeout=60) as answer:
                    return json.load(answer)
            except urllib.error.HTTPError:
                raise
            except OSError:
                time.sleep(0.1)
        raise SystemExit("the simulator is gone")

    def account(self, siret: str) -> dict[str, str]:
        """The technical account of a structure."""
        found: dict[str, str] = next(one for one in self.ready["technical_accounts"] if one["siret"] == siret)
        return found

    def application(self) -> dict[str, str]:
        """An application of PISTE that may speak for every structure."""
        applications = self.ready["applications"]
        found: dict[str, str] = next(one for one in applications if one["name"] == "APP_DEMO_CONCENTRATEUR")
        return found

    def stop(self) -> None:
        """End the process."""
        self.process.terminate()
        _bury(self.process)


class Crew:
    """The processes that work, and die."""

    def __init__(self, starters: Sequence[Starter], chance: random.Random) -> None:
        self._starters, self._chance, self.kills = starters, chance, 0
        self._processes = [start() for start in starters]

    def kill_one(self, rank: int | None = None, meanwhile: Callable[[], None] = lambda: None) -> None:
        """Kill one, drawn unless it is named, and start another in its place; `meanwhile` is told that it is dead."""
        if rank is None:
            rank = self._chance.randrange(len(self._processes))
        self._processes[rank].send_signal(signal.SIGKILL)
        _bury(self._processes[rank])
        self.kills += 1
        meanwhile()
        self._processes[rank] = self._starters[rank]()

    def dead(self) -> list[int]:
        """The exit codes of those that ended by themselves: there should be none."""
        return [code for code in (process.poll() for process in self._processes) if code is not None]

    def stop(self) -> None:
        """End them all, at once."""
        for process in self._processes:
            process.kill()
            _bury(process)


def _bury(process: "subprocess.Popen[str]") -> None:
    """Wait for its end, and close its pipe."""
    process.wait()
    if process.stdout is not None:
        process.stdout.close()


@dataclass(frozen=True)
class Books:
    """What Chorus Pro witnessed: under which flux each invoice was integrated, and which were refused."""

    integrated: Counter[str]
    flux: dict[str, str]
    refused: Counter[str]


def books_of(simulator: Simulator) -> Books:
    """Read the ledger of Chorus Pro."""
    entries = simulator.control("GET", "/ledger")["deposits"]
    return Books(
        Counter(number for entry in entries for number in entry["numbers"]),
        {number: entry["numeroFlux"] for entry in entries for number in entry["numbers"]},
        Counter(number for entry in entries for number in entry["refused"]),
    )


def all_deposits(gateway: Gateway) -> list[Deposit]:
    """Every deposit of the gateway."""
    found: list[Deposit] = []
    after = ""
    while True:
        page = gateway.outbox.search(DepositQuery(), after=after, limit=1000)
        found += page.items
        after = page.next
        if not after:
            return found


def journal_of(gateway: Gateway) -> dict[str, Counter[str]]:
    """For each subject of the journal, how often each kind of event happened."""
    told: dict[str, Counter[str]] = {}
    after = 0
    while events := gateway.journal.read(after=after, limit=5000):
        for event in events:
            told.setdefault(event.subject, Counter())[event.kind] += 1
        after = events[-1].seq
    return told


def settle_accounts(gateway: Gateway, books: Books, numbers: Iterable[str], doomed: frozenset[str]) -> dict[str, Any]:
    """The count at the end: what was asked, what Chorus Pro holds, what the gateway says.

    `doomed` are the invoices made to be refused. Each list names the invoices for which a promise is broken.
    """
    wanted, kept, told = set(numbers), {one.number: one for one in all_deposits(gateway)}, journal_of(gateway)
    sound = wanted - doomed
    verdict = gateway.journal.verify()
    return {
        "invoices": len(wanted),
        "received": sum(books.integrated.values()),
        "distinct": len(books.integrated),
        "states": dict(sorted(Counter(one.state.value for one in kept.values()).items())),
        "doubts": sum(kinds["deposit.uncertain"] for kinds in told.values()),
        "found": sum(kinds["deposit.found"] for kinds in told.values()),
        "connections": dict(sorted(_of_connections(told).items())),
        "events": verdict.events,
        "journal_intact": verdict.intact,
        "broken": {
            "unknown_here": sorted(wanted - set(kept)),
            "lost": sorted(sound - set(books.integrated)),
            "twice": sorted(number for number, times in books.integrated.items() if times > 1),
            "repeated": sorted(number for number in books.refused if number in sound),
            "never_asked": sorted(set(books.integrated) - wanted),
            "wrong_state": sorted(number for number, one in kept.items() if not _stands(one, doomed)),
            "wrong_flux": sorted(n for n, one in kept.items() if n in sound and one.numero_flux != books.flux.get(n)),
            "wrong_story": sorted(n for n, one in kept.items() if not _told_once(one, told, doomed)),
        },
    }


def _of_connections(told: dict[str, Counter[str]]) -> Counter[str]:
    """What happened to the connections: breakers, lights, passwords."""
    return sum((kinds for subject, kinds in told.items() if subject.startswith("connection/")), Counter[str]())


def _stands(deposit: Deposit, doomed: frozenset[str]) -> bool:
    return deposit.state.value == ("refused" if deposit.number in doomed else "integrated")


def _told_once(deposit: Deposit, told: dict[str, Counter[str]], doomed: frozenset[str]) -> bool:
    """The journal tells one acceptance and one end, the right one."""
    kinds = told.get(f"deposit/{deposit.id}", Counter())
    end, other = "deposit.integrated", "deposit.refused"
    if deposit.number in doomed:
        end, other = other, end
    return (kinds["deposit.accepted"], kinds[end], kinds[other]) == (1, 1, 0)


def is_whole(told: dict[str, Any]) -> bool:
    """Whether every promise held."""
    return bool(told["journal_intact"]) and not any(told["broken"].values())
