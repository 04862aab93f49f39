"""The routes of the screens, gathered. `wiring` puts them beside those of the API in one application."""

from typing import Any

from litestar import Router
from litestar.di import Provide
from litestar.exceptions import HTTPException
from litestar.middleware import DefineMiddleware
from litestar.static_files import create_static_files_router

from raccord.domain.errors import RaccordError
from raccord.web.faults import broken, http_fault, refused
from raccord.web.forms import read_form
from raccord.web.guards import anyone
from raccord.web.pages import (
    answers,
    archive,
    chorus_pro,
    connection_care,
    deadlines,
    deposits,
    digests,
    directory,
    entries,
    entry,
    hand_over,
    help,
    home,
    journal,
    keys,
    profile,
    receptions,
    reconciliation,
    reference,
    search,
    sign_in,
    users,
    validators,
    webhooks,
)
from raccord.web.render import STATIC
from raccord.web.session import SessionMiddleware

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
"""On every page: nothing from elsewhere, no script but our files, no frame around us."""

PAGE_FAULTS: dict[int | type[Exception], Any] = {RaccordError: refused, HTTPException: http_fault, Exception: broken}
"""The pages of what goes wrong, for the screens and for every unknown path."""

_PAGES = (
    answers,
    entry,
    home,
    sign_in,
    chorus_pro,
    connection_care,
    deposits,
    receptions,
    directory,
    journal,
    users,
    keys,
    profile,
    help,
    reference,
)
_PAGES_OUTWARD = (deadlines, digests, entries, hand_over, webhooks)
_PAGES_OVER_THE_YEARS = (reconciliation, search, archive, validators)


def web_router() -> Router:
    """Every screen, with its sessions, its guards and its error pages."""
    return Router(
        path="/",
        route_handlers=[*(room.router for room in (*_PAGES, *_PAGES_OUTWARD, *_PAGES_OVER_THE_YEARS)), _static()],
        middleware=[DefineMiddleware(SessionMiddleware, exclude="^/statique/")],
        dependencies={"form": Provide(read_form)},
        exception_handlers=PAGE_FAULTS,
        include_in_schema=False,
    )


def _static() -> Router:
    return create_static_files_router(path="/statique", directories=[STATIC], guards=[anyone], cache_control=None)
