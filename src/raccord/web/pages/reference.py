"""/api/docs: the API on one page, drawn from its own OpenAPI description, without a script from elsewhere."""

from typing import Any

from litestar import Router, get
from litestar.response import Template

from raccord.web.given import TheGateway
from raccord.web.guards import anyone
from raccord.web.render import PageRequest, page

_METHODS = ("get", "post", "put", "patch", "delete")


@get("/api/docs", sync_to_thread=True, guards=[anyone])
def reference(request: PageRequest, gateway: TheGateway) -> Template:
    """Every operation with its parameters, its answers, its words."""
    schema = request.app.openapi_schema.to_schema()
    return page(request, gateway, "reference.html", operations=_operations(schema), version=schema["info"]["version"])


def _operations(schema: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    families: dict[str, list[dict[str, Any]]] = {}
    for path, item in schema["paths"].items():
        for method in _METHODS:
            if method in item:
                operation = {"method": method.upper(), "path": path, **item[method]}
                families.setdefault(next(iter(item[method].get("tags", ["Autres"]))), []).append(operation)
    return families


router = Router(path="/", route_handlers=[reference])
