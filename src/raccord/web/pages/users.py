"""Utilisateurs: who may come in, with which role. Invitations by a link that serves once."""

from typing import Any

from litestar import Router, get, post
from litestar.response import Redirect, Template

from raccord.domain.errors import RaccordError
from raccord.domain.roles import Role
from raccord.engine.gateway import Gateway
from raccord.web.given import PathText, TheForm, TheGateway, TheSettings
from raccord.web.guards import manages_users
from raccord.web.render import PageRequest, actor_of, go, page


@get("/utilisateurs", sync_to_thread=True, guards=[manages_users])
def user_list(request: PageRequest, gateway: TheGateway) -> Template:
    """Everybody, and the form of an invitation."""
    return _list(request, gateway)


def _list(request: PageRequest, gateway: Gateway, status: int = 200, **facts: Any) -> Template:
    shared = {
        "users": gateway.users.all(),
        "roles": [(role.value, role.label) for role in Role],
        "link": "",
        "typed": {"email": "", "nom": "", "role": "comptable"},
    }
    return page(request, gateway, "users.html", status=status, **(shared | facts))


@post("/utilisateurs", sync_to_thread=True, guards=[manages_users], status_code=200)
def invite(
    request: PageRequest,
    gateway: TheGateway,
    settings: TheSettings,
    form: TheForm,
) -> Template:
    """Make the account and its link, shown once (and mailed when mail is set up)."""
    typed = {name: form.text(name) for name in ("email", "nom", "role")}
    try:
        token = gateway.users.invite(typed["email"], typed["nom"], Role(typed["role"]), actor_of(request))
    except RaccordError as refusal:
        errors = {"email": f"{refusal.sentence} {refusal.cure}".strip()}
        return _list(request, gateway, status=400, errors=errors, typed=typed)
    return _list(request, gateway, link=f"{settings.public_url}/invitation/{token}")


@post("/utilisateurs/{user_id:str}", sync_to_thread=True, guards=[manages_users], status_code=303)
def change(request: PageRequest, gateway: TheGateway, user_id: PathText, form: TheForm) -> Redirect:
    """Another role, or the door closed; sessions of a closed account end at once."""
    gateway.users.change_user(
        user_id, actor_of(request), role=Role(form.text("role")), active=form.text("actif") == "oui"
    )
    return go("/utilisateurs", "enregistre")


@post("/utilisateurs/{user_id:str}/deconnecter", sync_to_thread=True, guards=[manages_users], status_code=303)
def end_sessions(request: PageRequest, gateway: TheGateway, user_id: PathText) -> Redirect:
    """End every session of that person."""
    gateway.users.sign_out_everywhere(user_id, actor_of(request))
    return go("/utilisateurs", "session")


router = Router(path="/", route_handlers=[user_list, invite, change, end_sessions])
