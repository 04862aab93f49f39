"""Where Chorus Pro is: three addresses per environment, and the former hosts that old configurations still hold.

Hosts are configuration, never constants of the calls: the sandbox changed domain twice
(specifications/gateway-and-authentication.md §1).
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

__all__ = ["FORMER_HOSTS", "PRODUCTION", "SANDBOX", "Environment", "FormerHost", "former_host"]


@dataclass(frozen=True, slots=True)
class Environment:
    """One Chorus Pro: `token_url` is complete, `api_url` and `portal_url` are bases without final slash."""

    name: str
    token_url: str
    api_url: str
    portal_url: str

    @classmethod
    def at(cls, base_url: str, name: str = "simulateur") -> Environment:
        """Describe a Chorus Pro that serves token desk, API and portal at one address, such as a simulator."""
        base = base_url.rstrip("/")
        return cls(name, f"{base}/api/oauth/token", base, f"{base}/portail")

    def former_hosts(self) -> tuple[FormerHost, ...]:
        """Name the addresses of this environment that Chorus Pro has left (diagnosis NET-04)."""
        found = (former_host(url) for url in (self.token_url, self.api_url))
        return tuple(host for host in found if host is not None)


@dataclass(frozen=True, slots=True)
class FormerHost:
    """A host that no longer serves, and the one that replaced it."""

    host: str
    replaced_by: str


PRODUCTION = Environment(
    "production",
    "https://oauth.piste.gouv.fr/api/oauth/token",
    "https://api.piste.gouv.fr",
    "https://portail.chorus-pro.gouv.fr",
)

SANDBOX = Environment(
    "qualification",
    "https://sandbox-oauth.piste.gouv.fr/api/oauth/token",
    "https://sandbox-api.piste.gouv.fr",
    "https://qualif.chorus-pro.gouv.fr/aife_qual",
)

FORMER_HOSTS: dict[str, str] = {
    "oauth.aife.economie.gouv.fr": "oauth.piste.gouv.fr",
    "api.aife.economie.gouv.fr": "api.piste.gouv.fr",
    "sandbox-oauth.aife.economie.gouv.fr": "sandbox-oauth.piste.gouv.fr",
    "sandbox-api.aife.economie.gouv.fr": "sandbox-api.piste.gouv.fr",
    "sandbox-oauth.aife.finances.rie.gouv.fr": "sandbox-oauth.piste.gouv.fr",
    "chorus-pro.gouv.fr:5443": "api.piste.gouv.fr",
}


def former_host(url: str) -> FormerHost | None:
    """Tell whether `url` points at a host left by Chorus Pro, and which one replaced it."""
    parts = urlsplit(url)
    for known in (parts.netloc, parts.hostname or ""):
        replacement = FORMER_HOSTS.get(known.lower())
        if replacement:
            return FormerHost(known.lower(), replacement)
    return None
