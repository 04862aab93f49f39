"""An operation of the platform, described once and offered with two faces.

A family (`FacturesOperations`) holds one `Operation` per path. Read through a synchronous family the operation is a
function; through an asynchronous one, a coroutine function; both take the request's fields by keyword, fully typed:

    chorus.factures.deposer_flux(fichierFlux=octets, nomFichier="F1.xml", syntaxeFlux="IN_DP_E1_CII_16B")
    await chorus.factures.deposer_flux(fichierFlux=octets, ...)

`.send(request)` takes a request already built. A `Search` adds `.iter_pages(...)` and `.iter_rows(...)`.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from inspect import cleandoc
from typing import Any, Generic, ParamSpec, Protocol, Self, TypeVar, overload
from urllib.parse import quote

import msgspec

from choruspro.base import Demande, encode
from choruspro.paging import PageReader, Paging

__all__ = [
    "AsyncCall",
    "AsyncCaller",
    "AsyncFace",
    "AsyncSearchCall",
    "Call",
    "Caller",
    "CorpsLibre",
    "Face",
    "Operation",
    "Search",
    "SearchCall",
    "free_operation",
]

P = ParamSpec("P")
Ans = TypeVar("Ans")
Row = TypeVar("Row")

_CAPITAL = re.compile(r"([A-Z])")
_PATH_FIELD = re.compile(r"\{(\w+)\}")


class Caller(Protocol):
    """Whatever can carry a call and wait for its answer."""

    def call(self, operation: Operation[..., Ans], request: msgspec.Struct) -> Ans:
        """Send and read."""


class AsyncCaller(Protocol):
    """The same, awaited."""

    async def call(self, operation: Operation[..., Ans], request: msgspec.Struct) -> Ans:
        """Send and read."""


class Face:
    """A family of operations whose calls wait for their answer."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller


class AsyncFace:
    """A family of operations whose calls are awaited."""

    def __init__(self, caller: AsyncCaller) -> None:
        self._caller = caller


class Operation(Generic[P, Ans]):
    """One path of one family: how its request is built, how its answer reads, what its codes mean.

    `writes`: the call changes something at Chorus Pro, so a lost answer must not be followed by a blind retry.
    `no_result`: codes that mean "nothing found"; `too_large`: codes that mean "too big" (both are numbered per
    operation). `envelope`: the answer carries `codeRetour`. `method` is POST but for `health-check` and the
    directory of organisations; `body` lays out a body that is not the request itself.
    """

    famille: str = ""

    def __init__(
        self,
        tail: str,
        request: Callable[P, msgspec.Struct],
        answer: type[Ans],
        *,
        doc: str,
        writes: bool = False,
        no_result: Iterable[int] = (),
        too_large: Iterable[int] = (),
        envelope: bool = True,
        method: str = "POST",
        body: Callable[[msgspec.Struct], Any] | None = None,
    ) -> None:
        self.tail = tail
        self.request = request
        self.answer = answer
        self.writes = writes
        self.no_result = frozenset(no_result)
        self.too_large = frozenset(too_large)
        self.envelope = envelope
        self.method = method
        self.name = tail
        self.path = tail
        self._body = body
        self.__doc__ = cleandoc(doc)

    def __set_name__(self, owner: type[Any], name: str) -> None:
        self.placed_in(owner.famille)

    def placed_in(self, famille: str) -> None:
        """Give the operation its family, hence its name, its path and its page of the specification."""
        self.famille = famille
        self.name = f"{self.famille}/{self.tail}"
        self.path = f"/cpro/{self.famille}/v1/{self.tail}"
        page = _CAPITAL.sub(r"-\1", famille).lower()
        self.__doc__ = f"{self.__doc__}\n\n{self.method} {self.path}, specifications/api/{page}.md"

    def __repr__(self) -> str:
        return f"<Operation {self.method} {self.path}>"

    def target(self, request: msgspec.Struct) -> str:
        """Return the path of this request, its `{names}` filled from the fields of the request."""
        names = _PATH_FIELD.findall(self.path)
        return self.path.format(**{name: quote(getattr(request, name), safe="") for name in names})

    def content(self, request: msgspec.Struct) -> bytes:
        """Write the body of this request; a GET has none. Raises ValueError for an instant without zone."""
        if self.method == "GET":
            return b""
        if self._body is not None:
            return encode(self._body(request))
        in_path = _PATH_FIELD.findall(self.path)
        if not in_path:
            return encode(request)
        fields = msgspec.structs.asdict(request).items()
        return encode({name: value for name, value in fields if name not in in_path and value is not None})

    @overload
    def __get__(self, family: None, owner: type[Any]) -> Self: ...
    @overload
    def __get__(self, family: Face, owner: type[Any]) -> Call[P, Ans]: ...
    @overload
    def __get__(self, family: AsyncFace, owner: type[Any]) -> AsyncCall[P, Ans]: ...
    def __get__(self, family: Face | AsyncFace | None, owner: type[Any]) -> Any:
        if family is None:
            return self
        if isinstance(family, AsyncFace):
            return AsyncCall(self, family._caller)
        return Call(self, family._caller)


