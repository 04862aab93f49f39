"""Options > Paramètres > Système > Chorus Pro: the connections, their light, the password of the technical account.

Only the Superviseur comes here (seed S1-04). « Valider » keeps the new password as a candidate, tests it at once, and
promotes it only when it works: the old one stays until then.
"""

from dataclasses import replace
from typing import Any

from litestar import Router, get, post
from litestar.response import Redirect, Template

from raccord.domain.clock import last_instant
from raccord.domain.connection import Addresses, Connection, ConnectionModel, EnvironmentName, Network
from raccord.domain.errors import Invalid, RaccordError
from raccord.domain.requests import ConnectionChange, NewConnection
from raccord.engine.connections import addresses_at
from raccord.engine.gateway import Gateway
from raccord.vault.portal_file import PortalAccount, read_portal_file
from raccord.web.cures import cure_of
from raccord.web.forms import BAD_DAY, Form
from raccord.web.given import PathText, QueryText, TheForm, TheGateway
from raccord.web.guards import configures
from raccord.web.people import names_of
from raccord.web.render import PageRequest, actor_of, go, language_of, page
from raccord.web.timeline import history_in, timeline

PLACE = "/options/parametres/systeme/chorus-pro"


@get(PLACE, sync_to_thread=True, guards=[configures])
def settings_page(request: PageRequest, gateway: TheGateway, modifier: QueryText = "") -> Template:
    """The connections and their light; `?modifier=<id>` is the pencil: it opens the password field."""
    return _settings(request, gateway, editing=modifier)


def _settings(request: PageRequest, gateway: Gateway, status: int = 200, **facts: Any) -> Template:
    cards = [_card(gateway, connection) for connection in gateway.connections.all()]
    common = {"cards": cards, "editing": "", "typed_login": None, "typed_day": "", "refusal": None, "result": None}
    return page(request, gateway, "chorus_pro.html", status=status, **(common | facts))


def _card(gateway: Gateway, connection: Connection) -> dict[str, Any]:
    return {
        "connection": connection,
        "view": gateway.light.of(connection.id),
        "candidate": gateway.connections.candidate(connection.id),
        "structures": gateway.connections.structures(connection.id),
        "restored": gateway.reconciliation.pending(connection.id),
    }


@post(f"{PLACE}/{{connection_id:str}}/mot-de-passe", sync_to_thread=True, guards=[configures], status_code=200)
def enter_password(request: PageRequest, gateway: TheGateway, connection_id: PathText, form: TheForm) -> Template:
    """« Valider »: keep, test, promote; the answer is the same page with the light and, in red, the cause."""
    facts: dict[str, Any] = {
        "editing": connection_id,
        "typed_login": form.text("login"),
        "typed_day": form.text("expire_le"),
    }
    try:
        day = form.day("expire_le")
        account = _account_given(form)
        expires_at = last_instant(day) if day else account.expires_at
        result = gateway.connections.enter_candidate(
            connection_id, account.login, account.password, actor_of(request), expires_at=expires_at
        )
    except RaccordError as refusal:
        return _settings(request, gateway, status=400, errors={_field_of(refusal): refusal.sentence}, **facts)
    except ValueError:
        errors = {"expire_le": BAD_DAY}
        return _settings(request, gateway, status=400, errors=errors, **facts)
    if result.promoted:
        facts = {}
    return _settings(request, gateway, result=result, tested=connection_id, **facts)


def _account_given(form: Form) -> PortalAccount:
    """The login and the password, typed, or read from the file that the portal's button saves (seed S2-72)."""
    for saved in form.files("fichier"):
        return read_portal_file(saved.data)
    if not form.raw("mot_de_passe"):
        raise Invalid("MOT_DE_PASSE_ABSENT", "Le mot de passe est vide : collez celui que Chorus Pro a affiché.")
    if not form.text("login"):
        raise Invalid("IDENTIFIANT_ABSENT", "L’identifiant est vide : saisissez celui du compte technique (TECH_…).")
    return PortalAccount(form.text("login"), form.secret("mot_de_passe"))


def _field_of(refusal: RaccordError) -> str:
    return {"FICHIER_PORTAIL_ILLISIBLE": "fichier", "IDENTIFIANT_ABSENT": "login"}.get(refusal.code, "mot_de_passe")


