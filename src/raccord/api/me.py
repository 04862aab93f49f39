"""/api/v1/me: what the key that asks may do, and which structures it sees."""

import msgspec
from litestar import Router, get

from raccord.api.auth import reads
from raccord.api.given import ApiRequest
from raccord.domain.users import Principal


class MeView(msgspec.Struct, frozen=True):
    """The key that asks. `structures`: the SIRET that it sees; null when it sees all of them."""

    label: str
    owner: str
    scopes: list[str]
    structures: list[str] | None

    @classmethod
    def of(cls, who: Principal) -> "MeView":
        """The view of this program."""
        return cls(who.label, who.user.email, sorted(who.permissions), who.reach.as_json())


@get("/me", sync_to_thread=False, guards=[reads])
def me(request: ApiRequest) -> MeView:
    """The rights of this key and its structures, the limits of its owner included."""
    return MeView.of(request.user)


router = Router(path="/", tags=["Clé"], route_handlers=[me])
