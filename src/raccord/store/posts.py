"""The table of statuses on their way to Chorus Pro, in the order in which they were asked for each reception."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from raccord.domain.errors import NotFound
from raccord.domain.reception import PostState, StatusPost
from raccord.store.sent_rows import OPEN, SentRows
from raccord.store.tables.core import status_posts

_rows = SentRows(status_posts)
move, any_waiting = _rows.move, _rows.any_waiting


def insert(conn: sa.Connection, post: StatusPost, connection_id: str, source: str) -> None:
    """Keep a new status, after those of the same reception."""
    conn.execute(
        status_posts.insert().values(
            id=post.id,
            seq=_rows.next_place(),
            reception_id=post.reception_id,
            connection_id=connection_id,
            target=post.target,
            motif=post.motif,
            mandate_number=post.mandate_number,
            state=post.state.value,
            answer=post.answer,
            author=post.author,
            source=source,
            created_at=post.created_at,
            updated_at=post.updated_at,
        )
    )


def get(conn: sa.Connection, post_id: str) -> StatusPost:
    """The status of that identifier. Raises `NotFound` (`STATUT_DEMANDE_INCONNU`)."""
    row = conn.execute(sa.select(status_posts).where(status_posts.c.id == post_id)).first()
    if row is None:
        raise NotFound("STATUT_DEMANDE_INCONNU", "Ce changement de statut n’existe pas.", "Rechargez la page.")
    return _read(row)


def of_reception(conn: sa.Connection, reception_id: str) -> tuple[StatusPost, ...]:
    """The statuses asked for a reception, in their order."""
    query = sa.select(status_posts).where(status_posts.c.reception_id == reception_id).order_by(status_posts.c.seq)
    return tuple(_read(row) for row in conn.execute(query))


def take(conn: sa.Connection, connection_id: str, most: int, *, now: datetime) -> tuple[StatusPost, ...]:
    """Claim the oldest statuses that may leave, each of another reception: nothing asked before it is still open."""
    earlier = status_posts.alias()
    blocked = (
        sa.select(earlier.c.id)
        .where(
            earlier.c.reception_id == status_posts.c.reception_id,
            earlier.c.seq < status_posts.c.seq,
            earlier.c.state.in_(OPEN),
        )
        .exists()
    )
    query = _rows.in_state(PostState.WAITING, connection_id).where(~blocked).limit(most)
    waiting = [_read(row) for row in conn.execute(query.with_for_update(skip_locked=True))]
    mine = move_all(conn, [post.id for post in waiting], (PostState.WAITING,), PostState.SENDING, now=now)
    return tuple(post for post in waiting if post.id in mine)


def move_all(
    conn: sa.Connection, ids: Sequence[str], current: tuple[PostState, ...], target: PostState, *, now: datetime
) -> frozenset[str]:
    """Change the state of several statuses; gives those that stood where they were to."""
    if not ids:
        return frozenset()
    states = [state.value for state in current]
    moved = (
        status_posts.update()
        .where(status_posts.c.id.in_(ids), status_posts.c.state.in_(states))
        .values(state=target.value, updated_at=now)
        .returning(status_posts.c.id)
    )
    return frozenset(conn.execute(moved).scalars())


def in_state(conn: sa.Connection, state: PostState, connection_id: str) -> tuple[StatusPost, ...]:
    """The statuses of a connection in that state, oldest first."""
    return tuple(_read(row) for row in conn.execute(_rows.in_state(state, connection_id)))


def _read(row: sa.Row[Any]) -> StatusPost:
    return StatusPost(
        id=row.id,
        reception_id=row.reception_id,
        target=row.target,
        motif=row.motif,
        mandate_number=row.mandate_number,
        state=PostState(row.state),
        answer=row.answer,
        author=row.author,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )
