"""Annuaire: search a public structure, see what it demands and its services; load or refresh the copy."""

from litestar import Response, Router, get, post
from litestar.response import Redirect, Template

from raccord.domain.directory import requirement
from raccord.domain.errors import Invalid, NotFound, RaccordError
from raccord.engine.gateway import Gateway
from raccord.web.given import PathText, QueryText, TheForm, TheGateway
from raccord.web.guards import configures, reads
from raccord.web.render import PageRequest, actor_of, go, page


@get("/annuaire", sync_to_thread=True, guards=[reads])
def directory(request: PageRequest, gateway: TheGateway, texte: QueryText = "", commune: QueryText = "") -> Template:
    """The search, and how the copy fares."""
    return _list(request, gateway, texte.strip(), commune.strip())


def _list(
    request: PageRequest, gateway: Gateway, text: str = "", town: str = "", fault: RaccordError | None = None
) -> Template:
    home, trouble = gateway.directory.home(), fault
    found: tuple[object, ...] = ()
    try:
        found = gateway.directory.search(text, town, connection_id=home) if text or town else ()
    except RaccordError as error:  # Chorus Pro could not be asked about a SIRET: the page says it and stays
        trouble = error
    return page(
        request,
        gateway,
        "directory.html",
        status=200 if fault is None else 422,
        found=found,
        asked={"texte": text, "commune": town},
        copy=gateway.directory.status(home),
        fault=trouble,
        can_refresh=bool(home),
        requirement=requirement,
    )


@get("/annuaire/{siret:str}", sync_to_thread=True, guards=[reads])
def structure(request: PageRequest, gateway: TheGateway, siret: PathText) -> Template:
    """One structure: what an invoice must carry, and the services that may be named."""
    home = gateway.directory.home()
    found = gateway.directory.find(siret, home)
    if found is None:
        raise NotFound(
            "STRUCTURE_PUBLIQUE_INCONNUE",
            f"Aucune structure publique n’a le SIRET {siret[:20]}.",
            "Vérifiez le SIRET sur le bon de commande ; ce n’est pas toujours celui du siège.",
        )
    services = gateway.directory.services(siret, home)
    return page(
        request, gateway, "public_structure.html", structure=found, services=services, demand=requirement(found)
    )


@post("/annuaire/charger", sync_to_thread=True, guards=[configures])
def load(request: PageRequest, gateway: TheGateway, form: TheForm) -> Response[None] | Template | Redirect:
    """Load the files of the public directory."""
    files = form.files("fichiers")
    try:
        if not files:
            raise Invalid("ANNUAIRE_ABSENT", "Aucun fichier n’est choisi.", "Choisissez le fichier de l’annuaire.")
        gateway.directory.load(
            [one.data for one in files], actor_of(request), origin=", ".join(one.name for one in files),
            shrink=form.ticked("reduction"),
        )  # fmt: skip
    except RaccordError as error:
        return _list(request, gateway, fault=error)
    return go("/annuaire")


@post("/annuaire/actualiser", sync_to_thread=True, guards=[configures])
def refresh(request: PageRequest, gateway: TheGateway) -> Template | Redirect:
    """Fetch the directory from Chorus Pro."""
    try:
        gateway.directory.refresh(gateway.directory.home(), actor_of(request))
    except RaccordError as error:
        return _list(request, gateway, fault=error)
    return go("/annuaire")


router = Router(path="/", route_handlers=[directory, structure, load, refresh])
