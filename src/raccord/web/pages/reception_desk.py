"""Many received invoices at once: the same status for all, or the same colleague; the answer is told one by one."""

from litestar import Router, post
from litestar.response import Redirect, Template

from raccord.domain.errors import Invalid, RaccordError
from raccord.domain.motifs import worded
from raccord.domain.reception import NewStatus
from raccord.engine.gateway import Gateway
from raccord.engine.receptions.statuses import not_too_many
from raccord.web.forms import Form
from raccord.web.given import TheForm, TheGateway
from raccord.web.guards import processes
from raccord.web.pages.reception_filters import address_of, listed
from raccord.web.render import PageRequest, actor_of, go, page

SERVICE_DONE_THEN_MANDATED = "SERVICE_FAIT,MANDATEE"
"""In the forms: the two steps in one click."""


def wishes(reception_id: str, form: Form, actor: str) -> tuple[NewStatus, ...]:
    """The statuses that a form asks, in order; the motif goes with the first, the mandate number with the last."""
    targets = form.text("statut").split(",")
    motif, mandate = worded(form.text("code_motif"), form.text("motif")), form.text("mandat")
    last = len(targets) - 1
    return tuple(
        NewStatus(reception_id, target, "" if rank else motif, "" if rank < last else mandate, actor, "web")
        for rank, target in enumerate(targets)
    )


@post("/receptions/en-lot", sync_to_thread=True, guards=[processes], status_code=303)
def in_bulk(request: PageRequest, gateway: TheGateway, form: TheForm) -> Redirect | Template:
    """Give the ticked invoices, or all that the filters leave, a status, or to a colleague."""
    query, actor = form.text("filtre"), actor_of(request)
    ids = listed(gateway, query) if form.text("tout") else list(dict.fromkeys(form.many("facture")))
    back = address_of(query)
    if not ids:
        return go(back, "rien-coche")
    try:
        if form.text("geste") == "attribuer":
            not_too_many(len(ids))
            gateway.desk.assign(ids, form.text("personne"), form.text("equipe"), actor)
            return go(back, "attribution")
        outcomes = gateway.statuses.in_bulk([wishes(reception_id, form, actor) for reception_id in ids])
    except Invalid as refusal:
        return page(request, gateway, "receptions_bulk.html", status=400, lines=[], refusal=refusal, back=back)
    lines = [(_number(gateway, one.reception_id), one) for one in outcomes]
    return page(request, gateway, "receptions_bulk.html", lines=lines, refusal=None, back=back)


def _number(gateway: Gateway, reception_id: str) -> str:
    try:
        return gateway.inbox.get(reception_id).number
    except RaccordError:
        return reception_id


router = Router(path="/", route_handlers=[in_bulk])
