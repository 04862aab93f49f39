"""The whole surface of the API: the tables of every family, in the order of specifications/api/inventory.md."""

from __future__ import annotations

from chorus_simulator.factures.routes import OPERATIONS as FACTURES
from chorus_simulator.operations import Operation
from chorus_simulator.structures.routes import OPERATIONS as STRUCTURES
from chorus_simulator.transverses.routes import OPERATIONS as TRANSVERSES

OPERATIONS: tuple[Operation, ...] = (*FACTURES, *STRUCTURES, *TRANSVERSES)
