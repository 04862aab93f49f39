"""A text that keeps silent: passwords and keys travel through the house as `Secret`, which one loud method opens."""

import hmac
from dataclasses import dataclass
from datetime import datetime


class Secret:
    """Holds a text byte-exact. Absent from `repr`, `str`, formatting and pickles; never equal to a plain text."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """The text itself. Search for this word to find every place where a secret comes out."""
        return self._text

    def __repr__(self) -> str:
        return "Secret(•••)"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return repr(self)

    def __bool__(self) -> bool:
        return bool(self._text)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        return hmac.compare_digest(_bytes(self._text), _bytes(other._text))

    def __hash__(self) -> int:
        return hash(("Secret", self._text))

    def __reduce__(self) -> tuple[object, ...]:
        raise TypeError("a secret is not serialised: open it where it is used")


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


@dataclass(frozen=True)
class SealedKey:
    """A data key of the vault, sealed by the master key: useless without it."""

    id: str
    sealed: bytes
    master: str
    """Fingerprint of the master key that sealed it."""
    active: bool
    """True for the one that seals new secrets."""
    created_at: datetime
