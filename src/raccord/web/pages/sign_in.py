"""Coming in and going out: sign-in, the one-time links (first Superviseur, invitation, new password), the language."""

from typing import Any

from litestar import Router, get, post
from litestar.response import Redirect, Template

from raccord.domain.errors import Invalid, NotAllowed, RaccordError
from raccord.engine.gateway import Gateway
from raccord.settings import Settings
from raccord.web.forms import Form
from raccord.web.given import PathText, QueryText, TheForm, TheGateway, TheSettings
from raccord.web.guards import anyone
from raccord.web.i18n import LANGUAGES
from raccord.web.render import PageRequest, go, language_cookie, page
from raccord.web.session import no_cookie, session_cookie
from raccord.web.way_back import door, inside

_CODE_WANTED = frozenset({"CODE_DEMANDE", "CODE_REFUSE"})


@get("/connexion", sync_to_thread=True, guards=[anyone])
def sign_in_page(request: PageRequest, gateway: TheGateway, suite: QueryText = "/") -> Template | Redirect:
    """The sign-in form; a person already signed in goes on."""
    if request.scope.get("user"):
        return go(inside(suite))
    return _sign_in(request, gateway, suite=suite)


@post("/connexion", sync_to_thread=True, guards=[anyone], status_code=303)
def sign_in(
    request: PageRequest,
    gateway: TheGateway,
    settings: TheSettings,
    form: TheForm,
) -> Redirect | Template:
    """Open a session, or say why not; a second factor is asked for on the same form."""
    return _enter(request, gateway, settings, form)


def _enter(request: PageRequest, gateway: Gateway, settings: Settings, form: Form) -> Redirect | Template:
    try:
        opened = gateway.users.sign_in(
            form.text("email"),
            form.secret("mot_de_passe"),
            form.text("code"),
            agent=request.headers.get("user-agent", "")[:200],
            address=_address(request),
        )
    except (NotAllowed, Invalid) as refusal:
        return _sign_in(request, gateway, form.text("suite"), form.text("email"), refusal)
    if request.scope.get("auth"):
        gateway.users.sign_out(request.auth)  # the session that this browser held before ends with its cookie
    answer = go(inside(form.text("suite")))
    answer.set_cookie(session_cookie(opened.token.reveal(), secure=is_https(settings)))
    return answer


def _sign_in(
    request: PageRequest, gateway: Gateway, suite: str, email: str = "", refusal: RaccordError | None = None
) -> Template:
    asked = refusal is not None and refusal.code in _CODE_WANTED
    facts = {"suite": inside(suite), "email": email, "refusal": refusal, "code_asked": asked}
    return page(request, gateway, "sign_in.html", status=403 if refusal else 200, **facts)


@post("/deconnexion", sync_to_thread=True, guards=[anyone], status_code=303)
def sign_out(request: PageRequest, gateway: TheGateway, settings: TheSettings) -> Redirect:
    """Close the session on the server and in the browser."""
    if request.scope.get("auth"):
        gateway.users.sign_out(request.auth)
    answer = go("/connexion", "deconnecte")
    answer.set_cookie(no_cookie(secure=is_https(settings)))
    return answer


@get("/langue", sync_to_thread=False, guards=[anyone])
def switch_language(vers: QueryText = "fr", suite: QueryText = "/") -> Redirect:
    """The switch of the sign-in page; a signed-in person has the choice in the profile."""
    answer = go(door(inside(suite)))
    answer.set_cookie(language_cookie(vers if vers in LANGUAGES else "fr"))
    return answer


_FIRST: dict[str, Any] = {
    "title": "Premier accès",
    "introduction": "Vous créez le premier compte « Superviseur » de Raccord. Ce lien ne sert qu’une fois.",
    "button": "Créer mon compte",
    "ask_name": True,
}
_INVITED: dict[str, Any] = {
    "title": "Bienvenue dans Raccord",
    "introduction": "Choisissez votre mot de passe. Ce lien ne sert qu’une fois.",
    "button": "Enregistrer mon mot de passe",
    "ask_name": False,
}
_FORGOTTEN: dict[str, Any] = {**_INVITED, "title": "Nouveau mot de passe"}


