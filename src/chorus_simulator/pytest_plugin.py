"""The simulator as a pytest fixture: `chorus_simulator`, a Chorus Pro of one's own, reset before each test.

One process serves the whole test session; a test gets addresses, credentials, and `.control` to play the
platform. Standard library only, so that any project may use it::

    def test_a_password_expires(chorus_simulator):
        account = chorus_simulator.account("45251785100010")
        chorus_simulator.control.expire(account["login"])
        ...
"""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import pytest

START_TIMEOUT = 30
STOP_TIMEOUT = 60
ANSWER_TIMEOUT = 60


class ControlRefused(Exception):
    """The control room said no; the text is its French sentence."""


class Control:
    """The control room, `/_control/`; every verb returns the JSON answer. `environment` chooses the world."""

    def __init__(self, base_url: str, environment: str = "sandbox") -> None:
        self._base = f"{base_url}/{environment}/_control"

    def __call__(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self._base + path, data, method=method)  # noqa: S310  # our own server
        try:
            with urllib.request.urlopen(request, timeout=ANSWER_TIMEOUT) as answer:  # noqa: S310
                return json.load(answer)
        except urllib.error.HTTPError as error:
            with error:
                raise ControlRefused(error.read().decode("utf-8", "replace")) from None

    def reset(self, **fields: Any) -> Any:
        """Back to the first morning; `clock=` an ISO instant, `seed=` a number."""
        return self("POST", "/reset", fields)

    def clock(self, **fields: Any) -> Any:
        """`set="2026-11-21T10:00:00+01:00"`, `advance=` seconds, `freeze=` bool, `speed=` ratio; none to read."""
        return self("POST", "/clock", fields) if fields else self("GET", "/clock")

    def expire(self, login: str) -> Any:
        """The password has just run out; the account's card."""
        return self("POST", f"/accounts/{quote(login)}/expire")

    def lock(self, login: str, minutes: float = 60) -> Any:
        """Refuse the account for so many minutes of the bench's clock."""
        return self("POST", f"/accounts/{quote(login)}/lock", {"minutes": minutes})

    def unlock(self, login: str) -> Any:
        """Lift a lock or a state other than `ACTIF`."""
        return self("POST", f"/accounts/{quote(login)}/unlock")

    def password(self, login: str, password: str = "") -> Any:
        """A new password for an account, drawn when none is given; the answer holds it."""
        return self("POST", f"/accounts/{quote(login)}/password", {"password": password})

    def application(self, client_id: str, **fields: Any) -> Any:
        """`active=`, `subscribed=`, `cgu=`, `raccordements=`, `client_secret=`."""
        return self("PATCH", f"/applications/{quote(client_id)}", fields)

    def structure(self, siret: str, **flags: Any) -> Any:
        """Change flags of a structure, such as `numeroEJDoitEtreRenseigne=True`; its card."""
        return self("PATCH", f"/structures/{siret}", flags)

    def switch(self, **values: Any) -> Any:
        """Change guesses by name, such as `flux_delais="0 0 0 0"`; all of them as they are then."""
        return self("PUT", "/switches", values)

    def fault(self, kind: str, pattern: str = "*", **fields: Any) -> Any:
        """`count=`, `probability=`, `seed=`, `when="before"|"after"`, `seconds=`, `retry_after=`, `state=`."""
        return self("POST", "/faults", {"kind": kind, "pattern": pattern, **fields})

    def refuse(self, seconds: float = 2) -> Any:
        """Close the port for real `seconds`: connections are refused, the control room's too."""
        return self("POST", "/refuse", {"seconds": seconds})

    def clear_faults(self) -> Any:
        """Nothing fails any more."""
        return self("DELETE", "/faults")

    def invoices(self, destinataire: str, count: int = 1, **fields: Any) -> list[int]:
        """Make invoices for a public body; their ids."""
        made = self("POST", "/factures", {"destinataire": destinataire, "count": count, **fields})
        return list(made["ids"])

    def status(self, invoice: int, statut: str, motif: str = "", mandat: str = "") -> Any:
        """Give an invoice a status, outside every rule; its card."""
        return self("POST", f"/factures/{invoice}/statut", {"statut": statut, "motif": motif, "mandat": mandat})

    def factures(self, numero: str = "") -> list[dict[str, Any]]:
        """The last invoices, oldest first, those of one number when given."""
        query = f"?numero={quote(numero)}" if numero else ""
        return list(self("GET", f"/factures{query}")["factures"])

    def facture(self, invoice: int) -> dict[str, Any]:
        """One invoice, with `historique`: every status that it passed through, oldest first."""
        return dict(self("GET", f"/factures/{invoice}"))

    def ledger(self) -> dict[str, Any]:
        """What the platform received: `deposits`, `changes`, `calls` per operation, `statuses`."""
        return dict(self("GET", "/ledger"))

    def state(self) -> dict[str, Any]:
        """The world in brief: structures, accounts, applications, persons, counters."""
        return dict(self("GET", "/state"))

    def mails(self) -> list[dict[str, Any]]:
        """Every mail that would have left, oldest first."""
        return list(self("GET", "/mails"))


