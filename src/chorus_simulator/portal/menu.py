"""The menu of each generation: what a person sees depends on the spaces of the structures they belong to.

The manual of 2016 shows a full menu to a town and a shorter one to a supplier (specifications/seeds/README.md
S2-10 to S2-16 and S2-66).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from chorus_simulator.parties import ESPACE_A_VALIDER, ESPACE_EMISES, ESPACE_RECUES, ESPACE_SOLLICITATIONS
from chorus_simulator.portal import people

if TYPE_CHECKING:
    from chorus_simulator.parties import Person
    from chorus_simulator.world import World

SPACES = (ESPACE_RECUES, ESPACE_A_VALIDER, ESPACE_EMISES, ESPACE_SOLLICITATIONS)


@dataclass(frozen=True)
class Entry:
    """A line of the menu; `seeds` cites the help page that shows it."""

    label: str
    path: str
    seeds: str = ""


OF_SPACES = {
    ESPACE_RECUES: Entry(ESPACE_RECUES, "/factures/recues", "S2-12"),
    ESPACE_A_VALIDER: Entry(ESPACE_A_VALIDER, "/factures/a-valider", "S2-13"),
    ESPACE_EMISES: Entry(ESPACE_EMISES, "/factures/emises", "S2-14 S2-66"),
    ESPACE_SOLLICITATIONS: Entry(ESPACE_SOLLICITATIONS, "/sollicitations", "S2-15 S2-66"),
}
MANAGER = Entry("Activités du gestionnaire", "/gestionnaire", "S2-11 S2-66")
ACCOUNT = Entry("Mon Compte", "/mon-compte", "S2-16 S2-66")
HOME_2016 = Entry("Accueil connecté", "/2016/accueil", "S2-10 S2-66")
HOME_2022 = Entry("Accueil", "/accueil")
CONNECTIONS = Entry("Raccordements", "/raccordements", "S1-17")


def entries(world: World, person: Person, generation: str) -> list[Entry]:
    """What the menu of `person` holds, in the order of the screens."""
    own = people.spaces(world, person)
    spaces = [OF_SPACES[space] for space in SPACES if space in own]
    if generation == "2022":
        return [HOME_2022, *spaces, CONNECTIONS, ACCOUNT]
    manager = [MANAGER] if people.managed(world, person) else []
    return [HOME_2016, *manager, *spaces, ACCOUNT]
