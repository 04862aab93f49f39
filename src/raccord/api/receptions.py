"""/api/v1/receptions: what the public bodies received, by a cursor that misses nothing; documents; statuses."""

from datetime import date, datetime
from typing import Annotated

import msgspec
from litestar import Response, Router, get, post, put
from litestar.params import FromQuery, JSONBody, QueryParameter

from raccord.api.auth import processes, reads
from raccord.api.documents import attached
from raccord.api.given import ApiRequest, PathText, QueryText, TheGateway
from raccord.api.views import Listing, ReceptionView, Sequence, StatusPostView
from raccord.domain.motifs import worded
from raccord.domain.processing import Remark
from raccord.domain.reception import NewStatus
from raccord.engine.receptions.statuses import MOST_AT_ONCE, Outcome
from raccord.store.receptions import ReceptionQuery


class StatusInput(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The status to give: `SERVICE_FAIT`, `MANDATEE` with its number, `SUSPENDUE` or `REJETEE` with its motif...

    `motif_code`: one of Chorus Pro's 21 reasons (`DOUBLE_FACT`...); its label opens the motif.
    """

    target: str
    motif: str = ""
    mandate_number: str = ""
    motif_code: str = ""

    def wish(self, reception_id: str, author: str) -> NewStatus:
        """The same, for that reception."""
        motif = worded(self.motif_code, self.motif)
        return NewStatus(reception_id, self.target, motif, self.mandate_number, author=author, source="api")


class BulkInput(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The same statuses, in that order, for several receptions."""

    receptions: Annotated[list[str], msgspec.Meta(min_length=1, max_length=MOST_AT_ONCE)]
    statuses: Annotated[list[StatusInput], msgspec.Meta(min_length=1, max_length=8)]


class OutcomeView(msgspec.Struct, frozen=True):
    """What became of one reception: its statuses on their way, or the code and the sentence of the refusal."""

    reception_id: str
    posts: list[StatusPostView]
    code: str
    sentence: str


class RemarkInput(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A comment for colleagues: Chorus Pro never sees it."""

    text: str


class RemarkView(msgspec.Struct, frozen=True):
    """A comment of a colleague."""

    id: str
    author: str
    text: str
    created_at: datetime


class AssignmentInput(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who sees to it: the e-mail of a person, a service of the house; both empty: nobody."""

    assignee: str = ""
    service: str = ""


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
    service: QueryText = "",
    assignee: QueryText = "",
    after: QueryText = "",
    limit: Annotated[int, QueryParameter(ge=1, le=1000)] = 50,
) -> Listing[ReceptionView]:
    """The receptions, newest first, with filters."""
    query = ReceptionQuery(
        structure_id=structure, text=text, since=day_from, until=until, supplier_siret=supplier_siret,
        platform_status=platform_status, service=service, assignee=assignee,
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
    return StatusPostView.of(gateway.statuses.post(data.wish(reception_id, request.user.actor)))


@post("/receptions/statuses", sync_to_thread=True, guards=[processes], status_code=202)
def post_many(request: ApiRequest, gateway: TheGateway, data: JSONBody[BulkInput]) -> list[OutcomeView]:
    """Give several invoices the same statuses, kept in one commit; each is answered for itself."""
    chains = [[one.wish(reception_id, request.user.actor) for one in data.statuses] for reception_id in data.receptions]
    return [_outcome(one) for one in gateway.statuses.in_bulk(chains)]


def _outcome(one: Outcome) -> OutcomeView:
    code, sentence = (one.refusal.code, one.refusal.sentence) if one.refusal else ("", "")
    return OutcomeView(one.reception_id, [StatusPostView.of(post) for post in one.posts], code, sentence)


@get("/receptions/{reception_id:str}/comments", sync_to_thread=True, guards=[reads])
def remarks(gateway: TheGateway, reception_id: PathText) -> list[RemarkView]:
    """What colleagues said of the invoice, oldest first."""
    gateway.inbox.get(reception_id)
    return [_remark(one) for one in gateway.desk.remarks(reception_id)]


@post("/receptions/{reception_id:str}/comments", sync_to_thread=True, guards=[processes])
def add_remark(
    request: ApiRequest, gateway: TheGateway, reception_id: PathText, data: JSONBody[RemarkInput]
) -> RemarkView:
    """Say something of the invoice to colleagues."""
    return _remark(gateway.desk.remark(reception_id, data.text, request.user.actor))


def _remark(one: Remark) -> RemarkView:
    return RemarkView(one.id, one.author, one.text, one.created_at)


@put("/receptions/{reception_id:str}/assignment", sync_to_thread=True, guards=[processes], status_code=204)
def assign(request: ApiRequest, gateway: TheGateway, reception_id: PathText, data: JSONBody[AssignmentInput]) -> None:
    """Say who sees to the invoice."""
    gateway.desk.assign([reception_id], data.assignee, data.service, request.user.actor)


router = Router(
    path="/",
    tags=["Factures reçues"],
    route_handlers=[
        since, search, one, document, posts, post_status, post_many, remarks, add_remark, assign,
    ],
)  # fmt: skip
