"""Sending what is ready: 1 claim; 2 note the attempt, commit; 3 send; 4 note the answer, commit.

The note precedes the sending, so that a restart knows that there is a question to ask: nothing is ever sent again
before Chorus Pro was asked (`doubt.py`). Two workers that drain the same outbox claim different deposits.
"""

import time
from dataclasses import dataclass
from functools import partial

import sqlalchemy as sa

from choruspro import ChorusProError
from raccord.domain.connection import Connection
from raccord.domain.deposit import Deposit, DepositState
from raccord.domain.errors import RaccordError
from raccord.domain.faults import Fault, Severity
from raccord.engine.deposits import parcel
from raccord.engine.foundation import doubt, retry
from raccord.engine.foundation.ground import Ground
from raccord.engine.foundation.names import REPORT
from raccord.engine.foundation.port import Args, Later
from raccord.engine.foundation.retry import Course, Reaction
from raccord.store import connections, deposits, flux, journal
from raccord.store.flux import Flux

_TURN_S = 20.0
"""A job gives its place back after so long; the next one goes on."""


@dataclass(frozen=True)
class Claim:
    """What this worker alone may now send, with the attempt noted."""

    flux: Flux
    deposits: tuple[Deposit, ...]
    attempt: str

    @property
    def ids(self) -> list[str]:
        """The identifiers of its deposits."""
        return [deposit.id for deposit in self.deposits]


