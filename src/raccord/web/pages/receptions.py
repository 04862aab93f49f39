"""Factures reçues: what the public bodies received, its documents, and the statuses that they post back."""

from typing import Any
from urllib.parse import urlencode

from litestar import Response, Router, get, post
from litestar.params import FromQuery
from litestar.response import Redirect, Template

from raccord.domain.connection import Structure
from raccord.domain.errors import RaccordError
from raccord.domain.reception import NewStatus
from raccord.domain.statuses import LABELS, NEEDS_MOTIF
from raccord.engine.gateway import Gateway
from raccord.store.receptions import ReceptionQuery
from raccord.web.documents import attached, shown
from raccord.web.forms import Form, start_of_day
from raccord.web.given import PathText, QueryText, TheForm, TheGateway
from raccord.web.guards import processes, reads
from raccord.web.render import PageRequest, actor_of, go, page


@get("/receptions", sync_to_thread=True, guards=[reads])
def reception_list(request: PageRequest, gateway: TheGateway, suite: QueryText = "") -> Template:
    """The received invoices with their filters, and the structures whose first retrieval has not begun."""
    asked = {name: request.query_params.get(name, "") for name in ("statut", "texte", "structure")}
    query = ReceptionQuery(
        structure_id=asked["structure"], text=asked["texte"].strip(), platform_status=asked["statut"]
    )
    found = gateway.inbox.search(query, after=suite)
    return page(
        request,
        gateway,
        "receptions.html",
        receptions=found.items,
        next=found.next,
        asked=asked,
        query=urlencode({name: value for name, value in asked.items() if value}),
        structures=_recipients(gateway),
        statuses=list(LABELS.items()),
    )


def _recipients(gateway: Gateway) -> list[Structure]:
    structures = [
        one for connection in gateway.connections.all() for one in gateway.connections.structures(connection.id)
    ]
    return [structure for structure in structures if structure.is_recipient]


@get("/receptions/structures/{structure_id:str}", sync_to_thread=True, guards=[processes])
def first_retrieval_page(
    request: PageRequest, gateway: TheGateway, structure_id: PathText, depuis: QueryText = ""
) -> Template:
    """From which date to fetch: counts first what that would bring, so that old invoices do not flood the accounts."""
    return _first_retrieval(request, gateway, structure_id, depuis)


def _first_retrieval(request: PageRequest, gateway: Gateway, structure_id: str, since: str) -> Template:
    structure = next(one for one in [*_recipients(gateway), None] if one is None or one.id == structure_id)
    facts: dict[str, Any] = {"structure": structure, "since": since, "backlog": None, "labels": LABELS}
    try:
        day = Form({"depuis": since}).day("depuis")
        if structure is not None and day is not None:
            facts["backlog"] = gateway.inbox.backlog(structure_id, day)
    except ValueError:
        facts["errors"] = {"depuis": "Cette date n’est pas lisible. Saisissez-la sous la forme JJ/MM/AAAA."}
    except RaccordError as refusal:
        facts["errors"] = {"depuis": f"{refusal.sentence} {refusal.cure}"}
    return page(request, gateway, "first_retrieval.html", status=200 if structure else 404, **facts)


@post("/receptions/structures/{structure_id:str}", sync_to_thread=True, guards=[processes], status_code=303)
def begin(request: PageRequest, gateway: TheGateway, structure_id: PathText, form: TheForm) -> Redirect | Template:
    """Begin to fetch from that date on."""
    try:
        day = form.day("depuis")
    except ValueError:
        day = None
    if day is None:
        return _first_retrieval(request, gateway, structure_id, form.text("depuis") or "?")
    gateway.inbox.begin(structure_id, start_of_day(day), actor_of(request))
    return go("/receptions", "releve")


@post("/receptions/structures/{structure_id:str}/relever", sync_to_thread=True, guards=[processes], status_code=303)
def retrieve(request: PageRequest, gateway: TheGateway, structure_id: PathText) -> Redirect:
    """Fetch now instead of at the next rhythm."""
    gateway.inbox.retrieve(structure_id, actor_of(request))
    return go("/receptions", "releve")


@get("/receptions/{reception_id:str}", sync_to_thread=True, guards=[reads])
def one_reception(request: PageRequest, gateway: TheGateway, reception_id: PathText) -> Template:
    """Everything about one received invoice."""
    return _reception(request, gateway, reception_id)


def _reception(request: PageRequest, gateway: Gateway, reception_id: str, status: int = 200, **facts: Any) -> Template:
    reception = gateway.inbox.get(reception_id)
    readable = next((document for document in reception.documents if document.mime == "application/pdf"), None)
    shared = {
        "reception": reception,
        "readable": readable,
        "targets": gateway.statuses.targets(reception_id),
        "posts": gateway.statuses.posts(reception_id),
        "events": gateway.inbox.events(reception_id),
        "needs_motif": NEEDS_MOTIF,
        "typed": {"statut": "", "motif": "", "mandat": ""},
    }
    return page(request, gateway, "reception.html", status=status, **(shared | facts))


@get("/receptions/{reception_id:str}/documents/{sha256:str}", sync_to_thread=True, guards=[reads])
def document(
    gateway: TheGateway,
    reception_id: PathText,
    sha256: PathText,
    montrer: FromQuery[bool] = False,
) -> Response[bytes]:
    """One file of the invoice, byte for byte as Chorus Pro gave it."""
    found, data = gateway.inbox.document(reception_id, sha256)
    return shown(data, found.name) if montrer else attached(data, found.name)


@post("/receptions/{reception_id:str}/statuts", sync_to_thread=True, guards=[processes], status_code=303)
def post_status(
    request: PageRequest, gateway: TheGateway, reception_id: PathText, form: TheForm
) -> Redirect | Template:
    """Give the invoice a status; refused here, at the field, when Chorus Pro would refuse it."""
    typed = {name: form.text(name) for name in ("statut", "motif", "mandat")}
    asked = NewStatus(
        reception_id, typed["statut"], typed["motif"], typed["mandat"], author=actor_of(request), source="web"
    )
    try:
        gateway.statuses.post(asked)
    except RaccordError as refusal:
        field = next((name for name in ("motif", "mandat") if name.upper() in refusal.code), "statut")
        errors = {field: f"{refusal.sentence} {refusal.cure}".strip()}
        return _reception(request, gateway, reception_id, status=400, errors=errors, typed=typed)
    return go(f"/receptions/{reception_id}", "statut")


router = Router(
    path="/",
    route_handlers=[reception_list, first_retrieval_page, begin, retrieve, one_reception, document, post_status],
)
