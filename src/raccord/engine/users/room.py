"""What every verb on persons shares: the store, the vault, the clock, tokens and their hashes, the journal."""

import hashlib
import secrets
from dataclasses import dataclass

import sqlalchemy as sa

from raccord.domain.clock import Clock, NewId
from raccord.domain.errors import NotAllowed
from raccord.domain.journal import NewEvent
from raccord.domain.secrets import Secret
from raccord.engine.users.letters import Letters
from raccord.engine.users.passwords import PasswordKeeper
from raccord.store import doors, journal
from raccord.store.database import Store
from raccord.vault import Vault


@dataclass(frozen=True)
class SignInRules:
    """How strict the door is. Seconds, and refusals in a row before the account is locked."""

    idle_s: float = 3600
    life_s: float = 43200
    failures: int = 5
    lock_s: float = 900
    require_totp: bool = False


@dataclass(frozen=True)
class Rate:
    """How often something may be tried: `burst` at once, then one each `interval_s` seconds."""

    interval_s: float
    burst: int


SIGN_INS = Rate(6.0, 20)
"""From one network address: an office behind one address signs in at nine o'clock."""

GUESSES = Rate(30.0, 10)
"""Of one's own password or code, inside: an open session must not become a way to guess them."""

LETTERS = Rate(600.0, 3)
"""To one address: nobody fills the mailbox of another with our letters."""


class Room:
    """The common ground of persons, doors, links and keys."""

    def __init__(
        self,
        store: Store,
        vault: Vault,
        clock: Clock,
        new_id: NewId,
        *,
        rules: SignInRules | None = None,
        keeper: PasswordKeeper | None = None,
        letters: Letters | None = None,
    ) -> None:
        self._store = store
        self._vault = vault
        self._clock = clock
        self._new_id = new_id
        self._rules = rules or SignInRules()
        self._keeper = keeper or PasswordKeeper()
        self._letters = letters or Letters(None, "")

    def _throttle(self, key: str, rate: "Rate") -> None:
        """Count one try. Raises `NotAllowed` TROP_D_ESSAIS."""
        with self._store.begin() as conn:
            wait = doors.throttle(conn, key, self._clock().timestamp(), rate.interval_s, rate.burst)
        if wait:
            raise NotAllowed("TROP_D_ESSAIS", "Trop d’essais depuis cet ordinateur.", f"Réessayez dans {wait:.0f} s.")

    def _note(self, conn: sa.Connection, user_id: str, kind: str, actor: str, **data: object) -> None:
        journal.append(conn, NewEvent(f"user/{user_id}", kind, self._clock(), actor, data))


def new_token() -> Secret:
    """A token that nobody can guess: 256 bits."""
    return Secret(secrets.token_urlsafe(32))


def hash_of(token: str) -> str:
    """What is kept of a token. A plain SHA-256 is enough for 256 bits of chance."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
