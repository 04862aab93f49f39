"""The table of the letters of the day: one row for each recipient, side and scope."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from raccord.domain.digests import Digest, NewDigest, Side
from raccord.domain.errors import NotFound
from raccord.store.dialects import insert
from raccord.store.tables.outward import digests


def keep(conn: sa.Connection, new_id: str, new: NewDigest, actor: str, now: datetime) -> Digest:
    """Keep what is asked; asked before for the same recipient, side and scope, its hour and wish are replaced."""
    key = {"recipient": new.recipient, "side": new.side.value, "scope": new.scope}
    wish = {"hour": new.hour, "always": new.always}
    row = insert(conn, digests).values(id=new_id, **key, **wish, created_by=actor[:120], created_at=now)
    conn.execute(row.on_conflict_do_update(index_elements=list(key), set_=wish))
    mine = sa.select(digests).where(*(digests.c[name] == value for name, value in key.items()))
    return _read(conn.execute(mine).one())


def get(conn: sa.Connection, digest_id: str) -> Digest:
    """The letter of that identifier. Raises `NotFound` (`RECAPITULATIF_INCONNU`)."""
    row = conn.execute(sa.select(digests).where(digests.c.id == digest_id)).first()
    if row is None:
        raise NotFound("RECAPITULATIF_INCONNU", "Ce récapitulatif n’est plus demandé.", "Revenez à la liste.")
    return _read(row)


def every(conn: sa.Connection, recipient: str = "") -> Sequence[Digest]:
    """What was asked, of one recipient or of all, oldest first."""
    query = sa.select(digests).order_by(digests.c.created_at, digests.c.id)
    return [_read(row) for row in conn.execute(query.where(digests.c.recipient == recipient) if recipient else query)]


def due(conn: sa.Connection, today: date, hour: int) -> Sequence[Digest]:
    """What should leave on that day, at that hour of Paris or before, and has not been told yet."""
    query = sa.select(digests).where(digests.c.hour <= hour, _untold(today))
    return [_read(row) for row in conn.execute(query.order_by(digests.c.created_at, digests.c.id))]


def mark(conn: sa.Connection, digest_id: str, today: date) -> bool:
    """This day is done with; False when another worker has done it, or when nobody wants the letter any more."""
    mine = digests.update().where(digests.c.id == digest_id, _untold(today))
    return conn.execute(mine.values(told_on=today)).rowcount == 1


def forget(conn: sa.Connection, digest_id: str) -> None:
    """Nobody wants this letter any more."""
    conn.execute(digests.delete().where(digests.c.id == digest_id))


def _untold(today: date) -> sa.ColumnElement[bool]:
    return sa.or_(digests.c.told_on.is_(None), digests.c.told_on < today)


def _read(row: sa.Row[Any]) -> Digest:
    return Digest(row.id, row.recipient, Side(row.side), row.scope, row.hour, row.always, row.told_on)
