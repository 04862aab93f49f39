"""Mon profil: the language, the password, the second factor, the open sessions."""

import base64
from io import BytesIO
from typing import Any

import segno
from litestar import Router, get, post
from litestar.response import Redirect, Template

from raccord.domain.errors import NotAllowed, RaccordError
from raccord.domain.users import TotpEnrolment
from raccord.engine.gateway import Gateway
from raccord.web.given import PathText, TheForm, TheGateway, TheSettings
from raccord.web.guards import reads
from raccord.web.i18n import LANGUAGES
from raccord.web.render import PageRequest, actor_of, go, page, person_of


@get("/profil", sync_to_thread=True, guards=[reads])
def profile(request: PageRequest, gateway: TheGateway) -> Template:
    """The profile of whoever asks."""
    return _profile(request, gateway)


def _profile(request: PageRequest, gateway: Gateway, status: int = 200, **facts: Any) -> Template:
    sessions = gateway.users.sessions(person_of(request).user.id)
    shared = {"sessions": sessions, "enrolment": None, "drawing": "", "codes": (), "calendar": ""}
    return page(request, gateway, "profile.html", status=status, **(shared | facts))


@post("/profil/langue", sync_to_thread=True, guards=[reads], status_code=303)
def language(request: PageRequest, gateway: TheGateway, form: TheForm) -> Redirect:
    """Read the pages in another language."""
    chosen = form.text("langue")
    if chosen in LANGUAGES:
        gateway.users.change_user(person_of(request).user.id, actor_of(request), language=chosen)
    return go("/profil", "enregistre")


@post("/profil/mot-de-passe", sync_to_thread=True, guards=[reads], status_code=303)
def password(request: PageRequest, gateway: TheGateway, form: TheForm) -> Redirect | Template:
    """Replace one's own password; the old one is asked for, and the other sessions end."""
    old, new = form.secret("ancien"), form.secret("nouveau")
    try:
        gateway.users.change_password(person_of(request).user.id, old, new, session=request.auth)
    except RaccordError as refusal:
        field = "nouveau" if refusal.code == "MOT_DE_PASSE_FAIBLE" else "ancien"
        return _profile(request, gateway, status=400, errors={field: refusal.words})
    return go("/profil", "mon-mot-de-passe")


@post("/profil/second-facteur", sync_to_thread=True, guards=[reads], status_code=200)
def begin_second_factor(request: PageRequest, gateway: TheGateway) -> Template:
    """Show the drawing to photograph; nothing changes until a code proves that it was."""
    return _enrolling(request, gateway, gateway.users.totp_begin(person_of(request).user.id))


def _enrolling(
    request: PageRequest, gateway: Gateway, enrolment: TotpEnrolment, status: int = 200, **facts: Any
) -> Template:
    return _profile(request, gateway, status=status, enrolment=enrolment, drawing=_drawn(enrolment.uri), **facts)


@post("/profil/second-facteur/confirmer", sync_to_thread=True, guards=[reads], status_code=200)
def confirm_second_factor(request: PageRequest, gateway: TheGateway, form: TheForm) -> Template:
    """A good code switches the second factor on; the recovery codes are shown once, the other sessions end."""
    person = person_of(request).user.id
    try:
        codes = gateway.users.totp_confirm(person, form.text("code"), session=request.auth)
    except NotAllowed as refusal:
        again = gateway.users.totp_again(person)
        return _enrolling(request, gateway, again, status=400, errors={"code": refusal.words})
    return _profile(request, gateway, codes=codes)


@post("/profil/second-facteur/retirer", sync_to_thread=True, guards=[reads], status_code=303)
def remove_second_factor(request: PageRequest, gateway: TheGateway, form: TheForm) -> Redirect | Template:
    """Switch the second factor off; a code is asked for."""
    try:
        gateway.users.totp_disable(person_of(request).user.id, actor_of(request), form.text("code"))
    except RaccordError as refusal:
        return _profile(request, gateway, status=400, errors={"code": refusal.words})
    return go("/profil", "enregistre")


@post("/profil/sessions/{session_id:str}/fermer", sync_to_thread=True, guards=[reads], status_code=303)
def close_session(request: PageRequest, gateway: TheGateway, session_id: PathText) -> Redirect:
    """End one session, for instance of a lost computer."""
    gateway.users.revoke_session(person_of(request).user.id, session_id, actor_of(request))
    return go("/profil", "session")


@post("/profil/calendrier", sync_to_thread=True, guards=[reads], status_code=200)
def calendar(request: PageRequest, gateway: TheGateway, settings: TheSettings) -> Template:
    """A new address for one's calendar, shown once; the one before stops working."""
    token = gateway.users.calendar_link(person_of(request).user.id, actor_of(request))
    return _profile(request, gateway, calendar=f"{settings.public_url}/calendrier/{token}.ics")


def _drawn(uri: str) -> str:
    """A QR code as an image that the page carries itself, so that the secret travels nowhere else."""
    drawing = BytesIO()
    segno.make(uri, micro=False).save(drawing, kind="svg", scale=5, border=2)
    return base64.b64encode(drawing.getvalue()).decode()


router = Router(
    path="/",
    route_handlers=[
        profile, language, password, begin_second_factor, confirm_second_factor, remove_second_factor, close_session,
        calendar,
    ],
)  # fmt: skip
