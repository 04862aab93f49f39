"""A seal that a person's passphrase opens: for the secrets of a backup, which must open far from this machine.

scrypt makes the key (64 MiB, RFC 7914), AES-256-GCM seals. Form: `raccord-secrets-1|<16 bytes of salt><sealed record>`.
"""

import secrets

from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from raccord.domain.errors import Invalid
from raccord.domain.secrets import Secret
from raccord.vault.envelope import KEY_BYTES, BrokenSeal, seal, unseal

SHORTEST = 12
_HEAD = b"raccord-secrets-1|"
_SALT_BYTES = 16
_COST, _BLOCK = 2**16, 8


def check_passphrase(passphrase: Secret) -> None:
    """Raises `Invalid` PHRASE_TROP_COURTE: whoever holds the file may try as many as he likes."""
    if len(passphrase.reveal()) < SHORTEST:
        raise Invalid(
            "PHRASE_TROP_COURTE",
            f"La phrase secrète a moins de {SHORTEST} caractères : qui trouverait la sauvegarde la devinerait.",
            "Choisissez une phrase plus longue, par exemple cinq mots sans rapport entre eux.",
        )


def seal_with_passphrase(passphrase: Secret, place: str, content: bytes) -> bytes:
    """Seal `content`; it opens at the same `place` with the same passphrase only. Raises `Invalid`."""
    check_passphrase(passphrase)
    salt = secrets.token_bytes(_SALT_BYTES)
    return _HEAD + salt + seal("passphrase", _key(passphrase, salt), place, content)


def open_with_passphrase(passphrase: Secret, place: str, sealed: bytes) -> bytes:
    """Open what `seal_with_passphrase` gave. Raises `Invalid` PHRASE_FAUSSE."""
    salt, record = sealed[len(_HEAD) : len(_HEAD) + _SALT_BYTES], sealed[len(_HEAD) + _SALT_BYTES :]
    try:
        if not sealed.startswith(_HEAD) or len(salt) < _SALT_BYTES:
            raise BrokenSeal(place)
        return unseal(_key(passphrase, salt), place, record)
    except BrokenSeal:
        raise Invalid(
            "PHRASE_FAUSSE",
            "Cette phrase secrète n’ouvre pas les secrets de la sauvegarde, ou le fichier a été altéré. "
            "Rien n’a été restauré.",
            "Retapez la phrase. Si elle est perdue, restaurez sans les secrets : ils seront à saisir de nouveau.",
        ) from None


def _key(passphrase: Secret, salt: bytes) -> bytes:
    return Scrypt(salt=salt, length=KEY_BYTES, n=_COST, r=_BLOCK, p=1).derive(passphrase.reveal().encode("utf-8"))