@dataclass
class RunningSimulator:
    """Addresses and credentials of a running simulator, as its ready line tells them."""

    base_url: str
    token_url: str
    api_url: str
    portal_url: str
    control_url: str
    applications: list[dict[str, Any]] = field(repr=False)
    technical_accounts: list[dict[str, Any]] = field(repr=False)
    structures: list[dict[str, Any]] = field(repr=False)
    persons: list[dict[str, Any]] = field(repr=False)

    @property
    def control(self) -> Control:
        """The control room of the sandbox; `Control(base_url, "production")` gives the other."""
        return Control(self.base_url)

    def application(self, environment: str = "sandbox") -> dict[str, Any]:
        """A PISTE application linked to every structure."""
        linked = [a for a in self.applications if a["environment"] == environment and a["raccordements"] is None]
        return linked[0]

    def account(self, siret: str) -> dict[str, Any]:
        """The technical account of a structure. Raises `LookupError`."""
        for account in self.technical_accounts:
            if account["siret"] == siret:
                return account
        raise LookupError(f"Aucun compte technique pour {siret}.")

    def structure(self, siret: str) -> dict[str, Any]:
        """The card of a structure of the ready line. Raises `LookupError`."""
        for structure in self.structures:
            if structure["siret"] == siret:
                return structure
        raise LookupError(f"Structure inconnue : {siret}.")


def start(*arguments: str) -> tuple[subprocess.Popen[str], RunningSimulator]:
    """Start a simulator on a free port and wait until it is ready. Stop it with `stop`."""
    command = [sys.executable, "-m", "chorus_simulator", "--port", "0", "--quiet", *arguments]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)  # noqa: S603  # our own module
    line = process.stdout.readline() if process.stdout else ""
    if not line:
        process.wait(START_TIMEOUT)
        raise RuntimeError("Le simulateur n’a pas démarré : voir la sortie d’erreur ci-dessus.")
    told = json.loads(line)
    told.pop("ready")
    return process, RunningSimulator(**told)


def stop(process: subprocess.Popen[str]) -> int:
    """Stop a simulator cleanly and return its code; killed when it has not obeyed within a minute."""
    process.terminate()
    try:
        return process.wait(STOP_TIMEOUT)
    finally:
        process.kill()
        if process.stdout:
            process.stdout.close()


@pytest.fixture(scope="session")
def chorus_simulator_process() -> Iterator[RunningSimulator]:
    """The simulator of the whole session, as the last test left it."""
    process, running = start()
    yield running
    stop(process)


@pytest.fixture
def chorus_simulator(chorus_simulator_process: RunningSimulator) -> RunningSimulator:
    """A simulator as on the first morning: data, switches, faults, and the hour of this machine."""
    chorus_simulator_process.control.reset(clock=datetime.now(UTC).isoformat())
    return chorus_simulator_process
