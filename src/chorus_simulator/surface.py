"""The whole surface of the API: the tables of every family, in the order of specifications/api/inventory.md."""

from __future__ import annotations

from chorus_simulator.engagements_juridiques.routes import OPERATIONS as ENGAGEMENTS
from chorus_simulator.factures.routes import OPERATIONS as FACTURES
from chorus_simulator.factures_travaux.routes import OPERATIONS as TRAVAUX
from chorus_simulator.operations import Operation
from chorus_simulator.organisations.routes import OPERATIONS as ORGANISATIONS
from chorus_simulator.structures.routes import OPERATIONS as STRUCTURES
from chorus_simulator.transverses.routes import OPERATIONS as TRANSVERSES
from chorus_simulator.utilisateurs.routes import OPERATIONS as UTILISATEURS

OPERATIONS: tuple[Operation, ...] = (
    *FACTURES,
    *TRAVAUX,
    *ENGAGEMENTS,
    *STRUCTURES,
    *TRANSVERSES,
    *UTILISATEURS,
    *ORGANISATIONS,
)
