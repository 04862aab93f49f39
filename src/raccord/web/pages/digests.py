"""Échéances > Récapitulatif par courriel: who wants the letter of the day; what it would say now."""

from typing import Any

from litestar import Router, get, post
from litestar.response import Redirect, Template

from raccord.domain.digests import Digest, NewDigest, Side, holders, person
from raccord.domain.errors import NotAllowed, RaccordError
from raccord.domain.roles import Permission, Role
from raccord.domain.users import SignedIn
from raccord.engine.gateway import Gateway
from raccord.web.forms import Form
from raccord.web.given import PathText, TheForm, TheGateway
from raccord.web.guards import reads
from raccord.web.pages.first_retrieval import recipients
from raccord.web.render import PageRequest, actor_of, go, page, person_of

_PLACE = "/echeances/courriel"
_HOURS = [(str(hour), f"{hour} h") for hour in range(24)]


@get(_PLACE, sync_to_thread=True, guards=[reads])
def every(request: PageRequest, gateway: TheGateway) -> Template:
    """One's own letters, and those of everybody for who manages users."""
    return _page(request, gateway)


def _page(request: PageRequest, gateway: Gateway, status: int = 200, **facts: Any) -> Template:
    me = person_of(request)
    manages = me.may(Permission.MANAGE_USERS)
    people = gateway.users.all() if manages else [me.user]
    asked = gateway.digests.all() if manages else gateway.digests.of(me.user)
    shared = {
        "digests": asked,
        "names": {person(one.id): one.name or one.email for one in people} | {holders(r): r.label for r in Role},
        "manages": manages,
        "mine": person(me.user.id),
        "readers": _readers(me, people) if manages else [],
        "subjects": _subjects(gateway),
        "hours": _HOURS,
        "can_send": gateway.digests.can_send,
        "previews": None,
        "typed": {"destinataire": "", "objet": "", "heure": "7"},
        "always": False,
    }
    return page(request, gateway, "digests.html", status=status, **(shared | facts))


def _readers(me: SignedIn, people: list[Any]) -> list[tuple[str, str]]:
    roles = [(holders(role), role.label) for role in Role]
    others = [(person(one.id), one.name or one.email) for one in people if one.active and one.id != me.user.id]
    return [*roles, *others]


def _subjects(gateway: Gateway) -> dict[tuple[str, str], tuple[Side, str]]:
    """What a letter may be about: side and scope, with the side and the name of the structure or connection."""
    everything = {(side.value, ""): (side, "") for side in Side}
    bodies = {(Side.RECEPTIONS.value, one.id): (Side.RECEPTIONS, one.label) for one in recipients(gateway)}
    senders = {(Side.DEPOSITS.value, one.id): (Side.DEPOSITS, one.label) for one in gateway.connections.all()}
    return everything | bodies | senders


@post(_PLACE, sync_to_thread=True, guards=[reads], status_code=200)
def ask(request: PageRequest, gateway: TheGateway, form: TheForm) -> Template | Redirect:
    """Want a letter, or see what it would say (`geste=apercu`)."""
    typed = {name: form.text(name) for name in ("destinataire", "objet", "heure")}
    facts: dict[str, Any] = {"typed": typed, "always": form.ticked("toujours")}
    try:
        new = _wish(person_of(request), form)
        if form.text("geste") == "apercu":
            return _page(request, gateway, previews=gateway.digests.sample(new), **facts)
        gateway.digests.ask(new, actor_of(request))
    except RaccordError as refusal:
        field = "heure" if refusal.code == "RECAPITULATIF_HEURE" else "objet"
        errors = {field: refusal.words}
        return _page(request, gateway, status=400, errors=errors, **facts)
    return go(_PLACE, "enregistre")


def _wish(me: SignedIn, form: Form) -> NewDigest:
    """What is asked; only who manages users asks for others."""
    reader = form.text("destinataire") if me.may(Permission.MANAGE_USERS) else ""
    side, _, scope = form.text("objet").partition(":")
    about = Side.DEPOSITS if side == Side.DEPOSITS.value else Side.RECEPTIONS
    hour = form.text("heure")
    at = int(hour) if hour.isascii() and hour.isdigit() and len(hour) <= 2 else -1
    return NewDigest(reader or person(me.user.id), about, scope, at, form.ticked("toujours"))


@get(_PLACE + "/{digest_id:str}", sync_to_thread=True, guards=[reads])
def preview(request: PageRequest, gateway: TheGateway, digest_id: PathText) -> Template:
    """What that letter would say now."""
    return _page(request, gateway, previews=gateway.digests.preview(_mine(request, gateway, digest_id)))


@post(_PLACE + "/{digest_id:str}/arreter", sync_to_thread=True, guards=[reads], status_code=303)
def cancel(request: PageRequest, gateway: TheGateway, digest_id: PathText) -> Redirect:
    """Want it no more."""
    gateway.digests.cancel(_mine(request, gateway, digest_id).id, actor_of(request))
    return go(_PLACE, "supprime")


def _mine(request: PageRequest, gateway: Gateway, digest_id: str) -> Digest:
    me, found = person_of(request), gateway.digests.get(digest_id)
    if found.user_id != me.user.id and not me.may(Permission.MANAGE_USERS):
        raise NotAllowed(
            "RECAPITULATIF_D_AUTRUI",
            "Ce récapitulatif est celui d’une autre personne.",
            "Adressez-vous à un Superviseur.",
        )
    return found


router = Router(path="/", route_handlers=[every, ask, preview, cancel])
