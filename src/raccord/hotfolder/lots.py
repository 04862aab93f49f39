"""One ZIP for each day: the invoices that arrived before today, in lots, each with the list of what it holds.

The name of a lot carries the place of its first invoice. A stop between its naming and the note finds it by that
place, reads from its list which invoices it holds, and only notes them.
"""

import json
import zipfile
from collections.abc import Callable, Sequence
from itertools import takewhile
from pathlib import Path
from typing import Any

from raccord.domain.clock import PARIS
from raccord.domain.handover import Layout
from raccord.domain.reception import Reception
from raccord.engine.gateway import Gateway
from raccord.hotfolder.claims import Mark
from raccord.hotfolder.layouts import Laying
from raccord.hotfolder.places import Places

LIST = "lot.json"
_MOST = 500
"""Invoices in one ZIP; a busier day gives several."""

Placed = tuple[int, Reception]


class Lots:
    """Lays lots."""

    def __init__(self, gateway: Gateway, places: Places, laying: Laying, mark: Mark) -> None:
        self._gateway, self._places, self._laying, self._mark = gateway, places, laying, mark

    def look(self, consumer: str, mine: Callable[[], bool]) -> int:
        """Lay the lots whose day is over, while no other process does; gives how many invoices."""
        laid = 0
        while mine():
            batch = self._gateway.handovers.take(consumer, _MOST)
            lot = tuple(takewhile(lambda one: self._is_over(one[1]), batch.receptions))
            if not lot:
                return laid
            path = self._there(lot[0][0])
            if path is None:
                path = f"factures_{self._day(lot[-1][1])}_{lot[0][0]}"
                self._laying.lay_lot(lot, path, list_of(lot))
            else:
                lot = lot[: self._held(path)]
            self._mark("named")
            self._gateway.handovers.lay(consumer, [(sequence, one.id) for sequence, one in lot], path)
            self._mark("noted")
            self._laying.promises.forget(path)
            laid += len(lot)
        return laid

    def _is_over(self, reception: Reception) -> bool:
        return self._day(reception) < self._gateway.clock().astimezone(PARIS).date().isoformat()

    def _day(self, reception: Reception) -> str:
        return reception.created_at.astimezone(PARIS).date().isoformat()

    def _there(self, first: int) -> str | None:
        """The lot that begins with that place, laid already and not noted."""
        for place in (self._places.received, self._places.taken):
            for found in place.glob(f"factures_*_{first}.zip"):
                return found.name.removesuffix(".zip")
        return None

    def _held(self, path: str) -> int:
        """How many invoices the lot of that name holds."""
        marks = [Layout.DAILY_ZIP.mark(place / path) for place in (self._places.received, self._places.taken)]
        return len(_list(next(one for one in marks if one.exists()))["factures"])


def list_of(lot: Sequence[Placed]) -> dict[str, Any]:
    """The list that a lot holds, for the software and for us."""
    invoices = [
        {"place": place, "id": one.id, "numero": one.number, "id_facture": one.id_facture} for place, one in lot
    ]
    return {"premiere": lot[0][0], "derniere": lot[-1][0], "factures": invoices}


def _list(path: Path) -> dict[str, Any]:
    with zipfile.ZipFile(path) as archive:
        found: dict[str, Any] = json.loads(archive.read(LIST))
    return found
