"""/api/v1/webhooks: addresses that are told what happens; test, replay, log of the calls."""

from datetime import datetime, timedelta
from typing import Annotated

import msgspec
from litestar import Router, delete, get, patch, post
from litestar.params import JSONBody, QueryParameter

from raccord.api.auth import configures_its_own
from raccord.api.given import ApiRequest, PathText, TheGateway
from raccord.engine.webhooks import NewWebhook, WebhookChange, WebhookWithSecret
from raccord.store.webhooks import Delivery, Webhook


class WebhookInput(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A webhook to create: `kinds` holds families (`deposit`) or exact kinds (`deposit.refused`)."""

    label: str
    url: str
    kinds: list[str]


class WebhookChangeInput(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What changes; what is absent stays."""

    label: str | None = None
    url: str | None = None
    kinds: list[str] | None = None
    active: bool | None = None


class ReplayInput(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Tell again every event after that number."""

    after: Annotated[int, msgspec.Meta(ge=0, le=9_007_199_254_740_991)]


class WebhookView(msgspec.Struct, frozen=True):
    """A webhook. `cursor`: last event delivered or passed over; `secret` at its creation or renewal alone.

    `structures`: the SIRET that it is told of, those of the key that created it; null when it is told of all.
    `former_until`: until then calls carry a second signature, made with the secret before.
    """

    id: str
    label: str
    url: str
    kinds: list[str]
    active: bool
    cursor: int
    failures: int
    retry_at: datetime | None
    stopped_because: str
    created_at: datetime
    structures: list[str] | None = None
    former_until: datetime | None = None
    secret: str | None = None

    @classmethod
    def of(cls, webhook: Webhook, secret: str | None = None) -> "WebhookView":
        """The view of this webhook."""
        return cls(
            webhook.id, webhook.label, webhook.url, list(webhook.kinds), webhook.active, webhook.cursor,
            webhook.failures, webhook.retry_at, webhook.stopped_because, webhook.created_at,
            webhook.reach.as_json(), webhook.former_until, secret,
        )  # fmt: skip


class DeliveryView(msgspec.Struct, frozen=True):
    """One call: `seq` the event (0 for a test), `status` the HTTP answer (0: nobody answered)."""

    seq: int
    kind: str
    attempt: int
    at: datetime
    status: int
    delivered: bool
    answer: str
    milliseconds: int

    @classmethod
    def of(cls, one: Delivery) -> "DeliveryView":
        """The view of this call."""
        return cls(one.seq, one.kind, one.attempt, one.at, one.status, one.delivered, one.answer, one.milliseconds)


def _once(made: WebhookWithSecret) -> WebhookView:
    return WebhookView.of(made.webhook, made.secret.reveal())


@get("/webhooks", sync_to_thread=True, guards=[configures_its_own])
def every(gateway: TheGateway) -> list[WebhookView]:
    """Every webhook, by label."""
    return [WebhookView.of(one) for one in gateway.webhooks.all()]


@post("/webhooks", sync_to_thread=True, guards=[configures_its_own])
def create(request: ApiRequest, gateway: TheGateway, data: JSONBody[WebhookInput]) -> WebhookView:
    """Create a webhook, told what happens from now on; its secret is shown this once."""
    return _once(gateway.webhooks.create(NewWebhook(data.label, data.url, tuple(data.kinds)), request.user.actor))


@get("/webhooks/{webhook_id:str}", sync_to_thread=True, guards=[configures_its_own])
def one(gateway: TheGateway, webhook_id: PathText) -> WebhookView:
    """One webhook."""
    return WebhookView.of(gateway.webhooks.get(webhook_id))


@patch("/webhooks/{webhook_id:str}", sync_to_thread=True, guards=[configures_its_own])
def edit(
    request: ApiRequest, gateway: TheGateway, webhook_id: PathText, data: JSONBody[WebhookChangeInput]
) -> WebhookView:
    """Change a webhook, stop it (`active: false`), or put it back in service."""
    kinds = None if data.kinds is None else tuple(data.kinds)
    change = WebhookChange(data.label, data.url, kinds, data.active)
    return WebhookView.of(gateway.webhooks.edit(webhook_id, change, request.user.actor))


@delete("/webhooks/{webhook_id:str}", sync_to_thread=True, guards=[configures_its_own])
def remove(request: ApiRequest, gateway: TheGateway, webhook_id: PathText) -> None:
    """Forget a webhook, its secret and its log."""
    gateway.webhooks.delete(webhook_id, request.user.actor)


@post("/webhooks/{webhook_id:str}/secret", sync_to_thread=True, guards=[configures_its_own], status_code=200)
def renew(
    request: ApiRequest,
    gateway: TheGateway,
    webhook_id: PathText,
    keep_hours: Annotated[int, QueryParameter(ge=0, le=168)] = 0,
) -> WebhookView:
    """Give a webhook another secret, shown this once. The one before signs too for `keep_hours` (two `v1`)."""
    return _once(gateway.webhooks.renew_secret(webhook_id, request.user.actor, timedelta(hours=keep_hours)))


@post("/webhooks/{webhook_id:str}/test", sync_to_thread=True, guards=[configures_its_own], status_code=200)
def test(request: ApiRequest, gateway: TheGateway, webhook_id: PathText) -> DeliveryView:
    """Call the address now with an event `webhook.test`, and say what it answered."""
    return DeliveryView.of(gateway.webhooks.test(webhook_id, request.user.actor))


@post("/webhooks/{webhook_id:str}/replay", sync_to_thread=True, guards=[configures_its_own], status_code=202)
def replay(request: ApiRequest, gateway: TheGateway, webhook_id: PathText, data: JSONBody[ReplayInput]) -> WebhookView:
    """Tell again every event after that number, in order, under the same identifiers."""
    return WebhookView.of(gateway.webhooks.replay(webhook_id, data.after, request.user.actor))


@get("/webhooks/{webhook_id:str}/deliveries", sync_to_thread=True, guards=[configures_its_own])
def deliveries(
    gateway: TheGateway, webhook_id: PathText, limit: Annotated[int, QueryParameter(ge=1, le=1000)] = 50
) -> list[DeliveryView]:
    """The last calls, newest first."""
    return [DeliveryView.of(one) for one in gateway.webhooks.deliveries(webhook_id, limit)]


router = Router(
    path="/", tags=["Webhooks"], route_handlers=[every, create, one, edit, remove, renew, test, replay, deliveries]
)
