"""/api/v1/connections, the rest: change, remove, many accounts at once, expiry dates, the history of a light."""

from datetime import datetime
from typing import Annotated

import msgspec
from litestar import Router, delete, get, patch, post, put
from litestar.params import FromQuery, JSONBody

from raccord.api.auth import configures, reads
from raccord.api.given import ApiRequest, PathText, TheGateway
from raccord.api.views import ConnectionView
from raccord.domain.connection import ConnectionModel
from raccord.domain.requests import ConnectionChange
from raccord.domain.secrets import Secret


class ChangeInput(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What changes; what is absent, or an empty secret, keeps what is there."""

    label: str | None = None
    model: ConnectionModel | None = None
    client_id: str | None = None
    client_secret: str = ""
    enabled: bool | None = None


class ExpiryInput(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The « Date exp. Mot de passe » read on the portal, with its zone."""

    expires_at: Annotated[datetime, msgspec.Meta(tz=True)]


class AccountsInput(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Accounts as a CSV text: `nom;identifiant;mot_de_passe;date_expiration`. `like`: the model of new connections."""

    csv: str
    like: str = ""
    dry_run: bool = True


class ImportLineView(msgspec.Struct, frozen=True):
    """What becomes of one line."""

    line: int
    label: str
    login: str
    outcome: str
    sentence: str


class LightChangeView(msgspec.Struct, frozen=True):
    """One state of a light: since when, why, found by whom, for how many seconds (null: still so)."""

    at: datetime
    light: str
    cause: str
    sentence: str
    actor: str
    seconds: float | None


@patch("/connections/{connection_id:str}", sync_to_thread=True, guards=[configures])
def change(
    request: ApiRequest, gateway: TheGateway, connection_id: PathText, data: JSONBody[ChangeInput]
) -> ConnectionView:
    """Change a connection; its technical account has its own route."""
    asked = ConnectionChange(
        label=data.label,
        model=data.model,
        client_id=data.client_id,
        client_secret=Secret(data.client_secret) if data.client_secret else None,
        enabled=data.enabled,
    )
    found = gateway.connections.find(connection_id)
    return ConnectionView.of(gateway.connections.edit(found.id, asked, request.user.actor))


@delete("/connections/{connection_id:str}", sync_to_thread=True, guards=[configures])
def remove(request: ApiRequest, gateway: TheGateway, connection_id: PathText) -> None:
    """Forget a connection that has carried nothing, with its secrets."""
    gateway.connections.delete(gateway.connections.find(connection_id).id, request.user.actor)


@post("/connections/import", sync_to_thread=True, guards=[configures], status_code=200)
def import_accounts(request: ApiRequest, gateway: TheGateway, data: JSONBody[AccountsInput]) -> list[ImportLineView]:
    """Say what each line would do, or do it with `dry_run: false`; every password is tested before it serves."""
    report = gateway.connections.import_accounts(
        data.csv.encode(), request.user.actor, like=data.like, dry_run=data.dry_run
    )
    return [
        ImportLineView(one.number, one.label, one.login, one.outcome.name.lower(), one.sentence) for one in report.lines
    ]


@put("/connections/{connection_id:str}/expiry", sync_to_thread=True, guards=[configures])
def expiry(
    request: ApiRequest, gateway: TheGateway, connection_id: PathText, data: JSONBody[ExpiryInput]
) -> ConnectionView:
    """Keep the expiry date that a person read on the portal."""
    found = gateway.connections.find(connection_id)
    return ConnectionView.of(gateway.connections.set_expiry(found.id, data.expires_at, request.user.actor))


@get("/connections/{connection_id:str}/history", sync_to_thread=True, guards=[reads])
def history(
    gateway: TheGateway,
    connection_id: PathText,
    limit: FromQuery[Annotated[int, msgspec.Meta(ge=1, le=500)]] = 50,
) -> list[LightChangeView]:
    """The states of the light, newest first."""
    found = gateway.light.history(gateway.connections.find(connection_id).id, limit=limit)
    return [
        LightChangeView(
            one.at, one.light.value, one.cause, one.sentence, one.actor,
            one.lasted.total_seconds() if one.lasted else None,
        )
        for one in found
    ]  # fmt: skip


router = Router(path="/", tags=["Connexions"], route_handlers=[change, remove, import_accounts, expiry, history])
