"""What Litestar gives to the pages, by name: gateway, settings, form; texts of the path and of the address."""

from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from raccord.engine.gateway import Gateway
from raccord.settings import Settings
from raccord.web.forms import Form

TheGateway = NamedDependency[Gateway]
TheSettings = NamedDependency[Settings]
TheForm = NamedDependency[Form]
PathText = FromPath[str]
QueryText = FromQuery[str]
