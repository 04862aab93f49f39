"""What a webhook may be: which address (never a machine behind our own walls, unless allowed), which events."""

import ipaddress
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from raccord.domain.errors import Invalid

FAMILIES: dict[str, str] = {
    "deposit": "Factures déposées",
    "reception": "Factures reçues",
    "status": "Statuts posés sur les factures reçues",
    "connection": "Connexions à Chorus Pro et leur voyant",
    "webhook": "Webhooks : création, arrêt, reprise",
}
"""What may be told outside: the part of a kind before its dot. Persons, keys and sessions stay in the house."""

Resolve = Callable[[str, int], Sequence[str]]
_MOST = 1000


def resolve(host: str, port: int) -> Sequence[str]:
    """The numeric addresses of a host, by the system. Raises OSError."""
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


@dataclass(frozen=True)
class AddressGuard:
    """Refuses the addresses through which a webhook would reach inside (SSRF)."""

    allow_private: bool = False
    resolve: Resolve = resolve

    def read(self, url: str) -> SplitResult:
        """An http(s) address without name or password in it. Raises `Invalid` (`WEBHOOK_ADRESSE`)."""
        try:
            parts = urlsplit(url.strip())
            port_is_good = parts.port is None or parts.port > 0
        except ValueError:
            raise _bad_address() from None
        good = parts.scheme in ("http", "https") and parts.hostname and not parts.username and not parts.password
        if not good or not port_is_good or len(url) > _MOST or any(char.isspace() for char in url.strip()):
            raise _bad_address()
        return parts

    def route(self, url: str) -> str:
        """The numeric address to call, resolved once so that it cannot change between the check and the call.

        Raises `Invalid` (`WEBHOOK_ADRESSE_PRIVEE`), or OSError when the name leads nowhere.
        """
        parts = self.read(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
        found = self.resolve(str(parts.hostname), port)
        if not found:
            raise OSError("aucune adresse")
        if not self.allow_private and not all(map(_is_public, found)):
            raise Invalid(
                "WEBHOOK_ADRESSE_PRIVEE",
                f"« {parts.hostname} » mène à une machine du réseau interne : Raccord ne l’appelle pas.",
                "Donnez une adresse publique, ou autorisez les adresses privées avec RACCORD_WEBHOOK_PRIVATE=oui.",
            )
        return found[0]


def check_kinds(kinds: Sequence[str]) -> tuple[str, ...]:
    """Families (`deposit`) or exact kinds (`deposit.refused`), each once. Raises `Invalid` (`WEBHOOK_EVENEMENTS`)."""
    asked = tuple(dict.fromkeys(kind.strip() for kind in kinds if kind.strip()))
    if not asked or any(kind.partition(".")[0] not in FAMILIES for kind in asked):
        raise Invalid(
            "WEBHOOK_EVENEMENTS",
            "Aucun événement n’est choisi, ou l’un d’eux n’est pas proposé aux webhooks.",
            "Choisissez parmi : " + ", ".join(FAMILIES) + " (ou un événement précis, par exemple deposit.refused).",
        )
    return asked


def concerns(kinds: Sequence[str], kind: str) -> bool:
    """Whether a webhook of these kinds is told of an event of that kind."""
    return kind in kinds or kind.partition(".")[0] in kinds


def _is_public(address: str) -> bool:
    found = ipaddress.ip_address(address.partition("%")[0])
    mapped = getattr(found, "ipv4_mapped", None)
    return bool((mapped or found).is_global) and not (mapped or found).is_multicast


def _bad_address() -> Invalid:
    return Invalid(
        "WEBHOOK_ADRESSE",
        "Cette adresse de webhook ne peut pas être appelée.",
        "Donnez une adresse complète qui commence par https://, sans nom d’utilisateur ni mot de passe.",
    )
