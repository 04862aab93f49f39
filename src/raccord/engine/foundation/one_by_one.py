"""The loops of the jobs that send on a connection what waits: statuses, decisions, suppliers' answers."""

from abc import ABC, abstractmethod
from typing import Generic, TypeVar

from raccord.domain.connection import Connection
from raccord.engine.foundation.ground import Ground
from raccord.engine.foundation.port import Args, Later
from raccord.store import connections

Claim = TypeVar("Claim")
"""What this worker alone may now send, with the attempt noted."""


class Sender(ABC):
    """Doubts are settled before anything new is claimed, so that nothing overtakes what may already have arrived."""

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

    @abstractmethod
    def _settle_doubts(self, connection: Connection) -> float | None:
        """Ask about the calls left without an answer; gives the seconds to wait before asking again, or None."""

    @abstractmethod
    def _send_what_waits(self, connection: Connection) -> None:
        """Claim and send until nothing waits. Raises `Later` when the rest must wait."""


class OneByOne(Sender, Generic[Claim]):
    """One thing after another."""

    def _send_what_waits(self, connection: Connection) -> None:
        while (claim := self._claim(connection)) is not None:
            self._send(connection, claim)

    @abstractmethod
    def _claim(self, connection: Connection) -> Claim | None:
        """Take the next one and note the attempt in one transaction; None when nothing waits."""

    @abstractmethod
    def _send(self, connection: Connection, claim: Claim) -> None:
        """Make the call and write its answer."""
