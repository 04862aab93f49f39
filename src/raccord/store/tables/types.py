"""Column types that mean the same on SQLite and on PostgreSQL."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.types import TypeDecorator, TypeEngine

from raccord.domain.clock import in_utc


class Instant(TypeDecorator[datetime]):
    """An aware instant: `timestamptz` on PostgreSQL, sortable UTC text on SQLite (which forgets zones otherwise)."""

    impl = sa.String(32)
    cache_ok = True

    def load_dialect_impl(self, dialect: sa.Dialect) -> TypeEngine[Any]:
        """`timestamptz`, or 32 characters on SQLite."""
        if dialect.name == "postgresql":
            return dialect.type_descriptor(postgresql.TIMESTAMP(timezone=True))
        return dialect.type_descriptor(sa.String(32))

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> Any:
        """Write in UTC. Raises ValueError for an instant without its zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant without its zone cannot be stored")
        utc = in_utc(value)
        return utc if dialect.name == "postgresql" else utc.replace(tzinfo=None).isoformat(" ", "microseconds")

    def process_result_value(self, value: Any, dialect: sa.Dialect) -> datetime | None:
        """Read an aware instant in UTC."""
        if value is None or isinstance(value, datetime):
            return value if value is None else value.astimezone(UTC)
        return datetime.fromisoformat(value).replace(tzinfo=UTC)


class Day(TypeDecorator[date]):
    """A calendar day, as ISO text on both databases."""

    impl = sa.String(10)
    cache_ok = True

    def process_bind_param(self, value: date | None, dialect: sa.Dialect) -> str | None:
        """Write `2026-11-21`."""
        return None if value is None else value.isoformat()

    def process_result_value(self, value: Any, dialect: sa.Dialect) -> date | None:
        """Read a day."""
        return None if value is None else date.fromisoformat(value)


class Money(TypeDecorator[Decimal]):
    """An amount to the cent, kept as an integer number of cents so that both databases sum it exactly."""

    impl = sa.BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: sa.Dialect) -> int | None:
        """Write cents. Raises ValueError for a fraction of a cent."""
        if value is None:
            return None
        cents = value * 100
        if cents != cents.to_integral_value():
            raise ValueError(f"{value} is not an amount to the cent")
        return int(cents)

    def process_result_value(self, value: Any, dialect: sa.Dialect) -> Decimal | None:
        """Read an amount with two decimals."""
        return None if value is None else Decimal(value).scaleb(-2)
