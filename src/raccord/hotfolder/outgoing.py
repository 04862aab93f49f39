"""Received invoices laid in `recues/`, whole or not at all, each once; taken when the software moves them.

1 write everything in a hidden folder, 2 give it its name by a rename, 3 note it and move the place of the consumer in
one transaction. A stop between 2 and 3 finds the invoice laid already, there or in `traitees/`, and only does 3.
"""

from pathlib import Path

from raccord.domain.handover import Layout
from raccord.domain.reception import Reception
from raccord.engine.gateway import Gateway
from raccord.engine.receptions.handover import FOLDER, Batch
from raccord.hotfolder.claims import Mark
from raccord.hotfolder.layouts import Laying
from raccord.hotfolder.lots import Lots
from raccord.hotfolder.naming import Naming
from raccord.hotfolder.places import Places, read_sheet
from raccord.store import structures

_BATCH = 100


class Outgoing:
    """Lays the received invoices that the software has not had yet."""

    def __init__(self, gateway: Gateway, places: Places, naming: Naming, mark: Mark) -> None:
        self._gateway, self._places, self._naming, self._mark = gateway, places, naming, mark
        self._laying = Laying(gateway, places.received, naming.layout, mark)
        self._lots = Lots(gateway, places, self._laying, mark)

    def look(self) -> int:
        """Lay what is new; gives how many invoices."""
        if self._naming.layout is Layout.DAILY_ZIP:
            return self._lots.look(FOLDER)
        laid = 0
        while (batch := self._gateway.handovers.take(FOLDER, _BATCH)).receptions:
            for sequence, reception in batch.receptions:
                self._lay(batch, sequence, reception)
                laid += 1
        return laid

    def acknowledge(self) -> int:
        """See what the software moved to `traitees/`; gives how many invoices."""
        taken = [one for one in self._gateway.handovers.waiting(FOLDER) if self._where(self._places.taken, one.path)]
        for handover in taken:
            self._gateway.handovers.taken(handover)
        return len(taken)

    def _lay(self, batch: Batch, sequence: int, reception: Reception) -> None:
        path = self._path(reception)
        places = (self._places.received, self._places.taken)
        if not any(self._where(place, path, reception.id) for place in places):
            self._laying.lay(reception, self._places.received / path)
        self._mark("named")
        self._gateway.handovers.lay(batch, [(sequence, reception)], path)
        self._mark("noted")

    def _path(self, reception: Reception) -> str:
        with self._gateway.store.read() as conn:
            return self._naming.path(reception, structures.get(conn, reception.structure_id))

    def _where(self, place: Path, path: str, reception_id: str = "") -> bool:
        """Whether this invoice lies there, in whatever layout it was laid: with its folders, or its last part alone."""
        for candidate in dict.fromkeys((path, path.rpartition("/")[2])):
            for mark in dict.fromkeys(layout.mark(place / candidate) for layout in Layout):
                if mark.exists() and (mark.suffix != ".json" or reception_id in ("", read_sheet(mark).get("id"))):
                    return True
        return False
