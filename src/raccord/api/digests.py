"""/api/v1/digests: who receives the letter of the day about late payments, and what it would say now."""

from datetime import date
from typing import Annotated

import msgspec
from litestar import Router, delete, get, post
from litestar.params import JSONBody

from raccord.api.auth import configures
from raccord.api.given import ApiRequest, PathText, TheGateway
from raccord.domain.digests import Digest, NewDigest, Side
from raccord.engine.letters.digests import Preview


class DigestInput(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A letter to ask for; asked again for the same recipient, side and scope, its hour and wish are replaced.

    `recipient`: `user/<id>` or `role/<superviseur|comptable|lecteur>`; `scope`: the identifier of a structure
    (receptions) or of a connection (deposits), empty for all; `hour`: of Paris; `always`: also without anything late.
    """

    recipient: str
    side: Side = Side.RECEPTIONS
    scope: str = ""
    hour: Annotated[int, msgspec.Meta(ge=0, le=23)] = 7
    always: bool = False

    def asked(self) -> NewDigest:
        """The wish as the engine takes it."""
        return NewDigest(self.recipient, self.side, self.scope, self.hour, self.always)


class DigestView(msgspec.Struct, frozen=True):
    """A letter that was asked for; `told_on`: the last day that is done with."""

    id: str
    recipient: str
    side: Side
    scope: str
    hour: int
    always: bool
    told_on: date | None

    @classmethod
    def of(cls, one: Digest) -> "DigestView":
        """The view of this letter."""
        return cls(one.id, one.recipient, one.side, one.scope, one.hour, one.always, one.told_on)


class LetterView(msgspec.Struct, frozen=True):
    """What would leave now to `to`; `leaves` is false when there is nothing to say."""

    to: list[str]
    subject: str
    text: str
    leaves: bool

    @classmethod
    def of(cls, one: Preview) -> "LetterView":
        """The view of this letter."""
        return cls(list(one.to), one.letter.subject, one.letter.text, one.leaves)


@get("/digests", sync_to_thread=True, guards=[configures])
def every(gateway: TheGateway) -> list[DigestView]:
    """Every letter asked for, oldest first."""
    return [DigestView.of(one) for one in gateway.digests.all()]


@post("/digests", sync_to_thread=True, guards=[configures])
def ask(request: ApiRequest, gateway: TheGateway, data: JSONBody[DigestInput]) -> DigestView:
    """Ask for a letter, or change its hour."""
    return DigestView.of(gateway.digests.ask(data.asked(), request.user.actor))


@post("/digests/preview", sync_to_thread=True, guards=[configures], status_code=200)
def sample(gateway: TheGateway, data: JSONBody[DigestInput]) -> list[LetterView]:
    """What such a letter would say now; nothing is sent nor kept."""
    return [LetterView.of(one) for one in gateway.digests.sample(data.asked())]


@get("/digests/{digest_id:str}/preview", sync_to_thread=True, guards=[configures])
def preview(gateway: TheGateway, digest_id: PathText) -> list[LetterView]:
    """What a letter asked for would say now; nothing is sent."""
    return [LetterView.of(one) for one in gateway.digests.preview(gateway.digests.get(digest_id))]


@delete("/digests/{digest_id:str}", sync_to_thread=True, guards=[configures])
def cancel(request: ApiRequest, gateway: TheGateway, digest_id: PathText) -> None:
    """Stop a letter."""
    gateway.digests.cancel(digest_id, request.user.actor)


router = Router(path="/", tags=["Échéances et exports"], route_handlers=[every, ask, sample, preview, cancel])