@post(f"{PLACE}/{{connection_id:str}}/tester", sync_to_thread=True, guards=[configures], status_code=303)
def test_now(request: PageRequest, gateway: TheGateway, connection_id: PathText, form: TheForm) -> Redirect:
    """« Tester la connexion »: the doctor climbs the ladder, then shows what was found.

    A password already refused is played again only by the button that says so: five refusals may lock the account.
    """
    gateway.connections.test(connection_id, actor_of(request), force=form.ticked("rejouer"))
    return go(f"{PLACE}/{connection_id}/diagnostic")


@get(f"{PLACE}/{{connection_id:str}}/diagnostic", sync_to_thread=True, guards=[configures])
def diagnosis(request: PageRequest, gateway: TheGateway, connection_id: PathText) -> Template:
    """Each rung, the verdict, the steps of the cure, and the history of the light."""
    connection, verdict = gateway.connections.get(connection_id), gateway.connections.last_verdict(connection_id)
    history = history_in(language_of(request), gateway.light.history(connection_id, limit=100))
    return page(
        request,
        gateway,
        "diagnosis.html",
        connection=connection,
        view=gateway.light.of(connection_id),
        verdict=verdict,
        cure=cure_of(verdict.cause, connection, PLACE) if verdict and verdict.cause else None,
        history=history,
        line=timeline(history, gateway.clock()),
        people=names_of(gateway),
    )


@get(f"{PLACE}/nouvelle", sync_to_thread=True, guards=[configures])
def new_connection_page(request: PageRequest, gateway: TheGateway) -> Template:
    """The form of a new connection."""
    return _connection_form(request, gateway, None)


@post(f"{PLACE}/nouvelle", sync_to_thread=True, guards=[configures], status_code=303)
def new_connection(request: PageRequest, gateway: TheGateway, form: TheForm) -> Redirect | Template:
    """Create the connection; next comes its technical account."""
    try:
        made = gateway.connections.create(_with_application(gateway, _asked(form), form), actor_of(request))
    except (RaccordError, ValueError) as refusal:
        return _connection_form(request, gateway, None, refusal, form)
    return go(f"{PLACE}?modifier={made.id}#connexion-{made.id}", "")


@get(f"{PLACE}/{{connection_id:str}}", sync_to_thread=True, guards=[configures])
def connection_page(request: PageRequest, gateway: TheGateway, connection_id: PathText) -> Template:
    """The same form for an existing connection; secrets are never shown back."""
    return _connection_form(request, gateway, gateway.connections.get(connection_id))


@post(f"{PLACE}/{{connection_id:str}}", sync_to_thread=True, guards=[configures], status_code=303)
def edit_connection(
    request: PageRequest, gateway: TheGateway, connection_id: PathText, form: TheForm
) -> Redirect | Template:
    """Change what was typed; an empty secret keeps the old one."""
    try:
        gateway.connections.edit(connection_id, _changed(form), actor_of(request))
    except (RaccordError, ValueError) as refusal:
        return _connection_form(request, gateway, gateway.connections.get(connection_id), refusal, form)
    return go(PLACE, "enregistre")


def _changed(form: Form) -> ConnectionChange:
    asked = _asked(form)
    return ConnectionChange(
        label=asked.label, environment=asked.environment, model=asked.model, addresses=asked.addresses,
        client_id=asked.client_id, client_secret=asked.client_secret, network=asked.network,
        enabled=form.ticked("active"),
    )  # fmt: skip


def _asked(form: Form) -> NewConnection:
    secret = form.secret("client_secret")
    return NewConnection(
        label=form.text("nom"),
        environment=EnvironmentName(form.text("environnement")),
        model=ConnectionModel(form.text("modele")),
        addresses=_addresses(form),
        client_id=form.text("client_id"),
        client_secret=secret if secret.reveal() else None,
        network=Network(proxy_url=form.text("mandataire"), ca_file=form.text("autorites")),
    )


def _with_application(gateway: Gateway, new: NewConnection, form: Form) -> NewConnection:
    """One PISTE application may serve many technical accounts: the one of another connection, when it is chosen."""
    if not form.text("application"):
        return new
    client_id, secret = gateway.connections.application_of(form.text("application"))
    return replace(new, client_id=client_id, client_secret=secret)


