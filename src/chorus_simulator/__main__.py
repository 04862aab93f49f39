"""`python -m chorus_simulator`: a Chorus Pro on a bench, one JSON line when it is ready, and nothing else."""

from __future__ import annotations

import argparse
import json
import signal
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from chorus_simulator import seeds
from chorus_simulator.app import Application
from chorus_simulator.bench import Bench
from chorus_simulator.clock import Clock
from chorus_simulator.control.people import account_card, application_card, structure_card
from chorus_simulator.gateway import OAUTH_PATH
from chorus_simulator.server import PortTaken, Server, base_url, listen
from chorus_simulator.snapshot import WorldFile
from chorus_simulator.world import World

REFUSED = 2


def parser() -> argparse.ArgumentParser:
    """The options of the command, each with its French help; a bad `--clock` is refused by argparse."""
    reader = argparse.ArgumentParser(
        prog="chorus-simulator",
        description="Simulateur de Chorus Pro et de PISTE, pour les essais. Ce n’est pas un service de l’État.",
    )
    reader.add_argument("--port", type=int, default=8095, help="port d’écoute, 0 pour un port libre (8095)")
    reader.add_argument("--host", default="127.0.0.1", help="adresse d’écoute (127.0.0.1)")
    reader.add_argument("--world", type=Path, help="fichier JSON du monde : lu s’il existe, puis tenu à jour")
    reader.add_argument("--quiet", action="store_true", help="ne rien écrire sur la sortie d’erreur")
    reader.add_argument("--structures", type=int, default=0, help="structures publiques fictives à ajouter")
    reader.add_argument("--seed", type=int, default=1, help="graine des mots de passe et des jetons (1)")
    reader.add_argument("--clock", type=_moment, help="heure de départ, ISO avec fuseau")
    return reader


def _moment(text: str) -> datetime:
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        read = None
    if read is None or read.tzinfo is None:
        raise argparse.ArgumentTypeError("attendu : une heure ISO avec son fuseau, 2026-11-21T10:00:00+01:00")
    return read


def main(argv: Sequence[str] | None = None) -> int:
    """0 after a clean stop; 2 when the port is taken or the world file cannot be read, with a sentence."""
    asked = parser().parse_args(argv)
    try:
        bench, file = _bench(asked)
        wire = listen(asked.host, asked.port)
    except (PortTaken, ValueError, OSError) as error:
        print(error, file=sys.stderr)  # noqa: T201  # the command's own voice
        return REFUSED
    url = base_url(wire, asked.host)

    def ready() -> None:
        print(json.dumps(ready_line(bench, url), ensure_ascii=False), flush=True)  # noqa: T201
        if not asked.quiet:
            print(f"Simulateur prêt : {url}/portail/ (Ctrl-C pour arrêter)", file=sys.stderr)  # noqa: T201

    server = Server(Application(bench), ready, file.save if file else lambda: None)
    for received in (signal.SIGINT, signal.SIGTERM):
        signal.signal(received, _already_stopped)
    server.run([wire])
    if file:
        file.save()
    return 0


def _already_stopped(number: int, frame: object) -> None:
    """uvicorn stops cleanly on a signal, then raises it again: by then there is nothing left to stop."""


def _bench(asked: argparse.Namespace) -> tuple[Bench, WorldFile | None]:
    def peopling(world: World) -> None:
        seeds.default(world)
        if asked.structures and world.environment == "sandbox":
            seeds.many(world, asked.structures)

    bench = Bench(Clock(asked.clock), asked.seed, peopling)
    if asked.world is None:
        return bench, None
    file = WorldFile(asked.world, bench.worlds)
    if not file.load():
        file.save()
    return bench, file


def ready_line(bench: Bench, url: str) -> dict[str, Any]:
    """What a caller needs to begin: addresses, and every credential of the sandbox."""
    world = bench.sandbox
    accounts = [account_card(world, account) for account in world.technical_accounts.values()]
    return {
        "ready": True,
        "base_url": url,
        "token_url": f"{url}{OAUTH_PATH}",
        "api_url": url,
        "portal_url": f"{url}/portail/",
        "control_url": f"{url}/_control/",
        "applications": [application_card(a) for w in bench.worlds.values() for a in w.applications.values()],
        "technical_accounts": [
            {name: account[name] for name in ("login", "password", "siret", "expires_at")} for account in accounts
        ],
        "structures": [_short(world, number) for number in list(world.structures)[:50]],
        "persons": [
            {
                "login": person.login,
                "password": person.password,
                "name": person.civil_name,
                "structures": [s.identifiant for s in world.structures_of(person)],
                "role": person.memberships[0].role if person.memberships else "",
            }
            for person in world.persons.values()
        ],
    }


def _short(world: World, number: int) -> dict[str, Any]:
    card = structure_card(world.structures[number])
    return {name: card[name] for name in ("siret", "designation", "idStructureCPP", "role")}


if __name__ == "__main__":
    sys.exit(main())
