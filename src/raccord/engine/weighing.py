"""The figures of a board from sums made by the database, when there are too many invoices to read them one by one."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import sqlalchemy as sa

from raccord.domain.deadlines import INDEMNITY, late_interest
from raccord.domain.money import exact_product, total
from raccord.store import weights
from raccord.store.weights import Side, Weight

AGES: tuple[tuple[str, int | None], ...] = (
    ("0 à 10 jours", 10),
    ("11 à 20 jours", 20),
    ("21 à 30 jours", 30),
    ("31 à 50 jours", 50),
    ("plus de 50 jours", None),
)


@dataclass(frozen=True)
class Share:
    """What one service, one supplier, one recipient or one age weighs."""

    name: str
    invoices: int
    amount: Decimal
    late: int
    late_amount: Decimal


@dataclass(frozen=True)
class Figures:
    """Everything of a board but its lines. Ages of receptions are counted from their deposit, whatever the day of
    service fait; those of deposits from the beginning of their period.
    """

    ages: tuple[Share, ...]
    by_party: tuple[Share, ...]
    by_service: tuple[Share, ...]
    paused: int
    interest: Decimal
    indemnity: Decimal
    whole: Share
    complete: bool


def figures(conn: sa.Connection, side: Side, place: str, today: date, ecb_rate: Decimal) -> Figures:
    """The figures of what is open at a structure or through a connection, or of all."""
    groups = weights.by_party_and_service(conn, side, place, today)
    late = weights.by_last_day(conn, side, place, today)
    return Figures(
        ages=_ages(weights.by_day(conn, side, place, today), today),
        by_party=_shares(groups, lambda one: one.party),
        by_service=_shares(groups, lambda one: one.service or "Sans service"),
        paused=weights.how_many_paused(conn, side, place),
        interest=total(exact_product(_interest(one, today, ecb_rate), Decimal(one.invoices)) for one in late),
        indemnity=exact_product(INDEMNITY, Decimal(sum(one.invoices for one in late))),
        whole=_share("", groups),
        complete=not weights.how_many_unreckoned(conn, side, place),
    )


def heaviest_first(shares: Iterable[Share]) -> tuple[Share, ...]:
    """What is late for the most first."""
    return tuple(sorted(shares, key=lambda share: (-share.late_amount, -share.amount, share.name)))


def rank_of_age(days: int) -> int:
    """The place of an age in `AGES`."""
    return next(rank for rank, (_, most) in enumerate(AGES) if most is None or days <= most)


def _interest(one: Weight, today: date, ecb_rate: Decimal) -> Decimal:
    return late_interest(one.amount, (today - (one.day or today)).days, ecb_rate)


def _shares(groups: Sequence[Weight], name_of: Callable[[Weight], str]) -> tuple[Share, ...]:
    named: dict[str, list[Weight]] = {}
    for one in groups:
        named.setdefault(name_of(one), []).append(one)
    return heaviest_first(_share(name, those) for name, those in named.items())


def _ages(days: Sequence[Weight], today: date) -> tuple[Share, ...]:
    ranked: list[list[Weight]] = [[] for _ in AGES]
    for one in days:
        ranked[rank_of_age((today - (one.day or today)).days)].append(one)
    return tuple(_share(name, those) for (name, _), those in zip(AGES, ranked, strict=True))


def _share(name: str, groups: Sequence[Weight]) -> Share:
    late = [one for one in groups if one.late]
    return Share(
        name,
        sum(one.invoices for one in groups),
        total(one.amount for one in groups),
        sum(one.invoices for one in late),
        total(one.amount for one in late),
    )
