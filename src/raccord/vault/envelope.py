"""The seal itself: `v1|<key id>|<nonce><ciphertext and tag>`, bound to a place (table and name) as associated data."""

import secrets
from typing import NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
_NONCE_BYTES = 12
_VERSION = b"v1"


class BrokenSeal(Exception):
    """A sealed text that does not open: another key, another place, or altered bytes."""


class Parts(NamedTuple):
    """A sealed record taken apart."""

    key_id: str
    nonce: bytes
    ciphertext: bytes


def seal(key_id: str, key: bytes, place: str, content: bytes) -> bytes:
    """Seal `content` with a 32-byte key; it opens at the same `place` only."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return b"|".join((_VERSION, key_id.encode(), nonce + AESGCM(key).encrypt(nonce, content, place.encode())))


def take_apart(sealed: bytes) -> Parts:
    """Read the key id of a record without opening it. Raises `BrokenSeal`."""
    version, _, rest = sealed.partition(b"|")
    key_id, bar, body = rest.partition(b"|")
    if version != _VERSION or not bar or len(body) <= _NONCE_BYTES:
        raise BrokenSeal("unknown record")
    return Parts(key_id.decode("ascii", "replace"), body[:_NONCE_BYTES], body[_NONCE_BYTES:])


def unseal(key: bytes, place: str, sealed: bytes) -> bytes:
    """Open a record. Raises `BrokenSeal` when the key, the place or the bytes are not those of the seal."""
    parts = take_apart(sealed)
    try:
        return AESGCM(key).decrypt(parts.nonce, parts.ciphertext, place.encode())
    except InvalidTag:
        raise BrokenSeal(place) from None
