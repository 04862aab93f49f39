"""Sending validators' decisions: never twice, asking before sending again.

1 claim and note the attempt, commit; 2 call `traiter/factureAValider`; 3 write the answer, commit. After a doubt the
history of the invoice is read: if the decision shows there, it is done; if somebody else or the delay decided, it is
refused with that; otherwise it leaves again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from choruspro import ChorusPro, ChorusProError
from raccord.domain import statuses as words
from raccord.domain.connection import Connection
from raccord.domain.reception import PostState
from raccord.domain.validation import AWAITING, Decision
from raccord.engine.foundation import passages, sending
from raccord.engine.foundation.ground import Ground
from raccord.engine.foundation.names import VALIDATE
from raccord.engine.foundation.port import Later
from raccord.engine.foundation.sending import UNDER_WAY, OneByOne
from raccord.engine.foundation.talk import reading
from raccord.engine.receptions.validators import subject_of
from raccord.store import flux, journal, validation_rows

_PREFIX = "decision/"
_OPERATION = "factures/traiter/factureAValider"


@dataclass(frozen=True)
class _Claim:
    decision: Decision
    attempt: str


class Validating(OneByOne[Decision, _Claim]):
    """The job that sends what waits on a connection."""

    def _claim(self, connection: Connection) -> _Claim | None:
        ground, now = self._ground, self._ground.clock()
        with ground.store.begin() as conn:
            decision = validation_rows.first_waiting(conn, connection.id)
            if decision is None:
                return None
            if not validation_rows.move(conn, decision.id, (PostState.WAITING,), PostState.SENDING, now=now):
                return None
            attempt = ground.attempt(connection.id, f"{_PREFIX}{decision.id}", _OPERATION)
            flux.note(conn, attempt)
            return _Claim(decision, attempt.id)

    def _say(self, chorus: ChorusPro, claim: _Claim) -> None:
        decision = claim.decision
        chorus.factures.traiter_facture_a_valider(
            idFacture=decision.id_facture,
            action="VALIDATION" if decision.accepted else "REFUS",
            motifRefus=decision.motif or None,
            complementInfo=decision.comment or None,
        )

    def _settle(self, claim: _Claim, outcome: str, state: PostState, answer: str) -> None:
        ground, now, decision = self._ground, self._ground.clock(), claim.decision
        with ground.store.begin() as conn:
            flux.answer(conn, claim.attempt, outcome, now, {"error": answer[:300]} if answer else {})
            if validation_rows.move(conn, decision.id, UNDER_WAY, state, now=now, answer=answer[:500]):
                self._tell(conn, decision, state, answer)

    def _tell(self, conn: sa.Connection, decision: Decision, state: PostState, answer: str) -> None:
        if state is not PostState.WAITING:
            facts: dict[str, Any] = {"number": decision.number, "accepted": decision.accepted, "answer": answer[:300]}
            event = self._ground.event(subject_of(decision), f"validation.{state.value}", **facts)
            journal.append(conn, event)

    def _refused(self, connection: Connection, claim: _Claim, error: ChorusProError) -> None:
        """Tell why, unless the same decision was taken meanwhile, on the portal or elsewhere."""
        words_ = error.libelle or str(error)
        try:
            with reading(self._ground, connection) as chorus:
                history = passages.history(chorus, claim.decision.id_facture)
        except Later:
            history = ()
        if passages.happened(history, claim.decision.outcomes, claim.decision.created_at):
            self._settle(claim, "answered", PostState.DONE, "Chorus Pro l’avait déjà.")
            return
        self._settle(claim, "refused", PostState.REFUSED, words_)

    def _doubtful(self, conn: sa.Connection, connection_id: str) -> Sequence[Decision]:
        return validation_rows.in_state(conn, PostState.UNCERTAIN, connection_id)

    def _ask(self, connection: Connection, decision: Decision) -> None:
        with reading(self._ground, connection) as chorus:
            history = passages.history(chorus, decision.id_facture)
        heard = passages.happened(history, decision.outcomes, decision.created_at)
        waits = any(AWAITING.get(line.code) == decision.rank for line in history[:1])
        state = PostState.DONE if heard else PostState.WAITING if waits or not history else PostState.REFUSED
        answer = (
            f"Statut actuel dans Chorus Pro : « {words.label(history[0].code)} »." if state is PostState.REFUSED else ""
        )
        with self._ground.store.begin() as conn:
            now = self._ground.clock()
            if validation_rows.move(conn, decision.id, (PostState.UNCERTAIN,), state, now=now, answer=answer):
                self._tell(conn, decision, state, answer)


def find_orphan_decisions(ground: Ground) -> int:
    """Doubt every decision whose sender died, or that has waited too long for an answer; gives how many."""
    return sending.find_orphan_posts(ground, _PREFIX, VALIDATE, validation_rows.move)
