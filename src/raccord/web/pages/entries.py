"""Échéances > Écritures d’achats: the accounts of each public body, what they give, the file to download."""

from dataclasses import asdict
from typing import Any
from urllib.parse import urlencode

from litestar import Router, get, post
from litestar.response import Redirect, Template

from raccord.domain.entries import LABELS
from raccord.domain.errors import RaccordError
from raccord.engine.exporting import ExportQuery
from raccord.engine.gateway import Gateway
from raccord.web.forms import Form
from raccord.web.given import TheForm, TheGateway
from raccord.web.guards import configures, reads
from raccord.web.pages.first_retrieval import recipients
from raccord.web.render import PageRequest, actor_of, go, page

_PLACE = "/echeances/ecritures"
_INVOICES = 3
"""Shown beforehand."""
_ASKED = ("structure", "du", "au")


@get(_PLACE, sync_to_thread=True, guards=[reads])
def entries(request: PageRequest, gateway: TheGateway) -> Template:
    """The accounts of a structure (all by default), and the entries of its newest invoices."""
    return _page(request, gateway, {name: request.query_params.get(name, "").strip() for name in _ASKED})


def _page(request: PageRequest, gateway: Gateway, asked: dict[str, str], status: int = 200, **facts: Any) -> Template:
    days, errors = Form(asked).days("du", "au")
    errors |= facts.pop("errors", {})
    query = ExportQuery("ecritures", "csv", days["du"], days["au"], structure_id=asked["structure"])
    table = gateway.exports.preview(query, _INVOICES)
    shared = {
        "asked": asked,
        "structures": [(one.id, one.label) for one in recipients(gateway)],
        "chosen": gateway.exports.accounts.every(),
        "typed": asdict(gateway.exports.accounts.of(asked["structure"])),
        "labels": LABELS,
        "headers": table.headers,
        "rows": list(table.rows),
        "query": urlencode({name: value for name, value in asked.items() if value and name not in errors}),
        "errors": errors,
    }
    return page(request, gateway, "entries.html", status=status, **(shared | facts))


@post(_PLACE + "/comptes", sync_to_thread=True, guards=[configures], status_code=200)
def choose(request: PageRequest, gateway: TheGateway, form: TheForm) -> Redirect | Template:
    """Keep the accounts of a structure or of the house; `geste=oublier`: take the common ones again."""
    structure, actor, accounts = form.text("structure"), actor_of(request), gateway.exports.accounts
    there = f"{_PLACE}?{urlencode({'structure': structure})}" if structure else _PLACE
    if form.text("geste") == "oublier":
        accounts.forget(structure, actor)
        return go(there, "enregistre")
    typed = {name: form.text(name) for name in LABELS}
    try:
        accounts.choose(structure, typed, actor)
    except RaccordError as refusal:
        field = next((name for name, words in LABELS.items() if refusal.sentence.startswith(words)), "journal")
        asked = {"structure": structure, "du": "", "au": ""}
        errors = {field: refusal.words}
        return _page(request, gateway, asked, status=400, typed=typed, errors=errors)
    return go(there, "enregistre")


router = Router(path="/", route_handlers=[entries, choose])
