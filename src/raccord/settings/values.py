"""How the text of a variable becomes a value. Each reader raises ValueError with the words of what it expects."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from ipaddress import ip_network
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from raccord.domain.secrets import Secret

Read = Callable[[str], Any]


@dataclass(frozen=True)
class Setting:
    """What is said of one field of `Settings`: its default as text, its reader, one line of help, its unit."""

    default: str
    read: Read
    help: str
    unit: str = ""
    secret: bool = False


def text(value: str) -> str:
    """Any text, outer blanks left out."""
    return value.strip()


def secret(value: str) -> Secret | None:
    """A secret, byte-exact."""
    return Secret(value) if value else None


def path(value: str) -> Path:
    """A path, `~` allowed."""
    if not value.strip():
        raise ValueError("un chemin")
    return Path(value.strip()).expanduser()


def optional_path(value: str) -> Path | None:
    """A path, or nothing."""
    return path(value) if value.strip() else None


def optional_file(value: str) -> Path | None:
    """The path of a file that exists, or nothing."""
    found = optional_path(value)
    if found is not None and not found.is_file():
        raise ValueError("le chemin d’un fichier qui existe")
    return found


def file_name(value: str) -> str:
    """The same, as text."""
    found = optional_file(value)
    return str(found) if found else ""


def yes_no(value: str) -> bool:
    """Oui or non, in both languages."""
    word = value.strip().lower()
    if word in ("1", "true", "yes", "oui", "on"):
        return True
    if word in ("0", "false", "no", "non", "off", ""):
        return False
    raise ValueError("« oui » ou « non »")


def whole(low: int, high: int) -> Read:
    """A whole number within bounds."""

    def read(value: str) -> int:
        word = value.strip()
        if not (word.isascii() and word.isdigit() and low <= int(word) <= high):
            raise ValueError(f"un nombre entier entre {low} et {high}")
        return int(word)

    return read


def number(low: float, high: float) -> Read:
    """A number within bounds, point or comma."""

    def read(value: str) -> float:
        wanted = f"un nombre entre {low:g} et {high:g}"
        try:
            given = float(value.replace(",", "."))
        except ValueError:
            raise ValueError(wanted) from None
        if not low <= given <= high:
            raise ValueError(wanted)
        return given

    return read


def exact(low: int, high: int) -> Read:
    """A decimal number within bounds, kept exact; point or comma."""

    def read(value: str) -> Decimal:
        wanted = f"un nombre entre {low} et {high}"
        try:
            given = Decimal(value.strip().replace(",", "."))
        except InvalidOperation:
            raise ValueError(wanted) from None
        if not given.is_finite() or not low <= given <= high:
            raise ValueError(wanted)
        return given

    return read


def one_of(*words: str) -> Read:
    """One word of a list."""

    def read(value: str) -> str:
        word = value.strip().lower()
        if word not in words:
            raise ValueError("l’un des mots : " + ", ".join(words))
        return word

    return read


def several(value: str) -> tuple[str, ...]:
    """Words separated by commas."""
    return tuple(part.strip() for part in value.split(",") if part.strip())


def networks(value: str) -> tuple[str, ...]:
    """Addresses or networks of machines separated by commas; never the whole world."""
    wanted = "des adresses (10.0.0.2) ou des réseaux (10.0.0.0/24) de machines, séparés par des virgules"
    try:
        found = tuple(ip_network(part) for part in several(value))
    except ValueError:
        raise ValueError(wanted) from None
    if any(one.prefixlen == 0 for one in found):
        raise ValueError(f"{wanted}, et non le monde entier : chacun pourrait alors se dire un autre")
    return several(value)


def days(value: str) -> tuple[int, ...]:
    """Numbers of days separated by commas, the farthest first."""
    words = several(value)
    if not words or not all(word.isascii() and word.isdigit() and 1 <= int(word) <= 400 for word in words):
        raise ValueError("des nombres de jours entre 1 et 400, séparés par des virgules")
    return tuple(sorted({int(word) for word in words}, reverse=True))


def web_address(value: str) -> str:
    """An http or https address without its last slash, or nothing."""
    wanted = "une adresse qui commence par http:// ou https://"
    address = value.strip().rstrip("/")
    try:
        parts = urlsplit(address)
        right = not address or (parts.scheme in ("http", "https") and parts.hostname and parts.port != 0)
    except ValueError:  # a bracket without its twin, a port that is no number
        right = False
    if not right:
        raise ValueError(wanted)
    return address


def database(value: str) -> str:
    """The address of a database, or nothing."""
    address = value.strip()
    if address and not address.startswith(("sqlite:///", "postgresql://", "postgresql+psycopg://")):
        raise ValueError("une adresse sqlite:///chemin ou postgresql://utilisateur@hôte/base")
    return address


def without_password(address: str) -> str:
    """An address of a database or a proxy may hold a password: hidden like any other."""
    return re.sub(r"(?s)(://[^/:@]*):.*@", r"\1:••••@", address)
