"""What Litestar gives to the routes, by name: gateway, settings, file; texts of the path and of the query."""

from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from raccord.api.inputs import InvoiceFile
from raccord.engine.gateway import Gateway
from raccord.settings import Settings

TheGateway = NamedDependency[Gateway]
TheSettings = NamedDependency[Settings]
TheFile = NamedDependency[InvoiceFile]
PathText = FromPath[str]
QueryText = FromQuery[str]
