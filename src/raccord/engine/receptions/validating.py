"""Sending validators' decisions: never twice, asking before sending again.

1 claim and note the attempt, commit; 2 call `traiter/factureAValider`; 3 write the answer, commit. After a doubt the
history of the invoice is read: if the decision shows there, it is done; if somebody else or the delay decided, it is
refused with that; otherwise it leaves again.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from choruspro import ChorusProError, CredentialsRefused
from choruspro.models.factures_historique import ParamRechercheHistoStatuts
from raccord.domain import statuses as words
from raccord.domain.connection import Connection
from raccord.domain.errors import RaccordError
from raccord.domain.reception import PostState
from raccord.domain.validation import AWAITING, Decision
from raccord.engine.foundation import retry
from raccord.engine.foundation.doubt import orphans
from raccord.engine.foundation.ground import Ground
from raccord.engine.foundation.names import VALIDATE
from raccord.engine.foundation.one_by_one import OneByOne
from raccord.engine.foundation.passages import StatusPassage, passages
from raccord.engine.foundation.port import Later
from raccord.engine.foundation.retry import Reaction
from raccord.engine.foundation.talk import reading
from raccord.engine.receptions.validators import subject_of
from raccord.store import flux, journal, validation_rows
from raccord.store.flux import Attempt

_PREFIX = "decision/"
_OPERATION = "factures/traiter/factureAValider"
_NEVER = datetime.min.replace(tzinfo=UTC)
_CLOCKS_DIFFER = timedelta(minutes=10)


@dataclass(frozen=True)
class _Claim:
    decision: Decision
    attempt: str


class Validating(OneByOne[_Claim]):
    """The job that sends what waits on a connection."""

    def _claim(self, connection: Connection) -> _Claim | None:
        ground, now = self._ground, self._ground.clock()
        if not ground.jobs.liveness.sure():
            raise Later(5)
        with ground.store.begin() as conn:
            decision = validation_rows.first_waiting(conn, connection.id)
            if decision is None:
                return None
            if not validation_rows.move(conn, decision.id, (PostState.WAITING,), PostState.SENDING, now=now):
                return None
            subject, worker = f"{_PREFIX}{decision.id}", ground.jobs.liveness.id
            attempt = Attempt(ground.new_id(), connection.id, subject, _OPERATION, worker, now)
            flux.note(conn, attempt)
            return _Claim(decision, attempt.id)

    def _send(self, connection: Connection, claim: _Claim) -> None:
        decision = claim.decision
        try:
            with self._ground.platform.open(connection) as chorus:
                chorus.factures.traiter_facture_a_valider(
                    idFacture=decision.id_facture,
                    action="VALIDATION" if decision.accepted else "REFUS",
                    motifRefus=decision.motif or None,
                    complementInfo=decision.comment or None,
                )
        except ChorusProError as error:
            self._failed(connection, claim, error)
        except (RaccordError, Later) as error:
            self._settle(claim, "not_sent", PostState.WAITING, str(error))
            raise
        else:
            self._settle(claim, "answered", PostState.DONE, "")

    def _failed(self, connection: Connection, claim: _Claim, error: ChorusProError) -> None:
        course = retry.after(error, first_s=self._ground.options.retry_first_s)
        if course.reaction is Reaction.ASK:
            self._settle(claim, "unknown", PostState.UNCERTAIN, str(error))
            raise Later(self._ground.options.takeover_delay_s)
        if course.reaction in (Reaction.REFUSE, Reaction.SPLIT):
            self._settle(claim, "refused", PostState.REFUSED, error.libelle or str(error))
            return
        self._settle(claim, "not_sent", PostState.WAITING, str(error))
        if isinstance(error, CredentialsRefused):
            self._ground.breaker.refused(connection.id, error)
        raise Later(course.delay or retry.ACCESS_WAIT_S)

    def _settle(self, claim: _Claim, outcome: str, state: PostState, answer: str) -> None:
        ground, now, decision = self._ground, self._ground.clock(), claim.decision
        with ground.store.begin() as conn:
            flux.answer(conn, claim.attempt, outcome, now, {"error": answer[:300]} if answer else {})
            here = (PostState.SENDING, PostState.UNCERTAIN)
            if validation_rows.move(conn, decision.id, here, state, now=now, answer=answer[:500]):
                self._tell(conn, decision, state, answer)

    def _tell(self, conn: sa.Connection, decision: Decision, state: PostState, answer: str) -> None:
        if state is not PostState.WAITING:
            facts: dict[str, Any] = {"number": decision.number, "accepted": decision.accepted, "answer": answer[:300]}
            event = self._ground.event(subject_of(decision), f"validation.{state.value}", **facts)
            journal.append(conn, event)

    def _settle_doubts(self, connection: Connection) -> float | None:
        """Read the history of each doubtful decision; gives how long to wait for those that are too fresh."""
        with self._ground.store.read() as conn:
            doubtful = validation_rows.in_state(conn, PostState.UNCERTAIN, connection.id)
        waits = []
        for decision in doubtful:
            age = (self._ground.clock() - decision.updated_at).total_seconds()
            left = self._ground.options.takeover_delay_s - age
            if left > 0:
                waits.append(left)
            else:
                self._ask(connection, decision)
        return min(waits, default=None)

    def _ask(self, connection: Connection, decision: Decision) -> None:
        history = self._history(connection, decision)
        since = decision.created_at - _CLOCKS_DIFFER
        heard = any(line.code in decision.outcomes and (line.at is None or line.at >= since) for line in history)
        waits = any(AWAITING.get(line.code) == decision.rank for line in history[:1])
        state = PostState.DONE if heard else PostState.WAITING if waits or not history else PostState.REFUSED
        answer = (
            f"Statut actuel dans Chorus Pro : « {words.label(history[0].code)} »." if state is PostState.REFUSED else ""
        )
        with self._ground.store.begin() as conn:
            now = self._ground.clock()
            if validation_rows.move(conn, decision.id, (PostState.UNCERTAIN,), state, now=now, answer=answer):
                self._tell(conn, decision, state, answer)

    def _history(self, connection: Connection, decision: Decision) -> tuple[StatusPassage, ...]:
        """The statuses of the invoice, newest first."""
        most = ParamRechercheHistoStatuts(nbResultatsParPageListeHistoStatut=100)
        with reading(self._ground, connection) as chorus:
            answer = chorus.factures.consulter_historique(
                idFacture=decision.id_facture, paramRechercheHistoStatuts=most
            )
        return tuple(sorted(passages(answer), key=lambda line: line.at or _NEVER, reverse=True))


def find_orphan_decisions(ground: Ground) -> int:
    """Doubt every decision whose sender died, or that has waited too long for an answer; gives how many."""
    found = 0
    for attempt in orphans(ground, _PREFIX):
        decision_id, now = attempt.subject.removeprefix(_PREFIX), ground.clock()
        with ground.store.begin() as conn:
            flux.answer(conn, attempt.id, "unknown", now, {})
            if validation_rows.move(conn, decision_id, (PostState.SENDING,), PostState.UNCERTAIN, now=now):
                args, delay = {"connection_id": attempt.connection_id}, ground.options.takeover_delay_s
                ground.jobs.schedule(conn, VALIDATE, attempt.connection_id, args, delay=delay)
                found += 1
    return found
