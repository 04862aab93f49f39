"""News of what was sent, for faces: ask for it now, look at the flux. The work is in `reports.py` and `delta.py`."""

from collections.abc import Callable
from dataclasses import replace

import sqlalchemy as sa

from raccord.domain.faults import Fault
from raccord.engine.deposits.delta import Delta
from raccord.engine.deposits.reports import Reports
from raccord.engine.foundation import passages
from raccord.engine.foundation.ground import Ground
from raccord.engine.foundation.names import DELTA, REPORT
from raccord.engine.foundation.passages import StatusPassage
from raccord.engine.foundation.talk import live
from raccord.store import connections, deposits, flux, journal
from raccord.store.flux import Flux
from raccord.store.pages import Page


class Follow:
    """Answers about flux. `report` and `delta` are the two jobs behind."""

    def __init__(self, ground: Ground, translate: Callable[[str], Fault]) -> None:
        self._ground = ground
        self.report = Reports(ground, translate).run
        self.delta = Delta(ground).run

    def refresh(self, connection_id: str, actor: str) -> None:
        """Ask for news of a connection now."""
        ground = self._ground
        with ground.store.begin() as conn:
            connections.get(conn, connection_id)
            for sent in flux.in_state(conn, "sent", connection_id):
                ground.jobs.schedule(conn, REPORT, sent.id, {"flux_id": sent.id}, priority=2)
            ground.jobs.schedule(conn, DELTA, connection_id, {"connection_id": connection_id}, priority=2)
            journal.append(conn, ground.event(f"connection/{connection_id}", "connection.refreshed", actor))

    def history(self, deposit_id: str) -> tuple[StatusPassage, ...]:
        """What Chorus Pro remembers of an invoice, newest first, read now; empty before it is known there.

        Raises `Unavailable`, `NotFound`.
        """
        with self._ground.store.read() as conn:
            deposit = deposits.get(conn, deposit_id)
            connection = connections.get(conn, deposit.connection_id)
        if not deposit.id_facture:
            return ()
        with live(self._ground, connection) as chorus:
            return passages.history(chorus, deposit.id_facture)

    def flux(self, flux_id: str) -> Flux:
        """A flux as it stands. Raises `NotFound` (`FLUX_INCONNU`)."""
        with self._ground.store.read() as conn:
            return shown(self._ground, conn, flux.get(conn, flux_id))

    def flux_list(self, connection_id: str = "", after: str = "", limit: int = 50) -> Page[Flux]:
        """The flux, newest first."""
        with self._ground.store.read() as conn:
            page = flux.listing(conn, connection_id, after, limit)
            return replace(page, items=tuple(shown(self._ground, conn, one) for one in page.items))


def shown(ground: Ground, conn: sa.Connection, one: Flux) -> Flux:
    """A flux without its report for whoever does not see all that it carried: the report speaks of every invoice."""
    if ground.store.reach.everything or flux.seen_in(conn, one.id) == one.deposits:
        return one
    return replace(one, report=None)
