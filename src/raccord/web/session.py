"""The cookie of a person: an opaque token whose session lives in the database and can be revoked at once."""

from litestar.concurrency import sync_to_thread
from litestar.connection import ASGIConnection
from litestar.datastructures import Cookie
from litestar.middleware import AbstractAuthenticationMiddleware, AuthenticationResult

from raccord.domain.users import SignedIn
from raccord.engine.gateway import Gateway

COOKIE = "raccord_session"


class SessionMiddleware(AbstractAuthenticationMiddleware):
    """Puts the `SignedIn` of the cookie in `request.user`, or None; the guards decide what that opens."""

    async def authenticate_request(self, connection: ASGIConnection) -> AuthenticationResult:  # type: ignore[type-arg]  # as the parent writes it
        """Who the cookie belongs to; nobody (user None) without a session that lives, which the guards then send to
        sign in."""
        gateway: Gateway = connection.app.state.gateway
        token = connection.cookies.get(COOKIE, "")
        found: SignedIn | None = await sync_to_thread(gateway.users.session, token) if token else None
        return AuthenticationResult(user=found, auth=token if found else "")


def session_cookie(token: str, *, secure: bool) -> Cookie:
    """The cookie that carries this session: out of reach of scripts and of other sites; its life is the server's."""
    return Cookie(key=COOKIE, value=token, path="/", httponly=True, secure=secure, samesite="lax")


def no_cookie(*, secure: bool) -> Cookie:
    """The cookie that ends a session in the browser."""
    return Cookie(key=COOKIE, value="", path="/", httponly=True, secure=secure, samesite="lax", max_age=0)
