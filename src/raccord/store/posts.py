"""The table of statuses on their way to Chorus Pro, in the order in which they were asked for each reception."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from raccord.domain.errors import NotFound
from raccord.domain.reception import PostState, StatusPost
from raccord.store.tables.core import status_posts

_OPEN = (PostState.WAITING.value, PostState.SENDING.value, PostState.UNCERTAIN.value)


def insert(conn: sa.Connection, post: StatusPost, connection_id: str, source: str) -> None:
    """Keep a new status, after those of the same reception."""
    last = sa.select(sa.func.coalesce(sa.func.max(status_posts.c.seq), 0)).scalar_subquery()
    conn.execute(
        status_posts.insert().values(
            id=post.id,
            seq=last + 1,
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
            earlier.c.state.in_(_OPEN),
        )
        .exists()
    )
    query = (
        sa.select(status_posts)
        .where(
            status_posts.c.connection_id == connection_id,
            status_posts.c.state == PostState.WAITING.value,
            ~blocked,
        )
        .order_by(status_posts.c.seq)
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    waiting = [_read(row) for row in conn.execute(query)]
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


def move(
    conn: sa.Connection,
    post_id: str,
    current: tuple[PostState, ...],
    target: PostState,
    *,
    now: datetime,
    **columns: Any,
) -> bool:
    """Change the state of a status; False when it stood elsewhere."""
    states = [state.value for state in current]
    done = conn.execute(
        status_posts.update()
        .where(status_posts.c.id == post_id, status_posts.c.state.in_(states))
        .values(state=target.value, updated_at=now, **columns)
    )
    return bool(done.rowcount)


def in_state(conn: sa.Connection, state: PostState, connection_id: str) -> tuple[StatusPost, ...]:
    """The statuses of a connection in that state, oldest first."""
    query = (
        sa.select(status_posts)
        .where(status_posts.c.connection_id == connection_id, status_posts.c.state == state.value)
        .order_by(status_posts.c.seq)
    )
    return tuple(_read(row) for row in conn.execute(query))


def any_waiting(conn: sa.Connection, connection_id: str) -> bool:
    """Whether a status waits to leave, or to be asked about."""
    states = (PostState.WAITING.value, PostState.UNCERTAIN.value)
    query = sa.select(status_posts.c.id).where(
        status_posts.c.connection_id == connection_id, status_posts.c.state.in_(states)
    )
    return conn.execute(query.limit(1)).first() is not None


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
