"""Received invoices laid in `recues/`, whole or not at all, each once; taken when the software says so
(`acknowledging.py`).

1 write everything in a hidden folder and promise its name, 2 give it by a rename, 3 note it and move the place of the
consumer in one transaction. A stop between 2 and 3 finds the promise kept (`promises.py`), even if the software took
the invoice and erased it, and only does 3.
"""

from collections.abc import Callable

from raccord.domain.handover import Layout
from raccord.domain.reception import Reception
from raccord.engine.gateway import Gateway
from raccord.engine.receptions.handover import FOLDER
from raccord.hotfolder.acknowledging import Acknowledging
from raccord.hotfolder.claims import Mark
from raccord.hotfolder.layouts import Laying
from raccord.hotfolder.lots import Lots
from raccord.hotfolder.naming import Naming
from raccord.hotfolder.places import Places
from raccord.store import structures

_BATCH = 100


class Outgoing:
    """Lays the received invoices that the software has not had yet."""

    def __init__(self, gateway: Gateway, places: Places, naming: Naming, mark: Mark) -> None:
        self._gateway, self._places, self._naming, self._mark = gateway, places, naming, mark
        self._laying = Laying(gateway, places.received, naming.layout, mark)
        self._lots = Lots(gateway, places, self._laying, mark)
        self._acknowledging = Acknowledging(gateway, places, naming)

    def look(self) -> int:
        """Lay what is new; gives how many invoices. Raises `Unavailable` (`DOSSIER_MECONNU`).

        Of two processes at the same folder, one lays and the other leaves it to it.
        """
        self._acknowledging.recognise()
        with self._gateway.handovers.alone(FOLDER) as mine:
            if not mine():
                return 0
            self._finish()
            return self._lots.look(FOLDER, mine) if self._naming.layout is Layout.DAILY_ZIP else self._each(mine)

    def _finish(self) -> None:
        """Note what a stop left named: the software may have taken it since."""
        promises = self._laying.promises
        for key, promise in promises.kept():
            self._gateway.handovers.lay(FOLDER, promise.invoices, promise.path)
            promises.forget(key)

    def _each(self, mine: Callable[[], bool]) -> int:
        laid = 0
        while (batch := self._gateway.handovers.take(FOLDER, _BATCH)).receptions:
            for sequence, reception in batch.receptions:
                if not mine():
                    return laid
                self._lay(sequence, reception)
                laid += 1
        return laid

    def acknowledge(self) -> int:
        """See what the software took; gives how many invoices."""
        return self._acknowledging.look()

    def _lay(self, sequence: int, reception: Reception) -> None:
        path = self._path(reception)
        places = (self._places.received, self._places.taken)
        if not any(self._acknowledging.lies(place, path, reception.id) for place in places):
            self._laying.lay(sequence, reception, path)
        self._mark("named")
        self._gateway.handovers.lay(FOLDER, [(sequence, reception.id)], path)
        self._mark("noted")
        self._laying.promises.forget(reception.id)

    def _path(self, reception: Reception) -> str:
        with self._gateway.store.read() as conn:
            return self._naming.path(reception, structures.get(conn, reception.structure_id))
