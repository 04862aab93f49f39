"""The control room for people: one page, a view per subject, plain forms; by keyboard, without JavaScript."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from http import HTTPStatus
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from chorus_simulator import values
from chorus_simulator.clock import PARIS
from chorus_simulator.control import invoices, time
from chorus_simulator.control.gestures import GESTURES
from chorus_simulator.control.room import Order
from chorus_simulator.faults import DAMAGES, KINDS
from chorus_simulator.gateway import OAUTH_PATH
from chorus_simulator.parties import PisteApplication
from chorus_simulator.portal import words
from chorus_simulator.surface import OPERATIONS

VIEWS = {
    "horloge": "Horloge",
    "comptes": "Comptes et applications",
    "factures": "Factures",
    "pannes": "Pannes",
    "choix": "Choix réglables",
    "registre": "Registre",
    "courriels": "Courriels",
}
SHOWN = 25
LARGEST_FORM = 64 * 1024
ELSEWHERE = "Ce formulaire vient d’un autre site : rien n’a été fait. Ouvrez la salle de commande, puis recommencez."
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
}
TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
TEMPLATES.filters.update(stamp=words.stamp, status=words.status, money=words.money)


def routes(order: Order) -> list[Route]:
    """The page of one environment; `order` holds its bench and its world."""

    async def show(request: Request) -> Response:
        done = GESTURES.get(request.query_params.get("fait", ""))
        return _page(request, order, request.query_params.get("vue", ""), said=done.done if done else "")

    async def act(request: Request) -> Response:
        form = dict(parse_qsl((await request.body()).decode("utf-8", "replace"), max_num_fields=50))
        return _acted(request, order, form)

    return [
        Route("/", show, methods=["GET"]),
        Route("/", act, methods=["POST"], max_body_size=LARGEST_FORM),
    ]


def _acted(request: Request, order: Order, form: dict[str, str]) -> Response:
    name = form.get("geste", "")
    gesture = GESTURES.get(name)
    if gesture is None:
        return _page(request, order, "", wrong="Ce bouton n’existe pas, ou plus.")
    if not _from_here(request):
        return _page(request, order, gesture.view, wrong=ELSEWHERE)
    try:
        gesture.act(order, form)
    except (LookupError, ValueError, OverflowError) as error:
        return _page(request, order, gesture.view, wrong=str(error.args[0]))
    return RedirectResponse(f"?vue={gesture.view}&fait={name}", HTTPStatus.SEE_OTHER)


def _from_here(request: Request) -> bool:
    """A page of another site must not drive the bench of whoever visits it."""
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == request.headers.get("host")


def _page(request: Request, order: Order, view: str, said: str = "", wrong: str = "") -> Response:
    view = view if view in VIEWS else "horloge"
    order.world.settle()
    context = SHOWS[view](replace(order, query=dict(request.query_params)))
    shared = {
        "view": view,
        "views": VIEWS,
        "said": said,
        "wrong": wrong,
        "environment": order.world.environment,
        "clock": order.bench.clock,
        "now": order.world.now(),
    }
    page = TEMPLATES.get_template("room.html").render({**shared, **context})
    return HTMLResponse(page, HTTPStatus.BAD_REQUEST if wrong else HTTPStatus.OK, HEADERS)


def _clock(order: Order) -> dict[str, Any]:
    return {"field": order.world.now().astimezone(PARIS).isoformat(timespec="seconds")}


def _accounts(order: Order) -> dict[str, Any]:
    world, now = order.world, order.world.now()

    def state(account: Any) -> str:
        if account.locked_until and account.locked_until > now:
            return "Verrouillé"
        if account.expires_at and account.expires_at <= now:
            return "Mot de passe expiré"
        return "Actif" if account.state == "ACTIF" else account.state

    rows = [(one, world.structures[one.idStructureCPP], state(one)) for one in world.technical_accounts.values()]
    return {"accounts": rows, "applications": [(one, _linked(order, one)) for one in world.applications.values()]}


def _linked(order: Order, application: PisteApplication) -> list[str] | None:
    """The names of the structures it is connected to; None for all of them."""
    if application.raccordements is None:
        return None
    found = (order.world.structure(number) for number in sorted(application.raccordements))
    return [structure.designation for structure in found if structure]


def _invoices(order: Order) -> dict[str, Any]:
    world = order.world
    newest = islice(reversed(world.factures.values()), SHOWN)
    return {
        "total": len(world.factures),
        "rows": [(one, world.structures[one.idFournisseur], world.structures[one.idDestinataire]) for one in newest],
        "publics": list(islice((one for one in world.structures.values() if one.publique), 50)),
        "suppliers": list(islice((one for one in world.structures.values() if not one.publique), 50)),
        "statuses": values.STATUTS,
    }


def _faults(order: Order) -> dict[str, Any]:
    paths = (re.sub(r"\{\w+}", "*", operation.path) for operation in OPERATIONS)
    patterns = ["*", OAUTH_PATH, *dict.fromkeys(paths)]
    return {"waiting": order.bench.faults.waiting, "kinds": KINDS, "damages": DAMAGES, "patterns": patterns}


def _choices(order: Order) -> dict[str, Any]:
    return {"switches": time.list_switches(order)}


def _ledger(order: Order) -> dict[str, Any]:
    book = order.world.ledger
    return {
        "counts": invoices.counts(order),
        "book": book,
        "calls": book.calls.most_common(),
        "deposits": list(islice(reversed(book.deposits.values()), SHOWN)),
        "changes": list(islice(reversed(book.changes), SHOWN)),
    }


def _mails(order: Order) -> dict[str, Any]:
    return {"mails": list(islice(reversed(order.world.mails), SHOWN))}


SHOWS: dict[str, Callable[[Order], dict[str, Any]]] = {
    "horloge": _clock,
    "comptes": _accounts,
    "factures": _invoices,
    "pannes": _faults,
    "choix": _choices,
    "registre": _ledger,
    "courriels": _mails,
}
