"""The vault: secrets sealed at rest, opened in a `with` block around one call, silent everywhere else.

Envelope: every secret is sealed by a *data key* (AES-256-GCM, random 96-bit nonce), every data key by the *master key*,
which never enters the database. The name of a secret is bound to its seal: a secret moved to another row does not open.
Passwords are kept byte for byte. `store/secrets.py` is the shelf on which the sealed rows lie.
"""

from raccord.vault.credential import Credential
from raccord.vault.master import MasterKey
from raccord.vault.opening import open_vault, rotate_key_file
from raccord.vault.passwords import Remark, inspect_password
from raccord.vault.portal_file import PortalAccount, read_portal_file
from raccord.vault.vault import Shelf, Vault

__all__ = [
    "Credential",
    "MasterKey",
    "PortalAccount",
    "Remark",
    "Shelf",
    "Vault",
    "inspect_password",
    "open_vault",
    "read_portal_file",
    "rotate_key_file",
]
