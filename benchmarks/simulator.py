"""The simulator beside a trivial server of the same HTTP stack: deposits, start-up, memory, searches among many.

Deposits are sent one after the other over one kept connection by `http.client`, whose own cost is in both figures.
"""

import base64
import http.client
import json
import time
from collections.abc import Callable
from functools import partial
from typing import Any
from urllib.parse import urlencode, urlsplit

from benchmarks.harness import Server, percentile, rate, server
from benchmarks.report import Row

SIZE, COUNT = 60_000, 3_000
MANY, BATCH = 100_000, 20_000
ASKED = 200
FEW = 1_000
JSON = {"Content-Type": "application/json;charset=utf-8"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
DEPOSIT, RECEIVED = "/cpro/factures/v1/deposer/flux", "/cpro/factures/v1/rechercher/recipiendaire"
TOWN, FIRM = "21970999400017", "45251785100010"


class Caller:
    """One kept connection, and the headers that open the API."""

    def __init__(self, running: Server) -> None:
        address = urlsplit(running.ready["base_url"])
        self.http = http.client.HTTPConnection(address.hostname or "", address.port)
        self.ready = running.ready
        self.headers: dict[str, str] = dict(JSON)

    def send(self, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None) -> bytes:
        """The body of the answer; fails unless it is 200."""
        self.http.request(method, path, body, headers or self.headers)
        answer = self.http.getresponse()
        read = answer.read()
        assert answer.status == 200, (path, answer.status, read[:200])
        return read

    def order(self, path: str, body: dict[str, Any]) -> Any:
        """One order to the control room."""
        return json.loads(self.send("POST", f"/_control{path}", json.dumps(body).encode()))

    def sign(self, siret: str) -> None:
        """Take a token, and the technical account of a structure."""
        application = next(one for one in self.ready["applications"] if one["raccordements"] is None)
        form = {"grant_type": "client_credentials", "scope": "openid"}
        form |= {name: application[name] for name in ("client_id", "client_secret")}
        token = json.loads(self.send("POST", "/api/oauth/token", urlencode(form).encode(), FORM))["access_token"]
        account = next(one for one in self.ready["technical_accounts"] if one["siret"] == siret)
        proof = base64.b64encode(f"{account['login']}:{account['password']}".encode()).decode()
        self.headers = {**JSON, "Authorization": f"Bearer {token}", "cpro-account": proof}


def _deposit_body() -> bytes:
    flux = b'<?xml version="1.0" encoding="UTF-8"?><Invoice>' + b"x" * (SIZE - 57) + b"</Invoice>"
    fichier = base64.b64encode(flux).decode()
    body = {"fichierFlux": fichier, "nomFichier": "f.xml", "syntaxeFlux": "IN_DP_E1_CII_16B", "avecSignature": False}
    return json.dumps(body).encode()


def _deposits(caller: Caller) -> float:
    """The best of three runs: the machine is shared."""
    body = _deposit_body()
    caller.send("POST", DEPOSIT, body)
    return max(rate(lambda: caller.send("POST", DEPOSIT, body), COUNT // 3) for _ in range(3))


def _startup() -> float:
    taken = []
    for _ in range(3):
        started = time.perf_counter()
        with server("chorus_simulator", "--port", "0", "--quiet"):
            taken.append(time.perf_counter() - started)
    return min(taken)


def _latency(ask: Callable[[], object]) -> float:
    """Median, in milliseconds."""
    taken = []
    for _ in range(ASKED):
        started = time.perf_counter()
        ask()
        taken.append((time.perf_counter() - started) * 1000)
    return percentile(taken, 0.5)


def _searches(caller: Caller) -> dict[str, float]:
    """Median latency of three searches by the town."""
    paging = {"pageResultatDemandee": 1, "nbResultatsParPage": 25, "nbResultatsMaximum": 1_000_000}
    year = json.loads(caller.send("GET", "/_control/clock"))["now"][:4]
    asked = {
        "first page of everything received": {"paramRecherche": paging},
        "page 40 of everything received": {"paramRecherche": {**paging, "pageResultatDemandee": 40}},
        "one number": {"numeroFacture": f"SIM-{year}-0000500", "paramRecherche": paging},
    }
    return {
        name: _latency(partial(caller.send, "POST", RECEIVED, json.dumps(body).encode()))
        for name, body in asked.items()
    }


def _many(running: Server) -> list[Row]:
    caller = Caller(running)
    caller.sign(TOWN)
    before = running.usage().rss_mb
    caller.order("/factures", {"destinataire": TOWN, "count": FEW})
    few = _searches(caller)
    for _ in range(MANY // BATCH):
        caller.order("/factures", {"destinataire": TOWN, "count": BATCH})
    many = _searches(caller)
    grown = running.usage()
    rows = [
        Row("memory at rest", before, "MB"),
        Row(f"memory with {MANY:,} invoices", grown.rss_mb, "MB", grown.rss_mb / before, "at rest"),
    ]
    return rows + [
        Row(f"search among {MANY:,}, {name}, median", many[name], "ms", many[name] / few[name], f"among {FEW:,}")
        for name in many
    ]


def run() -> list[Row]:
    """Start-up, deposits, memory, searches."""
    rows = [Row("start until the first answer", _startup(), "s")]
    with server("benchmarks.trivial_server") as trivial:
        floor = _deposits(Caller(trivial))
    rows.append(Row("deposits of 60 kB, trivial server", floor, "deposits/s"))
    with server("chorus_simulator", "--port", "0", "--quiet") as simulator:
        caller = Caller(simulator)
        caller.sign(FIRM)
        reached = _deposits(caller)
    rows.append(Row("deposits of 60 kB, simulator", reached, "deposits/s", reached / floor, "trivial server"))
    with server("chorus_simulator", "--port", "0", "--quiet") as simulator:
        return rows + _many(simulator)
