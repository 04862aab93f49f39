"""Doubt: a call left without an answer. Ask Chorus Pro before sending again; where it cannot tell, a person decides.

The platform has no idempotency key (specifications/flux.md §3). Asking is safe once a request of the dead attempt can
no longer arrive, and useful once a deposit can be found: hence the take-over delay, and several asks before "not there"
is believed. An invoice of the flux that is found tells the number of the whole flux.
"""

from collections.abc import Iterable
from datetime import date, timedelta

import sqlalchemy as sa

from choruspro import ChorusPro, ChorusProError, CredentialsRefused, Refused, Surprising
from choruspro.models.factures_emises import RetourRechercherFactureParFournisseur as Row
from raccord.domain.clock import PARIS
from raccord.domain.deposit import Deposit, DepositState
from raccord.engine.foundation import retry
from raccord.engine.foundation.ground import Ground
from raccord.engine.foundation.names import ASK, DRAIN, REPORT
from raccord.engine.foundation.port import Args, Later
from raccord.store import connections, deposits, flux, journal
from raccord.store.flux import Attempt, Flux


def begin(ground: Ground, flux_id: str, attempt_id: str, why: str) -> None:
    """A call about this flux may have taken effect: note it, and ask after the take-over delay."""
    now = ground.clock()
    with ground.store.begin() as conn:
        flux.answer(conn, attempt_id, "unknown", now, {"error": why[:300]})
        delay = ground.options.takeover_delay_s
        ask_at = now + timedelta(seconds=delay)
        if not flux.change(conn, flux_id, ("sending",), now=now, state="uncertain", looks=0, look_at=ask_at):
            return
        ids = [deposit.id for deposit in deposits.of_flux(conn, flux_id)]
        deposits.move(conn, ids, DepositState.SENDING, DepositState.UNCERTAIN, now=now)
        journal.append_all(conn, [ground.event(f"deposit/{id_}", "deposit.uncertain", why=why[:300]) for id_ in ids])
        ground.jobs.schedule(conn, ASK, flux_id, {"flux_id": flux_id}, delay=delay, priority=3)


def orphans(ground: Ground, prefix: str) -> list[Attempt]:
    """The attempts whose sender died, or that have been waiting for an answer for longer than a call can last."""
    alive, now = ground.jobs.liveness.alive(), ground.clock()
    too_long = timedelta(seconds=max(ground.options.takeover_delay_s, 4 * ground.options.call_deadline_s))
    with ground.store.read() as conn:
        noted = [attempt for attempt in flux.unanswered(conn) if attempt.subject.startswith(prefix)]
    return [
        attempt
        for attempt in noted
        if attempt.worker not in alive or _before_me(ground, attempt) or now - attempt.started_at > too_long
    ]


def _before_me(ground: Ground, attempt: Attempt) -> bool:
    """Whether this attempt is that of a dead predecessor, whose place this process took."""
    mine = ground.jobs.liveness
    return attempt.worker == mine.id and mine.since is not None and attempt.started_at < mine.since


def find_orphans(ground: Ground) -> int:
    """Doubt every flux whose sender died; gives how many."""
    found = orphans(ground, "flux/")
    for attempt in found:
        begin(ground, attempt.subject.removeprefix("flux/"), attempt.id, "le programme s’est arrêté pendant l’envoi")
    return len(found)


