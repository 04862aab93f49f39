"""What commands share: opening the gateway, printing for a person or for a program."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeVar

import click

from raccord.domain.clock import PARIS
from raccord.domain.errors import NotFound
from raccord.domain.roles import Role

if TYPE_CHECKING:
    from raccord.domain.faults import Fault
    from raccord.domain.reach import Reach
    from raccord.domain.users import User
    from raccord.engine.gateway import Gateway
    from raccord.settings import Settings

Command = TypeVar("Command", bound=Callable[..., Any])

ACTOR = "cli"
ROLES = [role.value for role in Role]

as_json: Callable[[Command], Command] = click.option(
    "--json", "as_json", is_flag=True, help="Répondre en JSON, pour un programme."
)

structures: Callable[[Command], Command] = click.option(
    "--structure", "structures", multiple=True, metavar="SIRET",
    help="Limiter à cette structure ; à répéter pour plusieurs. Sans elle : toutes.",
)  # fmt: skip


def find_person(gateway: "Gateway", email: str) -> "User":
    """The person of that address who may come in. Raises `NotFound` (`UTILISATEUR_INCONNU`)."""
    for one in gateway.users.all():
        if one.email == email.strip().lower() and one.active:
            return one
    raise NotFound(
        "UTILISATEUR_INCONNU",
        f"Personne n’a d’accès ouvert avec l’adresse {email}.",
        "Voyez la liste : raccord user list",
    )


def reach_of(sirets: tuple[str, ...]) -> "Reach":
    """The reach that `--structure` asks for: everything when it is absent."""
    from raccord.domain.reach import EVERYTHING, Reach

    return Reach.of(siret.replace(" ", "") for siret in sirets) if sirets else EVERYTHING


def reach_in_words(reach: "Reach") -> str:
    """A reach in a table: all of them, the one, or how many."""
    if reach.sirets is None:
        return "toutes"
    return next(iter(reach.sirets)) if len(reach.sirets) == 1 else str(len(reach.sirets))


@contextmanager
def opened(settings: "Settings | None" = None, *, working: bool = False, if_alone: bool = False) -> Iterator["Gateway"]:
    """The gateway of this machine's settings, closed at the end, come what may.

    `working` starts its engine too; with `if_alone`, only when no other process of this house works already.
    """
    from raccord.logs import configure_logs
    from raccord.settings import load_settings
    from raccord.wiring import build_gateway

    settings = settings or load_settings()
    configure_logs(settings)
    gateway = build_gateway(settings)
    try:
        if working and not (if_alone and gateway.jobs.liveness.alive()):
            with _at_work(gateway, to_stay=not if_alone):
                yield gateway
        else:
            yield gateway
    finally:
        gateway.close()


@contextmanager
def _at_work(gateway: "Gateway", *, to_stay: bool) -> Iterator[None]:
    """Its engine runs meanwhile. A process that is to stay works alone on SQLite."""
    from raccord.store.sole import sole_worker

    with sole_worker(gateway.store) if to_stay else nullcontext():
        try:
            gateway.start()
            if to_stay:
                gateway.look_first()
            yield
        finally:
            gateway.stop()


def print_json(value: Any) -> None:
    """One JSON document on the standard output."""
    click.echo(json.dumps(value, ensure_ascii=False, default=_plain))


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if hasattr(value, "__dataclass_fields__"):
        return {name: getattr(value, name) for name in value.__dataclass_fields__}
    return sorted(value) if isinstance(value, frozenset | set) else str(value)


def told_fault(fault: "Fault") -> str:
    """A fault and what to type instead, on the line below what it is about."""
    return f"  {fault.severity.label} {fault.code} : {fault.sentence} {fault.cure}".rstrip()


def moment(value: datetime | None) -> str:
    """21/11/2026 09:05, in Paris."""
    return f"{value.astimezone(PARIS):%d/%m/%Y %H:%M}" if value else "—"


def money(amount: Decimal | None, currency: str) -> str:
    """1 234,50 EUR; empty without an amount."""
    from raccord.domain.money import french

    return "" if amount is None else f"{french(amount)} {currency}"


def table(*columns: str) -> Any:
    """A table for a person, narrow enough for a terminal; nothing is cut short, since it may be typed back."""
    from rich import box
    from rich.table import Column, Table

    return Table(*(Column(name, overflow="fold") for name in columns), box=box.SIMPLE_HEAD, pad_edge=False)


def show(thing: Any) -> None:
    """Print a table or a sentence, in colours when a person reads."""
    from rich.console import Console

    class Paper(Console):
        def on_broken_pipe(self) -> None:
            raise BrokenPipeError  # as everywhere else: `main` knows what to do when nobody reads

    Paper(highlight=False).print(thing)
