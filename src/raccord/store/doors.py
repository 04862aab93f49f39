"""The tables of the ways in: sessions of persons, keys of programs, links that work once. Hashes only."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from raccord.domain.reach import Reach
from raccord.domain.roles import Permission
from raccord.domain.users import ApiKeyView
from raccord.store.dialects import Upsert
from raccord.store.tables.core import api_keys, one_time_links, quotas, sessions

_session = sa.select(sessions).where(sessions.c.token_hash == sa.bindparam("token_hash"))
_key_by_prefix = sa.select(api_keys).where(api_keys.c.prefix == sa.bindparam("prefix"))


@dataclass(frozen=True)
class Session:
    """A session, as its row tells it."""

    token_hash: str
    user_id: str
    csrf: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    second_factor: bool
    agent: str


def open_session(conn: sa.Connection, session: Session) -> None:
    """Keep a new session."""
    conn.execute(sa.insert(sessions).values(**session.__dict__))


def session(conn: sa.Connection, token_hash: str) -> Session | None:
    """The session of that token, or None."""
    row = conn.execute(_session, {"token_hash": token_hash}).mappings().first()
    return None if row is None else Session(**row)


def sessions_of(conn: sa.Connection, user_id: str) -> list[Session]:
    """The sessions of a person, the last used first."""
    query = sa.select(sessions).where(sessions.c.user_id == user_id).order_by(sessions.c.seen_at.desc())
    return [Session(**row) for row in conn.execute(query).mappings()]


def seen(conn: sa.Connection, token_hash: str, at: datetime) -> None:
    """The session was used at that instant."""
    conn.execute(sa.update(sessions).where(sessions.c.token_hash == token_hash).values(seen_at=at))


def close_session(conn: sa.Connection, token_hash: str) -> int:
    """Forget a session; how many there were (0 or 1)."""
    return conn.execute(sa.delete(sessions).where(sessions.c.token_hash == token_hash)).rowcount


def close_sessions(conn: sa.Connection, user_id: str, but: str = "") -> int:
    """Forget every session of a person, except the one of hash `but`; how many."""
    mine = sa.delete(sessions).where(sessions.c.user_id == user_id, sessions.c.token_hash != but)
    return conn.execute(mine).rowcount


def drop_dead_sessions(conn: sa.Connection, now: datetime) -> int:
    """Forget the sessions that have expired; how many."""
    return conn.execute(sa.delete(sessions).where(sessions.c.expires_at <= now)).rowcount


def add_link(conn: sa.Connection, token_hash: str, purpose: str, user_id: str | None, expires_at: datetime) -> None:
    """Keep a link that works once; earlier unused ones of the same purpose and person stop working."""
    same = one_time_links.c.user_id == user_id if user_id else one_time_links.c.user_id.is_(None)
    older = sa.and_(one_time_links.c.purpose == purpose, same, one_time_links.c.used_at.is_(None))
    conn.execute(sa.delete(one_time_links).where(older))
    conn.execute(
        sa.insert(one_time_links).values(token_hash=token_hash, purpose=purpose, user_id=user_id, expires_at=expires_at)
    )


def drop_links(conn: sa.Connection, user_id: str) -> int:
    """Forget the links of a person that were not used; how many."""
    unused = sa.and_(one_time_links.c.user_id == user_id, one_time_links.c.used_at.is_(None))
    return conn.execute(sa.delete(one_time_links).where(unused)).rowcount


@dataclass(frozen=True)
class Link:
    """What a link that works once is for."""

    purpose: str
    user_id: str | None


def peek_link(conn: sa.Connection, token_hash: str, now: datetime) -> Link | None:
    """The link of that token while it still works."""
    good = sa.and_(
        one_time_links.c.token_hash == token_hash,
        one_time_links.c.used_at.is_(None),
        one_time_links.c.expires_at > now,
    )
    row = conn.execute(sa.select(one_time_links).where(good)).first()
    return None if row is None else Link(row.purpose, row.user_id)


def use_link(conn: sa.Connection, token_hash: str, now: datetime) -> bool:
    """Use a link up: False when somebody did before, or when it is too late."""
    good = sa.and_(
        one_time_links.c.token_hash == token_hash,
        one_time_links.c.used_at.is_(None),
        one_time_links.c.expires_at > now,
    )
    return conn.execute(sa.update(one_time_links).where(good).values(used_at=now)).rowcount == 1


def add_key(conn: sa.Connection, key: ApiKeyView, key_hash: str) -> None:
    """Keep the key of a program."""
    conn.execute(
        sa.insert(api_keys).values(
            id=key.id,
            label=key.label,
            prefix=key.prefix,
            key_hash=key_hash,
            scopes=sorted(key.scopes),
            reach=key.reach.as_json(),
            user_id=key.user_id,
            created_at=key.created_at,
            expires_at=key.expires_at,
            revoked=False,
        )
    )


def key_by_prefix(conn: sa.Connection, prefix: str) -> tuple[ApiKeyView, str] | None:
    """The key of that prefix and the hash of the whole key."""
    row = conn.execute(_key_by_prefix, {"prefix": prefix}).first()
    return None if row is None else (_key(row), row.key_hash)


def keys(conn: sa.Connection, user_id: str | None = None) -> list[ApiKeyView]:
    """The keys of a person, or all; newest first."""
    query = sa.select(api_keys).order_by(api_keys.c.created_at.desc())
    mine = query if user_id is None else query.where(api_keys.c.user_id == user_id)
    return [_key(row) for row in conn.execute(mine)]


def key_used(conn: sa.Connection, key_id: str, at: datetime) -> None:
    """The key was used at that instant."""
    conn.execute(sa.update(api_keys).where(api_keys.c.id == key_id).values(last_used_at=at))


def revoke_key(conn: sa.Connection, key_id: str) -> bool:
    """Stop a key for good; False when there is none."""
    return conn.execute(sa.update(api_keys).where(api_keys.c.id == key_id).values(revoked=True)).rowcount == 1


TRIES = ("sign-in", "guess", "letter")
"""What is counted at the door, first word of the key: sign-ins, secrets asked again inside, letters with a link."""

_KEEP_TRY = Upsert(
    quotas,
    lambda insert: insert.values(key=sa.bindparam("key"), tat=sa.bindparam("tat")).on_conflict_do_update(
        index_elements=[quotas.c.key], set_={"tat": insert.excluded.tat}
    ),
)


def throttle(conn: sa.Connection, key: str, now: float, interval_s: float, burst: int) -> float:
    """Count one try against a steady rate (GCRA); the seconds to wait, 0 when the try is admitted."""
    tat = conn.scalar(sa.select(quotas.c.tat).where(quotas.c.key == key))
    base = max(now, tat or 0.0)
    wait = base - now - (burst - 1) * interval_s
    if wait > 0:
        return float(wait)
    conn.execute(_KEEP_TRY.on(conn), {"key": key, "tat": base + interval_s})
    return 0.0


def drop_old_tries(conn: sa.Connection, now: float) -> int:
    """Forget the tries at the door that count no more; how many rows."""
    of_the_door = sa.or_(*(quotas.c.key.startswith(f"{kind}/") for kind in TRIES))
    return conn.execute(sa.delete(quotas).where(of_the_door, quotas.c.tat < now)).rowcount


def _key(row: sa.Row[Any]) -> ApiKeyView:
    return ApiKeyView(
        id=row.id,
        label=row.label,
        prefix=row.prefix,
        scopes=frozenset(Permission(scope) for scope in row.scopes),
        user_id=row.user_id,
        created_at=row.created_at,
        expires_at=row.expires_at,
        last_used_at=row.last_used_at,
        revoked=row.revoked,
        reach=Reach.from_json(row.reach),
    )
