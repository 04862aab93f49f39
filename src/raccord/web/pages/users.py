"""Utilisateurs: who may come in, with which role. Invitations by a link that serves once."""

from typing import Any

from litestar import Router, get, post
from litestar.response import Redirect, Template

from raccord.domain.errors import Invalid, RaccordError
from raccord.domain.reach import EVERYTHING
from raccord.domain.roles import Role
from raccord.engine.gateway import Gateway
from raccord.web.forms import Form
from raccord.web.given import PathText, QueryText, TheForm, TheGateway, TheSettings
from raccord.web.guards import manages_users
from raccord.web.reach_form import reach_facts, reach_of
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
        "password_link": "",
        "person": None,
        "typed": {"email": "", "nom": "", "role": "comptable"},
        **reach_facts(gateway, facts.pop("reach", EVERYTHING)),
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
    reach = reach_of(form)
    try:
        role = _role(form) or Role.LECTEUR
        token = gateway.users.invite(typed["email"], typed["nom"], role, actor_of(request), reach=reach)
    except RaccordError as refusal:
        errors = {_field(refusal): refusal.words}
        return _list(request, gateway, status=400, errors=errors, typed=typed, reach=reach)
    return _list(request, gateway, link=f"{settings.public_url}/invitation/{token}")


@post("/utilisateurs/{user_id:str}", sync_to_thread=True, guards=[manages_users], status_code=303)
def change(request: PageRequest, gateway: TheGateway, user_id: PathText, form: TheForm) -> Redirect:
    """Another role, or the door closed; sessions of a closed account end at once."""
    gateway.users.change_user(user_id, actor_of(request), role=_role(form), active=form.text("actif") == "oui")
    return go("/utilisateurs", "enregistre")


@get("/utilisateurs/{user_id:str}/perimetre", sync_to_thread=True, guards=[manages_users])
def reach(request: PageRequest, gateway: TheGateway, user_id: PathText, texte: QueryText = "") -> Template:
    """The structures that somebody sees; `?texte=` looks for others."""
    return _reach(request, gateway, user_id, text=texte.strip())


def _reach(
    request: PageRequest, gateway: Gateway, user_id: str, *, text: str = "", status: int = 200, **facts: Any
) -> Template:
    person = gateway.users.get(user_id)
    shared = {"person": person, "text": text, **reach_facts(gateway, facts.pop("chosen", person.reach), text)}
    return page(request, gateway, "user_reach.html", status=status, **(shared | facts))


@post("/utilisateurs/{user_id:str}/perimetre", sync_to_thread=True, guards=[manages_users], status_code=303)
def change_reach(request: PageRequest, gateway: TheGateway, user_id: PathText, form: TheForm) -> Redirect | Template:
    """Every structure or some of them, from the person's next page on."""
    chosen = reach_of(form)
    try:
        gateway.users.change_user(user_id, actor_of(request), reach=chosen)
    except Invalid as refusal:
        errors = {"perimetre": refusal.words}
        return _reach(request, gateway, user_id, chosen=chosen, status=400, errors=errors)
    return go("/utilisateurs", "enregistre")


def _role(form: Form) -> Role | None:
    return Role(form.text("role")) if form.text("role") in set(Role) else None


def _field(refusal: RaccordError) -> str:
    return "perimetre" if refusal.code.startswith("PERIMETRE") else "email"


@post("/utilisateurs/{user_id:str}/deconnecter", sync_to_thread=True, guards=[manages_users], status_code=303)
def end_sessions(request: PageRequest, gateway: TheGateway, user_id: PathText) -> Redirect:
    """End every session of that person."""
    gateway.users.sign_out_everywhere(user_id, actor_of(request))
    return go("/utilisateurs", "session")


@post("/utilisateurs/{user_id:str}/lien", sync_to_thread=True, guards=[manages_users], status_code=200)
def password_link(
    request: PageRequest, gateway: TheGateway, settings: TheSettings, user_id: PathText
) -> Template | Redirect:
    """A link to choose a password, shown once (and mailed): for a password forgotten, or an invitation lost."""
    person = gateway.users.get(user_id)
    token = gateway.users.reset_link(person.email, actor_of(request))
    if token is None:
        return go("/utilisateurs", "acces-ferme")
    return _list(request, gateway, password_link=f"{settings.public_url}/nouveau-mot-de-passe/{token}", person=person)


@post(
    "/utilisateurs/{user_id:str}/second-facteur/retirer", sync_to_thread=True, guards=[manages_users], status_code=303
)
def forget_factor(request: PageRequest, gateway: TheGateway, user_id: PathText) -> Redirect:
    """Let in by the password alone somebody who lost the telephone and the recovery codes."""
    gateway.users.totp_disable(user_id, actor_of(request))
    return go("/utilisateurs", "enregistre")


@post("/utilisateurs/{user_id:str}/effacer", sync_to_thread=True, guards=[manages_users], status_code=303)
def erase(request: PageRequest, gateway: TheGateway, user_id: PathText) -> Redirect:
    """Forget the name and the address of somebody who left."""
    gateway.users.erase(user_id, actor_of(request))
    return go("/utilisateurs", "supprime")


router = Router(
    path="/",
    route_handlers=[
        user_list, invite, change, reach, change_reach, end_sessions, password_link, forget_factor, erase,
    ],
)  # fmt: skip
