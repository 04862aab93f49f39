"""/api/v1/events: the journal by a cursor, for programs that want to know everything once."""

from typing import Annotated

from litestar import Router, get
from litestar.params import QueryParameter

from raccord.api.auth import reads
from raccord.api.given import QueryText, TheGateway
from raccord.api.views import EventView, Sequence


@get("/events", sync_to_thread=True, guards=[reads])
def events(
    gateway: TheGateway,
    after: Annotated[int, QueryParameter(ge=0, le=9_007_199_254_740_991)] = 0,
    subject: QueryText = "",
    limit: Annotated[int, QueryParameter(ge=1, le=1000)] = 100,
) -> Sequence[EventView]:
    """The events after that number, oldest first; keep `next` and give it back as `after`."""
    found = gateway.journal.read(subject=subject, after=after, limit=limit)
    return Sequence([EventView.of(event) for event in found], found[-1].seq if found else after)


router = Router(path="/", tags=["Journal"], route_handlers=[events])
