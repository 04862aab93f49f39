"""« Raccordements > Compte technique », the portal since 2022 (specifications/technical-accounts.md §3).

One form; each choice feeds the next: type of request, SIRET, raison sociale, account. « Continuer » reads the
choices made so far and shows the next; « Soumettre » carries the request out. A reset shows its password
*before* « Soumettre »; the session keeps that candidate under a handle which the form carries, so what is
submitted is what was shown, and what is never submitted opens nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from starlette.responses import Response

from chorus_simulator import accounts
from chorus_simulator.portal import people
from chorus_simulator.portal.desk import Page, Visit
from chorus_simulator.portal.sessions import Candidate
from chorus_simulator.portal.technical_2016 import login_fault

if TYPE_CHECKING:
    from chorus_simulator.parties import Structure, TechnicalAccount

PATH = "/raccordements/compte-technique"
NOT_PREPARED = (
    "Le mot de passe affiché auparavant ne peut plus être soumis : rien n’a changé. Copiez celui qui s’affiche "
    "maintenant, puis cliquez sur « Soumettre »."
)
KINDS = {
    "creation": "Création d’un compte technique",
    "administration": "Administration ou modification d’un compte technique",
    "reinitialisation": "Réinitialiser le mot de passe du compte technique",
}


@dataclass
class Request:
    """What the form says so far. `faults` speaks beside the fields; `password` is shown once, with the `handle`
    under which the session keeps it."""

    kind: str = ""
    structure: Structure | None = None
    account: TechnicalAccount | None = None
    login: str = ""
    contact: str = ""
    handle: str = ""
    password: str = field(default="", repr=False)
    faults: dict[str, str] = field(default_factory=dict)

    @property
    def ready(self) -> bool:
        """« Soumettre » is offered: all is chosen, and the password that it needs has been shown."""
        return bool(self.account) if self.kind == "administration" else bool(self.handle)


def show(visit: Visit) -> Response:
    """The empty form."""
    return _page(visit, Request())


def advance(visit: Visit) -> Response:
    """One step of the form: « Continuer » shows the next choice, « Soumettre » carries out what is complete."""
    request = _read(visit)
    if visit.form.get("etape") == "soumettre" and _complete(request):
        return SUBMIT[request.kind](visit, request)
    if not request.faults:
        _offer(visit, request)
    return _page(visit, request)


def _read(visit: Visit) -> Request:
    """The choices that hold together: a structure changed since the last step empties what followed it."""
    request = Request(kind=visit.field("type_demande"))
    if request.kind not in KINDS:
        return Request()
    managed = {one.identifiant: one for one in people.managed(visit.world, visit.person)}
    request.structure = managed.get(visit.field("structure"))
    if request.structure is None:
        return request
    if request.kind == "creation":
        return _read_creation(visit, request, request.structure)
    choices = {one.login: one for one in visit.world.accounts_of(request.structure.idStructureCPP)}
    request.account = choices.get(visit.field("compte"))
    if request.account is not None:
        same = visit.field("compte_choisi") == request.account.login and "contact" in visit.form
        request.contact = visit.field("contact") if same else request.account.contact
    return request


def _read_creation(visit: Visit, request: Request, structure: Structure) -> Request:
    same = visit.field("structure_choisie") == structure.identifiant and "identifiant" in visit.form
    request.login = visit.field("identifiant") if same else accounts.next_login(visit.world, structure)
    request.contact = visit.field("contact") if same else ""
    fault = login_fault(visit, request.login)
    if fault:
        request.faults["identifiant"] = fault
    return request


def _complete(request: Request) -> bool:
    """Everything is chosen; what is missing is said beside its field."""
    if not request.kind:
        request.faults["type_demande"] = "Choisissez le type de demande."
    elif request.structure is None:
        request.faults["structure"] = "Choisissez la structure par son SIRET."
    elif request.kind != "creation" and request.account is None:
        request.faults["compte"] = "Choisissez le compte technique."
    return not request.faults


def _offer(visit: Visit, request: Request) -> None:
    """Show a new password and keep it aside: nothing changes until « Soumettre »."""
    if request.kind == "reinitialisation" and request.account is not None:
        request.password = visit.world.prepare_reset(request.account.login)
        login = request.account.login
    elif request.kind == "creation" and request.structure is not None:
        request.password = accounts.new_password(visit.world.random)
        login = request.structure.identifiant
    else:
        return
    request.handle = visit.session.remember(Candidate(login, request.password))


def _shown(visit: Visit, request: Request, owner: str) -> str:
    """The password that this form showed for `owner`, once; without it, another is offered and nothing changes."""
    kept = visit.session.candidates.pop(visit.field("demande"), None)
    if kept is not None and kept.login == owner:
        return kept.password
    request.faults["mot_de_passe"] = NOT_PREPARED
    _offer(visit, request)
    return ""


def _create(visit: Visit, request: Request) -> Response:
    structure = request.structure
    if structure is None or not (password := _shown(visit, request, structure.identifiant)):
        return _page(visit, request)
    contact = request.contact or people.contact_address(visit.person)
    account, _ = visit.world.create_technical_account(structure, contact, request.login, password)
    done = f"Le compte technique {account.login} a été créé pour la structure {structure.designation}."
    return _page(visit, Request(), done)


def _administer(visit: Visit, request: Request) -> Response:
    account = request.account
    if account is None:
        return _page(visit, request)
    people.change_contact(visit.world, account, request.contact or people.contact_address(visit.person))
    return _page(visit, Request(), f"Le compte technique {account.login} a été modifié.")


def _reset(visit: Visit, request: Request) -> Response:
    account = request.account
    if account is None or not (password := _shown(visit, request, account.login)):
        return _page(visit, request)
    if not visit.world.submit_reset(account.login, password):
        request.faults["mot_de_passe"] = NOT_PREPARED
        _offer(visit, request)
        return _page(visit, request)
    done = (
        f"Le mot de passe du compte technique {account.login} a été réinitialisé. L’ancien ne fonctionne plus : "
        "saisissez le nouveau dans votre logiciel. Un courriel d’information a été envoyé."
    )
    return _page(visit, Request(), done)


SUBMIT = {"creation": _create, "administration": _administer, "reinitialisation": _reset}


def _page(visit: Visit, request: Request, done: str = "") -> Response:
    structure, world = request.structure, visit.world
    managed = people.managed(world, visit.person)
    return visit.render(
        "technical_account.html",
        422 if request.faults else 200,
        heading=KINDS.get(request.kind, "Votre demande"),
        type_demande=request.kind,
        structures=managed,
        structure=structure,
        account=request.account,
        accounts_of_structure=world.accounts_of(structure.idStructureCPP) if structure else [],
        login=request.login,
        contact=request.contact,
        handle=request.handle,
        password=request.password,
        ready=request.ready,
        accounts=people.account_rows(world, world.structures_of(visit.person)),
        done=done,
        faults=request.faults,
    )


PAGES = (Page(PATH, show), Page(PATH, advance, "POST"))
