"""Opening the vault at start, and changing its master key file so that a crash in between loses nothing."""

import os
from collections.abc import Mapping
from pathlib import Path

from raccord.domain.clock import Clock, NewId
from raccord.domain.errors import Misconfigured
from raccord.settings import Settings
from raccord.vault.master import MasterKey, find_master, make_master, read_key_file, write_key_file
from raccord.vault.vault import Shelf, Vault


def open_vault(
    settings: Settings, shelf: Shelf, clock: Clock, new_id: NewId, environ: Mapping[str, str] | None = None
) -> Vault:
    """Find the master key (or make it at the very first start) and prove that it opens this database.

    Raises `Misconfigured`: COFFRE_CLE_ABSENTE, COFFRE_CLE_FAUSSE, COFFRE_CLE_EXPOSEE...
    """
    master = find_master(settings, environ) or _first_master(settings, shelf)
    vault = Vault(shelf, master, clock, new_id)
    try:
        vault.check()
    except Misconfigured:
        if not _following(settings.master_key_file).exists():
            raise
        return _after_a_crash(settings, shelf, clock, new_id)
    return vault


def rotate_key_file(vault: Vault, path: Path) -> int:
    """Make a new master key and seal the data keys with it. The new file stands beside before anything changes."""
    new = MasterKey.new(f"fichier {path}")
    following = _following(path)
    following.unlink(missing_ok=True)
    write_key_file(following, new)
    count = vault.rotate_master(new)
    os.replace(following, path)
    return count


def _first_master(settings: Settings, shelf: Shelf) -> MasterKey:
    """A key is made only for a database that has none: else its loss would pass for a first start."""
    with shelf.read() as conn:
        if shelf.sealed_keys(conn):
            raise Misconfigured(
                "COFFRE_CLE_ABSENTE",
                f"La clé du coffre est introuvable ({settings.master_key_file}) alors que la base contient "
                "des secrets : rien n’a démarré.",
                "Remettez la clé sauvegardée avec cette base, ou indiquez où elle se trouve : RACCORD_MASTER_KEY_FILE.",
            )
    return make_master(settings)


def _after_a_crash(settings: Settings, shelf: Shelf, clock: Clock, new_id: NewId) -> Vault:
    """A change of key stopped between the database and the file leaves the right key beside: take it."""
    following = _following(settings.master_key_file)
    vault = Vault(shelf, read_key_file(following), clock, new_id)
    vault.check()
    os.replace(following, settings.master_key_file)
    return vault


def _following(path: Path) -> Path:
    return path.with_name(path.name + ".next")
