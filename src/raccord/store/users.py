"""The table of persons: rows in, `User` out. Password hashes and counters stay here, behind their own verbs."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from raccord.domain.errors import NotFound
from raccord.domain.reach import Reach
from raccord.domain.roles import Role
from raccord.domain.users import User
from raccord.store.tables.core import users

_get = sa.select(users).where(users.c.id == sa.bindparam("id"))


@dataclass(frozen=True)
class Lock:
    """What stands between a person and the door: the hash of the password and the refusals in a row."""

    user: User
    password_hash: str
    failures: int


def insert(conn: sa.Connection, user: User, password_hash: str) -> None:
    """Keep a new person."""
    conn.execute(
        sa.insert(users).values(
            id=user.id,
            email=user.email,
            name=user.name,
            role=user.role.value,
            password_hash=password_hash,
            active=user.active,
            language=user.language,
            reach=user.reach.as_json(),
            created_at=user.created_at,
        )
    )


def get(conn: sa.Connection, user_id: str) -> User:
    """The person of that identifier. Raises `NotFound` (`UTILISATEUR_INCONNU`)."""
    row = conn.execute(_get, {"id": user_id}).first()
    if row is None:
        raise NotFound("UTILISATEUR_INCONNU", "Cet utilisateur n’existe pas dans Raccord.", "Revenez à la liste.")
    return _read(row)


def lock_of(conn: sa.Connection, email: str) -> Lock | None:
    """What sign-in checks, for an address in lower case; None when nobody has it."""
    row = conn.execute(sa.select(users).where(users.c.email == email)).first()
    return None if row is None else Lock(_read(row), row.password_hash, row.failures)


def everyone(conn: sa.Connection) -> list[User]:
    """Every person, by name."""
    return [_read(row) for row in conn.execute(sa.select(users).order_by(users.c.name, users.c.email))]


def of_role(conn: sa.Connection, role: Role) -> list[User]:
    """The active persons of a role, by name."""
    mine = sa.select(users).where(users.c.role == role.value, users.c.active)
    return [_read(row) for row in conn.execute(mine.order_by(users.c.name, users.c.email))]


def any_at_all(conn: sa.Connection) -> bool:
    """Whether anybody was ever created."""
    return conn.scalar(sa.select(users.c.id).limit(1)) is not None


def other_superviseurs(conn: sa.Connection, user_id: str) -> int:
    """How many active Superviseurs there are beside that person."""
    query = sa.select(sa.func.count()).select_from(users)
    mine = query.where(users.c.role == Role.SUPERVISEUR.value, users.c.active, users.c.id != user_id)
    return int(conn.scalar(mine) or 0)


def update(conn: sa.Connection, user_id: str, **columns: Any) -> None:
    """Change these columns of a person."""
    conn.execute(sa.update(users).where(users.c.id == user_id).values(**columns))


def count_failure(conn: sa.Connection, user_id: str) -> int:
    """One more refusal in a row; their number."""
    conn.execute(sa.update(users).where(users.c.id == user_id).values(failures=users.c.failures + 1))
    return int(conn.scalar(sa.select(users.c.failures).where(users.c.id == user_id)) or 0)


def take_counter(conn: sa.Connection, user_id: str, counter: int) -> bool:
    """Accept a counter of the second factor once: False when it, or a later one, was accepted before."""
    fresh = sa.or_(users.c.totp_last.is_(None), users.c.totp_last < counter)
    taken = conn.execute(sa.update(users).where(users.c.id == user_id, fresh).values(totp_last=counter))
    return taken.rowcount == 1


def _read(row: sa.Row[Any]) -> User:
    return User(
        id=row.id,
        email=row.email,
        name=row.name,
        role=Role(row.role),
        active=row.active,
        language=row.language,
        totp_enabled=row.totp_enabled,
        created_at=row.created_at,
        last_login_at=row.last_login_at,
        locked_until=row.locked_until,
        reach=Reach.from_json(row.reach),
    )
