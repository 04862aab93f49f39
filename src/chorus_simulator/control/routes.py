"""The control room over HTTP: the endpoints of every table, their errors in French, their OpenAPI."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from chorus_simulator.bench import Bench
from chorus_simulator.control import described, invoices, page, people, time
from chorus_simulator.control.room import Endpoint, Order
from chorus_simulator.gateway import Gateway

ENDPOINTS: tuple[Endpoint, ...] = (*time.ENDPOINTS, *people.ENDPOINTS, *invoices.ENDPOINTS)
DOCUMENTS = (
    Endpoint("GET", "/openapi.json", "Cette description.", lambda _: described.control(ENDPOINTS)),
    Endpoint("GET", "/cpro-openapi.json", "L’API de Chorus Pro, telle qu’elle est servie.", lambda _: described.cpro()),
)
LARGEST = 1 << 30
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


def routes(bench: Bench, environment: str, gateway: Gateway) -> list[BaseRoute]:
    """The control room of one environment; clock, switches and faults are those of the whole bench."""

    room = Order(bench, gateway, bench.worlds[environment], {}, {})
    orders = [_route(bench, environment, gateway, one) for one in (*DOCUMENTS, *ENDPOINTS)]
    return [*page.routes(room), *orders, Route("/{anything:path}", _unknown, methods=list(METHODS))]


async def _unknown(request: Request) -> Response:
    return _json(404, {"erreur": f"Ordre inconnu : {request.method} {request.url.path}. Voyez openapi.json."})


def _route(bench: Bench, environment: str, gateway: Gateway, endpoint: Endpoint) -> Route:
    async def answer(request: Request) -> Response:
        body = await request.body()
        try:
            read = msgspec.json.decode(body) if body.strip() else {}
        except msgspec.DecodeError:
            return _json(400, {"erreur": "Le corps n’est pas du JSON."})
        if not isinstance(read, dict):
            return _json(400, {"erreur": "Le corps doit être un objet JSON."})
        world = bench.worlds[environment]
        order = Order(bench, gateway, world, dict(request.path_params), dict(request.query_params), read)
        try:
            return _json(200, endpoint.handler(order))
        except LookupError as error:
            return _json(404, {"erreur": str(error.args[0])})
        except (ValueError, OverflowError) as error:
            return _json(400, {"erreur": str(error)})

    handler: Callable[[Request], Awaitable[Response]] = answer
    return Route(endpoint.path, handler, methods=[endpoint.method], max_body_size=LARGEST)


def _json(status: int, answer: object) -> Response:
    return Response(msgspec.json.encode(answer), status, media_type="application/json")