@get(["/premier-acces/{token:str}"], sync_to_thread=True, guards=[anyone])
def first_access_page(request: PageRequest, gateway: TheGateway) -> Template:
    """The form of the first Superviseur; the link is spent when the account is made."""
    return _choose_password(request, gateway, _FIRST)


@post("/premier-acces/{token:str}", sync_to_thread=True, guards=[anyone], status_code=303)
def first_access(
    request: PageRequest,
    gateway: TheGateway,
    settings: TheSettings,
    token: PathText,
    form: TheForm,
) -> Redirect | Template:
    """Make the first Superviseur and sign in at once."""
    try:
        gateway.users.claim_first(token, form.text("email"), form.text("nom"), form.secret("mot_de_passe"))
    except RaccordError as refusal:
        return _choose_password(request, gateway, _FIRST, refusal, form)
    return _enter(request, gateway, settings, form)


@get("/invitation/{token:str}", sync_to_thread=True, guards=[anyone])
def invitation_page(request: PageRequest, gateway: TheGateway) -> Template:
    """The form of a person who was invited."""
    return _choose_password(request, gateway, _INVITED)


@post("/invitation/{token:str}", sync_to_thread=True, guards=[anyone], status_code=303)
def invitation(request: PageRequest, gateway: TheGateway, token: PathText, form: TheForm) -> Redirect | Template:
    """Keep the password of the invited person."""
    try:
        gateway.users.accept_invitation(token, form.secret("mot_de_passe"))
    except RaccordError as refusal:
        return _choose_password(request, gateway, _INVITED, refusal, form)
    return go("/connexion", "mot-de-passe")


@get("/nouveau-mot-de-passe/{token:str}", sync_to_thread=True, guards=[anyone])
def new_password_page(request: PageRequest, gateway: TheGateway) -> Template:
    """The form behind the link of a forgotten password."""
    return _choose_password(request, gateway, _FORGOTTEN)


@post("/nouveau-mot-de-passe/{token:str}", sync_to_thread=True, guards=[anyone], status_code=303)
def new_password(request: PageRequest, gateway: TheGateway, token: PathText, form: TheForm) -> Redirect | Template:
    """Replace the forgotten password; every session of the person ends."""
    try:
        gateway.users.reset_password(token, form.secret("mot_de_passe"))
    except RaccordError as refusal:
        return _choose_password(request, gateway, _FORGOTTEN, refusal, form)
    return go("/connexion", "mot-de-passe")


def _choose_password(
    request: PageRequest,
    gateway: Gateway,
    words: dict[str, Any],
    refusal: RaccordError | None = None,
    form: Form | None = None,
) -> Template:
    typed = {"email": form.text("email") if form else "", "name": form.text("nom") if form else ""}
    return page(
        request, gateway, "choose_password.html", status=400 if refusal else 200, refusal=refusal, **words, **typed
    )


@get("/mot-de-passe-oublie", sync_to_thread=True, guards=[anyone])
def forgotten_page(request: PageRequest, gateway: TheGateway) -> Template:
    """Asks for the address."""
    return page(request, gateway, "forgotten.html", asked=False, refusal=None)


@post("/mot-de-passe-oublie", sync_to_thread=True, guards=[anyone], status_code=200)
def forgotten(request: PageRequest, gateway: TheGateway, form: TheForm) -> Template:
    """Mail a link when the address is known; the answer is the same when it is not."""
    try:
        gateway.users.forgotten(form.text("email"), _address(request))
    except NotAllowed as refusal:
        return page(request, gateway, "forgotten.html", status=403, asked=False, refusal=refusal)
    return page(request, gateway, "forgotten.html", asked=True)


def _address(request: PageRequest) -> str:
    return request.client.host if request.client else ""


def is_https(settings: Settings) -> bool:
    """Whether people reach us by https: then cookies never travel in clear."""
    return settings.public_url.startswith("https://")


router = Router(
    path="/",
    route_handlers=[
        sign_in_page, sign_in, sign_out, switch_language, first_access_page, first_access, invitation_page, invitation,
        new_password_page, new_password, forgotten_page, forgotten,
    ],
)  # fmt: skip
