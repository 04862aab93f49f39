"""How the structures and people of an invented world are made; `seeds` says who they are."""

from __future__ import annotations

from datetime import timedelta

from chorus_simulator.parties import (
    ESPACE_A_VALIDER,
    ESPACE_EMISES,
    ESPACE_RECUES,
    ESPACE_SOLLICITATIONS,
    Adresse,
    CompteBancaire,
    Membership,
    Person,
    Service,
    Structure,
    TechnicalAccount,
)
from chorus_simulator.world import World

ISSUER_SPACES = [ESPACE_EMISES, ESPACE_A_VALIDER, ESPACE_SOLLICITATIONS]
RECIPIENT_SPACES = [ESPACE_RECUES, ESPACE_A_VALIDER, ESPACE_EMISES, ESPACE_SOLLICITATIONS]


def structure(world: World, siret: str, designation: str, **fields: object) -> Structure:
    """A structure with its VAT number; `fields` are those of `Structure`."""
    number = world.next_id("structure")
    made = Structure(number, siret, designation, derniereMaj=world.now(), **fields)  # type: ignore[arg-type]  # fields of Structure, given by name
    made.numeroTVA = f"FR{(12 + 3 * (int(siret[:9]) % 97)) % 97:02d}{siret[:9]}"
    return world.add_structure(made)


def supplier(world: World, siret: str, designation: str, ville: str, **fields: object) -> Structure:
    """A supplier with its spaces and one bank account."""
    made = structure(
        world,
        siret,
        designation,
        espaces=list(ISSUER_SPACES),
        adresse=Adresse("12 rue des Essais", codePostal="97400", ville=ville),
        **fields,
    )
    number = world.next_id("compte")
    made.comptes.append(CompteBancaire(number, "Compte principal", "FR7630006000011234567890189", "AGRIFRPP"))
    return made


def service(world: World, code: str, nom: str, **fields: object) -> Service:
    """A service open for years, not yet given to its structure; `fields` are those of `Service`."""
    now = world.now()
    return Service(
        world.next_id("service"),
        code,
        nom,
        dateDebutValidite=now - timedelta(days=2000),
        dateCreation=now - timedelta(days=2000),
        dateModification=now - timedelta(days=100),
        **fields,  # type: ignore[arg-type]  # fields of Service, given by name
    )


def public(world: World, siret: str, designation: str, services: list[Service], **fields: object) -> Structure:
    """A public body with its spaces."""
    return structure(
        world,
        siret,
        designation,
        structurePriveePublique="PUBLIQUE",
        espaces=list(RECIPIENT_SPACES),
        adresse=Adresse("1 place de la Mairie", codePostal="97499", ville="VAL-FICTIF"),
        services=services,
        **fields,
    )


def person(world: World, login: str, password: str, name: tuple[str, str], roles: list[tuple[str, str]]) -> Person:
    """Somebody attached to structures of this world, each with a role. `name`: nom, prénom; `roles`: SIRET, role."""
    nom, prenom = name
    memberships = []
    for siret, role in roles:
        owner = world.structure_of(siret)
        assert owner is not None
        memberships.append(Membership(world.next_id("rattachement"), owner.idStructureCPP, role))
    now = world.now()
    return world.add_person(
        Person(
            world.next_id("utilisateur"),
            login,
            password,
            nom,
            prenom,
            contact=login,
            adresse=Adresse("12 rue des Essais", codePostal="97400", ville="SAINT-EXEMPLE", telephone="0262000000"),
            memberships=memberships,
            created_at=now - timedelta(days=900),
            modified_at=now - timedelta(days=30),
        )
    )


def account(world: World, siret: str, login: str, password: str, contact: str) -> None:
    """A technical account of thirty days, for a structure of this world."""
    owner = world.structure_of(siret)
    assert owner is not None
    now = world.now()
    created = now - timedelta(days=30)
    world.technical_accounts[login] = TechnicalAccount(
        login,
        password,
        owner.idStructureCPP,
        contact,
        created_at=created,
        modified_at=created,
        active_from=created,
        expires_at=created + timedelta(days=world.switches.number("mot_de_passe_jours")),
    )
