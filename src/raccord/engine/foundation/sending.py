"""Sending what waits on a connection: statuses, validators' decisions, suppliers' answers. Each is a *post*.

A post waits, is being sent under a noted attempt, then is done or refused; when nobody knows what came of the call it
is in doubt, and Chorus Pro is asked before it leaves again. Doubts are settled before anything new is claimed, so that
nothing overtakes what may already have arrived.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from datetime import datetime
from typing import Generic, Protocol, TypeVar

import sqlalchemy as sa

from choruspro import ChorusPro, ChorusProError
from raccord.domain.connection import Connection
from raccord.domain.errors import RaccordError
from raccord.domain.reception import PostState
from raccord.engine.foundation import retry
from raccord.engine.foundation.doubt import orphans
from raccord.engine.foundation.ground import Ground
from raccord.engine.foundation.port import Args, Later
from raccord.engine.foundation.retry import Reaction
from raccord.store import connections, flux

UNDER_WAY = (PostState.SENDING, PostState.UNCERTAIN)
"""Where a post stands when the answer to its call comes: someone may have taken this worker for dead meanwhile."""


class HasAge(Protocol):
    """A post."""

    @property
    def updated_at(self) -> datetime:
        """When it took its present state."""


Post = TypeVar("Post", bound=HasAge)
Claim = TypeVar("Claim")
"""What this worker alone may now send, with the attempt noted."""


class Sender(ABC, Generic[Post, Claim]):
    """The job that sends the posts of a connection."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    def run(self, args: Args) -> None:
        """Ask about what is in doubt, then send what waits. Raises `Later` when something must wait."""
        with self._ground.store.read() as conn:
            connection = connections.get(conn, str(args["connection_id"]))
        if connection.breaker_open or not connection.enabled:
            return
        wait = self._settle_doubts(connection)
        self._send_what_waits(connection)
        if wait is not None:
            raise Later(wait)

    def _settle_doubts(self, connection: Connection) -> float | None:
        """Ask about each doubtful post; gives how long to wait for those that are too fresh."""
        with self._ground.store.read() as conn:
            doubtful = self._doubtful(conn, connection.id)
        waits = []
        for post in doubtful:
            left = self._ground.options.takeover_delay_s - (self._ground.clock() - post.updated_at).total_seconds()
            if left > 0:
                waits.append(left)
            else:
                self._ask(connection, post)
        return min(waits, default=None)

    def _failed(self, connection: Connection, claim: Claim, error: ChorusProError) -> None:
        """Write what an error means for a post. Raises `Later` when the rest must wait."""
        course = retry.after(error, first_s=self._ground.options.retry_first_s)
        if course.reaction is Reaction.ASK and self._may_have_arrived(claim, error):
            self._settle(claim, "unknown", PostState.UNCERTAIN, str(error))
            self._ground.breaker.failed(connection.id, error)
            raise Later(self._ground.options.takeover_delay_s)
        if course.reaction in (Reaction.REFUSE, Reaction.SPLIT):
            self._refused(connection, claim, error)
            return
        self._settle(claim, "not_sent", PostState.WAITING, str(error))
        self._ground.breaker.failed(connection.id, error)
        raise Later(course.delay or retry.ACCESS_WAIT_S)

    def _may_have_arrived(self, claim: Claim, error: ChorusProError) -> bool:
        """Whether the call left without an answer is the one that changes something."""
        return True

    def _refused(self, connection: Connection, claim: Claim, error: ChorusProError) -> None:
        self._settle(claim, "refused", PostState.REFUSED, error.libelle or str(error))

    @abstractmethod
    def _send_what_waits(self, connection: Connection) -> None:
        """Claim and send until nothing waits. Raises `Later` when the rest must wait."""

    @abstractmethod
    def _settle(self, claim: Claim, outcome: str, state: PostState, answer: str) -> None:
        """Write what came of an attempt and where its post now stands, in one transaction."""

    @abstractmethod
    def _doubtful(self, conn: sa.Connection, connection_id: str) -> Sequence[Post]:
        """The posts in doubt."""

    @abstractmethod
    def _ask(self, connection: Connection, post: Post) -> None:
        """Ask Chorus Pro whether this post arrived, and write it. Raises `Later` when it cannot tell now."""


class OneByOne(Sender[Post, Claim]):
    """One post after another."""

    def _send_what_waits(self, connection: Connection) -> None:
        while (claim := self._claim(connection)) is not None:
            self._send(connection, claim)

    def _send(self, connection: Connection, claim: Claim) -> None:
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

    @abstractmethod
    def _claim(self, connection: Connection) -> Claim | None:
        """Take the next one and note the attempt in one transaction; None when nothing waits."""

    @abstractmethod
    def _say(self, chorus: ChorusPro, claim: Claim) -> None:
        """Make the call."""


class Move(Protocol):
    """The verb of the store that changes the state of one kind of posts."""

    def __call__(
        self,
        conn: sa.Connection,
        post_id: str,
        current: tuple[PostState, ...],
        target: PostState,
        /,
        *,
        now: datetime,
    ) -> bool:
        """False when the post stood elsewhere."""


def find_orphan_posts(ground: Ground, prefix: str, job: str, move: Move) -> int:
    """Doubt every post whose sender died, or that has waited too long for an answer; gives how many.

    `prefix`: that of the subjects of their attempts; `job`: the one that will ask.
    """
    found = 0
    for attempt in orphans(ground, prefix):
        post_id, now = attempt.subject.removeprefix(prefix), ground.clock()
        with ground.store.begin() as conn:
            flux.answer(conn, attempt.id, "unknown", now, {})
            if move(conn, post_id, (PostState.SENDING,), PostState.UNCERTAIN, now=now):
                args, delay = {"connection_id": attempt.connection_id}, ground.options.takeover_delay_s
                ground.jobs.schedule(conn, job, attempt.connection_id, args, delay=delay)
                found += 1
    return found
