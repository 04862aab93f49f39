"""Pages of a search: the paging object has another name in every operation (specifications/api/conventions.md §6)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

import msgspec

from choruspro import sentences
from choruspro.errors import Truncated

__all__ = ["PAGE_SIZE", "PageReader", "Paging"]

Row = TypeVar("Row")

PAGE_SIZE = 500
# The platform stops at 200 results in all when no maximum is given (annex of 2017); production clients ask for
# this one.
MAXIMUM = 999_999


@dataclass(frozen=True, slots=True)
class Paging:
    """`objet`: name of the paging object in the request, of type `kind`; `liste`: name of the rows in the answer.

    `compteurs`: name of the counters in the answer, or "" when they stand at its top level.
    `maximum`: name of the field that caps the whole search, or "".
    """

    objet: str
    kind: type[msgspec.Struct]
    liste: str
    compteurs: str = "parametresRetour"
    maximum: str = ""

    def rows(self, answer: Any) -> list[Any]:
        """Return the rows of one page; none when the platform left the list out."""
        return list(getattr(answer, self.liste))

    def counters(self, answer: Any) -> tuple[int | None, int | None]:
        """Return (number of pages, total of rows), each None when the platform does not say."""
        holder = getattr(answer, self.compteurs) if self.compteurs else answer
        return (None, None) if holder is None else (holder.pages, holder.total)


class Searching(Protocol):
    """What paging needs of an operation."""

    name: str
    paging: Paging


class PageReader(Generic[Row]):
    """Walks through the pages of one search: `next_request`, then `take` its answer, while `wants_more`; then
    `check`.
    """

    def __init__(self, operation: Searching, request: msgspec.Struct) -> None:
        self._operation = operation
        self._request = request
        self._asked: Any = getattr(request, operation.paging.objet)
        self._page = (self._asked.pageResultatDemandee if self._asked else None) or 1
        self._skipped = (self._page - 1) * self.size
        self._received = 0
        self._total: int | None = None
        self.wants_more = True

    @property
    def size(self) -> int:
        """Rows asked per page."""
        return int((self._asked.nbResultatsParPage if self._asked else None) or PAGE_SIZE)

    def next_request(self) -> msgspec.Struct:
        """Build the request of the next page, keeping the caller's sort order."""
        paging = self._operation.paging
        asked = self._asked if self._asked is not None else paging.kind()
        changes: dict[str, Any] = {"nbResultatsParPage": self.size, "pageResultatDemandee": self._page}
        if paging.maximum and getattr(asked, paging.maximum) is None:
            changes[paging.maximum] = MAXIMUM
        part = msgspec.structs.replace(asked, **changes)
        return msgspec.structs.replace(self._request, **{paging.objet: part})

    def take(self, answer: Any) -> None:
        """Count one page."""
        rows = self._operation.paging.rows(answer)
        pages, total = self._operation.paging.counters(answer)
        self._received += len(rows)
        self._total = total
        self.wants_more = bool(rows) and self._more_follow(len(rows), pages)
        self._page += 1

    def check(self) -> None:
        """Raise Truncated when the pages ended before the total that the last one announced."""
        expected = (self._total or 0) - self._skipped
        if self._received < expected:
            raise Truncated(
                sentences.truncated(self._received, expected),
                operation=self._operation.name,
                received=self._received,
                total=expected,
            )

    def _more_follow(self, rows: int, pages: int | None) -> bool:
        return rows >= self.size if pages is None else self._page < pages
