"""The technical user on the portal of 2016: entry form, recap page, reset (specifications/technical-accounts.md §3).

Mon Compte > pencil > « Créer un utilisateur technique » > entry > recap, where the password is shown once and
can be saved (`saved.py` tells the format of the file). A reset is one click and its confirmation.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from starlette.responses import Response

from chorus_simulator.portal import people, saved
from chorus_simulator.portal.desk import Page, RefusedError, Visit, not_found
from chorus_simulator.portal.sessions import Candidate

if TYPE_CHECKING:
    from chorus_simulator.parties import Structure, TechnicalAccount

CREATED = "Récapitulatif de création de compte utilisateur technique"
RESET = "Récapitulatif de réinitialisation de compte utilisateur technique"
LOGIN = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")


def login_fault(visit: Visit, login: str) -> str:
    """Why `login` cannot name a new technical account, in one sentence; empty when it can."""
    if not login:
        return "Saisissez l’adresse électronique de connexion du futur compte."
    if not LOGIN.fullmatch(login):
        return "Cette adresse n’a pas la forme d’une adresse électronique : saisissez nom@domaine."
    if login in visit.world.technical_accounts or login in visit.world.persons:
        return "Cet identifiant existe déjà : choisissez-en un autre."
    return ""


def entry(visit: Visit) -> Response:
    """« Créer un utilisateur technique »: the form, with the login of those years proposed (S2-62)."""
    structure = _structure(visit)
    return _entry(visit, structure, f"TECH_{structure.identifiant}@cpp2017.fr", "", {})


def create(visit: Visit) -> Response:
    """Create the account and show its password, this once (S2-69)."""
    structure = _structure(visit)
    login, contact = visit.field("identifiant"), visit.field("contact")
    fault = login_fault(visit, login)
    if fault:
        return _entry(visit, structure, login, contact, {"identifiant": fault})
    contact = contact or people.contact_address(visit.person)
    account, password = visit.world.create_technical_account(structure, contact, login)
    return _recap(visit, structure, account, password, reset=False)


def show(visit: Visit) -> Response:
    """A technical account, with the button that resets its password."""
    return _account(visit, confirm=False)


def reset(visit: Visit) -> Response:
    """Ask for a confirmation, then reset at once and show the new password: the older portal has no « Soumettre »."""
    if visit.field("confirmation") != "oui":
        return _account(visit, confirm=True)
    structure = _structure(visit)
    account = _wanted(visit, structure)
    password = visit.world.prepare_reset(account.login)
    visit.world.submit_reset(account.login, password)
    return _recap(visit, structure, account, password, reset=True)


def save(visit: Visit) -> Response:
    """The file of the recap page, in the format of the button pressed."""
    kept = visit.session.candidates.get(visit.field("demande"))
    if kept is None:
        raise RefusedError(
            "Sauvegarde impossible",
            "Ce mot de passe n’est plus connu de votre session : s’il n’a pas été copié, il faut le réinitialiser.",
        )
    account = visit.world.technical_accounts.get(kept.login)
    if account is None:
        raise not_found("Ce compte technique n’existe plus.")
    structure = visit.world.structures[account.idStructureCPP]
    content = saved.Saved(kept.login, kept.password, structure.identifiant, structure.designation, account.modified_at)
    as_pdf = visit.field("format") == "pdf"
    body, kind, suffix = (
        (saved.as_pdf(content), "application/pdf", "pdf")
        if as_pdf
        else (saved.as_text(content), "text/plain; charset=utf-8", "txt")
    )
    name = f"compte-technique-{structure.identifiant}.{suffix}"
    return Response(body, media_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _structure(visit: Visit) -> Structure:
    return people.structure_managed(visit.world, visit.person, visit.wanted("siret"))


def _wanted(visit: Visit, structure: Structure) -> TechnicalAccount:
    account = visit.world.technical_accounts.get(visit.wanted("login"))
    if account is None or account.idStructureCPP != structure.idStructureCPP:
        raise not_found("Ce compte technique n’existe pas pour cette structure.")
    return account


def _entry(visit: Visit, structure: Structure, login: str, contact: str, faults: dict[str, str]) -> Response:
    status = 422 if faults else 200
    return visit.render("technical_form.html", status, structure=structure, login=login, contact=contact, faults=faults)


def _account(visit: Visit, *, confirm: bool) -> Response:
    structure = _structure(visit)
    return visit.render(
        "technical_user.html",
        structure=structure,
        account=_wanted(visit, structure),
        confirm=confirm,
        self_path=visit.base + visit.here,
    )


def _recap(visit: Visit, structure: Structure, account: TechnicalAccount, password: str, *, reset: bool) -> Response:
    handle = visit.session.remember(Candidate(account.login, password))
    return visit.render(
        "technical_recap.html",
        heading=RESET if reset else CREATED,
        structure=structure,
        login=account.login,
        password=password,
        handle=handle,
        reset=reset,
        mail_to=account.contact or people.contact_address(visit.person),
        mail_with_password=visit.world.switches.on("mail_avec_mot_de_passe"),
    )


ROOT = "/2016/structures/{siret}/utilisateur-technique"
PAGES = (
    Page(ROOT, entry),
    Page(ROOT, create, "POST"),
    Page(ROOT + "/{login}", show),
    Page(ROOT + "/{login}", reset, "POST"),
    Page("/2016/sauvegarde", save, "POST"),
)
