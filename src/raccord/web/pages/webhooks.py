"""Paramètres > Webhooks: addresses that are told what happens; test, replay, log."""

from datetime import timedelta
from typing import Any

from litestar import Router, get, post
from litestar.response import Redirect, Template

from raccord.domain.errors import RaccordError
from raccord.engine.gateway import Gateway
from raccord.engine.webhooks import FAMILIES, NewWebhook, WebhookChange
from raccord.web.given import PathText, TheForm, TheGateway
from raccord.web.guards import configures
from raccord.web.render import PageRequest, actor_of, go, page

_PLACE = "/parametres/webhooks"
_KEEP = {"24": "encore 24 heures", "72": "encore 3 jours", "168": "encore 7 jours", "0": "plus du tout, aussitôt"}
"""For how many hours the former key goes on signing, beside the new one."""


@get(_PLACE, sync_to_thread=True, guards=[configures])
def every(request: PageRequest, gateway: TheGateway) -> Template:
    """The webhooks, and the form of a new one."""
    return _list(request, gateway)


def _list(request: PageRequest, gateway: Gateway, status: int = 200, **facts: Any) -> Template:
    shared = {
        "webhooks": gateway.webhooks.all(),
        "families": list(FAMILIES.items()),
        "names": FAMILIES,
        "made": None,
        "typed": {"nom": "", "adresse": "", "evenements": ["deposit", "reception"]},
    }
    return page(request, gateway, "webhooks.html", status=status, **(shared | facts))


@post(_PLACE, sync_to_thread=True, guards=[configures], status_code=200)
def create(request: PageRequest, gateway: TheGateway, form: TheForm) -> Template:
    """Create a webhook; its key is shown once."""
    typed = {"nom": form.text("nom"), "adresse": form.text("adresse"), "evenements": form.many("evenements")}
    new = NewWebhook(form.text("nom"), form.text("adresse"), tuple(form.many("evenements")))
    try:
        made = gateway.webhooks.create(new, actor_of(request))
    except RaccordError as refusal:
        field = {"WEBHOOK_NOM": "nom", "WEBHOOK_EVENEMENTS": "evenements"}.get(refusal.code, "adresse")
        errors = {field: refusal.words}
        return _list(request, gateway, status=400, errors=errors, typed=typed)
    return _list(request, gateway, made=made)


@get(_PLACE + "/{webhook_id:str}", sync_to_thread=True, guards=[configures])
def one(request: PageRequest, gateway: TheGateway, webhook_id: PathText) -> Template:
    """One webhook, the log of its calls, and what may be done."""
    return _one(request, gateway, webhook_id)


def _one(request: PageRequest, gateway: Gateway, webhook_id: str, status: int = 200, **facts: Any) -> Template:
    shared = {
        "webhook": gateway.webhooks.get(webhook_id),
        "deliveries": gateway.webhooks.deliveries(webhook_id),
        "families": FAMILIES,
        "tested": None,
        "renewed": None,
        "keep": list(_KEEP.items()),
        "now": gateway.clock(),
    }
    return page(request, gateway, "webhook.html", status=status, **(shared | facts))


@post(_PLACE + "/{webhook_id:str}/tester", sync_to_thread=True, guards=[configures], status_code=200)
def test(request: PageRequest, gateway: TheGateway, webhook_id: PathText) -> Template:
    """Call the address now."""
    tested = gateway.webhooks.test(webhook_id, actor_of(request))
    return _one(request, gateway, webhook_id, tested=tested)


@post(_PLACE + "/{webhook_id:str}/rejouer", sync_to_thread=True, guards=[configures], status_code=303)
def replay(request: PageRequest, gateway: TheGateway, webhook_id: PathText, form: TheForm) -> Redirect | Template:
    """Tell again what follows an event."""
    after = form.text("apres")
    if not (after.isascii() and after.isdigit() and len(after) < 16):
        errors = {"apres": "Saisissez le numéro d’un événement du journal."}
        return _one(request, gateway, webhook_id, status=400, errors=errors)
    try:
        gateway.webhooks.replay(webhook_id, int(after), actor_of(request))
    except RaccordError as refusal:
        errors = {"apres": refusal.words}
        return _one(request, gateway, webhook_id, status=400, errors=errors)
    return go(f"{_PLACE}/{webhook_id}", "enregistre")


@post(_PLACE + "/{webhook_id:str}/activer", sync_to_thread=True, guards=[configures], status_code=303)
def switch(request: PageRequest, gateway: TheGateway, webhook_id: PathText, form: TheForm) -> Redirect:
    """Stop a webhook, or put it back in service."""
    change = WebhookChange(active=form.text("actif") == "oui")
    gateway.webhooks.edit(webhook_id, change, actor_of(request))
    return go(f"{_PLACE}/{webhook_id}", "enregistre")


@post(_PLACE + "/{webhook_id:str}/cle", sync_to_thread=True, guards=[configures], status_code=200)
def renew(request: PageRequest, gateway: TheGateway, webhook_id: PathText, form: TheForm) -> Template:
    """Give a webhook another key, shown once; the one before may sign too for some hours."""
    hours = form.text("garder")
    keep = timedelta(hours=int(hours) if hours in _KEEP else 0)
    renewed = gateway.webhooks.renew_secret(webhook_id, actor_of(request), keep)
    return _one(request, gateway, webhook_id, renewed=renewed)


@post(_PLACE + "/{webhook_id:str}/supprimer", sync_to_thread=True, guards=[configures], status_code=303)
def remove(request: PageRequest, gateway: TheGateway, webhook_id: PathText) -> Redirect:
    """Forget a webhook."""
    gateway.webhooks.delete(webhook_id, actor_of(request))
    return go(_PLACE, "supprime")


router = Router(path="/", route_handlers=[every, create, one, test, replay, switch, renew, remove])
