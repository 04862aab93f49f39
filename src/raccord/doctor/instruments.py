"""The doctor's instruments on the real network: a client with given proofs, a knock at a host, the twin environment."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit
from urllib.request import getproxies, proxy_bypass

import httpx2

from choruspro import PRODUCTION, SANDBOX, ChorusPro, Credentials, Environment, Timeouts
from choruspro.evidence import Masker
from choruspro.failures import TRANSPORT_ERRORS, unreachable
from raccord.doctor.patient import Proofs, Reached
from raccord.domain.connection import Addresses, Connection


@contextmanager
def open_client(connection: Connection, proofs: Proofs) -> Iterator[ChorusPro]:
    """A client of its own, with its own token: what is proved is what was given."""
    secret = proofs.client_secret.reveal() if proofs.client_secret else ""
    password = proofs.password.reveal() if proofs.password else ""
    addresses, network = connection.addresses, connection.network
    environment = Environment(
        connection.environment.value, addresses.token_url, addresses.api_url, addresses.portal_url
    )
    with ChorusPro(
        environment,
        Credentials(connection.client_id, secret, connection.login, password),
        transport=_transport(connection, addresses.api_url, _authorities(connection)),
        timeout=Timeouts(connect=network.connect_timeout_s, read=network.read_timeout_s),
    ) as client:
        yield client


def reach_host(url: str, connection: Connection) -> Reached:
    """Knock at the host of `url` with an empty question: whatever it answers, it is reached. Raises `Unreachable`."""
    try:
        return Reached(_knock(url, connection, _authorities(connection)))
    except TRANSPORT_ERRORS as error:
        host = urlsplit(url).hostname or ""
        raise unreachable(
            error, operation="reach", host=host, writes=False, masker=Masker(()), token_step=True
        ) from error


def hour_without_trust(url: str, connection: Connection) -> datetime | None:
    """The hour told by a host whose certificate we refuse, None when it tells none. Nothing of ours is sent to it.

    The answer may be a lie: it names a cause, it opens nothing.
    """
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    try:
        return _knock(url, connection, context)
    except TRANSPORT_ERRORS:
        return None


def _knock(url: str, connection: Connection, trust: ssl.SSLContext) -> datetime | None:
    """The hour that the host of `url` tells with its answer, whatever it answers."""
    parts, network = urlsplit(url), connection.network
    root = urlunsplit((parts.scheme, parts.netloc, "/", "", ""))
    timeout = httpx2.Timeout(network.connect_timeout_s)
    with httpx2.Client(transport=_transport(connection, url, trust), timeout=timeout) as client:
        return _date(client.head(root).headers.get("date", ""))


def _transport(connection: Connection, url: str, trust: ssl.SSLContext) -> httpx2.HTTPTransport:
    """The way out of this connection: its proxy, or the system's."""
    return httpx2.HTTPTransport(verify=trust, proxy=connection.network.proxy_url or _system_proxy(url) or None)


def _authorities(connection: Connection) -> ssl.SSLContext:
    """The authorities of this connection, or the system's."""
    ca_file = connection.network.ca_file
    return _trusted(ca_file, Path(ca_file).stat().st_mtime_ns if ca_file else 0)


@lru_cache(maxsize=32)
def _trusted(ca_file: str, _stamp: int) -> ssl.SSLContext:
    """Reading the authorities takes longer than a whole visit: kept until the file changes."""
    return ssl.create_default_context(cafile=ca_file) if ca_file else httpx2.create_ssl_context()


def _system_proxy(url: str) -> str:
    """The proxy of the environment (HTTPS_PROXY, NO_PROXY), never for this machine itself."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if _is_local(host) or proxy_bypass(host):
        return ""
    return getproxies().get(parts.scheme, "")


def both_environments(addresses: Addresses) -> Addresses | None:
    """The other environment of the same platform: PISTE's two, or the two sides of a simulator; None elsewhere."""
    for here, there in ((PRODUCTION, SANDBOX), (SANDBOX, PRODUCTION)):
        if urlsplit(addresses.token_url).hostname == urlsplit(here.token_url).hostname:
            return Addresses(there.token_url, there.api_url, there.portal_url)
    return _other_side(addresses)


def _other_side(addresses: Addresses) -> Addresses | None:
    """A simulator serves `/sandbox/` and `/production/` side by side."""
    for here, there in (("/production", "/sandbox"), ("/sandbox", "/production")):
        if addresses.api_url.rstrip("/").endswith(here):
            base = addresses.api_url.rstrip("/").removesuffix(here) + there
            return Addresses(f"{base}/api/oauth/token", base, f"{base}/portail/")
    return None


def _is_local(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _date(text: str) -> datetime | None:
    try:
        read = parsedate_to_datetime(text)
    except ValueError:
        return None
    return read if read.tzinfo else read.replace(tzinfo=UTC)
