"""The doctor's instruments on the real network: a client with given proofs, a knock at a host, the twin environment."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from ipaddress import ip_address
from urllib.parse import urlsplit, urlunsplit

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
        timeout=Timeouts(connect=network.connect_timeout_s, read=network.read_timeout_s),
        proxy=network.proxy_url or None,
        ca=network.ca_file or None,
    ) as client:
        yield client


def reach_host(url: str, connection: Connection) -> Reached:
    """Knock at the host of `url` with an empty question: whatever it answers, it is reached. Raises `Unreachable`."""
    parts, network = urlsplit(url), connection.network
    root = urlunsplit((parts.scheme, parts.netloc, "/", "", ""))
    trusted = ssl.create_default_context(cafile=network.ca_file) if network.ca_file else httpx2.create_ssl_context()
    timeout = httpx2.Timeout(network.connect_timeout_s)
    local = _is_local(parts.hostname or "")
    try:
        with httpx2.Client(
            proxy=network.proxy_url or None, verify=trusted, timeout=timeout, trust_env=not local
        ) as client:
            answer = client.head(root)
    except TRANSPORT_ERRORS as error:
        raise unreachable(
            error, operation="reach", host=parts.hostname or "", writes=False, masker=Masker(()), token_step=True
        ) from error
    return Reached(_date(answer.headers.get("date", "")))


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
