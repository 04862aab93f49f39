"""Sending a supplier's answers: `completer` and `traiterRejet`, one at a time, asking before sending again.

1 claim and note the attempt, commit; 2 the files, then the answer; 3 what Chorus Pro said, commit. After a doubt about
`completer` the history of the invoice is read. `traiterRejet` only sets a flag: saying it twice changes nothing, so it
is said again without a question.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from choruspro import ChorusPro, ChorusProError
from choruspro.models.factures_suites import PieceJointeComplementaire, TraiterFacturesRejeteesListeDemandePaiement
from raccord.domain.answers import Answer, AnswerKind
from raccord.domain.connection import Connection
from raccord.domain.deposit import Deposit
from raccord.domain.reception import PostState
from raccord.engine.deposits import joining
from raccord.engine.foundation import due_dates, passages, sending
from raccord.engine.foundation.ground import Ground
from raccord.engine.foundation.names import ANSWER, DELTA
from raccord.engine.foundation.port import Later
from raccord.engine.foundation.sending import UNDER_WAY, OneByOne
from raccord.engine.foundation.talk import reading
from raccord.store import answers, deposits, flux, journal

PREFIX = "answer/"
_OPERATIONS = {AnswerKind.COMPLETE: "factures/completer", AnswerKind.REJECTION: "factures/traiterRejet"}
_COMPLETED = "COMPLETEE"


@dataclass(frozen=True)
class _Claim:
    answer: Answer
    deposit: Deposit
    attempt: str


class Replying(OneByOne[Answer, _Claim]):
    """The job that sends what waits on a connection."""

    def _claim(self, connection: Connection) -> _Claim | None:
        ground, now = self._ground, self._ground.clock()
        with ground.store.begin() as conn:
            one = answers.first_waiting(conn, connection.id)
            if one is None or not answers.move(conn, one.id, (PostState.WAITING,), PostState.SENDING, now=now):
                return None
            attempt = ground.attempt(connection.id, f"{PREFIX}{one.id}", _OPERATIONS[one.kind])
            flux.note(conn, attempt)
            return _Claim(one, deposits.get(conn, one.deposit_id), attempt.id)

    def _say(self, chorus: ChorusPro, claim: _Claim) -> None:
        number = claim.deposit.id_facture or 0
        if claim.answer.kind is AnswerKind.REJECTION:
            treated = TraiterFacturesRejeteesListeDemandePaiement(idDemandePaiement=number)
            chorus.factures.traiter_rejet(listeDemandePaiement=[treated])
            return
        chorus.factures.completer(
            identifiantFactureCPP=number,
            pieceJointeComplementaire=self._files(chorus, claim.answer) or None,
            commentaire=claim.answer.comment or None,
        )

    def _files(self, chorus: ChorusPro, answer: Answer) -> list[PieceJointeComplementaire]:
        files = [(file.name, file.designation, self._ground.archive.get(file.sha256)) for file in answer.files]
        return [
            PieceJointeComplementaire(
                pieceJointeComplementaireDesignation=parked.designation,
                pieceJointeComplementaireType=parked.kind,
                pieceJointeComplementaireId=parked.id,
            )
            for parked in joining.park(chorus, files)
        ]

    def _may_have_arrived(self, claim: _Claim, error: ChorusProError) -> bool:
        """A file that no answer names changes nothing: only the answer itself is asked about."""
        return error.operation in ("", _OPERATIONS[claim.answer.kind])

    def _refused(self, connection: Connection, claim: _Claim, error: ChorusProError) -> None:
        """Tell why, unless the invoice was completed meanwhile, on the portal or elsewhere: it is what was asked."""
        words = error.libelle or str(error)
        try:
            arrived = self._arrived(connection, claim.answer)
        except Later:
            arrived = False
        if arrived:
            self._settle(claim, "answered", PostState.DONE, "Chorus Pro l’avait déjà.")
            return
        self._settle(claim, "refused", PostState.REFUSED, words)

    def _settle(self, claim: _Claim, outcome: str, state: PostState, reply: str) -> None:
        """In one transaction: an attempt that has its answer is asked about no more."""
        ground = self._ground
        with ground.store.begin() as conn:
            flux.answer(conn, claim.attempt, outcome, ground.clock(), {"error": reply[:300]} if reply else {})
            self._conclude(conn, claim.answer, UNDER_WAY, state, reply)

    def _conclude(
        self, conn: sa.Connection, answer: Answer, here: tuple[PostState, ...], state: PostState, reply: str
    ) -> None:
        ground, now = self._ground, self._ground.clock()
        if not answers.move(conn, answer.id, here, state, now=now, reply=reply[:500]) or state is PostState.WAITING:
            return
        facts = {"answer": answer.kind.value, "reply": reply[:300]}
        journal.append(conn, ground.event(f"deposit/{answer.deposit_id}", f"answer.{state.value}", **facts))
        if state is PostState.DONE and answer.kind is AnswerKind.COMPLETE:
            deposits.update(conn, answer.deposit_id, now=now, platform_status=_COMPLETED, followed=True)
            due_dates.reckon_deposits(conn, [answer.deposit_id])
        connection_id = deposits.get(conn, answer.deposit_id).connection_id
        ground.jobs.schedule(conn, DELTA, connection_id, {"connection_id": connection_id}, priority=3)

    def _doubtful(self, conn: sa.Connection, connection_id: str) -> Sequence[Answer]:
        return answers.in_state(conn, PostState.UNCERTAIN, connection_id)

    def _ask(self, connection: Connection, answer: Answer) -> None:
        state = PostState.DONE if self._arrived(connection, answer) else PostState.WAITING
        with self._ground.store.begin() as conn:
            self._conclude(conn, answer, (PostState.UNCERTAIN,), state, "")

    def _arrived(self, connection: Connection, answer: Answer) -> bool:
        """Whether the history tells that the invoice was completed since the answer was asked for."""
        if answer.kind is AnswerKind.REJECTION:
            return False
        with self._ground.store.read() as conn:
            deposit = deposits.get(conn, answer.deposit_id)
        with reading(self._ground, connection) as chorus:
            told = passages.history(chorus, deposit.id_facture or 0)
        return passages.happened(told, (_COMPLETED,), answer.created_at)


def find_orphan_answers(ground: Ground) -> int:
    """Doubt every answer whose sender died; gives how many."""
    return sending.find_orphan_posts(ground, PREFIX, ANSWER, answers.move)
