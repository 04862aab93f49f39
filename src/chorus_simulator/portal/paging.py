"""One page of a long list, and the links to its neighbours."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Generic, Protocol, TypeVar
from urllib.parse import urlencode

from chorus_simulator.portal.desk import Visit

Item = TypeVar("Item")
Item_co = TypeVar("Item_co", covariant=True)
SIZE = 25


class Sized(Protocol[Item_co]):
    """A list, or anything that knows its length and is read from its beginning."""

    def __len__(self) -> int: ...

    def __iter__(self) -> Iterator[Item_co]: ...


@dataclass(frozen=True)
class Slice(Generic[Item]):
    """`items` of page `number` (from 1) among `count`; `previous` and `next` are links, empty at the ends."""

    items: Sequence[Item]
    total: int
    number: int
    count: int
    previous: str
    next: str


def cut(visit: Visit, items: Sized[Item]) -> Slice[Item]:
    """The page asked by `?page=`; a number out of the list gives the nearest page."""
    count = max(1, -(-len(items) // SIZE))
    asked = visit.asked("page")
    number = min(max(int(asked), 1), count) if asked.isascii() and asked.isdigit() and len(asked) < 9 else 1
    start = (number - 1) * SIZE
    return Slice(
        list(islice(iter(items), start, start + SIZE)),
        len(items),
        number,
        count,
        _link(visit, number - 1) if number > 1 else "",
        _link(visit, number + 1) if number < count else "",
    )


def _link(visit: Visit, number: int) -> str:
    kept = {name: value for name, value in visit.request.query_params.items() if name != "page"}
    return f"{visit.base}{visit.here}?{urlencode({**kept, 'page': number})}"
