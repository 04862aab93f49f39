"""What a face asks of the engine about connections: one value, the same from a page, a route or a command."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from raccord.domain.connection import Addresses, ConnectionModel, EnvironmentName, Network
from raccord.domain.secrets import Secret


@dataclass(frozen=True)
class NewConnection:
    """A connection to create. The technical account comes afterwards, as a candidate."""

    label: str
    environment: EnvironmentName
    model: ConnectionModel = ConnectionModel.DIRECT
    addresses: Addresses | None = None
    """Needed for the simulator and for addresses of one's own; the official ones otherwise."""
    client_id: str = ""
    client_secret: Secret | None = None
    network: Network = field(default_factory=Network)


@dataclass(frozen=True)
class ConnectionChange:
    """What changes in a connection; None keeps what is there, and so does an empty secret."""

    label: str | None = None
    environment: EnvironmentName | None = None
    addresses: Addresses | None = None
    model: ConnectionModel | None = None
    client_id: str | None = None
    client_secret: Secret | None = None
    network: Network | None = None
    enabled: bool | None = None


class ImportOutcome(StrEnum):
    """What becomes of one line of an import."""

    CREATED = "créée"
    UPDATED = "mise à jour"
    REFUSED = "refusée"


@dataclass(frozen=True)
class ImportLine:
    """One line of an import of accounts, and what becomes of it."""

    number: int
    label: str
    login: str
    outcome: ImportOutcome
    sentence: str


@dataclass(frozen=True)
class ImportReport:
    """What an import did, or would do (`dry_run`)."""

    lines: tuple[ImportLine, ...]
    dry_run: bool

    def count(self, outcome: ImportOutcome) -> int:
        """How many lines end so."""
        return sum(line.outcome is outcome for line in self.lines)


@dataclass(frozen=True)
class AccountLine:
    """One technical account read from a file."""

    number: int
    label: str
    login: str
    password: Secret
    expires_at: datetime | None
    fault: str = ""
    """Why the line cannot be taken, empty when it can."""