class Call(Generic[P, Ans]):
    """An operation bound to a synchronous client."""

    def __init__(self, operation: Operation[P, Ans], caller: Caller) -> None:
        self.operation = operation
        self.caller = caller
        self.__doc__ = operation.__doc__

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> Ans:
        return self.caller.call(self.operation, self.operation.request(*args, **kwargs))

    def send(self, request: msgspec.Struct) -> Ans:
        """Send a request already built."""
        return self.caller.call(self.operation, request)


class AsyncCall(Generic[P, Ans]):
    """An operation bound to an asynchronous client."""

    def __init__(self, operation: Operation[P, Ans], caller: AsyncCaller) -> None:
        self.operation = operation
        self.caller = caller
        self.__doc__ = operation.__doc__

    async def __call__(self, *args: P.args, **kwargs: P.kwargs) -> Ans:
        return await self.caller.call(self.operation, self.operation.request(*args, **kwargs))

    async def send(self, request: msgspec.Struct) -> Ans:
        """Send a request already built."""
        return await self.caller.call(self.operation, request)


class CorpsLibre(Demande, kw_only=True, frozen=True):
    """A body that this release has no type for."""

    corps: dict[str, Any]


def free_operation(path: str, *, writes: bool) -> Operation[..., dict[str, Any]]:
    """Describe a path that this release does not know, `family/tail`; its answer is the JSON object itself.

    Amounts come as Decimal, dates as texts. Raises ValueError when the path names no family.
    """
    famille, slash, tail = path.strip("/").partition("/")
    if not (famille and slash and tail):
        raise ValueError(f"Indiquez la famille puis la fin du chemin, comme « factures/deposer/flux » : {path!r}.")
    operation = Operation(tail, CorpsLibre, dict[str, Any], doc="A free call.", writes=writes, body=_free_body)
    operation.placed_in(famille)
    return operation


def _free_body(request: msgspec.Struct) -> dict[str, Any]:
    assert isinstance(request, CorpsLibre)
    return request.corps


class Search(Operation[P, Ans], Generic[P, Ans, Row]):
    """An operation that answers in pages; `paging` knows the name of its paging object and where its counters are."""

    def __init__(
        self,
        tail: str,
        request: Callable[P, msgspec.Struct],
        answer: type[Ans],
        row: type[Row],
        *,
        paging: Paging,
        doc: str,
        no_result: Iterable[int] = (),
    ) -> None:
        super().__init__(tail, request, answer, doc=doc, no_result=no_result)
        self.row = row
        self.paging = paging

    @overload
    def __get__(self, family: None, owner: type[Any]) -> Self: ...
    @overload
    def __get__(self, family: Face, owner: type[Any]) -> SearchCall[P, Ans, Row]: ...
    @overload
    def __get__(self, family: AsyncFace, owner: type[Any]) -> AsyncSearchCall[P, Ans, Row]: ...
    def __get__(self, family: Face | AsyncFace | None, owner: type[Any]) -> Any:
        if family is None:
            return self
        if isinstance(family, AsyncFace):
            return AsyncSearchCall(self, family._caller)
        return SearchCall(self, family._caller)


class SearchCall(Call[P, Ans], Generic[P, Ans, Row]):
    """A search bound to a synchronous client."""

    def __init__(self, operation: Search[P, Ans, Row], caller: Caller) -> None:
        super().__init__(operation, caller)
        self.search = operation

    def iter_pages(self, *args: P.args, **kwargs: P.kwargs) -> Iterator[Ans]:
        """Yield each page in turn, 500 rows a page unless the paging object says otherwise.

        Raises Truncated when the pages end before the total they announce.
        """
        reader: PageReader[Row] = PageReader(self.search, self.search.request(*args, **kwargs))
        while reader.wants_more:
            answer = self.caller.call(self.search, reader.next_request())
            reader.take(answer)
            yield answer
        reader.check()

    def iter_rows(self, *args: P.args, **kwargs: P.kwargs) -> Iterator[Row]:
        """Yield every row of every page. Raises Truncated like `iter_pages`."""
        for page in self.iter_pages(*args, **kwargs):
            yield from self.search.paging.rows(page)


class AsyncSearchCall(AsyncCall[P, Ans], Generic[P, Ans, Row]):
    """A search bound to an asynchronous client."""

    def __init__(self, operation: Search[P, Ans, Row], caller: AsyncCaller) -> None:
        super().__init__(operation, caller)
        self.search = operation

    async def iter_pages(self, *args: P.args, **kwargs: P.kwargs) -> AsyncIterator[Ans]:
        """Yield each page in turn; see `SearchCall.iter_pages`."""
        reader: PageReader[Row] = PageReader(self.search, self.search.request(*args, **kwargs))
        while reader.wants_more:
            answer = await self.caller.call(self.search, reader.next_request())
            reader.take(answer)
            yield answer
        reader.check()

    async def iter_rows(self, *args: P.args, **kwargs: P.kwargs) -> AsyncIterator[Row]:
        """Yield every row of every page; see `SearchCall.iter_rows`."""
        async for page in self.iter_pages(*args, **kwargs):
            for row in self.search.paging.rows(page):
                yield row
