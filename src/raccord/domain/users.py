"""Persons and programs that use Raccord: who they are, how they are signed in, what they may do."""

from dataclasses import dataclass
from datetime import datetime

from raccord.domain.reach import EVERYTHING, Reach
from raccord.domain.roles import Permission, Role
from raccord.domain.secrets import Secret


@dataclass(frozen=True)
class User:
    """A person of this house."""

    id: str
    email: str
    """Lower case; the name typed at sign-in."""
    name: str
    role: Role
    active: bool
    language: str
    totp_enabled: bool
    created_at: datetime
    last_login_at: datetime | None = None
    locked_until: datetime | None = None
    reach: Reach = EVERYTHING
    """The structures that this person sees; a Superviseur sees them all."""

    @property
    def actor(self) -> str:
        """How the journal names this person."""
        return f"user/{self.id}"


@dataclass(frozen=True)
class SessionToken:
    """What the browser keeps: only its hash is stored on our side."""

    token: Secret
    expires_at: datetime


@dataclass(frozen=True)
class SignedIn:
    """A person whose session is alive."""

    user: User
    csrf: str
    """Belongs in every form of this session."""
    expires_at: datetime
    second_factor: bool
    session_id: str
    must_enrol: bool = False
    """True when the house demands a second factor of this person, who has none yet: nothing else opens until then."""

    @property
    def reach(self) -> Reach:
        """The structures that this person sees."""
        return self.user.reach

    def may(self, permission: Permission) -> bool:
        """Whether this person carries that permission."""
        return self.user.role.may(permission)


@dataclass(frozen=True)
class SessionView:
    """A session as its owner sees it in a list."""

    id: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    agent: str


@dataclass(frozen=True)
class TotpEnrolment:
    """A second factor being set up: the secret and the `otpauth://` address drawn as a QR code."""

    secret: Secret
    uri: str


@dataclass(frozen=True)
class ApiKeyView:
    """A key of a program, without its secret part."""

    id: str
    label: str
    prefix: str
    scopes: frozenset[Permission]
    user_id: str
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
    revoked: bool
    reach: Reach = EVERYTHING
    """The structures asked for this key; it never reaches further than its owner."""


@dataclass(frozen=True)
class NewApiKey:
    """A key just made: `key` is shown once and never again."""

    key: Secret
    view: ApiKeyView


@dataclass(frozen=True)
class Principal:
    """A program that presented a good key."""

    id: str
    label: str
    user: User
    permissions: frozenset[Permission]
    """The scopes of the key, never more than the role of its owner."""
    reach: Reach = EVERYTHING
    """The structures of the key, never more than those of its owner."""

    @property
    def actor(self) -> str:
        """How the journal names this program."""
        return f"key/{self.id}"

    def may(self, permission: Permission) -> bool:
        """Whether this program carries that permission."""
        return permission in self.permissions
