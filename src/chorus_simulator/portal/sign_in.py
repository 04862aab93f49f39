"""Sign-in and sign-out of people (specifications/seeds/README.md S2-07, S2-09).

A technical account is refused here whatever its password (S1-22). Five failures lock a person for one hour
of the simulator's clock (specifications/technical-accounts.md §5): the world counts.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from starlette.responses import Response

from chorus_simulator.portal import words
from chorus_simulator.portal.desk import Page, Visit, not_found

if TYPE_CHECKING:
    from chorus_simulator.world import World

TECHNICAL = (
    "Ce compte est un compte technique : il ne sert que pour les appels des API et ne peut pas se connecter au "
    "portail. Connectez-vous avec votre compte personnel."
)
WRONG = (
    "Identifiant ou mot de passe incorrect. Vérifiez-les et recommencez ; après cinq échecs, le compte est bloqué "
    "pendant une heure."
)
LOCKED = (
    "Ce compte est bloqué après cinq échecs de connexion. Il se débloquera de lui-même le {until} ; "
    "inutile de réessayer avant."
)


def front(visit: Visit) -> Response:
    """The address without a path: home, or the sign-in page."""
    return visit.go("/accueil" if visit.somebody else "/connexion")


def lost(_: Visit) -> Response:
    """Any path that no page serves. Raises the 404 of the portal."""
    raise not_found()


def show(visit: Visit) -> Response:
    """The sign-in form; whoever is signed in goes home. `suite` is the page that was wanted."""
    if visit.somebody:
        return visit.go("/accueil")
    return _form(visit, "", "", visit.asked("suite"))


def sign_in(visit: Visit) -> Response:
    """Sign a person in and go to the page wanted, never to another site; 403 with the reason otherwise."""
    login, onward = visit.field("identifiant"), visit.form.get("suite", "")
    before = visit.world.persons.get(login)
    last_login = before.last_login if before else None
    person = visit.world.sign_in(login, visit.form.get("mot_de_passe", ""))
    if person is None:
        return _form(visit, _refusal(visit.world, login), login, onward, HTTPStatus.FORBIDDEN)
    visit.session = visit.desk.sessions.signed_in(visit.session, person.login, last_login)
    return visit.go(_safe(onward))


def sign_out(visit: Visit) -> Response:
    """Close the session on the server, and start one as nobody."""
    visit.desk.sessions.close(visit.session)
    visit.session = visit.desk.sessions.open()
    return visit.go("/connexion", "Vous êtes déconnecté.")


def _refusal(world: World, login: str) -> str:
    """Why this person did not come in; the failure has been counted by the world."""
    if login in world.technical_accounts:
        return TECHNICAL
    person = world.persons.get(login)
    if person is not None and person.locked_until is not None and person.locked_until > world.now():
        return LOCKED.format(until=words.stamp(person.locked_until))
    return WRONG


def _safe(onward: str) -> str:
    """A path of this portal, never another site: `//evil.example` is one."""
    local = onward.startswith("/") and not onward.startswith(("//", "/\\"))
    return onward if local and onward.isprintable() else "/accueil"


def _form(visit: Visit, refusal: str, login: str, onward: str, status: int = HTTPStatus.OK) -> Response:
    return visit.render("sign_in.html", status, refusal=refusal, login=login, next=onward)


PAGES = (
    Page("/", front, public=True),
    Page("/connexion", show, public=True),
    Page("/connexion", sign_in, "POST", public=True),
    Page("/deconnexion", sign_out, "POST", public=True),
)
ELSEWHERE = (Page("/{path:path}", lost, public=True),)
