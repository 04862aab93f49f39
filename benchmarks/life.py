"""The calls to Chorus Pro that an invoice costs over its whole life: sent one morning, paid within the month.

2,000 invoices of one supplier are deposited over a day; the town mandates and pays each at an hour drawn at random in
its office hours. The simulator's clock and the gateway's jump together from one happening to the next.
"""

import os
import random
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from heapq import merge
from pathlib import Path

from benchmarks.harness import Server, server
from benchmarks.house import connect, invoices, ledger, settings_in
from benchmarks.report import Row
from chorus_simulator.pytest_plugin import Control
from raccord.domain.deposit import Deposit, DepositState, NewDeposit
from raccord.engine.foundation.names import ASK, DELTA, DRAIN, REPORT
from raccord.engine.gateway import Gateway
from raccord.store import wakes
from raccord.store.deposits import DepositQuery
from raccord.wiring import build_gateway

COUNT = int(os.environ.get("RACCORD_BENCH_INVOICES", "2000"))
MORNING = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
"""A Monday, eight o'clock in Paris."""
OFFICE = timedelta(hours=9)
STEPS = (("MANDATEE", 3, 18), ("MISE_A_DISPOSITION_COMPTABLE", 1, 3), ("MISE_EN_PAIEMENT", 1, 9))
"""What the recipient does: a status, and after how many days, at least and at most, from the one before."""
_JOBS = (DRAIN, ASK, REPORT, DELTA)

Act = tuple[datetime, int, str]


class Hours:
    """One hour for the gateway and for the simulator, moved by the benchmark alone."""

    def __init__(self, control: Control) -> None:
        self._control, self.now = control, MORNING
        control.clock(freeze=True, set=MORNING.isoformat())

    def __call__(self) -> datetime:
        return self.now

    def reach(self, instant: datetime) -> None:
        """Let time pass up to that instant."""
        if instant > self.now:
            self.now = instant
            self._control.clock(set=instant.isoformat())

    def sleep(self, seconds: float) -> None:
        """What a pause of the gateway costs here."""
        self.reach(self.now + timedelta(seconds=seconds))


def acts(count: int, chance: random.Random) -> list[Act]:
    """When each invoice gets each of its statuses, in the order of time; working days, office hours."""
    found: list[Act] = []
    for rank in range(count):
        day = MORNING
        for status, least, most in STEPS:
            day = _at_work(day + timedelta(days=chance.randint(least, most)))
            found.append((day + chance.random() * OFFICE, rank, status))
    return sorted(found)


def _at_work(day: datetime) -> datetime:
    return day + timedelta(days=max(0, 7 - day.isoweekday())) if day.isoweekday() > 5 else day


def live(gateway: Gateway, hours: Hours, control: Control, connection_id: str, files: list[bytes]) -> None:
    """From the first deposit to the last payment seen."""
    chance = random.Random(1)
    given = sorted((MORNING + chance.random() * OFFICE, rank, "") for rank in range(len(files)))
    ids: dict[int, int] = {}
    for when, rank, status in merge(given, acts(len(files), chance)):
        _work(gateway, hours, until=when)
        if not status:
            new = NewDeposit(connection_id, files[rank], f"L{rank}.xml", author="benchmark")
            gateway.outbox.accept(new)
            continue
        if not ids:
            ids = _platform_ids(gateway)
        control.status(ids[rank], status)
    _work(gateway, hours, until=hours.now + timedelta(days=2))


def _work(gateway: Gateway, hours: Hours, until: datetime) -> None:
    """Run every job whose hour comes before that instant, each at its hour."""
    while True:
        with gateway.store.read() as conn:
            due = [wake for wake in wakes.overdue(conn, until) if wake.name in _JOBS]
        if not due:
            return hours.reach(until)
        hours.reach(due[0].due)
        gateway.jobs.run(due[0].name, due[0].key, due[0].args)


def _platform_ids(gateway: Gateway) -> dict[int, int]:
    return {
        int(deposit.filename[1:-4]): deposit.id_facture for deposit in _all(gateway) if deposit.id_facture is not None
    }


def _all(gateway: Gateway) -> Iterator[Deposit]:
    after = ""
    while True:
        page = gateway.outbox.search(DepositQuery(), after, 1000)
        yield from page.items
        if not page.next:
            return
        after = page.next


def _calls(simulator: Server) -> int:
    return sum(ledger(simulator)["calls"].values())


def run() -> list[Row]:
    """The rows of this benchmark."""
    with tempfile.TemporaryDirectory() as folder, server("chorus_simulator", "--port", "0", "--quiet") as simulator:
        control = Control(simulator.ready["base_url"])
        hours = Hours(control)
        settings = settings_in(Path(folder), RACCORD_SCHEMATRON_WORKERS="0")
        gateway = build_gateway(settings, durable=False, clock=hours, sleep=hours.sleep)
        try:
            connection = connect(gateway, simulator)
            before = _calls(simulator)
            live(gateway, hours, control, connection.id, invoices(simulator, COUNT))
            calls = _calls(simulator) - before
            integrated = gateway.outbox.count()[DepositState.INTEGRATED]
            paid = sum(one.platform_status == "MISE_EN_PAIEMENT" for one in _all(gateway))
        finally:
            gateway.close()
    days = (hours.now - MORNING).days
    return [
        Row("invoices of one day, all integrated", integrated, f"of {COUNT}"),
        Row(f"seen paid, {days} days later", paid, f"of {COUNT}"),
        Row("API calls over their whole life", calls, "calls"),
        Row("API calls per invoice", calls / COUNT, "calls/invoice"),
    ]
