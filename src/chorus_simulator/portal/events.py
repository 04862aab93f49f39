"""« Fil d’événements »: what happened lately to the invoices of a person's structures."""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING

from chorus_simulator.portal import words

if TYPE_CHECKING:
    from chorus_simulator.indexes import Entry
    from chorus_simulator.model import Facture
    from chorus_simulator.parties import Person
    from chorus_simulator.world import World

SHOWN = 8


@dataclass(frozen=True)
class Event:
    """A line of « Derniers événements »: when, what, and the page that shows it."""

    at: datetime
    text: str
    path: str


def latest(world: World, person: Person) -> list[Event]:
    """The present statuses most lately given, newest first."""
    world.settle()
    mine = [one.idStructureCPP for one in world.structures_of(person)]
    issued = (_event(f, "emises") for number in mine for f in _newest(world, world.invoices.supplier_changes, number))
    received = (
        _event(f, "recues") for number in mine for f in _newest(world, world.invoices.recipient_changes, number)
    )
    return heapq.nlargest(SHOWN, [*issued, *received], key=lambda event: event.at)


def _newest(world: World, changes: dict[int, list[Entry]], number: int) -> list[Facture]:
    found = world.invoices.changed(changes.get(number, []), None, None)
    return [world.factures[one] for one in islice(found, SHOWN)]


def _event(facture: Facture, side: str) -> Event:
    label = words.status(facture.statut)
    return Event(facture.etat_depuis, f"Facture {facture.numero} : {label}", f"/factures/{side}/{facture.id}")
