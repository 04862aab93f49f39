"""Factures reçues: what the public bodies received, its documents, and the statuses that they post back."""

from typing import Any
from urllib.parse import urlencode

from litestar import Response, Router, get, post
from litestar.params import FromQuery
from litestar.response import Redirect, Template

from raccord.domain.errors import RaccordError
from raccord.domain.motifs import MOTIFS
from raccord.domain.reception import ReceptionState
from raccord.domain.statuses import LABELS, TARGETS
from raccord.engine.gateway import Gateway
from raccord.store.receptions import NOBODY
from raccord.web.documents import attached, shown
from raccord.web.given import PathText, QueryText, TheForm, TheGateway
from raccord.web.guards import processes, reads
from raccord.web.pages import first_retrieval, reception_desk
from raccord.web.pages.first_retrieval import recipients
from raccord.web.pages.reception_desk import SERVICE_DONE_THEN_MANDATED, wishes
from raccord.web.pages.reception_filters import asked_of, chosen_by
from raccord.web.people import names_of
from raccord.web.render import PageRequest, actor_of, go, page

_FEW = 3
"""Structures that have a card each; more share a folded list, so that the invoices stay in sight."""


@get("/receptions", sync_to_thread=True, guards=[reads])
def reception_list(request: PageRequest, gateway: TheGateway, suite: QueryText = "") -> Template:
    """The received invoices with their filters, and the structures whose first retrieval has not begun."""
    asked = asked_of(request.query_params)
    chosen = chosen_by(gateway, asked)
    found = gateway.inbox.search(chosen.query, after=suite)
    ids = [reception.id for reception in found.items]
    structures = sorted(recipients(gateway), key=lambda one: (one.receive_from is not None, one.label))
    return page(
        request,
        gateway,
        "receptions.html",
        receptions=found.items,
        next=found.next,
        asked=asked,
        query=urlencode({name: value for name, value in asked.items() if value}),
        errors=chosen.errors,
        structures=structures,
        idle=sum(structure.receive_from is None for structure in structures),
        few=_FEW,
        statuses=list(LABELS.items()),
        services=[(code or name, name or code) for code, name in gateway.desk.services(asked["structure"])],
        nobody=NOBODY,
        assigned=gateway.desk.assigned(ids),
        dues=gateway.boards.of_receptions(ids),
        targets=TARGETS,
        motifs=MOTIFS,
        both=SERVICE_DONE_THEN_MANDATED,
        people=[(user.email, user.name or user.email) for user in gateway.users.all()],
    )


@get("/receptions/{reception_id:str}", sync_to_thread=True, guards=[reads])
def one_reception(request: PageRequest, gateway: TheGateway, reception_id: PathText) -> Template:
    """Everything about one received invoice."""
    return _reception(request, gateway, reception_id)


def _reception(request: PageRequest, gateway: Gateway, reception_id: str, status: int = 200, **facts: Any) -> Template:
    reception = gateway.inbox.get(reception_id)
    served = gateway.connections.structures(reception.connection_id)
    shared = {
        "reception": reception,
        "recipient": next((one.label for one in served if one.id == reception.structure_id), ""),
        "readable": reception.state is ReceptionState.STORED,
        "targets": gateway.statuses.targets(reception_id),
        "both": SERVICE_DONE_THEN_MANDATED,
        "motifs": MOTIFS,
        "posts": gateway.statuses.posts(reception_id),
        "events": gateway.inbox.events(reception_id),
        "setback": gateway.inbox.setback(reception_id),
        "assignment": gateway.desk.assigned([reception_id]).get(reception_id),
        "remarks": gateway.desk.remarks(reception_id),
        "people": [(user.email, user.name or user.email) for user in gateway.users.all()],
        "names": names_of(gateway),
        "due": gateway.boards.of_receptions([reception_id]).get(reception_id),
        "typed": {"statut": "", "code_motif": "", "motif": "", "mandat": ""},
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
    """Give the invoice a status, or two in a row; refused here, at the field, when Chorus Pro would refuse it."""
    try:
        gateway.statuses.chain(wishes(reception_id, form, actor_of(request)))
    except RaccordError as refusal:
        typed = {name: form.text(name) for name in ("statut", "code_motif", "motif", "mandat")}
        field = next((name for name in ("motif", "mandat") if name.upper() in refusal.code), "statut")
        errors = {field: refusal.words}
        return _reception(request, gateway, reception_id, status=400, errors=errors, typed=typed)
    return go(f"/receptions/{reception_id}", "statut")


@post("/receptions/{reception_id:str}/commentaires", sync_to_thread=True, guards=[processes], status_code=303)
def remark(request: PageRequest, gateway: TheGateway, reception_id: PathText, form: TheForm) -> Redirect | Template:
    """Say something of the invoice to colleagues; Chorus Pro never sees it."""
    try:
        gateway.desk.remark(reception_id, form.text("commentaire"), actor_of(request))
    except RaccordError as refusal:
        errors = {"commentaire": refusal.words}
        return _reception(request, gateway, reception_id, status=400, errors=errors)
    return go(f"/receptions/{reception_id}", "commentaire")


@post("/receptions/{reception_id:str}/attribution", sync_to_thread=True, guards=[processes], status_code=303)
def assign(request: PageRequest, gateway: TheGateway, reception_id: PathText, form: TheForm) -> Redirect:
    """Say who sees to the invoice."""
    gateway.desk.assign([reception_id], form.text("personne"), form.text("equipe"), actor_of(request))
    return go(f"/receptions/{reception_id}", "attribution")


router = Router(
    path="/",
    route_handlers=[
        reception_list, one_reception, document, post_status, remark, assign,
        first_retrieval.router, reception_desk.router,
    ],
)  # fmt: skip
