"""What Litestar gives to the routes, by name: request, gateway, settings, file; texts of the path and of the query."""

from typing import Any

from litestar import Request
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from raccord.api.inputs import InvoiceFile
from raccord.engine.gateway import Gateway
from raccord.settings import Settings

ApiRequest = Request[Any, Any, Any]
TheGateway = NamedDependency[Gateway]
TheSettings = NamedDependency[Settings]
TheFile = NamedDependency[InvoiceFile]
PathText = FromPath[str]
QueryText = FromQuery[str]
