"""What every page receives besides its own facts: the light, the person, the language, the places of the menu."""

from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from litestar import Request
from litestar.datastructures import Cookie
from litestar.plugins.jinja import JinjaTemplateEngine
from litestar.response import Redirect, Template

from raccord.domain.connection import Light
from raccord.domain.roles import Permission
from raccord.domain.users import SignedIn
from raccord.engine.gateway import Gateway
from raccord.web import i18n, words
from raccord.web.guards import SignInFirst

LANGUAGE_COOKIE = "raccord_langue"
STATIC = Path(__file__).parent / "static"

PageRequest = Request[SignedIn | None, str, Any]


def template_engine() -> JinjaTemplateEngine:
    """Jinja with escaping everywhere, an error for a forgotten variable, our filters and our languages."""
    environment = Environment(
        loader=PackageLoader("raccord.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(words.FILTERS)
    environment.globals.update(Permission=Permission, Light=Light, languages=i18n.LANGUAGES)
    i18n.install(environment)
    return JinjaTemplateEngine.from_environment(environment)


def page(request: PageRequest, gateway: Gateway, name: str, /, *, status: int = 200, **facts: Any) -> Template:
    """The template `name` with these facts and what every page shows; `overview` among the facts is taken as it is."""
    signed_in = request.scope.get("user")
    frame = {
        "overview": facts["overview"] if "overview" in facts else gateway.light.overall(),
        "signed_in": signed_in,
        "language": language_of(request),
        "path": request.url.path,
        "errors": {},
        "notice": request.query_params.get("dit", ""),
    }
    answer = Template(name, context={**frame, **facts}, status_code=status)
    if request.cookies.get(LANGUAGE_COOKIE, "fr") != frame["language"]:
        answer.set_cookie(language_cookie(language_of(request)))
    return answer


def language_cookie(language: str) -> Cookie:
    """Remembers the language in the browser, for the pages that know nobody: the door, a path that leads nowhere."""
    return Cookie(key=LANGUAGE_COOKIE, value=language, path="/", samesite="lax", max_age=31_536_000)


def go(path: str, said: str = "") -> Redirect:
    """Send the person to another page after a deed, with the code of a sentence to show there."""
    place, hash_sign, part = path.partition("#")
    separator = "&" if "?" in place else "?"
    told = f"{place}{separator}dit={said}" if said else place
    return Redirect(told + hash_sign + part, status_code=303)


def language_of(request: PageRequest) -> str:
    """The person's own language, else the cookie of the switch, else French."""
    signed_in = request.scope.get("user")
    chosen = signed_in.user.language if signed_in else request.cookies.get(LANGUAGE_COOKIE, "fr")
    return chosen if chosen in i18n.LANGUAGES else "fr"


def person_of(request: PageRequest) -> SignedIn:
    """Who asks. Raises `SignInFirst` when nobody is signed in."""
    if request.user is None:
        raise SignInFirst
    return request.user


def actor_of(request: PageRequest) -> str:
    """Who acts, as the journal writes it."""
    signed_in = request.scope.get("user")
    return f"user/{signed_in.user.id}" if signed_in else "anonyme"
