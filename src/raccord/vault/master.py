"""The master key: 32 bytes that open everything, kept outside the database.

Looked for in this order: systemd credential (`$CREDENTIALS_DIRECTORY/raccord.key`), `RACCORD_MASTER_KEY`, the operating
system's keyring (`RACCORD_KEYRING=oui`), the key file, which is made at the first start, readable by its owner alone.
"""

import base64
import binascii
import hashlib
import hmac
import os
import secrets
import stat
from collections.abc import Mapping
from pathlib import Path

from raccord.domain.errors import Misconfigured
from raccord.domain.machine import why
from raccord.settings import Settings
from raccord.vault.envelope import KEY_BYTES

CREDENTIAL_NAME = "raccord.key"
_KEYRING_SERVICE = "raccord"


class MasterKey:
    """Thirty-two bytes, silent. `origin` tells in French where they came from."""

    __slots__ = ("_key", "origin")

    def __init__(self, key: bytes, origin: str = "") -> None:
        if len(key) != KEY_BYTES:
            raise ValueError("a master key has 32 bytes")
        self._key = key
        self.origin = origin

    @classmethod
    def new(cls, origin: str = "") -> "MasterKey":
        """A fresh key from the system's source of chance."""
        return cls(secrets.token_bytes(KEY_BYTES), origin)

    def reveal_bytes(self) -> bytes:
        """The key itself."""
        return self._key

    @property
    def text(self) -> str:
        """The key as its file holds it: base64, one line."""
        return base64.b64encode(self._key).decode("ascii")

    @property
    def fingerprint(self) -> str:
        """Names the key without telling it: 32 hexadecimal digits."""
        return hmac.new(self._key, b"raccord master key", hashlib.sha256).hexdigest()[:32]

    def __repr__(self) -> str:
        return f"MasterKey({self.origin})"

    def __reduce__(self) -> tuple[object, ...]:
        raise TypeError("a master key is not serialised")


def find_master(settings: Settings, environ: Mapping[str, str] | None = None) -> MasterKey | None:
    """The master key of this machine, or None when none was made. Raises `Misconfigured` on a bad or exposed one."""
    given = os.environ if environ is None else environ
    directory = given.get("CREDENTIALS_DIRECTORY", "")
    if directory and (Path(directory) / CREDENTIAL_NAME).is_file():
        return parse_key((Path(directory) / CREDENTIAL_NAME).read_text("ascii", "replace"), "identifiant systemd")
    if settings.master_key:
        return parse_key(settings.master_key.reveal(), "variable RACCORD_MASTER_KEY")
    if settings.keyring and (kept := _from_keyring()):
        return parse_key(kept, "trousseau du système")
    if settings.master_key_file.exists():
        return read_key_file(settings.master_key_file)
    return None


def make_master(settings: Settings) -> MasterKey:
    """Make the key of a first start and keep it: in the keyring when asked, else in the key file (mode 0600)."""
    key = MasterKey.new(f"fichier {settings.master_key_file}")
    if settings.keyring and _into_keyring(key.text):
        return MasterKey(key.reveal_bytes(), "trousseau du système")
    write_key_file(settings.master_key_file, key)
    return key


def read_key_file(path: Path) -> MasterKey:
    """Read a key file. Raises `Misconfigured` when it is unreadable, malformed, or open to other users."""
    try:
        if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:
            raise Misconfigured(
                "COFFRE_CLE_EXPOSEE",
                f"Le fichier de clé {path} peut être lu par d’autres utilisateurs de cette machine : rien n’a démarré.",
                f"Lancez « chmod 600 {path} », puis relancez Raccord.",
            )
        return parse_key(path.read_text("ascii", "replace"), f"fichier {path}")
    except OSError as error:
        raise Misconfigured(
            "COFFRE_CLE_ILLISIBLE",
            f"Le fichier de clé {path} ne peut pas être lu : {why(error)}. Rien n’a démarré.",
            "Vérifiez le propriétaire et les droits de ce fichier, puis relancez Raccord.",
        ) from None


def write_key_file(path: Path, key: MasterKey) -> None:
    """Write a key file that only its owner may read; never over another one. Raises `Misconfigured`."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(key.text + "\n")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise Misconfigured(
            "COFFRE_CLE_NON_ECRITE",
            f"Le fichier de clé {path} ne peut pas être créé : {why(error)}. Rien n’a démarré.",
            "Donnez à Raccord le droit d’écrire dans ce dossier, ou indiquez RACCORD_MASTER_KEY_FILE.",
        ) from None


def parse_key(text: str, origin: str) -> MasterKey:
    """Read the base64 of a key. Raises `Misconfigured`."""
    try:
        return MasterKey(base64.b64decode(text.strip(), validate=True), origin)
    except (binascii.Error, ValueError):
        raise Misconfigured(
            "COFFRE_CLE_MALFORMEE",
            f"La clé du coffre ({origin}) n’est pas une clé de Raccord : rien n’a démarré.",
            "Remettez la clé sauvegardée avec la base : 32 octets en base64, sur une ligne.",
        ) from None


def exposure(settings: Settings) -> str:
    """What an operator should know of where the key lies, in one French sentence; empty when all is well."""
    database = settings.database_url.removeprefix("sqlite:///")
    beside = database != settings.database_url and Path(database).parent == settings.master_key_file.parent
    if not (settings.production and beside and settings.master_key_file.exists()) or settings.master_key:
        return ""
    return (
        f"La clé du coffre ({settings.master_key_file}) se trouve à côté de la base : qui copie ce dossier copie aussi "
        "les secrets. Placez-la ailleurs avec RACCORD_MASTER_KEY_FILE ou un identifiant systemd."
    )


def _from_keyring() -> str:
    import keyring
    import keyring.errors

    try:
        return keyring.get_password(_KEYRING_SERVICE, CREDENTIAL_NAME) or ""
    except keyring.errors.KeyringError as error:
        raise Misconfigured(
            "COFFRE_TROUSSEAU_ABSENT",
            f"Le trousseau du système ne répond pas ({type(error).__name__}) : rien n’a démarré.",
            "Ouvrez une session, ou retirez RACCORD_KEYRING pour garder la clé dans un fichier.",
        ) from None


def _into_keyring(text: str) -> bool:
    import keyring

    keyring.set_password(_KEYRING_SERVICE, CREDENTIAL_NAME, text)
    return True
