"""The sweep: compares what our tables say is to be done with what is asked of the engine, and asks what is missing."""

import sqlalchemy as sa

from raccord.engine import doubt, due_dates
from raccord.engine.ground import Ground
from raccord.engine.names import ANSWER, ASK, DELTA, DRAIN, POST, REPORT, SYNC
from raccord.engine.posting import find_orphan_posts
from raccord.engine.replying import find_orphan_answers
from raccord.engine.submitting import find_orphan_entries
from raccord.engine.validating import find_orphan_decisions
from raccord.engine.validators import VALIDATE
from raccord.store import answers, connections, deposits, entries, flux, posts, structures, validation_rows


class Sweep:
    """The periodic job of the whole house."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    def run(self) -> None:
        """Doubt what died on the way, reckon the due dates that are to be, then wake every connection that has work."""
        doubt.find_orphans(self._ground)
        find_orphan_posts(self._ground)
        find_orphan_decisions(self._ground)
        find_orphan_entries(self._ground)
        find_orphan_answers(self._ground)
        find_orphan_decisions(self._ground)
        due_dates.reckon_all(self._ground)
        with self._ground.store.read() as conn:
            ids = [connection.id for connection in connections.all_connections(conn)]
        for connection_id in ids:
            with self._ground.store.begin() as conn:
                wake_everything(conn, self._ground, connection_id, gently=True)


def wake_everything(conn: sa.Connection, ground: Ground, connection_id: str, *, gently: bool = False) -> None:
    """Ask for every job that this connection has work for.

    `gently` leaves alone what waits for its hour; otherwise all is asked for now, as when a light turns green.
    """
    connection = connections.get(conn, connection_id)
    if connection.breaker_open or not connection.enabled:
        return
    waiting, soonest = deposits.next_ready(conn, connection_id)
    doubtful = bool(entries.doubtful_by_fields(conn, connection_id))
    if doubtful or (waiting and not connection.paused and (not gently or soonest is None)):
        _ask(conn, ground, DRAIN, "connection_id", connection_id, gently=gently)
    for sent in flux.in_state(conn, "sent", connection_id):
        _ask(conn, ground, REPORT, "flux_id", sent.id, gently=gently)
    for lost in flux.in_state(conn, "uncertain", connection_id):
        _ask(conn, ground, ASK, "flux_id", lost.id, gently=True)
    if deposits.oldest_followed(conn, connection_id):
        _ask(conn, ground, DELTA, "connection_id", connection_id, gently=gently)
    for structure in structures.receiving(conn, connection_id):
        _ask(conn, ground, SYNC, "structure_id", structure.id, gently=gently)
    if answers.any_waiting(conn, connection_id):
        _ask(conn, ground, ANSWER, "connection_id", connection_id, gently=gently)
    if posts.any_waiting(conn, connection_id):
        _ask(conn, ground, POST, "connection_id", connection_id, gently=gently)
    if validation_rows.any_waiting(conn, connection_id):
        _ask(conn, ground, VALIDATE, "connection_id", connection_id, gently=gently)


def _ask(conn: sa.Connection, ground: Ground, job: str, name: str, key: str, *, gently: bool) -> None:
    if gently and ground.jobs.waits(conn, job, key):
        return
    ground.jobs.schedule(conn, job, key, {name: key})
