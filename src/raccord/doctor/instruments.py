"""The doctor's instruments on the real network: a client with given proofs, a knock at a host, the twin environment."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit, urlunsplit

import httpx2

from choruspro import PRODUCTION, SANDBOX, ChorusPro, Credentials, Environment, Timeouts
from choruspro.evidence import Masker
from choruspro.failures import TRANSPORT_ERRORS, unreachable
from raccord.doctor.patient import Proofs, Reached
from raccord.doctor.ways import HOUSELESS, House, proxy_of, transport_by, trust_of
from raccord.domain.connection import Addresses, Connection


@contextmanager
def open_client(connection: Connection, proofs: Proofs, *, house: House = HOUSELESS) -> Iterator[ChorusPro]:
    """A client of its own, with its own token: what is proved is what was given."""
    secret = proofs.client_secret.reveal() if proofs.client_secret else ""
    password = proofs.password.reveal() if proofs.password else ""
    addresses = connection.addresses
    environment = Environment(
        connection.environment.value, addresses.token_url, addresses.api_url, addresses.portal_url
    )
    with ChorusPro(
        environment,
        Credentials(connection.client_id, secret, connection.login, password),
        transport=transport_by(proxy_of(connection, addresses.api_url, house), trust_of(connection, house)),
        timeout=Timeouts(connect=house.connect_timeout_s, read=house.read_timeout_s),
    ) as client:
        yield client


def reach_host(url: str, connection: Connection, *, house: House = HOUSELESS) -> Reached:
    """Knock at the host of `url` with an empty question: whatever it answers, it is reached. Raises `Unreachable`."""
    try:
        return Reached(_knock(url, connection, trust_of(connection, house), house))
    except TRANSPORT_ERRORS as error:
        host = urlsplit(url).hostname or ""
        raise unreachable(
            error, operation="reach", host=host, writes=False, masker=Masker(()), token_step=True
        ) from error


def hour_without_trust(url: str, connection: Connection, *, house: House = HOUSELESS) -> datetime | None:
    """The hour told by a host whose certificate we refuse, None when it tells none. Nothing of ours is sent to it.

    The answer may be a lie: it names a cause, it opens nothing.
    """
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    try:
        return _knock(url, connection, context, house)
    except TRANSPORT_ERRORS:
        return None


def _knock(url: str, connection: Connection, trust: ssl.SSLContext, house: House) -> datetime | None:
    """The hour that the host of `url` tells with its answer, whatever it answers."""
    parts = urlsplit(url)
    root = urlunsplit((parts.scheme, parts.netloc, "/", "", ""))
    timeout = httpx2.Timeout(house.connect_timeout_s)
    with httpx2.Client(transport=transport_by(proxy_of(connection, url, house), trust), timeout=timeout) as client:
        return _date(client.head(root).headers.get("date", ""))


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


def _date(text: str) -> datetime | None:
    try:
        read = parsedate_to_datetime(text)
    except ValueError:
        return None
    return read if read.tzinfo else read.replace(tzinfo=UTC)
