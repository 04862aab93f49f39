"""Who may do what on the portal, and what each screen knows of people, structures and accounts.

Only the main manager (« gestionnaire principal ») of a structure creates, changes or resets its technical
accounts (specifications/technical-accounts.md §2); another person attached to it looks. Whoever is not
attached is told that the page does not exist.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from chorus_simulator.parties import GESTIONNAIRE_PRINCIPAL, UTILISATEUR
from chorus_simulator.portal.desk import RefusedError, not_found

if TYPE_CHECKING:
    from chorus_simulator.parties import Person, Structure, TechnicalAccount
    from chorus_simulator.world import World

ROLES = {GESTIONNAIRE_PRINCIPAL: "Gestionnaire principal", UTILISATEUR: "Utilisateur"}


@dataclass(frozen=True)
class Attachment:
    """A line of « Mes rattachements aux structures »."""

    structure: Structure
    role: str
    state: str


@dataclass(frozen=True)
class Member:
    """A line of « Utilisateurs rattachés à la structure »."""

    person: Person
    role: str


@dataclass(frozen=True)
class AccountRow:
    """A line of « Liste des comptes techniques »."""

    login: str
    state: str
    identifiant: str
    expires_at: datetime | None
    contact: str
    created_at: datetime | None
    modified_at: datetime | None


def attachments(world: World, person: Person) -> list[Attachment]:
    """The lines of « Mes rattachements aux structures », validated or not."""
    return [
        Attachment(world.structures[m.idStructureCPP], ROLES.get(m.role, m.role), m.statut)
        for m in person.memberships
        if m.idStructureCPP in world.structures
    ]


def members(world: World, structure: Structure) -> list[Member]:
    """The lines of « Utilisateurs rattachés à la structure », by login."""
    number = structure.idStructureCPP
    return [Member(person, _role(person, number)) for person in world.members(number)]


def _role(person: Person, number: int) -> str:
    role = next(m.role for m in person.memberships if m.idStructureCPP == number)
    return ROLES.get(role, role)


def managed(world: World, person: Person) -> list[Structure]:
    """The structures of which this person is the main manager."""
    return [one for one in world.structures_of(person) if world.is_main_manager(person, one.idStructureCPP)]


def structure_seen(world: World, person: Person, siret: str) -> Structure:
    """A structure to which the person is attached. Raises `RefusedError`."""
    found = next((one for one in world.structures_of(person) if one.identifiant == siret), None)
    if found is None:
        raise not_found("Vous n’êtes rattaché à aucune structure de cet identifiant.")
    return found


def structure_managed(world: World, person: Person, siret: str) -> Structure:
    """A structure that the person manages. Raises `RefusedError` naming who can act."""
    found = structure_seen(world, person, siret)
    if not world.is_main_manager(person, found.idStructureCPP):
        manager = world.main_manager(found.idStructureCPP)
        who = f" : adressez-vous à {manager.civil_name}" if manager else " ; le support peut en désigner un"
        raise RefusedError(
            "Action réservée au gestionnaire principal",
            f"Seul le gestionnaire principal de {found.designation} peut faire cela{who}. Rien n’a été modifié.",
        )
    return found


def spaces(world: World, person: Person) -> list[str]:
    """The spaces of all the person's structures, in the order met."""
    return list(dict.fromkeys(space for one in world.structures_of(person) for space in one.espaces))


def add_space(world: World, person: Person, structure: Structure, space: str) -> None:
    """Open a space for a structure of the person, once."""
    if space not in structure.espaces:
        structure.espaces = [*structure.espaces, space]  # generated worlds share one list
        person.modified_at = world.now()
        world.touch()


def account_rows(world: World, structures: Iterable[Structure]) -> list[AccountRow]:
    """The lines of « Liste des comptes techniques » for these structures; never a password."""
    return [
        AccountRow(
            account.login,
            account.state,
            structure.identifiant,
            account.expires_at,
            account.contact,
            account.created_at,
            account.modified_at,
        )
        for structure in structures
        for account in world.accounts_of(structure.idStructureCPP)
    ]


def contact_address(person: Person) -> str:
    """Where mails for this person go: the contact address, else the login."""
    return person.contact or person.login


def change_contact(world: World, account: TechnicalAccount, contact: str) -> None:
    """Where mails about this technical account go from now on."""
    account.contact, account.modified_at = contact, world.now()
    world.touch()


def hand_over(world: World, giver: Person, taker: Person, structure: Structure) -> None:
    """`taker` becomes main manager; the accounts' contact address follows (technical-accounts.md §2)."""
    for person, role in ((giver, UTILISATEUR), (taker, GESTIONNAIRE_PRINCIPAL)):
        for membership in person.memberships:
            if membership.idStructureCPP == structure.idStructureCPP:
                membership.role = role
    for account in world.accounts_of(structure.idStructureCPP):
        change_contact(world, account, contact_address(taker))
    world.memberships_changed()
