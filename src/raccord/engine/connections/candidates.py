"""The candidate: a login and password just typed, sealed beside the present ones until they have proved to work."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from raccord.domain.secrets import Secret
from raccord.vault import Vault

ACTIVATION = timedelta(minutes=30)
"""How long an account may take to become active (specifications/technical-accounts.md §5)."""
MOST_TRIES = 3
"""A refused candidate is tried at once, after 30 minutes, after 60: then a person must act."""


@dataclass(frozen=True)
class Candidate:
    """What a person typed, when, and how often it was tried."""

    login: str
    password: Secret
    entered_at: datetime
    entered_by: str
    expires_at: datetime | None = None
    tries: int = 0

    def retry_at(self) -> datetime | None:
        """When a refused candidate is tried again: « peut-être pas encore actif »."""
        return self.entered_at + ACTIVATION * self.tries if self.tries < MOST_TRIES else None


@dataclass(frozen=True)
class CandidateView:
    """The candidate without its secret, for the pages."""

    login: str
    entered_at: datetime
    entered_by: str
    retry_at: datetime | None


def name_of(connection_id: str) -> str:
    """Where the vault keeps the candidate of a connection."""
    return f"connection/{connection_id}/candidate"


def keep(conn: sa.Connection, vault: Vault, connection_id: str, candidate: Candidate) -> None:
    """Seal a candidate, in the caller's transaction."""
    content = {
        "login": candidate.login,
        "password": candidate.password.reveal(),
        "entered_at": candidate.entered_at.isoformat(),
        "entered_by": candidate.entered_by,
        "expires_at": candidate.expires_at.isoformat() if candidate.expires_at else None,
        "tries": candidate.tries,
    }
    vault.seal(conn, name_of(connection_id), json.dumps(content))


def take(vault: Vault, connection_id: str) -> Candidate | None:
    """The candidate of a connection, or None. Raises `Misconfigured` COFFRE_ILLISIBLE."""
    if not vault.exists(name_of(connection_id)):
        return None
    with vault.open(name_of(connection_id)) as sealed:
        content = json.loads(sealed.reveal())
    return Candidate(
        login=content["login"],
        password=Secret(content["password"]),
        entered_at=datetime.fromisoformat(content["entered_at"]),
        entered_by=content["entered_by"],
        expires_at=datetime.fromisoformat(content["expires_at"]) if content["expires_at"] else None,
        tries=content["tries"],
    )
