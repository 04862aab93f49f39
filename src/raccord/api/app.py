"""The routes of the API, gathered, and its description."""

from importlib.metadata import version
from typing import Any

from litestar import Router
from litestar.di import Provide
from litestar.exceptions import HTTPException
from litestar.middleware import DefineMiddleware
from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import Components, SecurityScheme

from raccord.api import (
    answers,
    archive,
    connection_care,
    connections,
    consumers,
    conversions,
    deposits,
    digests,
    directory,
    events,
    exports,
    me,
    receptions,
    reconciliation,
    sending,
    to_do,
    validations,
    webhooks,
)
from raccord.api.auth import KeyMiddleware
from raccord.api.courtesies import courteous
from raccord.api.health import healthz, metrics
from raccord.api.inputs import read_invoice_file
from raccord.api.problems import broken, http_fault, refused
from raccord.api.repeating import describe, repeatable
from raccord.domain.errors import RaccordError

API_FAULTS: dict[int | type[Exception], Any] = {RaccordError: refused, HTTPException: http_fault, Exception: broken}
"""The problems of what goes wrong, for the routes and for every unknown path under /api."""


_INWARD = (deposits.router, to_do.router, receptions.router, connections.router, directory.router, events.router)
_OUTWARD = (webhooks.router, consumers.router, exports.router, digests.router)


_OVER_THE_YEARS = (archive.router, validations.router, reconciliation.router)


def api_router() -> Router:
    """Every route of `/api/v1`, with its keys, its guards and its problems."""
    router = Router(
        path="/api/v1",
        route_handlers=[
            deposits.router,
            to_do.router,
            answers.router,
            conversions.router,
            sending.router,
            receptions.router,
            connections.router,
            connection_care.router,
            directory.router,
            events.router,
            me.router,
            *_OUTWARD,
            *_OVER_THE_YEARS,
        ],
        middleware=[courteous, DefineMiddleware(KeyMiddleware), repeatable],
        dependencies={"file": Provide(read_invoice_file)},
        exception_handlers=API_FAULTS,
        security=[{"cle": []}],
    )
    return describe(router)


def open_routes() -> Router:
    """The health, and the metrics, outside `/api/v1`."""
    return Router(path="/", route_handlers=[healthz, metrics], exception_handlers=API_FAULTS)


def description() -> OpenAPIConfig:
    """`/api/openapi.json`, OpenAPI 3.1."""
    return OpenAPIConfig(
        title="Raccord",
        version=version("raccord"),
        description="L’API de Raccord, passerelle libre entre vos logiciels et Chorus Pro.",
        path="/api",
        use_handler_docstrings=True,
        render_plugins=[JsonRenderPlugin(path="/openapi.json")],
        components=Components(
            security_schemes={"cle": SecurityScheme(type="http", scheme="bearer", description="rac_…")}
        ),
    )