def _addresses(form: Form) -> Addresses | None:
    if EnvironmentName(form.text("environnement")) in (EnvironmentName.PRODUCTION, EnvironmentName.QUALIFICATION):
        return None
    if form.text("adresse"):
        return addresses_at(form.text("adresse"))
    return Addresses(form.text("adresse_jeton"), form.text("adresse_api"), form.text("adresse_portail"))


def _connection_form(
    request: PageRequest,
    gateway: Gateway,
    connection: Connection | None,
    refusal: Exception | None = None,
    form: Form | None = None,
) -> Template:
    typed = {name: form.text(name) for name in _FIELDS} if form else _filled(connection)
    return page(
        request,
        gateway,
        "connection_form.html",
        status=400 if refusal else 200,
        connection=connection,
        refusal=refusal,
        typed=typed,
        place=PLACE,
        environments=_ENVIRONMENTS,
        models=MODELS,
        applications=[(one.id, one.label) for one in gateway.connections.all() if one.client_id],
    )


_FIELDS = (
    "application", "nom", "environnement", "modele", "adresse", "adresse_jeton", "adresse_api", "adresse_portail",
    "client_id", "mandataire", "autorites",
)  # fmt: skip
_ENVIRONMENTS = (
    ("production", "Production"),
    ("qualification", "Qualification"),
    ("simulator", "Simulateur de Chorus Pro"),
    ("custom", "Autres adresses"),
)
MODELS = (
    ("direct", "Raccordement direct : votre organisation a sa propre application PISTE"),
    ("client-lourd", "Éditeur de client lourd : l’application PISTE est créée pour vous par votre éditeur"),
    ("concentrateur", "Concentrateur : un service commun porte l’application PISTE, vous donnez un compte technique"),
)


def _filled(connection: Connection | None) -> dict[str, str]:
    if connection is None:
        return dict.fromkeys(_FIELDS, "") | {"environnement": "production", "modele": "direct"}
    return {
        "application": "",
        "nom": connection.label,
        "environnement": connection.environment.value,
        "modele": connection.model.value,
        "adresse": "",
        "adresse_jeton": connection.addresses.token_url,
        "adresse_api": connection.addresses.api_url,
        "adresse_portail": connection.addresses.portal_url,
        "client_id": connection.client_id,
        "mandataire": connection.network.proxy_url,
        "autorites": connection.network.ca_file,
    }


@post(f"{PLACE}/{{connection_id:str}}/structures", sync_to_thread=True, guards=[configures], status_code=303)
def discover(request: PageRequest, gateway: TheGateway, connection_id: PathText) -> Redirect:
    """Ask Chorus Pro which structures this account serves."""
    gateway.connections.discover_structures(connection_id, actor_of(request))
    return go(PLACE, "enregistre")


@post(f"{PLACE}/{{connection_id:str}}/suspendre", sync_to_thread=True, guards=[configures], status_code=303)
def pause(request: PageRequest, gateway: TheGateway, connection_id: PathText) -> Redirect:
    """Hold the outbox back; deposits are still taken."""
    gateway.outbox.pause(connection_id, actor_of(request))
    return go(PLACE, "suspendu")


@post(f"{PLACE}/{{connection_id:str}}/reprendre", sync_to_thread=True, guards=[configures], status_code=303)
def resume(request: PageRequest, gateway: TheGateway, connection_id: PathText) -> Redirect:
    """Let the outbox go again."""
    gateway.outbox.resume(connection_id, actor_of(request))
    return go(PLACE, "repris")


@post(f"{PLACE}/{{connection_id:str}}/supprimer", sync_to_thread=True, guards=[configures], status_code=303)
def delete(request: PageRequest, gateway: TheGateway, connection_id: PathText) -> Redirect:
    """Forget a connection that has never deposited, with its secrets."""
    gateway.connections.delete(connection_id, actor_of(request))
    return go(PLACE, "supprime")


router = Router(
    path="/",
    route_handlers=[
        settings_page, enter_password, test_now, diagnosis, new_connection_page, new_connection, connection_page,
        edit_connection, discover, pause, resume, delete,
    ],
)  # fmt: skip
