"""News of the invoices sent: one delta search per connection, for the whole life of the invoices.

It asks what changed status since the last news, of every supplier of the account at once, rather than invoice by
invoice: few calls, whatever the number of open invoices. Nothing is told twice: a status makes an event only when it
differs from the one kept. When nothing is open the connection sleeps; when nothing moves it asks less often; when
every invoice has reached its recipient, whose acts take days, it asks twelve times less often.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa

from choruspro.models.factures_emises import RetourRechercherFactureParFournisseur as Row
from raccord.domain import statuses
from raccord.domain.clock import iso
from raccord.domain.deposit import Deposit
from raccord.engine.deposits.rows import status_columns
from raccord.engine.foundation import due_dates
from raccord.engine.foundation.ground import Ground
from raccord.engine.foundation.port import Args, Later
from raccord.engine.foundation.talk import reading
from raccord.store import connections, deposits, journal

_SETTLED = 12
"""How many times less often once everything has reached its recipient: an hour instead of five minutes."""


def period(conn: sa.Connection, ground: Ground, connection_id: str) -> float:
    """Seconds between two searches on a connection where something moves."""
    hurried = deposits.any_in(conn, connection_id, statuses.ON_THE_WAY)
    return ground.options.follow_period_s * (1 if hurried else _SETTLED)


class Delta:
    """The job that asks what changed."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    def run(self, args: Args) -> None:
        """Job: what changed since the last news. Raises `Later` for the next time, while something is open."""
        ground, connection_id = self._ground, str(args["connection_id"])
        with ground.store.read() as conn:
            connection = connections.get(conn, connection_id)
            cursor = connections.cursor(conn, connection_id)
            suppliers = deposits.followed_sirets(conn, connection_id)
            oldest = deposits.oldest_followed(conn, connection_id)
        if not suppliers or oldest is None or connection.breaker_open or not connection.enabled:
            return
        since = (cursor.seen or oldest) - timedelta(seconds=ground.options.overlap_s)
        news, latest = 0, cursor.seen
        with reading(self._ground, connection) as chorus:
            for page in chorus.factures.rechercher_fournisseur.iter_pages(periodeDateHeureEtatCourantDu=since):
                news += self._take(connection_id, page.listeFactures)
                latest = _latest(latest, page.listeFactures)
        quiet = 0 if news else cursor.quiet + 1
        place = min(latest, ground.clock()) if latest else None  # a date to come would hide all that follows
        with ground.store.begin() as conn:
            columns = {"supplier_cursor": place, "supplier_quiet": quiet, "last_success_at": ground.clock()}
            connections.update(conn, connection_id, now=ground.clock(), **columns)
            often = period(conn, ground, connection_id)
        raise Later(min(often * 2 ** min(quiet, 12), ground.options.follow_longest_s))

    def _take(self, connection_id: str, rows: Sequence[Row]) -> int:
        """Keep what differs, one transaction for a page; gives how many invoices changed."""
        with self._ground.store.begin() as conn:
            ids = [row.identifiantFactureCPP for row in rows if row.identifiantFactureCPP]
            known = deposits.by_platform_ids(conn, connection_id, ids)
            told = [
                (deposit, row)
                for row in rows
                if (deposit := known.get(row.identifiantFactureCPP or 0) or _by_number(conn, connection_id, row))
            ]
            return StatusTaker(self._ground).take(conn, told)


class StatusTaker:
    """Writes the statuses that Chorus Pro tells of deposits."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    def take(self, conn: sa.Connection, told: Iterable[tuple[Deposit, Row]]) -> int:
        """Keep what differs, with its event and its days; gives how many deposits changed."""
        ground = self._ground
        events, changes, moved = [], {}, []
        for deposit, row in told:
            if not row.statut or deposit.platform_status == str(row.statut):
                continue
            followed = str(row.statut) not in statuses.FINAL
            over = {} if followed else due_dates.OVER
            changes[deposit.id] = {"followed": followed, **status_columns(row), **over}
            if followed and not due_dates.stays(deposit, str(row.statut), row.dateHeureEtatCourant):
                moved.append(deposit.id)
            facts = {
                "status": str(row.statut),
                "at": iso(row.dateHeureEtatCourant),
                "before": deposit.platform_status,
            }
            comment = row.commentaireEtatCourant or ""
            events.append(ground.event(f"deposit/{deposit.id}", "deposit.status", comment=comment[:500], **facts))
        deposits.update_each(conn, changes, now=ground.clock())
        journal.append_all(conn, events)
        due_dates.reckon_deposits(conn, moved)
        return len(changes)


def _by_number(conn: sa.Connection, connection_id: str, row: Row) -> Deposit | None:
    return deposits.sent_under(conn, connection_id, row.numeroFacture or "", (row.codeFournisseur or "")[:9])


def _latest(seen: datetime | None, rows: Iterable[Row]) -> datetime | None:
    dates = [row.dateHeureEtatCourant for row in rows if row.dateHeureEtatCourant]
    return max([*dates, seen] if seen else dates, default=None)