class Drain:
    """The job that empties the outbox of a connection."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    def run(self, args: Args) -> None:
        """Send flux after flux until nothing is ready. Raises `Later` when there is more, or a reason to wait."""
        connection_id = str(args["connection_id"])
        end = time.monotonic() + _TURN_S
        most = self._ground.options.flux_max_invoices
        while time.monotonic() < end:
            connection = self._open_way(connection_id)
            if connection is None:
                return
            claim = self._claim(connection, most)
            if claim is None:
                self._rest(connection_id)
                return
            most = self._send(connection, claim)
        raise Later(0)

    def _open_way(self, connection_id: str) -> Connection | None:
        with self._ground.store.read() as conn:
            connection = connections.get(conn, connection_id)
        closed = connection.paused or connection.breaker_open or not connection.enabled
        return None if closed else connection

    def _rest(self, connection_id: str) -> None:
        with self._ground.store.read() as conn:
            waiting, soonest = deposits.next_ready(conn, connection_id)
        if waiting and soonest is not None:
            raise Later(max(0.0, (soonest - self._ground.clock()).total_seconds()))

    def _claim(self, connection: Connection, most: int) -> Claim | None:
        ground = self._ground
        with ground.store.begin() as conn:
            ready = deposits.ready(conn, connection.id, ground.clock(), limit=most * 2)
            chosen = parcel.choose(ready, max_bytes=ground.options.flux_max_bytes, max_invoices=most)
            return self._note(conn, connection, chosen) if chosen else None

    def _note(self, conn: sa.Connection, connection: Connection, chosen: tuple[Deposit, ...]) -> Claim:
        ground, now = self._ground, self._ground.clock()
        new = Flux(
            id=ground.new_id(),
            connection_id=connection.id,
            syntaxe_flux=chosen[0].syntaxe_flux,
            state="sending",
            filename="",
            deposits=len(chosen),
            size=sum(deposit.size for deposit in chosen),
            numero_flux="",
            platform_state="",
            report=None,
            looks=0,
            look_at=None,
            created_at=now,
            updated_at=now,
        )
        flux.insert(conn, new)
        ids = [deposit.id for deposit in chosen]
        deposits.move(conn, ids, DepositState.READY, DepositState.SENDING, now=now, flux_id=new.id)
        attempt = ground.attempt(connection.id, f"flux/{new.id}", "factures/deposer/flux")
        flux.note(conn, attempt)
        return Claim(new, chosen, attempt.id)

    def _send(self, connection: Connection, claim: Claim) -> int:
        """Send a claim; gives how many invoices the next flux may carry."""
        most, surely = self._ground.options.flux_max_invoices, self._ground.jobs.surely
        try:
            made = self._pack(claim)
            with self._ground.platform.open(connection) as chorus:
                answer = chorus.factures.deposer_flux(
                    fichierFlux=made.data, nomFichier=made.filename, syntaxeFlux=claim.flux.syntaxe_flux
                )
        except ChorusProError as error:
            return surely(partial(self._failed, connection, claim, error))
        except (RaccordError, Later) as error:  # nothing left this machine
            surely(partial(self._give_back, claim, "not_sent", str(error)))
            raise
        if not answer.numeroFluxDepot:  # said yes, and nothing to follow it by
            why = "réponse sans numéro de flux"
            surely(partial(doubt.begin, self._ground, claim.flux.id, claim.attempt, why))
            return most
        surely(partial(self._sent, claim, made.filename, answer.numeroFluxDepot))
        return most

    def _pack(self, claim: Claim) -> parcel.Parcel:
        files = [(deposit, self._ground.archive.get(deposit.sha256)) for deposit in claim.deposits]
        return parcel.pack(files, claim.flux.id)

    def _sent(self, claim: Claim, filename: str, numero_flux: str) -> None:
        ground, now = self._ground, self._ground.clock()
        with ground.store.begin() as conn:
            flux.answer(conn, claim.attempt, "answered", now, {"numeroFluxDepot": numero_flux})
            columns = {"numero_flux": numero_flux, "filename": filename, "look_at": now}
            if not flux.change(conn, claim.flux.id, ("sending", "uncertain"), now=now, state="sent", **columns):
                return  # written late: somebody has concluded meanwhile
            sending, sent = DepositState.SENDING, DepositState.SENT
            moved = deposits.move(conn, claim.ids, sending, sent, now=now, numero_flux=numero_flux)
            if moved < len(claim.ids):  # someone took this worker for dead meanwhile
                deposits.move(conn, claim.ids, DepositState.UNCERTAIN, sent, now=now, numero_flux=numero_flux)
            journal.append_all(
                conn, [ground.event(f"deposit/{id_}", "deposit.sent", numero_flux=numero_flux) for id_ in claim.ids]
            )
            connections.update(conn, claim.flux.connection_id, now=now, last_success_at=now)
            args = {"flux_id": claim.flux.id}
            ground.jobs.schedule(conn, REPORT, claim.flux.id, args, delay=ground.options.report_first_s, priority=3)

    def _failed(self, connection: Connection, claim: Claim, error: ChorusProError) -> int:
        course = self._course(connection, error)
        most = self._ground.options.flux_max_invoices
        if course.reaction is Reaction.ASK:
            doubt.begin(self._ground, claim.flux.id, claim.attempt, str(error))
            self._ground.breaker.failed(connection.id, error)
            return most
        if course.reaction is Reaction.SPLIT and len(claim.deposits) > 1:
            self._give_back(claim, "refused", str(error))
            return max(1, len(claim.deposits) // 2)
        if course.reaction in (Reaction.REFUSE, Reaction.SPLIT):
            self._refused(claim, error)
            return most
        self._give_back(claim, "not_sent", str(error))
        self._ground.breaker.failed(connection.id, error)
        if course.reaction is Reaction.WAIT:
            if getattr(error, "retry_after", None):
                self._ground.platform.hold(connection, course.delay)
            raise Later(course.delay)
        return most

    def _course(self, connection: Connection, error: ChorusProError) -> Course:
        with self._ground.store.read() as conn:
            failures = flux.failures_in_a_row(conn, connection.id)
        return retry.after(error, failures, first_s=self._ground.options.retry_first_s)

    def _give_back(self, claim: Claim, outcome: str, why: str, *, alone: bool = False) -> None:
        ground, now = self._ground, self._ground.clock()
        with ground.store.begin() as conn:
            flux.answer(conn, claim.attempt, outcome, now, {"error": why[:300]})
            if not flux.change(conn, claim.flux.id, ("sending",), now=now, state="abandoned"):
                return  # given back already: another flux may carry them
            columns = {"alone": True} if alone else {}
            deposits.move(conn, claim.ids, DepositState.SENDING, DepositState.READY, now=now, flux_id=None, **columns)

    def _refused(self, claim: Claim, error: ChorusProError) -> None:
        if len(claim.deposits) > 1:  # one of them, nobody knows which: each travels alone
            self._give_back(claim, "refused", str(error), alone=True)
            return
        ground, now = self._ground, self._ground.clock()
        fault = refusal(error)
        (deposit,) = claim.deposits
        with ground.store.begin() as conn:
            flux.answer(conn, claim.attempt, "refused", now, {"error": str(error)[:300]})
            if not flux.change(conn, claim.flux.id, ("sending",), now=now, state="done"):
                return
            faults = deposits.faults_as_json([*deposit.faults, fault])
            deposits.move(conn, claim.ids, DepositState.SENDING, DepositState.REFUSED, now=now, faults=faults)
            journal.append(conn, ground.event(f"deposit/{deposit.id}", "deposit.refused", reasons=[fault.sentence]))


def refusal(error: ChorusProError) -> Fault:
    """The fault that tells an immediate refusal in the platform's words."""
    words = error.libelle or str(error)
    return Fault(
        code="CP-DEPOT-REFUS",
        severity=Severity.ERROR,
        path="",
        sentence=f"Chorus Pro a refusé ce dépôt : {words}",
        cure="Corrigez la facture selon ce message, puis déposez-la de nouveau.",
        rule_set="chorus-pro",
    )
