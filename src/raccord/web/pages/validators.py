"""À valider: the desk of the holder of a contract, for the invoices of its subcontractors and co-contractors."""

from typing import Any

from litestar import Response, Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from raccord.domain.errors import NotFound, RaccordError
from raccord.domain.validation import COMMENT_MAX, MOTIFS, NewDecision
from raccord.engine.gateway import Gateway
from raccord.engine.receptions.validators import ToValidate
from raccord.web.documents import attached, shown
from raccord.web.given import PathText, QueryText, TheForm, TheGateway
from raccord.web.guards import processes, reads
from raccord.web.people import names_of
from raccord.web.render import PageRequest, actor_of, go, page


@get("/a-valider", sync_to_thread=True, guards=[reads])
def desk(request: PageRequest, gateway: TheGateway, connexion: QueryText = "") -> Template:
    """What waits on one connection, read from Chorus Pro now; and the last decisions."""
    connections = gateway.connections.all()
    chosen = connexion or (connections[0].id if connections else "")
    waiting: tuple[ToValidate, ...] = ()
    fault = None
    try:
        waiting = gateway.validators.waiting(chosen) if chosen else ()
    except RaccordError as error:  # the desk stays when Chorus Pro does not answer, and says so
        fault = error
    return page(
        request, gateway, "validators.html", connections=connections, chosen=chosen, waiting=waiting, fault=fault,
        decisions=gateway.validators.decisions(chosen, 20) if chosen else (), people=names_of(gateway), motifs=MOTIFS,
    )  # fmt: skip


@get("/a-valider/{connection_id:str}/{number:int}", sync_to_thread=True, guards=[processes])
def one(request: PageRequest, gateway: TheGateway, connection_id: PathText, number: FromPath[int]) -> Template:
    """One invoice that waits, and the two answers."""
    return _one(request, gateway, connection_id, number)


def _one(request: PageRequest, gateway: Gateway, connection_id: str, number: int, **facts: Any) -> Template:
    found = next((one for one in gateway.validators.waiting(connection_id) if one.id_facture == number), None)
    if found is None:
        raise NotFound(
            "VALIDATION_ABSENTE",
            "Cette facture n’attend pas de validation : quelqu’un a déjà décidé, ou le délai est passé.",
            "Revenez à la liste des factures à valider.",
        )
    typed = {"motif": "", "commentaire": ""}
    shared: dict[str, Any] = {
        "invoice": found, "connection_id": connection_id, "motifs": list(MOTIFS.items()), "typed": typed,
        "most": COMMENT_MAX,
    }  # fmt: skip
    return page(request, gateway, "validation.html", **(shared | facts))


@post("/a-valider/{connection_id:str}/{number:int}", sync_to_thread=True, guards=[processes], status_code=303)
def decide(
    request: PageRequest, gateway: TheGateway, connection_id: PathText, number: FromPath[int], form: TheForm
) -> Redirect | Template:
    """Accept or refuse; refused here, at the field, when Chorus Pro would refuse it."""
    accepted = form.text("decision") == "valider"
    typed = {"motif": "" if accepted else form.text("motif"), "commentaire": form.text("commentaire")}
    asked = NewDecision(connection_id, number, accepted, typed["motif"], typed["commentaire"], actor_of(request), "web")
    try:
        gateway.validators.decide(asked)
    except NotFound:
        raise
    except RaccordError as refusal:
        field = "commentaire" if "COMMENTAIRE" in refusal.code else "motif"
        errors = {field: refusal.words}
        return _one(request, gateway, connection_id, number, status=400, errors=errors, typed=typed)
    return go(f"/a-valider?connexion={connection_id}", "valide")


@get("/a-valider/{connection_id:str}/{number:int}/facture", sync_to_thread=True, guards=[reads])
def document(gateway: TheGateway, connection_id: PathText, number: FromPath[int]) -> Response[bytes]:
    """The PDF of the invoice, shown in the browser."""
    name, data = gateway.validators.document(connection_id, number)
    return shown(data, name)


@get("/a-valider/{connection_id:str}/{number:int}/pieces", sync_to_thread=True, guards=[reads])
def attachments(gateway: TheGateway, connection_id: PathText, number: FromPath[int]) -> Response[bytes]:
    """The invoice and what is joined to it, to save."""
    name, data = gateway.validators.document(connection_id, number, attachments=True)
    return attached(data, name)


router = Router(path="/", route_handlers=[desk, one, decide, document, attachments])
