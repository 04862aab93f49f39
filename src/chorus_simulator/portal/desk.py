"""The desk behind every page: the session, the form token, the rights, the answer.

A page is a plain function `view(visit) -> Response`; `Page` says where it lives and who may come. `route()`
turns it into a Starlette route which opens the session, refuses a form without its token, sends whoever is
not signed in to the sign-in page, and adds the headers of a page that holds secrets.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from chorus_simulator.portal import words
from chorus_simulator.portal.sessions import COOKIE, Session, Sessions

if TYPE_CHECKING:
    from chorus_simulator.parties import Person
    from chorus_simulator.world import World

HERE = Path(__file__).parent
MAXIMUM_FORM = 64 * 1024
# Pages that exist in one generation only; the others keep the one last visited.
GENERATIONS = {"/2016/": "2016", "/accueil": "2022", "/raccordements": "2022"}
ENVIRONMENTS = {"sandbox": "qualification", "production": "production"}
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src data:; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
STALE_FORM = (
    "Ce formulaire n’est plus valable : votre session a changé depuis son affichage. Rien n’a été enregistré. "
    "Revenez en arrière, rechargez la page et recommencez."
)


Menu = Callable[["World", "Person", str], Sequence[object]]


class RefusedError(Exception):
    """The page is not for this person, or not there; `text` says why and who can act."""

    def __init__(self, heading: str, text: str, status: HTTPStatus = HTTPStatus.FORBIDDEN) -> None:
        super().__init__(text)
        self.heading, self.text, self.status = heading, text, status


def not_found(text: str = "Cette page n’existe pas, ou plus.") -> RefusedError:
    """The refusal of a page or thing that is not there, or not for this person: 404, nothing told apart."""
    return RefusedError("Page introuvable", text, HTTPStatus.NOT_FOUND)


class Desk:
    """What all pages share: the world, the menu of a person, the sessions, the templates."""

    def __init__(self, world: World, menu: Menu) -> None:
        self.world = world
        self.menu = menu
        self.sessions = Sessions()
        self.templates = Environment(
            loader=FileSystemLoader(HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self.templates.filters.update(
            money=words.money,
            stamp=words.stamp,
            day=words.day,
            long_date=words.long_date,
            status=words.status,
            short_login=words.short_login,
        )


@dataclass
class Visit:
    """One request to a page: `form` holds its text fields, a repeated one by its last value. Signing in and
    out replace `session`."""

    desk: Desk
    request: Request
    session: Session
    form: Mapping[str, str]

    @property
    def world(self) -> World:
        """The world of the environment whose portal is visited."""
        return self.desk.world

    @property
    def base(self) -> str:
        """Where the portal is mounted, `/portail` or `/production/portail`."""
        return str(self.request.scope.get("root_path", ""))

    @property
    def here(self) -> str:
        """The path below the mount, as links and the menu write it."""
        return self.request.url.path.removeprefix(self.base)

    @property
    def person(self) -> Person:
        """The person signed in. Raises `RefusedError` when nobody is, or no longer in this world."""
        found = self.world.persons.get(self.session.person) if self.session.person else None
        if found is None:
            raise RefusedError("Connexion nécessaire", "Connectez-vous pour voir cette page.")
        return found

    @property
    def somebody(self) -> bool:
        """Whether somebody is signed in who still exists in this world (a reset empties it)."""
        return bool(self.session.person) and self.session.person in self.world.persons

    def field(self, name: str) -> str:
        """A field of the form without the spaces around it. Passwords are read from `form`, byte for byte."""
        return self.form.get(name, "").strip()

    def asked(self, name: str) -> str:
        """A parameter of the query without the spaces around it, empty when absent."""
        return str(self.request.query_params.get(name, "")).strip()

    def wanted(self, name: str) -> str:
        """A part of the path, `{name}`."""
        return str(self.request.path_params[name])

    def render(self, template: str, status: int = HTTPStatus.OK, /, **context: object) -> Response:
        """A page from its template, with what every page needs; `context` wins. It takes the notice left by `go`."""
        person = self.person if self.somebody else None
        shared: dict[str, object] = {
            "base": self.base,
            "here": self.here,
            "environment": ENVIRONMENTS.get(self.world.environment, self.world.environment),
            "person": person,
            "menu": self.desk.menu(self.world, person, self.session.generation) if person else (),
            "generation": self.session.generation,
            "last_login": self.session.last_login,
            "form_token": self.session.form_token,
            "notice": self.session.take_notice(),
            "now": self.world.now(),
            "faults": {},
        }
        return HTMLResponse(self.desk.templates.get_template(template).render({**shared, **context}), status)

    def go(self, path: str, notice: str = "") -> Response:
        """Send the browser to another page of the portal, where `notice` is shown once."""
        self.session.notice = notice
        return RedirectResponse(self.base + path, HTTPStatus.SEE_OTHER)


View = Callable[[Visit], Response]


@dataclass(frozen=True)
class Page:
    """`path` under the mount, the `view`, one HTTP method, and whether one may come without signing in."""

    path: str
    view: View
    method: str = "GET"
    public: bool = False


def route(desk: Desk, page: Page) -> Route:
    """The Starlette route of a page: session, form token, sign-in, headers, then the view."""
    generation = next((kind for prefix, kind in GENERATIONS.items() if page.path.startswith(prefix)), None)

    async def endpoint(request: Request) -> Response:
        session = desk.sessions.get(request.cookies.get(COOKIE)) or desk.sessions.open()
        session.generation = generation or session.generation
        visit = Visit(desk, request, session, await _form(request))
        return _sealed(visit, _answer(page, visit))

    return Route(page.path, endpoint, methods=[page.method], max_body_size=MAXIMUM_FORM)


async def _form(request: Request) -> dict[str, str]:
    if request.method != "POST":
        return {}
    body = (await request.body()).decode("utf-8", "replace")
    try:
        return dict(parse_qsl(body, keep_blank_values=True, max_num_fields=200))
    except ValueError:
        return {}


def _answer(page: Page, visit: Visit) -> Response:
    try:
        if page.method == "POST" and not visit.session.accepts(visit.form.get("jeton", "")):
            raise RefusedError("Formulaire périmé", STALE_FORM)
        if not page.public and not visit.somebody:
            return visit.go(f"/connexion?suite={quote(visit.here)}")
        return page.view(visit)
    except RefusedError as refusal:
        return visit.render("message.html", refusal.status, heading=refusal.heading, text=refusal.text)


def _sealed(visit: Visit, response: Response) -> Response:
    """The headers of a page with secrets, and the cookie when the browser holds another one."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if visit.request.cookies.get(COOKIE) != visit.session.token:
        secure = visit.request.url.scheme == "https"
        path = f"{visit.base}/"
        response.set_cookie(COOKIE, visit.session.token, path=path, httponly=True, samesite="lax", secure=secure)
    return response
