"""/api/v1/receptions: what the public bodies received, by a cursor that misses nothing; documents; statuses."""

from datetime import date
from typing import Annotated, Any

import msgspec
from litestar import Request, Response, Router, get, post
from litestar.params import FromQuery, JSONBody, QueryParameter

from raccord.api.auth import processes, reads
from raccord.api.documents import attached
from raccord.api.given import PathText, QueryText, TheGateway
from raccord.api.views import Listing, ReceptionView, Sequence, StatusPostView
from raccord.domain.reception import NewStatus
from raccord.store.receptions import ReceptionQuery

ApiRequest = Request[Any, Any, Any]


class StatusInput(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The status to give: `SERVICE_FAIT`, `MANDATEE` with its number, `SUSPENDUE` or `REJETEE` with its motif..."""

    target: str
    motif: str = ""
    mandate_number: str = ""


@get("/receptions", sync_to_thread=True, guards=[reads])
def since(
    gateway: TheGateway,
    after: Annotated[int, QueryParameter(ge=0, le=9_007_199_254_740_991)] = 0,
    structure: QueryText = "",
    limit: Annotated[int, QueryParameter(ge=1, le=1000)] = 100,
) -> Sequence[ReceptionView]:
    """The stored receptions in the order of their storage; keep `next` and give it back as `after`: none is missed."""
    found = gateway.inbox.since(after, limit=limit, structure_id=structure)
    items = [ReceptionView.of(reception, sequence) for sequence, reception in found]
    return Sequence(items, found[-1][0] if found else after)


@get("/receptions/search", sync_to_thread=True, guards=[reads])
def search(
    *,
    gateway: TheGateway,
    structure: QueryText = "",
    text: QueryText = "",
    day_from: Annotated[date | None, QueryParameter(name="since")] = None,
    until: FromQuery[date | None] = None,
    supplier_siret: QueryText = "",
    platform_status: QueryText = "",
    after: QueryText = "",
    limit: Annotated[int, QueryParameter(ge=1, le=1000)] = 50,
) -> Listing[ReceptionView]:
    """The receptions, newest first, with filters."""
    query = ReceptionQuery(
        structure_id=structure, text=text, since=day_from, until=until, supplier_siret=supplier_siret,
        platform_status=platform_status,
    )  # fmt: skip
    found = gateway.inbox.search(query, after=after, limit=limit)
    return Listing([ReceptionView.of(one) for one in found.items], found.next)


@get("/receptions/{reception_id:str}", sync_to_thread=True, guards=[reads])
def one(gateway: TheGateway, reception_id: PathText) -> ReceptionView:
    """One received invoice as it stands."""
    return ReceptionView.of(gateway.inbox.get(reception_id))


@get("/receptions/{reception_id:str}/documents/{sha256:str}", sync_to_thread=True, guards=[reads])
def document(gateway: TheGateway, reception_id: PathText, sha256: PathText) -> Response[bytes]:
    """One of its files, byte for byte."""
    found, data = gateway.inbox.document(reception_id, sha256)
    return attached(data, found.name, found.mime)


@get("/receptions/{reception_id:str}/statuses", sync_to_thread=True, guards=[reads])
def posts(gateway: TheGateway, reception_id: PathText) -> list[StatusPostView]:
    """The statuses that we posted, or are posting."""
    gateway.inbox.get(reception_id)
    return [StatusPostView.of(one) for one in gateway.statuses.posts(reception_id)]


@post("/receptions/{reception_id:str}/statuses", sync_to_thread=True, guards=[processes], status_code=202)
def post_status(
    request: ApiRequest, gateway: TheGateway, reception_id: PathText, data: JSONBody[StatusInput]
) -> StatusPostView:
    """Give the invoice a status. 202: kept and on its way; ask again until `state` is `done` or `refused`."""
    asked = NewStatus(
        reception_id, data.target, data.motif, data.mandate_number, author=request.user.actor, source="api"
    )
    return StatusPostView.of(gateway.statuses.post(asked))


router = Router(path="/", tags=["Factures reçues"], route_handlers=[since, search, one, document, posts, post_status])
