"""How a client reaches the network: whose certificates it trusts, which proxy it takes, which it ignores."""

from __future__ import annotations

import ipaddress
import ssl
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx2

from choruspro.environment import Environment

__all__ = ["Reach"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """The network arguments of both clients, as `ChorusPro` describes them."""

    trust_env: bool | None
    proxy: str | None
    ca: str | None
    client_certificate: tuple[str, str] | None

    def arguments(self, environment: Environment, transport: object | None) -> dict[str, Any]:
        """Return what an httpx2 client takes; a transport given by the caller is its own network.

        Raises OSError (ssl.SSLError is one) when a file of certificates cannot be read.
        """
        trusts = not _is_local(environment.api_url) if self.trust_env is None else self.trust_env
        if transport is not None:
            return {"trust_env": trusts}
        return {"trust_env": trusts, "proxy": self.proxy, "verify": self._trusted(trusts)}

    def _trusted(self, trust_env: bool) -> ssl.SSLContext:
        if self.ca:
            context = ssl.create_default_context(cafile=self.ca)
        else:
            context = httpx2.create_ssl_context(trust_env=trust_env)
        if self.client_certificate is not None:
            context.load_cert_chain(*self.client_certificate)
        return context


def _is_local(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
