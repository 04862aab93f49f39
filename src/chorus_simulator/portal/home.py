"""The home pages of both generations, the spaces, and « Activités du gestionnaire ».

2016: « Accueil connecté » in two columns (specifications/seeds/README.md S2-10 to S2-25). Since 2022: the
domains as tiles, « Raccordements » among them (S1-16 to S1-19).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.responses import Response

from chorus_simulator.parties import ESPACE_A_VALIDER, ESPACE_EMISES, ESPACE_RECUES, ESPACE_SOLLICITATIONS
from chorus_simulator.portal import events, menu, people
from chorus_simulator.portal.desk import Page, RefusedError, Visit

if TYPE_CHECKING:
    from chorus_simulator.parties import Person, Structure


@dataclass(frozen=True)
class Tile:
    """A tile of the home page since 2022; `seeds` cites the help page that shows it."""

    label: str
    path: str
    text: str
    seeds: str = ""


@dataclass(frozen=True)
class MissingSpace:
    """A space that a structure has not opened yet."""

    structure: Structure
    space: str

    @property
    def value(self) -> str:
        """What its choice in the list sends back."""
        return f"{self.structure.idStructureCPP} {self.space}"


@dataclass(frozen=True)
class Succession:
    """A structure and somebody attached to it who could become its main manager."""

    structure: Structure
    person: Person

    @property
    def value(self) -> str:
        """What its choice in the list sends back."""
        return f"{self.structure.idStructureCPP} {self.person.login}"


TEXTS = {
    ESPACE_RECUES: "Consulter et traiter les factures adressées à vos structures.",
    ESPACE_A_VALIDER: "Valider les factures des sous-traitants et des cotraitants.",
    ESPACE_EMISES: "Suivre les factures envoyées par vos structures.",
    ESPACE_SOLLICITATIONS: "Demander de l’aide au support et suivre la réponse.",
}


def home(visit: Visit) -> Response:
    """The home page since 2022: a tile per space of the person's structures, then connections, account, directory."""
    own = people.spaces(visit.world, visit.person)
    tiles = [Tile(space, menu.OF_SPACES[space].path, TEXTS[space]) for space in menu.SPACES if space in own]
    tiles += [
        Tile("Raccordements", "/raccordements", "Relier vos logiciels à Chorus Pro : compte technique.", "S1-17"),
        Tile("Mon Compte", "/mon-compte", "Vos informations et vos rattachements aux structures."),
        Tile("Annuaire", "/annuaire", "Rechercher une structure publique et ses services."),
    ]
    return visit.render("home_2022.html", tiles=tiles, news=visit.world.actualites)


def home_2016(visit: Visit) -> Response:
    """« Accueil connecté » of 2016: latest events, spaces and news in two columns (S2-10 to S2-25)."""
    world, person = visit.world, visit.person
    return visit.render(
        "home_2016.html",
        events=events.latest(world, person),
        spaces=people.spaces(world, person),
        news=world.actualites,
    )


def connections(visit: Visit) -> Response:
    """« Raccordements »: the way to the technical account (S1-17)."""
    return visit.render("raccordements.html")


def spaces(visit: Visit) -> Response:
    """« Ajouter un espace » (2016): what the person's structures have not opened yet."""
    return visit.render("spaces.html", available=_missing_spaces(visit))


def add_space(visit: Visit) -> Response:
    """Open the chosen space. Refuses one that is not in the list."""
    chosen = next((one for one in _missing_spaces(visit) if one.value == visit.field("espace")), None)
    if chosen is None:
        raise RefusedError("Espace inconnu", "Choisissez un espace de la liste. Rien n’a été ajouté.")
    people.add_space(visit.world, visit.person, chosen.structure, chosen.space)
    return visit.go("/2016/accueil", f"L’espace « {chosen.space} » a été ajouté.")


def _missing_spaces(visit: Visit) -> list[MissingSpace]:
    return [
        MissingSpace(structure, space)
        for structure in visit.world.structures_of(visit.person)
        for space in menu.SPACES
        if space not in structure.espaces
    ]


def manager(visit: Visit) -> Response:
    """« Activités du gestionnaire »: the structures managed, and who could take each over."""
    world, person = visit.world, visit.person
    rows = [
        {
            "structure": one,
            "people": len(world.members(one.idStructureCPP)),
            "accounts": len(world.accounts_of(one.idStructureCPP)),
        }
        for one in people.managed(world, person)
    ]
    return visit.render("manager.html", structures=rows, successions=_successions(visit))


def hand_over(visit: Visit) -> Response:
    """« Céder la gestion » of a structure to somebody attached to it. Refuses anybody else."""
    chosen = next((one for one in _successions(visit) if one.value == visit.field("cession")), None)
    if chosen is None:
        raise RefusedError("Cession impossible", "Choisissez une ligne de la liste. La gestion n’a pas changé.")
    people.hand_over(visit.world, visit.person, chosen.person, chosen.structure)
    name, designation = chosen.person.civil_name, chosen.structure.designation
    return visit.go("/gestionnaire", f"La gestion de {designation} a été cédée à {name}.")


def _successions(visit: Visit) -> list[Succession]:
    return [
        Succession(structure, member)
        for structure in people.managed(visit.world, visit.person)
        for member in visit.world.members(structure.idStructureCPP)
        if member is not visit.person
    ]


PAGES = (
    Page("/accueil", home),
    Page("/2016/accueil", home_2016),
    Page("/raccordements", connections),
    Page("/2016/espaces", spaces),
    Page("/2016/espaces", add_space, "POST"),
    Page("/gestionnaire", manager),
    Page("/gestionnaire", hand_over, "POST"),
)
