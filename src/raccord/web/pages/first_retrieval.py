"""The assistant of the first retrieval: from which day, in which states, for which services; counted beforehand."""

from datetime import timedelta
from typing import Any

from litestar import Router, get, post
from litestar.response import Redirect, Template

from raccord.domain.clock import PARIS, first_instant
from raccord.domain.connection import Structure
from raccord.domain.deadlines import BodyKind
from raccord.domain.errors import RaccordError
from raccord.domain.statuses import LABELS
from raccord.engine.gateway import Gateway
from raccord.web.forms import BAD_DAY, Form
from raccord.web.given import PathText, QueryText, TheForm, TheGateway, TheSettings
from raccord.web.guards import processes
from raccord.web.render import PageRequest, actor_of, go, page

_USUAL = ("MISE_A_DISPOSITION", "COMPLETEE", "SERVICE_FAIT", "MANDATEE")
"""What production clients keep (specifications/recipient.md §2)."""
NO_SERVICE = "-"
"""In the form: the invoices that name no service."""


def recipients(gateway: Gateway) -> list[Structure]:
    """The public bodies of every connection."""
    structures = [
        one for connection in gateway.connections.all() for one in gateway.connections.structures(connection.id)
    ]
    return [structure for structure in structures if structure.is_recipient]


@get("/receptions/structures/{structure_id:str}", sync_to_thread=True, guards=[processes])
def first_retrieval_page(
    request: PageRequest, gateway: TheGateway, settings: TheSettings, structure_id: PathText, depuis: QueryText = ""
) -> Template:
    """From which date to fetch: counts first what that would bring, so that old invoices do not flood the accounts."""
    usual = gateway.clock().astimezone(PARIS).date() - timedelta(days=settings.backfill_days)
    return _first_retrieval(request, gateway, structure_id, depuis, usual.isoformat())


def _first_retrieval(
    request: PageRequest, gateway: Gateway, structure_id: str, since: str, usual: str = ""
) -> Template:
    structure = next((one for one in recipients(gateway) if one.id == structure_id), None)
    facts: dict[str, Any] = {
        "structure": structure,
        "since": since or usual,
        "backlog": None,
        "expected": 0,
        "labels": LABELS,
        "usual": _USUAL,
        "no_service": NO_SERVICE,
        "period": gateway.boards.kinds().get(structure.siret, BodyKind.ORDINARY) if structure else None,
        "intake": gateway.inbox.intake(structure_id) if structure else None,
    }
    try:
        day = Form({"depuis": since}).day("depuis")
        if structure is not None and day is not None:
            facts["backlog"] = backlog = gateway.inbox.backlog(structure_id, day)
            facts["expected"] = sum(count for status, count in backlog.by_status.items() if status in _USUAL)
    except ValueError:
        facts["errors"] = {"depuis": BAD_DAY}
    except RaccordError as refusal:
        facts["errors"] = {"depuis": refusal.words}
    return page(request, gateway, "first_retrieval.html", status=200 if structure else 404, **facts)


@post("/receptions/structures/{structure_id:str}", sync_to_thread=True, guards=[processes], status_code=303)
def begin(request: PageRequest, gateway: TheGateway, structure_id: PathText, form: TheForm) -> Redirect | Template:
    """Begin to fetch from that day on; a box left empty in a group means that the group chooses nothing."""
    try:
        day = form.day("depuis")
    except ValueError:
        day = None
    if day is None:
        return _first_retrieval(request, gateway, structure_id, form.text("depuis") or "?")
    services = ["" if code == NO_SERVICE else code for code in _part(form, "services", "service_compte")]
    states = _part(form, "statuts", "statut_compte")
    gateway.inbox.begin(structure_id, first_instant(day), actor_of(request), states=states, services=services)
    return go("/receptions", "releve")


def _part(form: Form, chosen: str, counted: str) -> list[str]:
    """The boxes ticked; none when all of them are, or when there were none to tick: everything is wanted."""
    ticked = form.many(chosen)
    return [] if set(ticked) >= set(form.many(counted)) else ticked


@post("/receptions/structures/{structure_id:str}/relever", sync_to_thread=True, guards=[processes], status_code=303)
def retrieve(request: PageRequest, gateway: TheGateway, structure_id: PathText) -> Redirect:
    """Fetch now instead of at the next rhythm."""
    gateway.inbox.retrieve(structure_id, actor_of(request))
    return go("/receptions", "releve")


router = Router(path="/", route_handlers=[first_retrieval_page, begin, retrieve])
