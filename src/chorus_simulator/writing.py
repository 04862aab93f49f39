"""How the platform writes dates, pages and absent values in its answers (specifications/api/conventions.md)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from chorus_simulator import fields
from chorus_simulator.clock import PARIS, paris_day
from chorus_simulator.operations import Answer, Body
from chorus_simulator.refusals import malformed
from chorus_simulator.world import World

DEFAULT_SIZE = 10
LARGEST_SIZE = 100_000


def day(value: date | datetime | None) -> str | None:
    """`2026-11-21`; the day in Paris of an instant."""
    if isinstance(value, datetime):
        return paris_day(value)
    return value.isoformat() if value else None


def minute(value: datetime | None) -> str | None:
    """`2026-11-21 10:04`, at the hour of Paris."""
    return value.astimezone(PARIS).strftime("%Y-%m-%d %H:%M") if value else None


def instant(world: World, value: datetime | None) -> str | None:
    """`2026-11-21T10:04:31.456+01:00`, or with a Z when the switch `instants_utc` is on."""
    if value is None:
        return None
    if world.switches.on("instants_utc"):
        return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return value.astimezone(PARIS).isoformat(timespec="milliseconds")


def without_none(answer: Answer) -> Answer:
    """Dates are valid or absent, never null (api/conventions.md §8)."""
    return {name: value for name, value in answer.items() if value is not None}


@dataclass(frozen=True, slots=True)
class Paging:
    """What a search asks: `page` from 1, `size` per page, at most `maximum` results, a column to sort on."""

    page: int = 1
    size: int = DEFAULT_SIZE
    maximum: int | None = None
    column: str = ""
    descending: bool = True

    @property
    def first(self) -> int:
        """The rank of the page's first row, from 0."""
        return (self.page - 1) * self.size


def paging(body: Body, maximum: int | None = None, suffixes: tuple[str, ...] = ("",)) -> Paging:
    """Read a paging object whatever the suffix its names bear; zero or negative numbers are refused."""
    page = _positive(body, "pageResultatDemandee", suffixes) or 1
    size = _positive(body, "nbResultatsParPage", suffixes) or DEFAULT_SIZE
    asked = _positive(body, "nbResultatsMaximum", ("",)) or _positive(body, "getnbResultatsMaximum", ("",))
    column, sense = _first(body, "triColonne", suffixes), _first(body, "triSens", suffixes)
    return Paging(page, min(size, LARGEST_SIZE), asked or maximum, column, sense.lower() != "ascendant")


def _positive(body: Body, name: str, suffixes: tuple[str, ...]) -> int | None:
    for suffix in suffixes:
        value = fields.number(body, name + suffix)
        if value is not None:
            if value < 1:
                raise malformed(f"Le champ {name}{suffix} doit être supérieur à zéro.")
            return value
    return None


def _first(body: Body, name: str, suffixes: tuple[str, ...]) -> str:
    for suffix in suffixes:
        value = fields.text(body, name + suffix)
        if value.strip():
            return value.strip()
    return ""


def counters(asked: Paging, total: int) -> Answer:
    """`parametresRetour`."""
    pages = -(-total // asked.size)
    return {"pageCourante": asked.page, "pages": pages, "nbResultatsParPage": asked.size, "total": total}


def suffixed(asked: Paging, total: int, suffix: str) -> Answer:
    """The same counters under the names of a list inside an answer, such as `totalHistoStatut`."""
    names = ("pageCourante", "pages", "nbResultatsParPage", "total")
    return {f"{name}{suffix}": value for name, value in zip(names, counters(asked, total).values(), strict=True)}


def page_of(rows: Iterable[Any], asked: Paging) -> list[Any]:
    """The rows of the page asked for; empty beyond the last."""
    return list(rows)[asked.first : asked.first + asked.size]
