"""One look at a watched folder: take, tell, lay, post. `wiring` has it done every few seconds."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from raccord.domain.errors import Unavailable
from raccord.domain.machine import why
from raccord.engine.gateway import Gateway
from raccord.hotfolder.claims import Mark
from raccord.hotfolder.following import Following
from raccord.hotfolder.incoming import PATIENCE, Incoming, Outcome
from raccord.hotfolder.naming import Naming
from raccord.hotfolder.outgoing import Outgoing
from raccord.hotfolder.places import Places
from raccord.hotfolder.posting import Posting

_HOUR = timedelta(hours=1)
_DRAFTS_LAST = timedelta(minutes=10)
"""Longer than any file takes to be written, even to a slow share."""


@dataclass(frozen=True)
class Look:
    """What one look did."""

    invoices: tuple[Outcome, ...]
    sheets: int
    laid: int
    taken: int
    statuses: tuple[tuple[str, str], ...]

    @property
    def refused(self) -> int:
        """How many files were put aside with a sentence."""
        return sum(not one.accepted for one in self.invoices) + sum(bool(words) for _, words in self.statuses)


def _unmarked(_step: str) -> None:
    """Nobody waits for the steps."""


class WatchedFolder:
    """The folder of a software. `patience`: how long a half waits for the other. `mark` is told of each step done."""

    def __init__(
        self,
        gateway: Gateway,
        root: Path,
        naming: Naming | None = None,
        mark: Mark = _unmarked,
        patience: timedelta = PATIENCE,
    ) -> None:
        self.places = Places(root)
        self._incoming = Incoming(gateway, self.places, mark, patience)
        self._following = Following(gateway, self.places, mark)
        self._outgoing = Outgoing(gateway, self.places, naming or Naming(), mark)
        self._posting = Posting(gateway, self.places, mark)
        self._clock, self._sweep_at = gateway.clock, gateway.clock()
        self._alone = threading.Lock()

    def look(self) -> Look:
        """Do what is to be done, once. Raises `Unavailable` (`DOSSIER_INDISPONIBLE`)."""
        with self._alone:
            try:
                self.places.prepare()
                self._sweep()
                invoices, statuses = self._incoming.look(), self._posting.look()
                sheets, laid = self._following.look(), self._outgoing.look()
                return Look(tuple(invoices), sheets, laid, self._outgoing.acknowledge(), tuple(statuses))
            except OSError as error:
                raise Unavailable(
                    "DOSSIER_INDISPONIBLE",
                    f"Le dossier surveillé « {self.places.root} » ne répond pas ({why(error)}).",
                    "Vérifiez que le partage est accessible et que Raccord a le droit d’y écrire ; rien n’est perdu.",
                ) from error

    def _sweep(self) -> None:
        """Once an hour: a listing of what was put away may be long."""
        now = self._clock()
        if now >= self._sweep_at:
            self.places.sweep(now - _DRAFTS_LAST)
            self._sweep_at = now + _HOUR

    def look_twice(self, wait: Callable[[], None]) -> Look:
        """For one-shot work: two looks, so that what does not move is taken."""
        first = self.look()
        wait()
        second = self.look()
        return Look(
            first.invoices + second.invoices, first.sheets + second.sheets, first.laid + second.laid,
            first.taken + second.taken, first.statuses + second.statuses,
        )  # fmt: skip
