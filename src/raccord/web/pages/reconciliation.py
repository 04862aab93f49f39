"""What Chorus Pro knows that Raccord does not, before sending resumes: shown, then taken in."""

from datetime import datetime
from typing import Any

from litestar import Router, get, post
from litestar.response import Redirect, Template

from raccord.domain.clock import first_instant
from raccord.domain.errors import Unavailable
from raccord.engine.gateway import Gateway
from raccord.web.forms import Form
from raccord.web.given import PathText, QueryText, TheForm, TheGateway
from raccord.web.guards import configures
from raccord.web.pages.chorus_pro import PLACE
from raccord.web.render import PageRequest, actor_of, go, page


@get(f"{PLACE}/{{connection_id:str}}/rapprochement", sync_to_thread=True, guards=[configures])
def difference_page(
    request: PageRequest, gateway: TheGateway, connection_id: PathText, depuis: QueryText = ""
) -> Template:
    """Ask Chorus Pro and show what differs; nothing is changed."""
    since, errors = _since(Form({"depuis": depuis}))
    if errors:
        return _page(request, gateway, connection_id, status=400, errors=errors, depuis=depuis)
    try:
        difference = gateway.reconciliation.compare(connection_id, since)
    except Unavailable as refusal:
        return _page(request, gateway, connection_id, refusal=refusal, depuis=depuis)
    return _page(request, gateway, connection_id, difference=difference, depuis=depuis)


@post(f"{PLACE}/{{connection_id:str}}/rapprochement", sync_to_thread=True, guards=[configures], status_code=303)
def take_in(request: PageRequest, gateway: TheGateway, connection_id: PathText, form: TheForm) -> Redirect | Template:
    """Take in what differs."""
    since, errors = _since(form)
    if errors:
        return _page(request, gateway, connection_id, status=400, errors=errors, depuis=form.text("depuis"))
    try:
        gateway.reconciliation.apply(connection_id, actor_of(request), since)
    except Unavailable as refusal:
        return _page(request, gateway, connection_id, status=503, refusal=refusal, depuis=form.text("depuis"))
    return go(PLACE, "rapproche")


def _since(form: Form) -> tuple[datetime | None, dict[str, str]]:
    """The first instant of the day typed, and what to say when it is none."""
    days, errors = form.days("depuis")
    day = days["depuis"]
    return first_instant(day) if day else None, errors


def _page(request: PageRequest, gateway: Gateway, connection_id: str, *, status: int = 200, **facts: Any) -> Template:
    connection = gateway.connections.get(connection_id)
    pending = gateway.reconciliation.pending(connection_id)
    known = {"difference": None, "refusal": None, "depuis": "", "connection": connection, "pending": pending}
    return page(request, gateway, "reconciliation.html", status=status, **{**known, "place": PLACE, **facts})


router = Router(path="/", route_handlers=[difference_page, take_in])
