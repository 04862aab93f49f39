"""The connection: an environment, a PISTE application, a technical account, and the light that tells how it fares."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class EnvironmentName(StrEnum):
    """Where the connection leads. `CUSTOM` and `SIMULATOR` carry their own addresses."""

    PRODUCTION = "production"
    QUALIFICATION = "qualification"
    SIMULATOR = "simulator"
    CUSTOM = "custom"


class ConnectionModel(StrEnum):
    """The three official models (specifications/technical-accounts.md §7): who has the PISTE application."""

    DIRECT = "direct"
    HEAVY_CLIENT = "client-lourd"
    CONCENTRATOR = "concentrateur"


class Light(StrEnum):
    """Green, amber or red: told in words as well, never by colour alone (seeds S1-06 and S1-13)."""

    GREEN = "vert"
    AMBER = "orange"
    RED = "rouge"
    UNKNOWN = "inconnu"

    @property
    def sentence(self) -> str:
        """The words of the light, exact for the two that the seeds show."""
        return _SENTENCES[self]


_SENTENCES = {
    Light.GREEN: "Connexion avec Chorus Pro établie",
    Light.AMBER: "Connexion avec Chorus Pro établie, une échéance ou un droit demande votre attention",
    Light.RED: "Attention : Connexion avec Chorus Pro non établie",
    Light.UNKNOWN: "Connexion avec Chorus Pro pas encore testée",
}


class ExpirySource(StrEnum):
    """How the expiry date of the password is known: never computed (specifications/quirks.md, D)."""

    READ = "lue-par-api"
    TYPED = "saisie"
    UNKNOWN = "inconnue"


@dataclass(frozen=True)
class Addresses:
    """The three addresses of an environment; the portal's is for links shown to people."""

    token_url: str
    api_url: str
    portal_url: str = ""


@dataclass(frozen=True)
class Network:
    """What stands between this machine and PISTE. Empty means the system's own settings."""

    proxy_url: str = ""
    ca_file: str = ""


@dataclass(frozen=True)
class Connection:
    """One way to Chorus Pro. Secrets are not here: the vault keeps them under `connection/<id>/<name>`."""

    id: str
    label: str
    environment: EnvironmentName
    addresses: Addresses
    model: ConnectionModel = ConnectionModel.DIRECT
    client_id: str = ""
    login: str = ""
    network: Network = field(default_factory=Network)
    enabled: bool = True
    light: Light = Light.UNKNOWN
    light_since: datetime | None = None
    cause: str = ""
    """Code of the verdict behind the light, empty when green."""
    expires_at: datetime | None = None
    """When the password of the technical account expires."""
    expiry_source: ExpirySource = ExpirySource.UNKNOWN
    last_success_at: datetime | None = None
    credentials_changed_at: datetime | None = None
    breaker_open: bool = False
    """True when calls of this connection are stopped until the light turns green."""
    paused: bool = False
    """True when a person holds the outbox back."""


@dataclass(frozen=True)
class Structure:
    """A supplier or a public body served by a connection."""

    id: str
    connection_id: str
    siret: str
    label: str
    id_structure_cpp: int | None = None
    is_supplier: bool = False
    is_recipient: bool = False
    receive_from: datetime | None = None
    """Receptions are fetched from this instant on; None until a person has answered the backfill question."""
