"""Kill the worker again and again while it empties an outbox; then count what Chorus Pro received.

    python scripts/crash_drain.py --invoices 500 --kills 10 [--database-url postgresql://...] [--workers 2]

A simulator, a data folder and the workers are processes of their own; the workers die by SIGKILL, in the middle of
whatever they do. The script prints one JSON line and exits 0 when each invoice arrived exactly once.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from raccord.domain.clock import PARIS

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from scripts.trial import Crew, Simulator, books_of, is_whole, settle_accounts

from raccord.domain.connection import Addresses, Connection, EnvironmentName
from raccord.domain.deposit import DepositState, NewDeposit
from raccord.domain.identifiers import Siret
from raccord.engine.gateway import Gateway
from raccord.formats.sample import SampleSyntax, make_invoice, write_sample
from raccord.settings import Settings, load_settings
from raccord.store import connections
from raccord.wiring import build_gateway, engine_options

SUPPLIER, RECIPIENT = "45251785100010", "12345678200051"
PER_FLUX = 5
PATIENCE_S = 400


def settings_of(folder: Path, database_url: str) -> Settings:
    """Short delays: the simulator finds a deposit within a second."""
    environ = {
        "RACCORD_DATA_DIR": str(folder),
        "RACCORD_DATABASE_URL": database_url or f"sqlite:///{folder}/raccord.db",
        "RACCORD_GROUP_DELAY_S": "0",
        "RACCORD_CALL_DEADLINE_S": "2",
        "RACCORD_TAKEOVER_DELAY_S": "4",
        "RACCORD_SWEEP_PERIOD_S": "2",
        "RACCORD_RATE_PER_SECOND": "200",
        "RACCORD_ACCOUNT_RATE_PER_SECOND": "200",
    }
    return load_settings(environ, env_file=None)


def gateway_of(settings: Settings, *, durable: bool = True) -> Gateway:
    """The gateway of this trial: small flux, so that there are many calls to die in."""
    options = replace(
        engine_options(settings), flux_max_invoices=PER_FLUX, asks=2, report_first_s=0.5, report_longest_s=2.0
    )
    return build_gateway(settings, options=options, durable=durable)


def work(folder: Path, database_url: str) -> None:
    """The process that is killed."""
    gateway = gateway_of(settings_of(folder, database_url))
    gateway.start()
    print("working", flush=True)
    threading.Event().wait()


def furnish(gateway: Gateway, simulator: Simulator) -> None:
    """Keep the connection and its secrets."""
    application, account, base = simulator.application(), simulator.account(SUPPLIER), simulator.ready["base_url"]
    connection = Connection(
        id="c1",
        label="Essai",
        environment=EnvironmentName.SIMULATOR,
        addresses=Addresses(f"{base}/api/oauth/token", base),
        client_id=application["client_id"],
        login=account["login"],
    )
    with gateway.store.begin() as conn:
        connections.insert(conn, connection, gateway.clock())
        gateway.vault.seal(conn, "connection/c1/client_secret", application["client_secret"])
        gateway.vault.seal(conn, "connection/c1/password", account["password"])


def accept(gateway: Gateway, ranks: range) -> list[str]:
    """Deposit the invoices of these ranks; gives their numbers."""
    numbers = [f"K-{rank:05d}" for rank in ranks]
    today = datetime.now(PARIS).date()
    for rank, number in zip(ranks, numbers, strict=True):
        supplier, recipient = Siret.parse(SUPPLIER), Siret.parse(RECIPIENT)
        invoice = make_invoice(
            rank, number=number, supplier=supplier, recipient=recipient, service="", issue_date=today
        )
        data = write_sample(invoice, SampleSyntax.CII)
        gateway.outbox.accept(NewDeposit("c1", data, f"{number}.xml", idempotency_key=number, author="essai"))
    return numbers


def worker_of(folder: Path, database_url: str) -> "subprocess.Popen[str]":
    """Start a process that works."""
    command = [sys.executable, __file__, "--work", str(folder), "--database-url", database_url]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    if not process.stdout.readline():
        raise SystemExit("the worker did not start")
    return process


def finished(gateway: Gateway) -> bool:
    """Whether no deposit is still on its way."""
    count = gateway.outbox.count()
    done = (DepositState.INTEGRATED, DepositState.REFUSED, DepositState.FAULTY, DepositState.CANCELLED)
    return sum(count.values()) == sum(count[state] for state in done)


def trial(folder: Path, *, invoices: int, kills: int, workers: int, database_url: str, seed: int) -> dict[str, Any]:
    """Run the trial; gives the figures."""
    simulator, chance = Simulator(), random.Random(seed)
    gateway = gateway_of(settings_of(folder, database_url))
    try:
        furnish(gateway, simulator)
        portions = [range(invoices)[part :: kills + 1] for part in range(kills + 1)]  # each kill finds work under way
        numbers = accept(gateway, portions[0])
        simulator.control(
            "POST", "/faults", kind="slow", pattern="*/deposer/flux", probability=0.7, seconds=0.4, seed=seed
        )
        crew = Crew([lambda: worker_of(folder, database_url)] * workers, chance)
        try:
            for portion in portions[1:]:
                numbers += accept(gateway, portion)
                time.sleep(chance.uniform(0.2, 1.5))
                crew.kill_one()
            deadline = time.monotonic() + PATIENCE_S
            while not finished(gateway) and time.monotonic() < deadline:
                time.sleep(0.5)
        finally:
            crew.stop()
        told = settle_accounts(gateway, books_of(simulator), numbers, frozenset())
        return {"kills": crew.kills, "seed": seed, **told}
    finally:
        gateway.close()
        simulator.stop()


def main() -> int:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--invoices", type=int, default=500)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--database-url", default="")
    parser.add_argument("--work", type=Path)
    wish = parser.parse_args()
    if wish.work:
        work(wish.work, wish.database_url)
        return 0
    with tempfile.TemporaryDirectory(prefix="raccord-crash-") as folder:
        told = trial(
            Path(folder),
            invoices=wish.invoices,
            kills=wish.kills,
            workers=wish.workers,
            database_url=wish.database_url,
            seed=wish.seed,
        )
    print(json.dumps(told, ensure_ascii=False))
    return 0 if is_whole(told) else 1


if __name__ == "__main__":
    os.environ.setdefault("PYTHONUNBUFFERED", "1")
    sys.exit(main())
