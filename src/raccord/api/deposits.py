"""/api/v1/deposits: send an invoice, follow it, take it back, send it again; /api/v1/checks: only look."""

from datetime import date, datetime
from typing import Annotated, Any

import msgspec
from litestar import Response, Router, get, post
from litestar.params import FromQuery, HeaderParameter, QueryParameter

from raccord.api.auth import deposits as may_deposit
from raccord.api.auth import reads
from raccord.api.documents import attached
from raccord.api.given import ApiRequest, PathText, QueryText, TheFile, TheGateway
from raccord.api.inputs import aware, named
from raccord.api.problems import problem
from raccord.api.views import DepositView, EventView, FaultView, Listing
from raccord.domain.deposit import Deposit, DepositState, NewDeposit, Road
from raccord.engine.gateway import Gateway
from raccord.store.deposits import DepositQuery

Key = Annotated[
    str | None,
    HeaderParameter(
        name="Idempotency-Key", required=False, max_length=200, description="La même clé redonne le même dépôt."
    ),
]


@post("/deposits", sync_to_thread=True, guards=[may_deposit], status_code=201)
def deposit(
    *,
    request: ApiRequest,
    gateway: TheGateway,
    file: TheFile,
    key: Key = None,
    connection: QueryText = "",
    urgent: FromQuery[bool] = False,
    not_before: FromQuery[datetime | None] = None,
    road: FromQuery[Road] = Road.FACTURX,
    corrects: QueryText = "",
) -> Response[Any]:
    """Deposit one invoice: the part `file` of a multipart body, or the raw body with `?filename=`.

    An invoice may come as data (facture.schema.json): a JSON body, or the part `data`, beside its PDF in `file` or
    alone; it leaves as a Factur-X made here, or with `road=fields` by the platform's own entry. `urgent`: before the
    others, at once. `not_before`: kept until that instant. `corrects`: the deposit that this one replaces.
    `connection`: its name or identifier; without it, the only one, else the one that serves the invoice's supplier.

    201: taken, it leaves by itself, or waits: `outlook` says which, and why. 200: the same key or the same invoice had
    been taken before (`Idempotent-Replayed: true`). 422: taken but faulty; `faults` says what to correct, nothing is
    sent. 409: the key or the invoice number belongs to another invoice.
    """
    asked = NewDeposit(
        named(gateway, connection), file.data, file.name, idempotency_key=key or "", author=request.user.actor,
        source="api", urgent=urgent, not_before=aware(not_before), terms=file.terms, road=road, corrects=corrects,
    )  # fmt: skip
    accepted = gateway.outbox.accept(asked)
    view = _told(gateway, accepted.deposit)
    if accepted.deposit.state is DepositState.FAULTY:
        return _faulty(request, view)
    headers = {"Location": f"/api/v1/deposits/{view.id}", "Idempotent-Replayed": str(accepted.replayed).lower()}
    return Response(view, status_code=200 if accepted.replayed else 201, headers=headers)


def _told(gateway: Gateway, deposit: Deposit) -> DepositView:
    return DepositView.of(deposit, gateway.outlooks.of([deposit])[deposit.id])


def _faulty(request: ApiRequest, view: DepositView) -> Response[Any]:
    sentence = "Chorus Pro rejetterait cette facture : elle est conservée, elle n’est pas envoyée."
    shown = msgspec.to_builtins(view)
    return problem(request, 422, "DEPOT_A_CORRIGER", sentence, "Corrigez les défauts, puis déposez le fichier corrigé.",
                   faults=shown["faults"], deposit=shown)  # fmt: skip


@get("/deposits", sync_to_thread=True, guards=[reads])
def listing(
    *,
    gateway: TheGateway,
    connection: QueryText = "",
    states: Annotated[list[DepositState] | None, QueryParameter(name="state")] = None,
    text: QueryText = "",
    since: FromQuery[date | None] = None,
    until: FromQuery[date | None] = None,
    supplier_siret: QueryText = "",
    recipient_siret: QueryText = "",
    platform_status: QueryText = "",
    after: QueryText = "",
    limit: Annotated[int, QueryParameter(ge=1, le=1000)] = 50,
) -> Listing[DepositView]:
    """The deposits, newest first. `after` is the `next` of the page before."""
    query = DepositQuery(
        connection_id=gateway.connections.find(connection).id if connection else "", states=tuple(states or ()),
        text=text, since=since, until=until, supplier_siret=supplier_siret, recipient_siret=recipient_siret,
        platform_status=platform_status,
    )  # fmt: skip
    found = gateway.outbox.search(query, after=after, limit=limit)
    outlooks = gateway.outlooks.of(found.items)
    return Listing([DepositView.of(one, outlooks[one.id]) for one in found.items], found.next)


