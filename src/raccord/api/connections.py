"""/api/v1/connections and /api/v1/structures: the light, the doctor, the technical account, the first retrieval."""

from datetime import date, datetime
from typing import Annotated

import msgspec
from litestar import Router, get, post
from litestar.params import FromQuery, JSONBody

from raccord.api.auth import configures, processes, reads
from raccord.api.given import ApiRequest, PathText, QueryText, TheGateway
from raccord.api.views import ConnectionView, StructureView, VerdictView
from raccord.domain.connection import Addresses, ConnectionModel, EnvironmentName
from raccord.domain.errors import NotFound
from raccord.domain.requests import NewConnection
from raccord.domain.secrets import Secret
from raccord.engine.connections import addresses_at


class ConnectionInput(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A new connection. `base_url` is enough for a simulator; production and qualification need no address."""

    label: str
    environment: EnvironmentName
    model: ConnectionModel = ConnectionModel.DIRECT
    client_id: str = ""
    client_secret: str = ""
    base_url: str = ""
    token_url: str = ""
    api_url: str = ""
    portal_url: str = ""


class AccountInput(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The technical account, exactly as the portal showed it; `expires_at` when it is known."""

    login: str
    password: str
    expires_at: Annotated[datetime, msgspec.Meta(tz=True)] | None = None


class AccountAnswer(msgspec.Struct, frozen=True):
    """Whether the new account took the place of the old one, and what the test said."""

    promoted: bool
    verdict: VerdictView
    warnings: list[str]
    retry_at: datetime | None


class SinceInput(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """From which instant the receptions are wanted.

    `states`: of those already there, the statuses to fetch; `services`: codes, "" for none. Empty: all.
    """

    since: Annotated[datetime, msgspec.Meta(tz=True)]
    states: list[str] = []
    services: list[str] = []


class BacklogView(msgspec.Struct, frozen=True):
    """What a retrieval from that day would find; `missing`: how many are not in Raccord yet, also by service."""

    total: int
    oldest: date | None
    by_status: dict[str, int]
    complete: bool
    by_service: dict[str, int]
    missing: int
    missing_by_service: dict[str, int]


@get("/connections", sync_to_thread=True, guards=[reads])
def listing(gateway: TheGateway) -> list[ConnectionView]:
    """Every connection with its light."""
    return [ConnectionView.of(connection) for connection in gateway.connections.all()]


@post("/connections", sync_to_thread=True, guards=[configures], status_code=201)
def create(request: ApiRequest, gateway: TheGateway, data: JSONBody[ConnectionInput]) -> ConnectionView:
    """Create a connection; its technical account comes next."""
    new = NewConnection(
        label=data.label, environment=data.environment, model=data.model, addresses=_addresses(data),
        client_id=data.client_id, client_secret=Secret(data.client_secret) if data.client_secret else None,
    )  # fmt: skip
    return ConnectionView.of(gateway.connections.create(new, request.user.actor))


def _addresses(data: JSONBody[ConnectionInput]) -> Addresses | None:
    if data.base_url:
        return addresses_at(data.base_url)
    return Addresses(data.token_url, data.api_url, data.portal_url) if data.token_url else None


@get("/connections/{connection_id:str}", sync_to_thread=True, guards=[reads])
def one(gateway: TheGateway, connection_id: PathText) -> ConnectionView:
    """One connection, by its id or its label."""
    return ConnectionView.of(gateway.connections.find(connection_id))


@get("/connections/{connection_id:str}/verdict", sync_to_thread=True, guards=[reads])
def verdict(gateway: TheGateway, connection_id: PathText) -> VerdictView:
    """The doctor's last answer."""
    found = gateway.connections.last_verdict(gateway.connections.find(connection_id).id)
    if found is None:
        raise NotFound("VERDICT_ABSENT", "Cette connexion n’a pas encore été testée.", "Demandez un test.")
    return VerdictView.of(found)


@post("/connections/{connection_id:str}/test", sync_to_thread=True, guards=[configures], status_code=200)
def examine_now(
    request: ApiRequest, gateway: TheGateway, connection_id: PathText, retry: FromQuery[bool] = False
) -> VerdictView:
    """Climb the whole ladder now; writes nothing at Chorus Pro.

    A password already refused is not played again (five refusals lock the account) unless `retry=true` asks for it.
    """
    connection = gateway.connections.find(connection_id)
    return VerdictView.of(gateway.connections.test(connection.id, request.user.actor, force=retry))


@post("/connections/{connection_id:str}/technical-account", sync_to_thread=True, guards=[configures], status_code=200)
def enter_account(
    request: ApiRequest, gateway: TheGateway, connection_id: PathText, data: JSONBody[AccountInput]
) -> AccountAnswer:
    """Enter the technical account: tested at once, promoted only when it works; the old one stays until then."""
    connection = gateway.connections.find(connection_id)
    result = gateway.connections.enter_candidate(
        connection.id, data.login, Secret(data.password), request.user.actor, expires_at=data.expires_at
    )
    warnings = [remark.sentence for remark in result.remarks]
    return AccountAnswer(result.promoted, VerdictView.of(result.verdict), warnings, result.retry_at)


@post("/connections/{connection_id:str}/structures", sync_to_thread=True, guards=[configures], status_code=200)
def discover(request: ApiRequest, gateway: TheGateway, connection_id: PathText) -> list[StructureView]:
    """Ask Chorus Pro which structures the account serves."""
    connection = gateway.connections.find(connection_id)
    return [StructureView.of(one) for one in gateway.connections.discover_structures(connection.id, request.user.actor)]


@get("/structures", sync_to_thread=True, guards=[reads])
def structures(gateway: TheGateway, connection: QueryText = "") -> list[StructureView]:
    """The structures of one connection, or of all."""
    chosen = [gateway.connections.find(connection)] if connection else gateway.connections.all()
    return [StructureView.of(found) for one in chosen for found in gateway.connections.structures(one.id)]


@get("/structures/{structure_id:str}/backlog", sync_to_thread=True, guards=[reads])
def backlog(gateway: TheGateway, structure_id: PathText, since: FromQuery[date]) -> BacklogView:
    """Count at Chorus Pro what a retrieval from that day would bring; nothing is downloaded."""
    found = gateway.inbox.backlog(structure_id, since)
    services = {service.code: count for service, count in found.by_service.items()}
    missing = {service.code: count for service, count in found.missing_by_service.items()}
    return BacklogView(
        found.total, found.oldest, dict(found.by_status), found.complete, services, found.missing, missing
    )


@post("/structures/{structure_id:str}/begin", sync_to_thread=True, guards=[processes], status_code=200)
def begin(
    request: ApiRequest, gateway: TheGateway, structure_id: PathText, data: JSONBody[SinceInput]
) -> StructureView:
    """Begin to fetch the receptions from that instant on."""
    return StructureView.of(
        gateway.inbox.begin(structure_id, data.since, request.user.actor, states=data.states, services=data.services)
    )


@post("/structures/{structure_id:str}/retrieve", sync_to_thread=True, guards=[processes], status_code=202)
def retrieve(request: ApiRequest, gateway: TheGateway, structure_id: PathText) -> None:
    """Fetch now instead of at the next rhythm."""
    gateway.inbox.retrieve(structure_id, request.user.actor)


router = Router(
    path="/",
    tags=["Connexions"],
    route_handlers=[
        listing, create, one, verdict, examine_now, enter_account, discover, structures, backlog, begin, retrieve,
    ],
)  # fmt: skip
