"""Clés d’API: the programs that talk to Raccord, each with what it may do and until when."""

from typing import Any

from litestar import Router, get, post
from litestar.response import Redirect, Template

from raccord.domain.clock import last_instant
from raccord.domain.errors import RaccordError
from raccord.domain.reach import EVERYTHING
from raccord.domain.roles import Permission
from raccord.engine.gateway import Gateway
from raccord.web.forms import BAD_DAY
from raccord.web.given import PathText, TheForm, TheGateway
from raccord.web.guards import configures
from raccord.web.reach_form import reach_facts, reach_of
from raccord.web.render import PageRequest, actor_of, go, page, person_of

SCOPES = (
    (Permission.READ, "Consulter les dépôts, les factures reçues, le journal"),
    (Permission.DEPOSIT, "Déposer et contrôler des factures"),
    (Permission.PROCESS, "Récupérer des factures et poster leurs statuts"),
    (Permission.CONFIGURE, "Régler et tester la connexion à Chorus Pro"),
)


@get("/cles-api", sync_to_thread=True, guards=[configures])
def key_list(request: PageRequest, gateway: TheGateway) -> Template:
    """The keys, and the form of a new one."""
    return _list(request, gateway)


def _list(request: PageRequest, gateway: Gateway, status: int = 200, **facts: Any) -> Template:
    shared = {
        "keys": gateway.users.keys(),
        "scopes": SCOPES,
        "made": None,
        "typed": {"nom": "", "expire_le": "", "droits": []},
        **reach_facts(gateway, facts.pop("reach", EVERYTHING)),
    }
    return page(request, gateway, "keys.html", status=status, **(shared | facts))


@post("/cles-api", sync_to_thread=True, guards=[configures], status_code=200)
def make_key(request: PageRequest, gateway: TheGateway, form: TheForm) -> Template:
    """Make a key, shown once."""
    typed = {"nom": form.text("nom"), "expire_le": form.text("expire_le"), "droits": form.many("droits")}
    reach = reach_of(form)
    try:
        scopes = frozenset(map(Permission, set(form.many("droits")) & set(Permission)))
        day = form.day("expire_le")
        until = last_instant(day) if day else None
        made = gateway.users.create_key(form.text("nom"), scopes, person_of(request).user.id, until, reach=reach)
    except RaccordError as refusal:
        field = "perimetre" if refusal.code.startswith("PERIMETRE") else "nom"
        errors = {field: refusal.words}
        return _list(request, gateway, status=400, errors=errors, typed=typed, reach=reach)
    except ValueError:
        errors = {"expire_le": BAD_DAY}
        return _list(request, gateway, status=400, errors=errors, typed=typed, reach=reach)
    return _list(request, gateway, made=made)


@post("/cles-api/{key_id:str}/revoquer", sync_to_thread=True, guards=[configures], status_code=303)
def revoke(request: PageRequest, gateway: TheGateway, key_id: PathText) -> Redirect:
    """Close a key at once."""
    gateway.users.revoke_key(key_id, actor_of(request))
    return go("/cles-api", "supprime")


router = Router(path="/", route_handlers=[key_list, make_key, revoke])
