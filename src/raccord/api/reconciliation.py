"""/api/v1/connections/{id}/reconciliation: what Chorus Pro alone knows, shown by GET, taken in by POST."""

from datetime import date, datetime
from decimal import Decimal

import msgspec
from litestar import Router, get, post
from litestar.params import FromQuery

from raccord.api.auth import deposits as may_deposit
from raccord.api.auth import reads
from raccord.api.given import ApiRequest, PathText, TheGateway
from raccord.domain.clock import first_instant
from raccord.engine.reconciliation.difference import Difference


class ReconciliationLineView(msgspec.Struct, frozen=True):
    """One invoice. `here`: where Raccord believed it, empty when it is not in Raccord; `there`: at Chorus Pro."""

    finding: str
    label: str
    number: str
    party: str
    amount: Decimal | None
    currency: str
    here: str
    there: str
    id_facture: int
    id: str


class ReconciliationView(msgspec.Struct, frozen=True):
    """The difference since an instant. `pending`: after a restore, sending does not resume before it is taken in.

    `lines` holds the first 200 of each finding, `counts` is whole. `elsewhere`: typed on the portal, left alone;
    `waiting`: deposits that Chorus Pro does not hold and that leave when sending resumes.
    """

    since: datetime
    asked_at: datetime
    applied: bool
    pending: bool
    total: int
    counts: dict[str, int]
    lines: list[ReconciliationLineView]
    elsewhere: int
    waiting: int

    @classmethod
    def of(cls, difference: Difference, *, pending: bool) -> "ReconciliationView":
        """The view of a difference."""
        lines = [
            ReconciliationLineView(
                one.finding.value, one.finding.label, one.number, one.party, one.amount, one.currency, one.here,
                one.there, one.id_facture, one.subject_id,
            )
            for one in difference.lines
        ]  # fmt: skip
        counts = {finding.value: count for finding, count in difference.counts.items()}
        return cls(
            difference.since, difference.asked_at, difference.applied, pending, difference.total, counts, lines,
            difference.elsewhere, difference.waiting,
        )  # fmt: skip


@get("/connections/{connection_id:str}/reconciliation", sync_to_thread=True, guards=[reads])
def compare(gateway: TheGateway, connection_id: PathText, since: FromQuery[date | None] = None) -> ReconciliationView:
    """Ask Chorus Pro what happened since that day (by default: since the backup restored, else thirty days)."""
    found = gateway.connections.find(connection_id)
    difference = gateway.reconciliation.compare(found.id, first_instant(since) if since else None)
    return ReconciliationView.of(difference, pending=gateway.reconciliation.pending(found.id) is not None)


@post("/connections/{connection_id:str}/reconciliation", sync_to_thread=True, guards=[may_deposit], status_code=200)
def apply(
    request: ApiRequest, gateway: TheGateway, connection_id: PathText, since: FromQuery[date | None] = None
) -> ReconciliationView:
    """Take the difference in: each invoice then stands where Chorus Pro says. Sends nothing, can be repeated."""
    found = gateway.connections.find(connection_id)
    begin = first_instant(since) if since else None
    difference = gateway.reconciliation.apply(found.id, request.user.actor, begin)
    return ReconciliationView.of(difference, pending=False)


router = Router(path="/", tags=["Connexions"], route_handlers=[compare, apply])