@get("/deposits/{deposit_id:str}", sync_to_thread=True, guards=[reads])
def one(gateway: TheGateway, deposit_id: PathText) -> DepositView:
    """One deposit as it stands; `outlook` says what becomes of it now, and why it waits."""
    return _told(gateway, gateway.outbox.get(deposit_id))


@get("/deposits/{deposit_id:str}/events", sync_to_thread=True, guards=[reads])
def events(gateway: TheGateway, deposit_id: PathText) -> list[EventView]:
    """What happened to it, oldest first."""
    gateway.outbox.get(deposit_id)
    return [EventView.of(event) for event in gateway.outbox.events(deposit_id)]


@get("/deposits/{deposit_id:str}/original", sync_to_thread=True, guards=[reads])
def original(gateway: TheGateway, deposit_id: PathText) -> Response[bytes]:
    """The very bytes that were deposited."""
    return attached(gateway.outbox.original(deposit_id), gateway.outbox.get(deposit_id).filename)


@post("/deposits/{deposit_id:str}/cancel", sync_to_thread=True, guards=[may_deposit], status_code=200)
def cancel(request: ApiRequest, gateway: TheGateway, deposit_id: PathText) -> DepositView:
    """Take a deposit back before it leaves."""
    return DepositView.of(gateway.outbox.cancel(deposit_id, request.user.actor))


@post("/deposits/{deposit_id:str}/resubmit", sync_to_thread=True, guards=[may_deposit], status_code=200)
def resubmit(request: ApiRequest, gateway: TheGateway, deposit_id: PathText) -> DepositView:
    """Check and queue the same bytes again, after a refusal or a fault that was not the file's."""
    return DepositView.of(gateway.outbox.resubmit(deposit_id, request.user.actor))


@post("/deposits/{deposit_id:str}/decide", sync_to_thread=True, guards=[may_deposit], status_code=200)
def decide(request: ApiRequest, gateway: TheGateway, deposit_id: PathText, sent: FromQuery[bool]) -> DepositView:
    """Say whether an uncertain deposit is at Chorus Pro (`?sent=true`) or not, after looking on the portal."""
    return DepositView.of(gateway.outbox.decide(deposit_id, sent=sent, actor=request.user.actor))


@post("/deposits/{deposit_id:str}/refresh", sync_to_thread=True, guards=[may_deposit], status_code=202)
def refresh(request: ApiRequest, gateway: TheGateway, deposit_id: PathText) -> DepositView:
    """Ask Chorus Pro now for news of this deposit and of those of its connection; they come a moment later."""
    deposit = gateway.outbox.get(deposit_id)
    gateway.follow.refresh(deposit.connection_id, request.user.actor)
    return DepositView.of(deposit)


class CheckView(msgspec.Struct, frozen=True):
    """What the checks say of a file: would it leave, with which faults, under which rules."""

    sendable: bool
    syntax: str
    number: str
    faults: list[FaultView]
    rule_sets: dict[str, str]


@post("/checks", sync_to_thread=True, guards=[may_deposit], status_code=200)
def checks(
    gateway: TheGateway, file: TheFile, connection: QueryText = "", road: FromQuery[Road] = Road.FACTURX
) -> CheckView:
    """Check a file, or data, as a deposit would; nothing is kept, nothing is sent.

    The directory and the numbers already used are asked too, by the connection that a deposit would take, if any.
    """
    through = named(gateway, connection)
    report = gateway.outbox.examine(NewDeposit(through, file.data, file.name, terms=file.terms, road=road))
    return CheckView(
        sendable=not any(fault.is_error for fault in report.faults),
        syntax=report.syntaxe_flux,
        number=report.invoice.number if report.invoice else "",
        faults=[FaultView.of(fault) for fault in report.faults],
        rule_sets=dict(report.rule_sets),
    )


router = Router(
    path="/",
    tags=["Dépôts"],
    route_handlers=[deposit, listing, one, events, original, cancel, resubmit, decide, refresh, checks],
)
