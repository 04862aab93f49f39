"""The way out of this machine: which proxy a call takes and who named it, whose certificates it trusts.

The doctor and the engine go the same way, so that what one finds is what the other meets.
"""

import ssl
from dataclasses import dataclass, field
from functools import lru_cache
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import httpx2

from raccord.domain.connection import Connection


@dataclass(frozen=True)
class House:
    """What the settings say of the way out: for connections that say nothing, and how long an answer is waited for."""

    proxy_url: str = field(default="", repr=False)
    ca_file: str = ""
    connect_timeout_s: float = 10.0
    read_timeout_s: float = 60.0


@dataclass(frozen=True)
class Proxy:
    """A proxy between this machine and Chorus Pro. Its address may hold a password: only `place` is shown."""

    url: str = field(repr=False)
    named_by: str
    """Where its address comes from, in French, as the sentence of NET-05 wants it."""

    @property
    def place(self) -> str:
        """`proxy.exemple.fr:3128`, without name nor password."""
        return urlsplit(self.url).netloc.rpartition("@")[2] or self.url.rpartition("@")[2]


HOUSELESS = House()


def proxy_of(connection: Connection, url: str, house: House = HOUSELESS) -> Proxy | None:
    """The proxy of the connection, else of the house, else of the system; none to this machine itself, unless asked."""
    if connection.network.proxy_url:
        return Proxy(_with_scheme(connection.network.proxy_url), "dans la fiche de la connexion")
    parts = urlsplit(url)
    if _is_local(parts.hostname or ""):
        return None
    if house.proxy_url:
        return Proxy(_with_scheme(house.proxy_url), "par le réglage RACCORD_PROXY_URL")
    found = _of_the_system(parts.scheme, parts.hostname or "")
    return Proxy(_with_scheme(found), f"par le système ({parts.scheme.upper()}_PROXY)") if found else None


def trust_of(connection: Connection, house: House = HOUSELESS) -> ssl.SSLContext:
    """The authorities of the connection, else of the house, else of the system."""
    ca_file = connection.network.ca_file or house.ca_file
    return _trusted(ca_file, Path(ca_file).stat().st_mtime_ns if ca_file else 0)


def transport_by(proxy: Proxy | None, trust: ssl.SSLContext) -> httpx2.BaseTransport:
    """What carries the calls. A proxy whose address cannot be read carries none, and each call says so."""
    try:
        return httpx2.HTTPTransport(verify=trust, proxy=proxy.url if proxy else None)
    except (ValueError, ImportError, httpx2.InvalidURL):
        return _NoWay()


class _NoWay(httpx2.BaseTransport):
    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        raise httpx2.ProxyError("the address of the proxy cannot be read", request=request)


@lru_cache(maxsize=32)
def _trusted(ca_file: str, _stamp: int) -> ssl.SSLContext:
    """Reading the authorities takes longer than a whole visit: kept until the file changes."""
    return ssl.create_default_context(cafile=ca_file) if ca_file else httpx2.create_ssl_context()


def _of_the_system(scheme: str, host: str) -> str:
    known = getproxies()
    return "" if proxy_bypass(host) else known.get(scheme, "") or known.get("all", "")


def _with_scheme(address: str) -> str:
    """`proxy:3128` alone means http, as everywhere."""
    return address if "://" in address else f"http://{address}"


def _is_local(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
