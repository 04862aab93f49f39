"""Archives: what is held, what may be destroyed, the seals of the journal; the dossier of one invoice."""

from litestar import Response, Router, get, post
from litestar.response import Redirect, Template

from raccord.domain.errors import Invalid, NotFound, RaccordError
from raccord.engine.gateway import Gateway
from raccord.web.documents import attached, shown
from raccord.web.given import PathText, TheForm, TheGateway
from raccord.web.guards import configures, processes, reads
from raccord.web.people import names_of
from raccord.web.render import PageRequest, actor_of, go, page

_SHOWN = 50


@get("/archive", sync_to_thread=True, guards=[reads])
def archive(request: PageRequest, gateway: TheGateway) -> Template:
    """The state of the archive."""
    checks = [event for event in reversed(gateway.journal.read("archive", limit=1000)) if "verified" in event.kind]
    return page(
        request, gateway, "archive.html", years=gateway.archiving.rules.retention_years, last=next(iter(checks), None),
        due=gateway.archiving.purge("", dry_run=True, most=_SHOWN), holds=gateway.archiving.holds(),
        seals=gateway.archiving.seals(10), stamped=gateway.archiving.rules.authority is not None,
        people=names_of(gateway),
    )  # fmt: skip


@get("/archive/{kind:str}/{key:str}", sync_to_thread=True, guards=[reads])
def one(request: PageRequest, gateway: TheGateway, kind: PathText, key: PathText) -> Template:
    """What is kept of one invoice, and for how long."""
    return _one(request, gateway, kind, key)


def _one(request: PageRequest, gateway: Gateway, kind: str, key: str, refusal: RaccordError | None = None) -> Template:
    number = _number(gateway, kind, key)
    subject = f"{kind}/{key}"
    return page(
        request, gateway, "archive_invoice.html", status=200 if refusal is None else 400, kind=kind, key=key,
        number=number, holds=gateway.archiving.holds(subject), purged=gateway.archiving.purged(subject),
        years=gateway.archiving.rules.retention_years, people=names_of(gateway),
        errors={"motif": refusal.words} if refusal else {},
    )  # fmt: skip


def _number(gateway: Gateway, kind: str, key: str) -> str:
    if kind == "reception":
        return gateway.inbox.get(key).number
    if kind == "deposit":
        return gateway.outbox.get(key).number
    raise NotFound("DOSSIER_INCONNU", "Cette facture n’existe pas dans Raccord.", "Revenez à la liste des factures.")


@get("/archive/{kind:str}/{key:str}/dossier", sync_to_thread=True, guards=[reads])
def dossier(request: PageRequest, gateway: TheGateway, kind: PathText, key: PathText) -> Response[bytes]:
    """Everything about the invoice, in one ZIP."""
    made = gateway.archiving.dossier(f"{kind}/{key}", actor_of(request))
    return attached(made.data, made.name)


@get("/receptions/{reception_id:str}/pdf", sync_to_thread=True, guards=[reads])
def readable(gateway: TheGateway, reception_id: PathText) -> Response[bytes]:
    """The received invoice for people: its PDF, or one drawn from its data."""
    found = gateway.reading.readable(reception_id)
    return shown(found.data, found.name)


@post("/archive/{kind:str}/{key:str}/gels", sync_to_thread=True, guards=[processes], status_code=303)
def hold(
    request: PageRequest, gateway: TheGateway, kind: PathText, key: PathText, form: TheForm
) -> Redirect | Template:
    """Keep the invoice from destruction, with the reason."""
    try:
        gateway.archiving.hold(f"{kind}/{key}", form.text("motif"), actor_of(request))
    except Invalid as refusal:
        return _one(request, gateway, kind, key, refusal)
    return go(f"/archive/{kind}/{key}", "enregistre")


@post("/archive/gels/{hold_id:str}/lever", sync_to_thread=True, guards=[configures], status_code=303)
def lift(request: PageRequest, gateway: TheGateway, hold_id: PathText) -> Redirect:
    """End a hold."""
    lifted = gateway.archiving.lift(hold_id, actor_of(request))
    return go(f"/archive/{lifted.subject}", "enregistre")


router = Router(path="/", route_handlers=[archive, one, dossier, readable, hold, lift])
