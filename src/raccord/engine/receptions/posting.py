"""Posting statuses: in order for each reception, several receptions side by side; asking before posting again.

1 claim a few statuses, each of another reception, and note their attempts, commit; 2 call `traiter/recue` for each,
side by side; 3 write the answers, commit. After a doubt the history of the invoice is read: if the status is there, it
is done. After 20002 the history is read too, and what is found is told.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

import sqlalchemy as sa

from choruspro import ChorusPro, ChorusProError
from raccord.domain.connection import Connection
from raccord.domain.errors import RaccordError
from raccord.domain.journal import NewEvent
from raccord.domain.reception import PostState, Reception, StatusPost
from raccord.domain.statuses import label, targets_from
from raccord.engine.foundation import due_dates, passages, sending
from raccord.engine.foundation.ground import Ground
from raccord.engine.foundation.names import POST
from raccord.engine.foundation.passages import StatusPassage
from raccord.engine.foundation.port import Later
from raccord.engine.foundation.sending import UNDER_WAY, Sender
from raccord.engine.foundation.talk import reading
from raccord.store import flux, journal, posts, receptions
from raccord.store.side_by_side import SideBySide

_PREFIX = "status/"
_OPERATION = "factures/traiter/recue"
_INCOHERENT = 20002
"""`traiter/recue`: the status of origin or of destination does not fit (specifications/recipient.md §4)."""


@dataclass(frozen=True)
class _Claim:
    post: StatusPost
    reception: Reception
    attempt: str


class Posting(Sender[StatusPost, _Claim]):
    """The job that posts what waits on a connection."""

    def __init__(self, ground: Ground) -> None:
        super().__init__(ground)
        self._together = SideBySide(ground.options.posts_at_once, "raccord-posting")

    def _send_what_waits(self, connection: Connection) -> None:
        """The first goes alone, then two, then four: proofs that are no longer good are refused once, not many times.

        A platform that locks an account after a few refusals must not be given them all at once.
        """
        most = 1
        while claims := self._claim(connection, most):
            self._send(connection, claims)
            most = min(2 * most, self._ground.options.posts_at_once)

    def _claim(self, connection: Connection, most: int) -> list[_Claim]:
        ground, now = self._ground, self._ground.clock()
        with ground.store.begin() as conn:
            waiting = posts.take(conn, connection.id, most, now=now)
            known = receptions.several(conn, [post.reception_id for post in waiting])
            attempts = [ground.attempt(connection.id, f"{_PREFIX}{post.id}", _OPERATION) for post in waiting]
            flux.note_all(conn, attempts)
        return [
            _Claim(post, known[post.reception_id], attempt.id) for post, attempt in zip(waiting, attempts, strict=True)
        ]

    def _send(self, connection: Connection, claims: Sequence[_Claim]) -> None:
        try:
            with self._ground.platform.open(connection, ahead=len(claims)) as chorus:
                errors = self._together.run(lambda claim: _call(chorus, claim), claims)
        except (RaccordError, Later) as error:
            for claim in claims:
                self._settle(claim, "not_sent", PostState.WAITING, str(error))
            raise
        answers = list(zip(claims, errors, strict=True))
        done = [claim for claim, error in answers if error is None]
        self._ground.jobs.surely(partial(self._settle_done, done))
        self._settle_failures(connection, [(claim, error) for claim, error in answers if error is not None])

    def _settle_done(self, claims: Sequence[_Claim]) -> None:
        """Write together the answers that came together."""
        ground, now = self._ground, self._ground.clock()
        if not claims:
            return
        with ground.store.begin() as conn:
            flux.answer_all(conn, [claim.attempt for claim in claims], "answered", now)
            moved = posts.move_all(conn, [claim.post.id for claim in claims], UNDER_WAY, PostState.DONE, now=now)
            told = [claim.post for claim in claims if claim.post.id in moved]
            for post in told:
                self._set(conn, post, now)
            journal.append_all(conn, [self._event(post, PostState.DONE, "") for post in told])
            due_dates.reckon_receptions(conn, [post.reception_id for post in told])

    def _settle_failures(self, connection: Connection, failed: Sequence[tuple[_Claim, Exception]]) -> None:
        """Each error has its own course; the longest wait holds for the connection."""
        waits: list[float] = []
        others: list[Exception] = []
        for claim, error in failed:
            try:
                self._cope(connection, claim, error)
            except Later as later:
                waits.append(later.delay)
            except Exception as other:  # told at the end: the courses of the others must be written
                others.append(other)
        if others:
            raise others[0]
        if waits:
            raise Later(max(waits))

    def _cope(self, connection: Connection, claim: _Claim, error: Exception) -> None:
        if isinstance(error, ChorusProError):
            self._failed(connection, claim, error)
            return
        if isinstance(error, RaccordError | Later):
            self._settle(claim, "not_sent", PostState.WAITING, str(error))
        raise error  # a fault of ours leaves the attempt open: it will be asked about

    def _refused(self, connection: Connection, claim: _Claim, error: ChorusProError) -> None:
        """Tell why; an invoice that was given the status asked, on the portal or elsewhere, has had its step.

        It may stand further on since: its status is then the newest of its history.
        """
        words_ = error.libelle or str(error)
        found = self._where_it_stands(connection, claim) if error.code_retour == _INCOHERENT else ()
        if not found:
            self._settle(claim, "refused", PostState.REFUSED, words_)
            return
        had_it = passages.happened(found, (claim.post.target,), claim.post.created_at)
        if had_it or found[0].code == claim.post.target:
            self._settle(claim, "answered", PostState.DONE, "Chorus Pro l’avait déjà.")
            self._refresh(claim.reception, found)
            return
        self._refresh(claim.reception, found)
        self._settle(claim, "refused", PostState.REFUSED, f"{words_} {_possible(found[0])}")

    def _where_it_stands(self, connection: Connection, claim: _Claim) -> tuple[StatusPassage, ...]:
        try:
            return self._history(connection, claim.reception)
        except Later:
            return ()

    def _settle(self, claim: _Claim, outcome: str, state: PostState, answer: str) -> None:
        ground, now, post = self._ground, self._ground.clock(), claim.post
        with ground.store.begin() as conn:
            flux.answer(conn, claim.attempt, outcome, now, {"error": answer[:300]} if answer else {})
            if posts.move(conn, post.id, UNDER_WAY, state, now=now, answer=answer[:500]):
                self._tell(conn, post, state, answer, now)

    def _tell(self, conn: sa.Connection, post: StatusPost, state: PostState, answer: str, now: datetime) -> None:
        if state is PostState.DONE:
            self._set(conn, post, now)
        if state is not PostState.WAITING:
            journal.append(conn, self._event(post, state, answer))
            due_dates.reckon_receptions(conn, [post.reception_id])

    def _set(self, conn: sa.Connection, post: StatusPost, now: datetime) -> None:
        stands = {"platform_status": post.target, "platform_status_at": now, "platform_comment": post.motif}
        receptions.update(conn, post.reception_id, now=now, **stands)  # Chorus Pro's own date comes with the news

    def _event(self, post: StatusPost, state: PostState, answer: str) -> NewEvent:
        facts = {"target": post.target, "answer": answer[:300]}
        return self._ground.event(f"reception/{post.reception_id}", f"status.{state.value}", **facts)

    def _doubtful(self, conn: sa.Connection, connection_id: str) -> Sequence[StatusPost]:
        return posts.in_state(conn, PostState.UNCERTAIN, connection_id)

    def _ask(self, connection: Connection, post: StatusPost) -> None:
        with self._ground.store.read() as conn:
            reception = receptions.get(conn, post.reception_id)
        told = self._history(connection, reception)
        state = PostState.DONE if passages.happened(told, (post.target,), post.created_at) else PostState.WAITING
        with self._ground.store.begin() as conn:
            now = self._ground.clock()
            if posts.move(conn, post.id, (PostState.UNCERTAIN,), state, now=now):
                self._tell(conn, post, state, "", now)
        if told and told[0].code != post.target:  # it has moved on since, or stands where it stood
            self._refresh(reception, told)

    def _history(self, connection: Connection, reception: Reception) -> tuple[StatusPassage, ...]:
        with reading(self._ground, connection) as chorus:
            return passages.history(chorus, reception.id_facture)

    def _refresh(self, reception: Reception, history: tuple[StatusPassage, ...]) -> None:
        ground, now = self._ground, self._ground.clock()
        newest = history[0]
        columns: dict[str, Any] = {"platform_status": newest.code[:60], "platform_status_at": newest.at}
        with ground.store.begin() as conn:
            receptions.update(conn, reception.id, now=now, platform_comment=newest.comment[:2000], **columns)
            due_dates.reckon_receptions(conn, [reception.id])


def _call(chorus: ChorusPro, claim: _Claim) -> Exception | None:
    """Post one status; gives the error, so that those of its neighbours do not hide one another."""
    post = claim.post
    try:
        chorus.factures.traiter_recue(
            idFacture=claim.reception.id_facture,
            nouveauStatut=post.target,
            motif=post.motif,
            numeroDPMandat=post.mandate_number or None,
        )
    except Exception as error:  # a fault of ours too: raised by `_cope`, once the answers of the others are written
        return error
    return None


def _possible(now: StatusPassage) -> str:
    choices = ", ".join(f"« {label(target)} »" for target in targets_from(now.code))
    standing = f"Statut actuel dans Chorus Pro : « {now.label} »."
    return f"{standing} Vous pouvez demander : {choices}." if choices else f"{standing} Il est définitif."


def find_orphan_posts(ground: Ground) -> int:
    """Doubt every status whose sender died, or that has waited too long for an answer; gives how many."""
    return sending.find_orphan_posts(ground, _PREFIX, POST, posts.move)
