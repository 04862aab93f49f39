"""The journal: who did what and when, sealed event by event."""

from litestar import Router, get
from litestar.params import FromQuery
from litestar.response import Template

from raccord.web.given import TheGateway
from raccord.web.guards import reads
from raccord.web.people import names_of
from raccord.web.render import PageRequest, page

_PER_PAGE = 100


@get("/journal", sync_to_thread=True, guards=[reads])
def journal(
    request: PageRequest,
    gateway: TheGateway,
    avant: FromQuery[int | None] = None,
    verifier: FromQuery[bool] = False,
) -> Template:
    """The events, newest first; `?verifier=true` checks every seal of the chain."""
    events = gateway.journal.latest(limit=_PER_PAGE, before=avant)
    return page(
        request,
        gateway,
        "journal.html",
        events=events,
        before=events[-1].seq if len(events) == _PER_PAGE else None,
        verdict=gateway.journal.verify() if verifier else None,
        people=names_of(gateway),
    )


router = Router(path="/", route_handlers=[journal])
