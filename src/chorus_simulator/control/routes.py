"""The control room over HTTP: the endpoints of every table, their errors in French, their OpenAPI."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from chorus_simulator.bench import Bench
from chorus_simulator.control import invoices, people, time
from chorus_simulator.control.room import Endpoint, Order
from chorus_simulator.gateway import Gateway

ENDPOINTS: tuple[Endpoint, ...] = (*time.ENDPOINTS, *people.ENDPOINTS, *invoices.ENDPOINTS)
LARGEST = 1 << 30


def routes(bench: Bench, environment: str, gateway: Gateway) -> list[BaseRoute]:
    """The control room of one environment; clock, switches and faults are those of the whole bench."""

    def documented(_: Order) -> object:
        return openapi()

    described = Endpoint("GET", "/openapi.json", "Cette description.", documented)
    return [_route(bench, environment, gateway, endpoint) for endpoint in (described, *ENDPOINTS)]


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


def openapi() -> dict[str, object]:
    """OpenAPI 3.1 of the control room, from its tables."""
    paths: dict[str, dict[str, object]] = {}
    for endpoint in ENDPOINTS:
        operation: dict[str, object] = {
            "summary": endpoint.summary,
            "operationId": f"{endpoint.method.lower()}{re.sub(r'[^a-zA-Z]+', '_', endpoint.path)}",
            "responses": {
                "200": {"description": "Fait."},
                "400": {"description": "Impossible : le champ « erreur » dit pourquoi."},
                "404": {"description": "Inconnu : le champ « erreur » dit quoi."},
            },
        }
        names = re.findall(r"\{(\w+)\}", endpoint.path)
        if names:
            operation["parameters"] = [
                {"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in names
            ]
        if endpoint.fields:
            properties = {name: {"description": sentence} for name, sentence in endpoint.fields.items()}
            schema = {"type": "object", "properties": properties}
            operation["requestBody"] = {"content": {"application/json": {"schema": schema}}}
        paths.setdefault(f"/_control{endpoint.path}", {})[endpoint.method.lower()] = operation
    title = "Salle de commande du simulateur de Chorus Pro"
    return {"openapi": "3.1.0", "info": {"title": title, "version": "1"}, "paths": paths}
