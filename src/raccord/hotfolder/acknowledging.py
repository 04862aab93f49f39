"""Seeing what the software took: its mark was moved to `traitees/`, or erased when that is how the software says it.

Each look goes through some of what waits and the next one goes on from there: however much lies untaken, everything is
looked at in its turn. A share that went away looks like a folder where all was erased: erasing is believed only where
the *witness* lies, a file that Raccord wrote at the root of the folder in which it laid.
"""

from pathlib import Path

from raccord.domain.errors import Unavailable
from raccord.domain.handover import Layout, Taking
from raccord.engine.gateway import Gateway
from raccord.engine.receptions.handover import FOLDER
from raccord.hotfolder.naming import Naming
from raccord.hotfolder.places import Places, read_sheet, write_words
from raccord.store.consumers import Handover

_PAGE, _PAGES = 1_000, 5
"""Invoices read at once, and how many times in one look."""
_WITNESS = ".raccord"
_WORDS = "Raccord pose les factures reçues dans ce dossier. N’effacez pas ce fichier.\n"


class Acknowledging:
    """Knows where the mark of an invoice lies, and what is taken."""

    def __init__(self, gateway: Gateway, places: Places, naming: Naming) -> None:
        self._gateway, self._places, self._taking = gateway, places, naming.taking
        self._layouts = (naming.layout, *(one for one in Layout if one is not naming.layout))
        self._after: Handover | None = None

    def look(self) -> int:
        """Note what the software took since the last look; gives how many invoices."""
        taken = 0
        for _ in range(_PAGES):
            taken += self._page()
            if self._after is None:
                break
        return taken

    def recognise(self) -> None:
        """Where erasing means taking, make sure that this is the folder in which Raccord laid.

        Raises `Unavailable` (`DOSSIER_MECONNU`): nothing is laid nor believed erased until a person looked.
        """
        witness = self._places.root / _WITNESS
        if self._taking is Taking.MOVED or witness.exists():
            return
        paths = {one.path for one in self._gateway.handovers.waiting(FOLDER, _PAGE)}
        places = (self._places.received, self._places.taken)
        if paths and not any(self.lies(place, path) for path in paths for place in places):
            raise Unavailable(
                "DOSSIER_MECONNU",
                f"Le dossier surveillé « {self._places.root} » ne contient aucune des factures posées, ni le fichier"
                f" « {_WITNESS} » de Raccord : c’est peut-être un partage qui n’est pas monté.",
                f"Vérifiez le partage. Si c’est bien le bon dossier, créez-y un fichier vide nommé « {_WITNESS} ».",
            )
        write_words(witness, _WORDS)

    def lies(self, place: Path, path: str, reception_id: str = "") -> bool:
        """Whether this invoice lies there, in whatever layout it was laid: with its folders, or its last part alone."""
        for candidate in dict.fromkeys((path, path.rpartition("/")[2])):
            for mark in dict.fromkeys(layout.mark(place / candidate) for layout in self._layouts):
                if mark.exists() and (mark.suffix != ".json" or reception_id in ("", read_sheet(mark).get("id"))):
                    return True
        return False

    def _page(self) -> int:
        waiting = self._gateway.handovers.waiting(FOLDER, _PAGE, self._after)
        self._after = waiting[-1] if len(waiting) == _PAGE else None
        paths = {path for path in {one.path for one in waiting} if self._taken(path)}  # a lot has one for all
        taken = [one for one in waiting if one.path in paths]
        if taken:
            self._gateway.handovers.taken(taken)
        return len(taken)

    def _taken(self, path: str) -> bool:
        if self.lies(self._places.received, path):
            return False
        return self._taking is Taking.ERASED or self.lies(self._places.taken, path)
