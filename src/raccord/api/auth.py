"""Who calls: `Authorization: Bearer rac_...`. The key carries scopes, never more than the role of its owner."""

from typing import Any

from litestar.concurrency import sync_to_thread
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler
from litestar.middleware import AbstractAuthenticationMiddleware, AuthenticationResult

from raccord.api.problems import KeyWanted
from raccord.domain.errors import NotAllowed
from raccord.domain.roles import Permission
from raccord.domain.users import Principal
from raccord.engine.gateway import Gateway

Caller = ASGIConnection[Any, Any, Any, Any]


class KeyMiddleware(AbstractAuthenticationMiddleware):
    """Puts the `Principal` of the key in `request.user`, or None; the guards decide."""

    async def authenticate_request(self, connection: ASGIConnection) -> AuthenticationResult:  # type: ignore[type-arg]  # as the parent writes it
        """Who the bearer key belongs to; nobody (user None) without a key that lives, which the guards then refuse."""
        gateway: Gateway = connection.app.state.gateway
        manner, _, key = connection.headers.get("authorization", "").partition(" ")
        wanted = key.strip() if manner.lower() == "bearer" else ""
        found: Principal | None = await sync_to_thread(gateway.users.api_key, wanted) if wanted else None
        return AuthenticationResult(user=found, auth=None)


class Requires:
    """Opens a route to the keys that carry that permission; `whole`: and to those that see every structure."""

    def __init__(self, permission: Permission, *, whole: bool = False) -> None:
        self.permission, self.whole = permission, whole

    def __call__(self, connection: Caller, handler: BaseRouteHandler) -> None:
        principal = connection.scope.get("user")
        if principal is None:
            raise KeyWanted
        if not principal.may(self.permission):
            raise NotAllowed(
                "DROIT_INSUFFISANT",
                f"Cette clé n’a pas le droit « {self.permission.value} » qu’il faut ici.",
                "Créez une clé qui a ce droit dans « Clés d’API ».",
            )
        if self.whole and not principal.reach.everything:
            raise NotAllowed(
                "PERIMETRE_INSUFFISANT",
                "Cette clé est limitée à certaines structures : elle ne règle pas ce qui vaut pour toutes.",
                "Employez une clé dont le périmètre est « toutes les structures ».",
            )


class Anyone:
    """Opens a route to everyone: the description of the API, the health."""

    def __call__(self, connection: Caller, handler: BaseRouteHandler) -> None:
        """Lets everyone in."""


reads = Requires(Permission.READ)
deposits = Requires(Permission.DEPOSIT)
processes = Requires(Permission.PROCESS)
configures = Requires(Permission.CONFIGURE, whole=True)
configures_its_own = Requires(Permission.CONFIGURE)
anyone = Anyone()
