"""/api/v1/search, /archive, /receptions/{id}/pdf: find an invoice, read it, give out its dossier, hold it."""

from datetime import date, datetime
from typing import Annotated

import msgspec
from litestar import Response, Router, delete, get, post
from litestar.params import JSONBody, QueryParameter

from raccord.api.auth import configures, processes, reads
from raccord.api.documents import attached
from raccord.api.given import ApiRequest, PathText, QueryText, TheGateway
from raccord.api.views import Listing
from raccord.domain.statuses import label
from raccord.engine.search import Found
from raccord.store.archive.rows import Hold, Seal


class FoundView(msgspec.Struct, frozen=True):
    """An invoice that answers a search: `kind` is reception or deposit, `party` the one that is not us."""

    kind: str
    id: str
    number: str
    party: str
    issue_date: date | None
    amount_total: str | None
    currency: str
    commitment: str
    platform_status: str
    platform_status_label: str

    @classmethod
    def of(cls, one: Found) -> "FoundView":
        """The view of this invoice."""
        amount = None if one.amount is None else str(one.amount)
        return cls(
            one.kind, one.id, one.number, one.party, one.day, amount, one.currency, one.commitment, one.platform_status,
            label(one.platform_status),
        )  # fmt: skip


class HoldInput(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What to keep from destruction (`reception/<id>` or `deposit/<id>`), and why."""

    subject: str
    reason: str


class HoldView(msgspec.Struct, frozen=True):
    """A legal hold; nothing of `subject` is destroyed while `lifted_at` is null."""

    id: str
    subject: str
    reason: str
    author: str
    placed_at: datetime
    lifted_at: datetime | None

    @classmethod
    def of(cls, one: Hold) -> "HoldView":
        """The view of this hold."""
        return cls(one.id, one.subject, one.reason, one.author, one.placed_at, one.lifted_at)


class SealView(msgspec.Struct, frozen=True):
    """The head of the journal on a day, and when an authority stamped it (null: never)."""

    day: date
    seq: int
    hash: str
    authority: str
    stamped_at: datetime | None

    @classmethod
    def of(cls, one: Seal) -> "SealView":
        """The view of this seal."""
        return cls(one.day, one.seq, one.hash, one.authority, one.stamped_at)


@get("/search", sync_to_thread=True, guards=[reads])
def search(
    *,
    gateway: TheGateway,
    text: QueryText,
    kind: QueryText = "",
    after: Annotated[int, QueryParameter(ge=0, le=9_007_199_254_740_991)] = 0,
    limit: Annotated[int, QueryParameter(ge=1, le=1000)] = 50,
) -> Listing[FoundView]:
    """The invoices received and sent that hold these words or amounts, the last arrived first."""
    found = gateway.finder.search(text, kind, limit, after)
    return Listing([FoundView.of(one) for one in found.items], found.next)


@get("/receptions/{reception_id:str}/pdf", sync_to_thread=True, guards=[reads])
def readable(gateway: TheGateway, reception_id: PathText) -> Response[bytes]:
    """The invoice for people: its PDF, or one drawn from its data."""
    found = gateway.reading.readable(reception_id)
    return attached(found.data, found.name, "application/pdf")


@get("/archive/dossiers/{kind:str}/{key:str}", sync_to_thread=True, guards=[reads])
def dossier(request: ApiRequest, gateway: TheGateway, kind: PathText, key: PathText) -> Response[bytes]:
    """The whole dossier of a reception or of a deposit, with its proofs, as a ZIP."""
    made = gateway.archiving.dossier(f"{kind}/{key}", request.user.actor)
    return attached(made.data, made.name, "application/zip")


@get("/archive/holds", sync_to_thread=True, guards=[reads])
def holds(gateway: TheGateway, subject: QueryText = "") -> list[HoldView]:
    """The legal holds not lifted, of one subject or of all."""
    return [HoldView.of(one) for one in gateway.archiving.holds(subject)]


@post("/archive/holds", sync_to_thread=True, guards=[processes])
def hold(request: ApiRequest, gateway: TheGateway, data: JSONBody[HoldInput]) -> HoldView:
    """Keep an invoice from destruction."""
    return HoldView.of(gateway.archiving.hold(data.subject, data.reason, request.user.actor))


@delete("/archive/holds/{hold_id:str}", sync_to_thread=True, guards=[configures], status_code=200)
def lift(request: ApiRequest, gateway: TheGateway, hold_id: PathText) -> HoldView:
    """End a legal hold."""
    return HoldView.of(gateway.archiving.lift(hold_id, request.user.actor))


@get("/archive/seals", sync_to_thread=True, guards=[reads])
def seals(gateway: TheGateway, limit: Annotated[int, QueryParameter(ge=1, le=1000)] = 100) -> list[SealView]:
    """The seals of the journal, newest first: keep them elsewhere, they prove what came before."""
    return [SealView.of(one) for one in gateway.archiving.seals(limit)]


router = Router(path="/", tags=["Archives"], route_handlers=[search, readable, dossier, holds, hold, lift, seals])
