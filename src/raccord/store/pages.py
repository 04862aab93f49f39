"""Keyset pages: the next page starts after the last row shown, however many rows came meanwhile."""

import base64
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar

import sqlalchemy as sa

from raccord.domain.errors import Invalid
from raccord.store import reaching

Row = TypeVar("Row")


class _Dated(Protocol):
    @property
    def created_at(self) -> datetime: ...

    @property
    def id(self) -> str: ...


Dated = TypeVar("Dated", bound=_Dated)


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Some rows, and the opaque token of the page that follows (empty at the end)."""

    items: tuple[Row, ...]
    next: str


def encode(at: datetime, key: str) -> str:
    """The token after the row made at `at` under `key`."""
    return base64.urlsafe_b64encode(json.dumps([at.isoformat(), key]).encode()).decode()


def decode(token: str) -> tuple[datetime, str]:
    """The instant and the key of a token. Raises `Invalid` for anything else."""
    try:
        at, key = json.loads(base64.urlsafe_b64decode(token.encode()))
        return datetime.fromisoformat(at), str(key)
    except (ValueError, TypeError) as error:
        raise Invalid("PAGE_INCONNUE", "Cette page n’existe pas.", "Revenez à la première page de la liste.") from error


def newest_first(
    conn: sa.Connection,
    query: sa.Select[Any],
    table: sa.Table,
    read: Callable[[sa.Row[Any]], Row],
    *,
    after: str,
    limit: int,
) -> Page[Row]:
    """Run `query` from the newest `created_at` to the oldest, `limit` rows at a time."""
    at, key = table.c.created_at, table.c.id
    if after:
        last_at, last_key = decode(after)
        query = query.where(at <= last_at, sa.or_(at < last_at, sa.and_(at == last_at, key < last_key)))
    limit = _bounded(limit)
    options = reaching.in_order(conn, table)
    page = query.order_by(at.desc(), key.desc()).limit(limit + 1)
    rows: Sequence[sa.Row[Any]] = conn.execute(page, execution_options=options).all()
    shown = rows[:limit]
    token = encode(shown[-1].created_at, shown[-1].id) if len(rows) > limit else ""
    return Page(tuple(read(row) for row in shown), token)


def newest_of(pages: Sequence[Page[Dated]], limit: int) -> Page[Dated]:
    """One page of several that `newest_first` read after the same row: of several states, each by its own index."""
    rows = sorted((row for page in pages for row in page.items), key=lambda row: (row.created_at, row.id), reverse=True)
    shown = rows[: _bounded(limit)]
    more = len(rows) > len(shown) or any(page.next for page in pages)
    return Page(tuple(shown), encode(shown[-1].created_at, shown[-1].id) if more else "")


def _bounded(limit: int) -> int:
    return max(1, min(limit, 1000))
