"""Passwords of persons: argon2id, few at a time, rehashed when the cost is raised."""

import threading

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from raccord.domain.errors import Invalid
from raccord.domain.secrets import Secret

MIN_LENGTH = 12
_AT_A_TIME = 2


class PasswordKeeper:
    """Hashes and verifies. 64 MiB each: two at once and no more, so that a flood does not take the memory."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher(time_cost=3, memory_cost=65536, parallelism=1)
        self._gate = threading.Semaphore(_AT_A_TIME)
        self._nobody = ""

    def hash(self, password: Secret) -> str:
        """The hash to keep."""
        with self._gate:
            return self._hasher.hash(_bytes(password))

    def verify(self, kept: str, password: Secret) -> bool:
        """Whether the password is the one of this hash. An empty hash takes the same time and says no."""
        with self._gate:
            nobody = self._someone()  # made for everybody: the first unknown address would cost twice a known one
            try:
                return self._hasher.verify(kept or nobody, _bytes(password)) and bool(kept)
            except (VerificationError, InvalidHashError):
                return False

    def is_old(self, kept: str) -> bool:
        """Whether the hash was made with lower costs than today's."""
        return self._hasher.check_needs_rehash(kept)

    def _someone(self) -> str:
        """A hash of nobody: an unknown address costs as long as a known one."""
        self._nobody = self._nobody or self._hasher.hash(b"nobody")
        return self._nobody


def check_new(password: Secret, email: str) -> None:
    """Refuse a password that is too easy. Raises `Invalid` MOT_DE_PASSE_FAIBLE."""
    text, name = password.reveal(), email.partition("@")[0].lower()
    own_name = len(name) > 3 and name in text.lower()
    if own_name or len(text) < MIN_LENGTH or len(set(text)) < MIN_LENGTH // 2:
        raise Invalid(
            "MOT_DE_PASSE_FAIBLE",
            f"Ce mot de passe est trop facile à deviner : il en faut un d’au moins {MIN_LENGTH} caractères, "
            "varié et sans votre identifiant.",
            "Choisissez par exemple quatre mots sans rapport entre eux.",
        )


def _bytes(password: Secret) -> bytes:
    return password.reveal().encode("utf-8", "surrogatepass")
