"""The tables of webhooks and of their deliveries. Who delivers holds a claim, so that the order is kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from raccord.domain.errors import NotFound
from raccord.domain.reach import EVERYTHING, Reach
from raccord.store.tables.core import events
from raccord.store.tables.outward import deliveries, webhooks


@dataclass(frozen=True)
class Webhook:
    """An address that is told what happens. `cursor`: the last event delivered or passed over."""

    id: str
    label: str
    url: str
    kinds: tuple[str, ...]
    active: bool
    cursor: int
    failures: int
    retry_at: datetime | None
    stopped_because: str
    former_until: datetime | None
    """Until then calls are signed with the secret before this one too."""
    created_by: str
    created_at: datetime
    updated_at: datetime
    reach: Reach = EVERYTHING
    """It is told of these structures alone: those of who created it."""


@dataclass(frozen=True)
class Delivery:
    """One call: `seq` the event (0 for a test), `status` the HTTP answer (0: nobody answered)."""

    webhook_id: str
    seq: int
    kind: str
    attempt: int
    at: datetime
    status: int
    delivered: bool
    answer: str
    milliseconds: int


def insert(conn: sa.Connection, webhook: Webhook) -> None:
    """Keep a new webhook."""
    values = {name: getattr(webhook, name) for name in Webhook.__dataclass_fields__}
    plain = {"kinds": list(webhook.kinds), "reach": webhook.reach.as_json()}
    conn.execute(webhooks.insert().values(**values | plain))


def get(conn: sa.Connection, webhook_id: str) -> Webhook:
    """The webhook of that identifier. Raises `NotFound` (`WEBHOOK_INCONNU`)."""
    row = conn.execute(sa.select(webhooks).where(webhooks.c.id == webhook_id)).first()
    if row is None:
        raise NotFound("WEBHOOK_INCONNU", "Ce webhook n’existe pas dans Raccord.", "Revenez à la liste des webhooks.")
    return _read(row)


def all_webhooks(conn: sa.Connection) -> tuple[Webhook, ...]:
    """Every webhook, by label."""
    return tuple(_read(row) for row in conn.execute(sa.select(webhooks).order_by(webhooks.c.label, webhooks.c.id)))


def update(conn: sa.Connection, webhook_id: str, *, now: datetime, **columns: Any) -> None:
    """Change columns of a webhook."""
    conn.execute(webhooks.update().where(webhooks.c.id == webhook_id).values(updated_at=now, **columns))


def delete(conn: sa.Connection, webhook_id: str) -> None:
    """Forget a webhook and its deliveries."""
    conn.execute(deliveries.delete().where(deliveries.c.webhook_id == webhook_id))
    conn.execute(webhooks.delete().where(webhooks.c.id == webhook_id))


def behind(conn: sa.Connection) -> tuple[str, ...]:
    """The active webhooks that have not been through the whole journal."""
    last = sa.select(sa.func.max(events.c.seq)).scalar_subquery()
    return tuple(conn.execute(sa.select(webhooks.c.id).where(webhooks.c.active, webhooks.c.cursor < last)).scalars())


def claim(conn: sa.Connection, webhook_id: str, now: datetime, until: datetime) -> bool:
    """Be the only one to deliver, until that instant; False when another is."""
    free = sa.or_(webhooks.c.claimed_until.is_(None), webhooks.c.claimed_until <= now)
    taken = webhooks.update().where(webhooks.c.id == webhook_id, free).values(claimed_until=until)
    return bool(conn.execute(taken).rowcount)


def advance(conn: sa.Connection, webhook_id: str, current: int, target: int, **columns: Any) -> bool:
    """Move the cursor of an active webhook; False when it has been moved or stopped meanwhile."""
    mine = (webhooks.c.id == webhook_id, webhooks.c.cursor == current, webhooks.c.active)
    return bool(conn.execute(webhooks.update().where(*mine).values(cursor=target, **columns)).rowcount)


def note(conn: sa.Connection, delivery: Delivery) -> None:
    """Write a delivery in the log."""
    conn.execute(deliveries.insert().values(**_columns(delivery)))


def log(conn: sa.Connection, webhook_id: str, limit: int = 50) -> tuple[Delivery, ...]:
    """The last deliveries of a webhook, newest first."""
    mine = sa.select(deliveries).where(deliveries.c.webhook_id == webhook_id)
    rows = conn.execute(mine.order_by(deliveries.c.id.desc()).limit(limit))
    return tuple(Delivery(**{name: getattr(row, name) for name in Delivery.__dataclass_fields__}) for row in rows)


def forget_deliveries(conn: sa.Connection, before: datetime) -> int:
    """Forget the deliveries older than that; gives how many."""
    return conn.execute(deliveries.delete().where(deliveries.c.at < before)).rowcount


def last_event(conn: sa.Connection) -> int:
    """The number of the last event of the journal."""
    return int(conn.execute(sa.select(sa.func.coalesce(sa.func.max(events.c.seq), 0))).scalar_one())


def _columns(delivery: Delivery) -> Mapping[str, Any]:
    return {name: getattr(delivery, name) for name in Delivery.__dataclass_fields__}


def _read(row: sa.Row[Any]) -> Webhook:
    values = {name: getattr(row, name) for name in Webhook.__dataclass_fields__ if name not in ("kinds", "reach")}
    return Webhook(kinds=tuple(row.kinds), reach=Reach.from_json(row.reach), **values)