class Doubt:
    """The job that asks."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    def run(self, args: Args) -> None:
        """Ask about one flux. Raises `Later` to ask again."""
        with self._ground.store.read() as conn:
            doubtful = flux.get(conn, str(args["flux_id"]))
            travellers = deposits.of_flux(conn, doubtful.id)
            connection = connections.get(conn, doubtful.connection_id)
        if doubtful.state != "uncertain" or connection.breaker_open:
            return
        self._wait_for_its_hour(doubtful)
        try:
            with self._ground.platform.open(connection) as chorus:
                numero_flux = self._search(chorus, doubtful, travellers)
        except CredentialsRefused as error:
            self._ground.breaker.refused(connection.id, error)
            if error.which == "access":
                raise retry.later(error, first_s=self._ground.options.retry_first_s) from error
        except (Refused, Surprising) as error:
            self._cannot_tell(doubtful, travellers, str(error))
        except ChorusProError as error:
            self._ground.breaker.failed(connection.id, error)
            raise retry.later(error, first_s=self._ground.options.retry_first_s) from error
        else:
            self._conclude(doubtful, travellers, numero_flux)

    def _wait_for_its_hour(self, doubtful: Flux) -> None:
        """Whoever woke this job, an ask too early proves nothing: the request may still be on its way."""
        early = ((doubtful.look_at or doubtful.updated_at) - self._ground.clock()).total_seconds()
        if early > 0:
            raise Later(early)

    def _search(self, chorus: ChorusPro, doubtful: Flux, travellers: Iterable[Deposit]) -> str:
        """The number under which Chorus Pro knows this flux, or "" when none of its invoices is there."""
        sent_on = doubtful.created_at.astimezone(PARIS).date()
        for deposit in travellers:
            rows = chorus.factures.rechercher_fournisseur.iter_rows(
                numeroFacture=deposit.number,
                periodeDateFactureDu=deposit.issue_date,
                periodeDateFactureAu=deposit.issue_date,
            )
            for row in rows:
                if row.numeroFluxDepot and is_ours(row, deposit, sent_on):
                    return row.numeroFluxDepot
        return ""

    def _conclude(self, doubtful: Flux, travellers: tuple[Deposit, ...], numero_flux: str) -> None:
        if numero_flux:
            self._adopt(doubtful, travellers, numero_flux)
        elif doubtful.looks + 1 < self._ground.options.asks:
            self._ask_again(doubtful)
        else:
            self._end(doubtful, travellers, DepositState.READY, {"flux_id": None})

    def _ask_again(self, doubtful: Flux) -> None:
        now, delay = self._ground.clock(), self._ground.options.takeover_delay_s * 2 ** (doubtful.looks + 1)
        ask_at = now + timedelta(seconds=delay)
        with self._ground.store.begin() as conn:
            flux.change(conn, doubtful.id, ("uncertain",), now=now, looks=doubtful.looks + 1, look_at=ask_at)
        raise Later(delay)

    def _adopt(self, doubtful: Flux, travellers: tuple[Deposit, ...], numero_flux: str) -> None:
        ground, now = self._ground, self._ground.clock()
        with ground.store.begin() as conn:
            columns = {"numero_flux": numero_flux, "looks": 0, "look_at": now}
            if not flux.change(conn, doubtful.id, ("uncertain",), now=now, state="sent", **columns):
                return
            self._move(conn, travellers, DepositState.SENT, "deposit.found", {"numero_flux": numero_flux})
            ground.jobs.schedule(conn, REPORT, doubtful.id, {"flux_id": doubtful.id}, priority=3)

    def _cannot_tell(self, doubtful: Flux, travellers: tuple[Deposit, ...], why: str) -> None:
        self._end(doubtful, travellers, DepositState.TO_DECIDE, {"platform_comment": why[:2000]})

    def _end(
        self, doubtful: Flux, travellers: tuple[Deposit, ...], target: DepositState, columns: dict[str, object]
    ) -> None:
        ground, now = self._ground, self._ground.clock()
        back = target is DepositState.READY
        state, kind = ("abandoned", "deposit.not_found") if back else ("to_decide", "deposit.to_decide")
        with ground.store.begin() as conn:
            if not flux.change(conn, doubtful.id, ("uncertain",), now=now, state=state):
                return
            self._move(conn, travellers, target, kind, columns)
            args = {"connection_id": doubtful.connection_id}
            ground.jobs.schedule(conn, DRAIN, doubtful.connection_id, args)

    def _move(
        self,
        conn: sa.Connection,
        travellers: tuple[Deposit, ...],
        target: DepositState,
        kind: str,
        columns: dict[str, object],
    ) -> None:
        ids, now = [deposit.id for deposit in travellers], self._ground.clock()
        deposits.move(conn, ids, DepositState.UNCERTAIN, target, now=now, **columns)
        journal.append_all(conn, [self._ground.event(f"deposit/{id_}", kind) for id_ in ids])


def is_ours(row: Row, deposit: Deposit, sent_on: date) -> bool:
    """Whether this invoice of Chorus Pro came by a flux, about that day, with the number and supplier of the deposit.

    One that was typed on the portal, or came long before, is another invoice under the same number.
    """
    same = row.numeroFacture == deposit.number and (row.codeFournisseur or "")[:9] in ("", deposit.supplier_siret[:9])
    earlier = row.dateDepot is not None and row.dateDepot < sent_on - timedelta(days=1)
    return same and bool(row.numeroFluxDepot) and not earlier
