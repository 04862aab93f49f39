"""What surrounds the portal: the directory, the requests to support, and the outbox of the bench."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from starlette.responses import FileResponse, Response

from chorus_simulator.portal.desk import HERE, Page, Visit
from chorus_simulator.portal.paging import cut

if TYPE_CHECKING:
    from chorus_simulator.parties import Service, Structure

SHOWN = 20
REQUEST_STATES = {"ENVOYEE": "Envoyée"}


@dataclass(frozen=True)
class FoundService:
    """A service as the directory shows it: what it demands and its state in French words."""

    code: str
    name: str
    demand: str
    state: str


@dataclass(frozen=True)
class Found:
    """A public structure as the directory shows it."""

    designation: str
    identifiant: str
    statut: str
    demand: str
    services: list[FoundService]


def directory(visit: Visit) -> Response:
    """Public structures by SIRET or part of the name, with what they demand of an invoice."""
    identifiant, designation = visit.asked("identifiant").replace(" ", ""), visit.asked("designation")
    searched = bool(identifiant or designation)
    found = _search(visit, identifiant, designation.casefold()) if searched else []
    return visit.render(
        "directory.html",
        asked={"identifiant": identifiant, "designation": designation},
        searched=searched,
        found=[_found(one) for one in islice(found, SHOWN)],
        total=len(found),
    )


def _search(visit: Visit, identifiant: str, designation: str) -> list[Structure]:
    if identifiant:
        one = visit.world.structure_of(identifiant)
        candidates = [one] if one else []
    else:
        candidates = list(visit.world.structures.values())
    return [one for one in candidates if one.publique and designation in one.designation.casefold()]


def demand(structure: Structure) -> str:
    """The rule in five values of specifications/directory.md §5, in words."""
    if structure.gestionNumeroEJOuCodeService:
        return "Code service ou numéro d’engagement"
    both = structure.codeServiceDoitEtreRenseigne and structure.numeroEJDoitEtreRenseigne
    if both:
        return "Code service et numéro d’engagement"
    if structure.codeServiceDoitEtreRenseigne:
        return "Code service"
    return "Numéro d’engagement" if structure.numeroEJDoitEtreRenseigne else "Rien de particulier"


def _found(structure: Structure) -> Found:
    services = [_service(service) for service in structure.services]
    return Found(structure.designation, structure.identifiant, structure.statut, demand(structure), services)


def _service(service: Service) -> FoundService:
    required = "Obligatoire" if service.numeroEngagement else "Facultatif"
    return FoundService(service.codeService, service.nomService, required, "Actif" if service.estActif else "Inactif")


def requests(visit: Visit) -> Response:
    """« Sollicitations émises »: those of the person signed in, newest first."""
    return _requests(visit, {})


def new_request(visit: Visit) -> Response:
    """Send a request to support; subject cut at 255 characters, text at 2000, both needed."""
    subject, text = visit.field("objet"), visit.field("texte")
    faults = {}
    if not subject:
        faults["objet"] = "Indiquez l’objet de votre demande."
    if not text:
        faults["texte"] = "Décrivez votre demande."
    if faults:
        return _requests(visit, faults)
    visit.world.add_sollicitation(visit.person.login, subject[:255], text[:2000])
    return visit.go("/sollicitations", "Votre sollicitation a été émise.")


def _requests(visit: Visit, faults: dict[str, str]) -> Response:
    mine = [one for one in reversed(visit.world.sollicitations) if one.auteur == visit.person.login]
    return visit.render(
        "requests.html",
        422 if faults else 200,
        rows=[(one, REQUEST_STATES.get(one.etat, one.etat)) for one in mine],
        subject=visit.field("objet"),
        text=visit.field("texte"),
        faults=faults,
    )


def mails(visit: Visit) -> Response:
    """Every mail that would have left, newest first; open to whoever uses the bench."""
    page = cut(visit, list(reversed(visit.world.mails)))
    shown = visit.world.switches.on("mail_avec_mot_de_passe")
    return visit.render("mails.html", mails=page.items, page=page, with_password=shown)


def stylesheet(_: Visit) -> Response:
    """The one style sheet of the portal, open to everybody: the sign-in page needs it."""
    return FileResponse(HERE / "static" / "portail.css", media_type="text/css")


PAGES = (
    Page("/annuaire", directory),
    Page("/sollicitations", requests),
    Page("/sollicitations", new_request, "POST"),
    Page("/courriels", mails, public=True),
    Page("/portail.css", stylesheet, public=True),
)
