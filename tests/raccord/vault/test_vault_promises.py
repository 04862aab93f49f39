"""A secret comes back byte for byte, to nobody but who holds the key, and shows nowhere else."""

import logging
import pickle
from collections.abc import Callable
from contextlib import suppress

import pytest
import sqlalchemy as sa

from raccord.domain.errors import Misconfigured, NotFound
from raccord.domain.secrets import Secret
from raccord.store.database import Store
from raccord.store.secrets import SecretShelf
from raccord.store.tables.core import metadata, secrets
from raccord.vault import MasterKey, Vault

SEED = "-shvun)en7jks0P"
NAME = "connection/c1/password"


def _put(vault: Vault, store: Store, name: str, text: str) -> None:
    with store.begin() as conn:
        vault.seal(conn, name, Secret(text))


def _read(vault: Vault, name: str) -> str:
    with vault.open(name) as credential:
        return credential.reveal()


def test_a_password_comes_back_as_it_was(vault: Vault, store: Store):
    _put(vault, store, NAME, SEED)
    assert _read(vault, NAME) == SEED


def test_sealing_belongs_to_the_callers_transaction(vault: Vault, store: Store):
    with suppress(ZeroDivisionError), store.begin() as conn:
        vault.seal(conn, NAME, SEED)
        raise ZeroDivisionError
    assert not vault.exists(NAME)


def test_an_absent_secret_says_so(vault: Vault):
    with pytest.raises(NotFound, match="COFFRE_ABSENT"), vault.open(NAME):
        pass


def test_a_credential_forgets_when_its_block_ends(vault: Vault, store: Store):
    _put(vault, store, NAME, SEED)
    with vault.open(NAME) as credential:
        pass
    with pytest.raises(RuntimeError):
        credential.reveal()


def test_no_dump_of_the_database_holds_the_secret(vault: Vault, store: Store):
    _put(vault, store, NAME, SEED)
    with store.read() as conn:
        rows = [tuple(row) for table in metadata.sorted_tables for row in conn.execute(sa.select(table))]
    dump = b"".join(
        bytes(cell) if isinstance(cell, bytes | memoryview) else str(cell).encode() for row in rows for cell in row
    )
    assert rows
    assert SEED.encode() not in dump


def test_nothing_says_the_secret_aloud(vault: Vault, store: Store, master: MasterKey, caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.DEBUG)
    _put(vault, store, NAME, SEED)
    with vault.open(NAME) as credential:
        aloud = f"{credential} {credential!r} {vault!r} {master!r} {Secret(SEED)} {Secret(SEED)!r}"
        for silent in (credential, master, Secret(SEED)):
            with pytest.raises(TypeError):
                pickle.dumps(silent)
    assert SEED not in aloud + caplog.text
    assert master.text not in aloud


def test_a_secret_moved_to_another_name_does_not_open(vault: Vault, store: Store):
    _put(vault, store, NAME, SEED)
    with store.begin() as conn:
        conn.execute(sa.update(secrets).values(name="connection/c2/password"))
    with pytest.raises(Misconfigured, match="COFFRE_ILLISIBLE"):
        _read(vault, "connection/c2/password")


def test_an_altered_byte_does_not_open(vault: Vault, store: Store):
    _put(vault, store, NAME, SEED)
    with store.begin() as conn:
        sealed = bytearray(conn.scalar(sa.select(secrets.c.sealed)))
        sealed[-1] ^= 1
        conn.execute(sa.update(secrets).values(sealed=bytes(sealed)))
    with pytest.raises(Misconfigured, match="COFFRE_ILLISIBLE"):
        _read(vault, NAME)


def test_a_wrong_master_key_refuses_to_start(vault: Vault, store: Store, open_with: Callable[[MasterKey], Vault]):
    _put(vault, store, NAME, SEED)
    with pytest.raises(Misconfigured, match="COFFRE_CLE_FAUSSE") as refusal:
        open_with(MasterKey.new("autre"))
    assert "rien n’a été modifié" in refusal.value.sentence


def test_a_new_master_key_opens_everything_and_the_old_one_nothing(
    vault: Vault, store: Store, master: MasterKey, open_with: Callable[[MasterKey], Vault]
):
    _put(vault, store, NAME, SEED)
    new = MasterKey.new("nouvelle")
    assert vault.rotate_master(new) == 1
    assert _read(vault, NAME) == SEED
    assert _read(open_with(new), NAME) == SEED
    with pytest.raises(Misconfigured, match="COFFRE_CLE_FAUSSE"):
        open_with(master)


def test_a_new_data_key_seals_every_secret_again(vault: Vault, store: Store, master: MasterKey, open_with):
    other = open_with(master)
    _put(vault, store, NAME, SEED)
    _put(vault, store, "user/u1/totp", "JBSWY3DP")
    elsewhere = vault.seal_bytes("token/app", b"jeton")
    with store.read() as conn:
        before = {row.name: bytes(row.sealed) for row in conn.execute(sa.select(secrets))}
    assert vault.rotate_data_key() == 2
    with store.read() as conn:
        after = {row.name: bytes(row.sealed) for row in conn.execute(sa.select(secrets))}
    assert all(before[name].split(b"|")[1] != after[name].split(b"|")[1] for name in before)
    assert _read(vault, NAME) == SEED
    assert _read(other, NAME) == SEED, "another process learns the new data key by itself"
    assert vault.open_bytes("token/app", elsewhere) == b"jeton"


def test_sealed_bytes_are_bound_to_their_name(vault: Vault):
    sealed = vault.seal_bytes("token/a", b"jeton")
    with pytest.raises(Misconfigured, match="COFFRE_ILLISIBLE"):
        vault.open_bytes("token/b", sealed)


def test_a_fingerprint_recognises_and_tells_nothing(vault: Vault, shelf: SecretShelf, master: MasterKey, open_with):
    one = vault.fingerprint("refused", Secret(SEED))
    assert one == open_with(master).fingerprint("refused", Secret(SEED))
    assert one != vault.fingerprint("refused", Secret(SEED + " "))
    assert one != vault.fingerprint("other use", Secret(SEED))
    vault.rotate_data_key()
    assert one == vault.fingerprint("refused", Secret(SEED))


def test_renaming_keeps_the_content(vault: Vault, store: Store):
    _put(vault, store, "connection/c1/candidate", SEED)
    with store.begin() as conn:
        vault.rename(conn, "connection/c1/candidate", NAME)
    assert vault.names("connection/") == [NAME]
    assert _read(vault, NAME) == SEED
