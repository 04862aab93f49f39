"""Asking for every job that a connection has work for: when its light turns green, and by the sweep."""

import sqlalchemy as sa

from raccord.engine.foundation.ground import Ground
from raccord.engine.foundation.names import ANSWER, ASK, DELTA, DRAIN, POST, REPORT, SYNC, VALIDATE
from raccord.store import answers, connections, deposits, entries, flux, posts, structures, validation_rows


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
