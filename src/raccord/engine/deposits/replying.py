"""Sending a supplier's answers: `completer` and `traiterRejet`, one at a time, asking before sending again.

1 claim and note the attempt, commit; 2 the files, then the answer; 3 what Chorus Pro said, commit. After a doubt about
`completer` the history of the invoice is read. `traiterRejet` only sets a flag: saying it twice changes nothing, so it
is said again without a question.
"""

from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa

from choruspro import ChorusPro, ChorusProError, CredentialsRefused
from choruspro.models.factures_historique import ParamRechercheHistoStatuts
from choruspro.models.factures_suites import PieceJointeComplementaire, TraiterFacturesRejeteesListeDemandePaiement
from raccord.domain.answers import Answer, AnswerKind
from raccord.domain.connection import Connection
from raccord.domain.deposit import Deposit
from raccord.domain.errors import RaccordError
from raccord.domain.reception import PostState
from raccord.engine.deposits import joining
from raccord.engine.foundation import retry
from raccord.engine.foundation.doubt import orphans
from raccord.engine.foundation.ground import Ground
from raccord.engine.foundation.names import ANSWER, DELTA
from raccord.engine.foundation.one_by_one import OneByOne
from raccord.engine.foundation.passages import passages
from raccord.engine.foundation.port import Later
from raccord.engine.foundation.retry import Reaction
from raccord.engine.foundation.talk import reading
from raccord.store import answers, deposits, flux, journal
from raccord.store.flux import Attempt

PREFIX = "answer/"
_OPERATIONS = {AnswerKind.COMPLETE: "factures/completer", AnswerKind.REJECTION: "factures/traiterRejet"}
_COMPLETED = "COMPLETEE"
_CLOCKS_DIFFER = timedelta(minutes=10)


@dataclass(frozen=True)
class _Claim:
    answer: Answer
    deposit: Deposit
    attempt: str


class Replying(OneByOne[_Claim]):
    """The job that sends what waits on a connection."""

    def _claim(self, connection: Connection) -> _Claim | None:
        ground, now = self._ground, self._ground.clock()
        if not ground.jobs.liveness.sure():
            raise Later(5)
        with ground.store.begin() as conn:
            one = answers.first_waiting(conn, connection.id)
            if one is None or not answers.move(conn, one.id, (PostState.WAITING,), PostState.SENDING, now=now):
                return None
            worker, operation = ground.jobs.liveness.id, _OPERATIONS[one.kind]
            attempt = Attempt(ground.new_id(), connection.id, f"{PREFIX}{one.id}", operation, worker, now)
            flux.note(conn, attempt)
            return _Claim(one, deposits.get(conn, one.deposit_id), attempt.id)

    def _send(self, connection: Connection, claim: _Claim) -> None:
        try:
            with self._ground.platform.open(connection) as chorus:
                self._say(chorus, claim)
        except ChorusProError as error:
            self._failed(connection, claim, error)
        except (RaccordError, Later) as error:
            self._settle(claim, "not_sent", PostState.WAITING, str(error))
            raise
        else:
            self._settle(claim, "answered", PostState.DONE, "")

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

    def _failed(self, connection: Connection, claim: _Claim, error: ChorusProError) -> None:
        course = retry.after(error, first_s=self._ground.options.retry_first_s)
        said = error.operation in ("", _OPERATIONS[claim.answer.kind])
        if course.reaction is Reaction.ASK and said:
            self._settle(claim, "unknown", PostState.UNCERTAIN, str(error))
            raise Later(self._ground.options.takeover_delay_s)
        if course.reaction in (Reaction.REFUSE, Reaction.SPLIT):
            self._settle(claim, "refused", PostState.REFUSED, error.libelle or str(error))
            return
        self._settle(claim, "not_sent", PostState.WAITING, str(error))
        if isinstance(error, CredentialsRefused):
            self._ground.breaker.refused(connection.id, error)
        raise Later(course.delay or retry.ACCESS_WAIT_S)

    def _settle(self, claim: _Claim, outcome: str, state: PostState, reply: str) -> None:
        """In one transaction: an attempt that has its answer is asked about no more."""
        ground = self._ground
        with ground.store.begin() as conn:
            flux.answer(conn, claim.attempt, outcome, ground.clock(), {"error": reply[:300]} if reply else {})
            self._conclude(conn, claim.answer, (PostState.SENDING, PostState.UNCERTAIN), state, reply)

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
        connection_id = deposits.get(conn, answer.deposit_id).connection_id
        ground.jobs.schedule(conn, DELTA, connection_id, {"connection_id": connection_id}, priority=3)

    def _settle_doubts(self, connection: Connection) -> float | None:
        with self._ground.store.read() as conn:
            doubtful = answers.in_state(conn, PostState.UNCERTAIN, connection.id)
        waits = []
        for answer in doubtful:
            age = (self._ground.clock() - answer.updated_at).total_seconds()
            left = self._ground.options.takeover_delay_s - age
            if left > 0:
                waits.append(left)
            else:
                state = PostState.DONE if self._arrived(connection, answer) else PostState.WAITING
                with self._ground.store.begin() as conn:
                    self._conclude(conn, answer, (PostState.UNCERTAIN,), state, "")
        return min(waits, default=None)

    def _arrived(self, connection: Connection, answer: Answer) -> bool:
        """Whether the history tells that the invoice was completed since the answer was asked for."""
        if answer.kind is AnswerKind.REJECTION:
            return False
        with self._ground.store.read() as conn:
            deposit = deposits.get(conn, answer.deposit_id)
        most = ParamRechercheHistoStatuts(nbResultatsParPageListeHistoStatut=100)
        with reading(self._ground, connection) as chorus:
            told = chorus.factures.consulter_historique(
                idFacture=deposit.id_facture or 0, paramRechercheHistoStatuts=most
            )
        since = answer.created_at - _CLOCKS_DIFFER
        return any(one.code == _COMPLETED and (one.at is None or one.at >= since) for one in passages(told))


def find_orphan_answers(ground: Ground) -> int:
    """Doubt every answer whose sender died; gives how many."""
    found = 0
    for attempt in orphans(ground, PREFIX):
        now, args = ground.clock(), {"connection_id": attempt.connection_id}
        with ground.store.begin() as conn:
            flux.answer(conn, attempt.id, "unknown", now, {})
            here, answer_id = (PostState.SENDING,), attempt.subject.removeprefix(PREFIX)
            if answers.move(conn, answer_id, here, PostState.UNCERTAIN, now=now):
                delay = ground.options.takeover_delay_s
                ground.jobs.schedule(conn, ANSWER, attempt.connection_id, args, delay=delay)
                found += 1
    return found
