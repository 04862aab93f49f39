"""Beside the settings of a connection: its expiry date alone, many accounts by a file, the calendar to subscribe to."""

from typing import Any

from litestar import Response, Router, get, post
from litestar.response import Redirect, Template

from raccord.domain.clock import last_instant
from raccord.domain.errors import NotFound, RaccordError
from raccord.domain.requests import ImportReport
from raccord.engine.gateway import Gateway
from raccord.web.forms import Form
from raccord.web.given import PathText, TheForm, TheGateway
from raccord.web.guards import anyone, configures
from raccord.web.pages.chorus_pro import PLACE
from raccord.web.render import PageRequest, actor_of, go, page


@post(f"{PLACE}/{{connection_id:str}}/echeance", sync_to_thread=True, guards=[configures], status_code=303)
def expiry_date(gateway: TheGateway, request: PageRequest, connection_id: PathText, form: TheForm) -> Redirect:
    """Keep the « Date exp. Mot de passe » that a person read on the portal."""
    day = _day(form)
    if day is None:
        return go(f"{PLACE}?modifier={connection_id}#echeance-{connection_id}", "date")
    gateway.connections.set_expiry(connection_id, day, actor_of(request))
    return go(PLACE, "enregistre")


def _day(form: Form) -> Any:
    try:
        day = form.day("expire_le")
    except ValueError:
        return None
    return last_instant(day) if day else None


@post(f"{PLACE}/{{connection_id:str}}/abandonner", sync_to_thread=True, guards=[configures], status_code=303)
def drop_candidate(gateway: TheGateway, request: PageRequest, connection_id: PathText) -> Redirect:
    """Give up the password that waits; the present one stays."""
    gateway.connections.drop_candidate(connection_id, actor_of(request))
    return go(PLACE, "enregistre")


@get(f"{PLACE}/importer", sync_to_thread=True, guards=[configures])
def import_page(request: PageRequest, gateway: TheGateway) -> Template:
    """The form: a file, a model, and whether to try or to do."""
    return _import(request, gateway)


@post(f"{PLACE}/importer", sync_to_thread=True, guards=[configures], status_code=200)
def import_accounts(request: PageRequest, gateway: TheGateway, form: TheForm) -> Template:
    """Say what each line does, or would do. The file is never kept between the two."""
    files, like = form.files("fichier"), form.text("modele")
    if not files:
        return _import(request, gateway, status=400, errors={"fichier": "Choisissez le fichier des comptes."})
    try:
        report = gateway.connections.import_accounts(
            files[0].data, actor_of(request), like=like, dry_run=form.text("action") != "importer"
        )
    except RaccordError as refusal:
        return _import(request, gateway, status=400, errors={"fichier": refusal.words})
    return _import(request, gateway, report=report, like=like)


def _import(
    request: PageRequest,
    gateway: Gateway,
    *,
    status: int = 200,
    report: ImportReport | None = None,
    like: str = "",
    errors: dict[str, str] | None = None,
) -> Template:
    models = [(one.id, one.label) for one in gateway.connections.all()]
    facts = {"report": report, "models": models, "like": like, "place": PLACE, "errors": errors or {}}
    return page(request, gateway, "import_accounts.html", status=status, **facts)


@get("/calendrier/{name:str}", sync_to_thread=True, guards=[anyone])
def calendar(gateway: TheGateway, name: PathText) -> Response[bytes]:
    """The ends of the passwords that its owner may see, for a calendar; its address can be changed in the profile."""
    owner = gateway.users.calendar_owner(name.removesuffix(".ics"))
    if owner is None:
        raise NotFound("CALENDRIER_INCONNU", "Ce calendrier n’existe plus.", "Reprenez son adresse dans votre profil.")
    headers = {"Cache-Control": "private, max-age=3600"}
    told = gateway.within(owner.reach).expiry.all_ics(owner.language)
    return Response(told, media_type="text/calendar; charset=utf-8", headers=headers)


router = Router(path="/", route_handlers=[expiry_date, drop_candidate, import_page, import_accounts, calendar])
