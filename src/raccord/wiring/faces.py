"""The screens and the API in one application."""

from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from raccord.engine.gateway import Gateway
from raccord.settings import Settings

if TYPE_CHECKING:
    from litestar import Litestar, Request


def build_web(gateway: Gateway, settings: Settings) -> "Litestar":
    """The screens and the API in one application, in front of that gateway."""
    from litestar import Litestar
    from litestar.config.compression import CompressionConfig
    from litestar.config.csrf import CSRFConfig
    from litestar.datastructures import State
    from litestar.di import Provide
    from litestar.template import TemplateConfig

    from raccord.api.app import API_FAULTS, api_router, description, open_routes
    from raccord.web.app import HEADERS, PAGE_FAULTS, web_router
    from raccord.web.render import template_engine

    secure = settings.public_url.startswith("https://")
    return Litestar(
        route_handlers=[web_router(), api_router(), open_routes()],
        dependencies={
            "gateway": Provide(_within_reach(gateway), sync_to_thread=False),
            "settings": Provide(lambda: settings, sync_to_thread=False),
        },
        state=State({"gateway": gateway}, deep_copy=False),
        template_config=TemplateConfig(instance=template_engine()),
        csrf_config=CSRFConfig(
            secret=gateway.vault.fingerprint("web/csrf", "v1"), cookie_name="raccord_csrf", cookie_secure=secure,
            cookie_httponly=True, exclude=["^/api/v1"],
        ),
        compression_config=CompressionConfig(backend="gzip", exclude=["/original", "/documents/", "/pdf"]),
        exception_handlers={kind: _by_place(PAGE_FAULTS[kind], API_FAULTS[kind]) for kind in PAGE_FAULTS},
        openapi_config=description(),
        response_headers=HEADERS,
        request_max_body_size=max(200_000_000, 2 * settings.flux_max_bytes),
        logging_config=None,
    )  # fmt: skip


def _by_place(page: Callable[..., Any], problem: Callable[..., Any]) -> Callable[..., Any]:
    """Under /api a program is told by a problem, elsewhere a person by a page."""
    return lambda request, error: (problem if request.url.path.startswith("/api/") else page)(request, error)


def _within_reach(gateway: Gateway) -> "Callable[[Request[Any, Any, Any]], Gateway]":
    """The gateway given to a page or to a route: as far as whoever asks may see, and no further."""
    from litestar import Request

    seen = lru_cache(maxsize=256)(gateway.within)

    def given(request: Request[Any, Any, Any]) -> Gateway:
        who = request.scope.get("user")
        return gateway if who is None else seen(who.reach)

    return given
