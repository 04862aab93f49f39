"""/api/v1/consumers: programs that take receptions, each with a place kept by Raccord."""

from datetime import datetime
from typing import Annotated

import msgspec
from litestar import Router, get, post
from litestar.params import JSONBody, QueryParameter

from raccord.api.auth import processes, reads
from raccord.api.given import ApiRequest, PathText, TheGateway
from raccord.api.views import ReceptionView
from raccord.store.consumers import Consumer

_Place = Annotated[int, msgspec.Meta(ge=0, le=9_007_199_254_740_991)]


class BatchView(msgspec.Struct, frozen=True):
    """What the consumer is to take: give `after` and `through` back once it is kept; `left` places follow."""

    consumer: str
    after: int
    through: int
    left: int
    items: list[ReceptionView]


class AckInput(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The batch that is kept. `token`: any text made for this batch, so that two copies of a program are told apart."""

    after: _Place
    through: _Place
    token: str = ""


class ConsumerView(msgspec.Struct, frozen=True):
    """A consumer and its place."""

    name: str
    sequence: int
    updated_at: datetime

    @classmethod
    def of(cls, consumer: Consumer) -> "ConsumerView":
        """The view of this consumer."""
        return cls(consumer.name, consumer.sequence, consumer.updated_at)


@get("/consumers", sync_to_thread=True, guards=[reads])
def every(gateway: TheGateway) -> list[ConsumerView]:
    """The consumers that acknowledged something, by name."""
    return [ConsumerView.of(one) for one in gateway.handovers.all()]


@get("/consumers/{name:str}/receptions", sync_to_thread=True, guards=[reads])
def take(gateway: TheGateway, name: PathText, limit: Annotated[int, QueryParameter(ge=1, le=1000)] = 100) -> BatchView:
    """The received invoices after the place of the consumer; nothing moves until they are acknowledged."""
    batch = gateway.handovers.take(name, limit)
    items = [ReceptionView.of(reception, sequence) for sequence, reception in batch.receptions]
    return BatchView(batch.consumer, batch.after, batch.through, batch.left, items)


@post("/consumers/{name:str}/ack", sync_to_thread=True, guards=[processes], status_code=200)
def acknowledge(request: ApiRequest, gateway: TheGateway, name: PathText, data: JSONBody[AckInput]) -> ConsumerView:
    """The batch is kept: the place moves. 409 when another copy of the program took it."""
    found = gateway.handovers.acknowledge(name, data.after, data.through, request.user.actor, token=data.token)
    return ConsumerView.of(found)


router = Router(path="/", tags=["Consommateurs"], route_handlers=[every, take, acknowledge])
