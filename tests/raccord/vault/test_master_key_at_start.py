"""Where the master key comes from at start, and what stops it."""

import os
import stat
from pathlib import Path

import keyring
import keyring.backends.fail
import pytest

from raccord.domain.clock import system_clock
from raccord.domain.errors import Misconfigured
from raccord.settings import Settings, load_settings
from raccord.store.database import Store
from raccord.store.secrets import SecretShelf
from raccord.vault import MasterKey, Vault, open_vault, rotate_key_file
from raccord.vault.master import exposure, write_key_file


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings({"RACCORD_DATA_DIR": str(tmp_path / "donnees")}, None)


def _open(settings: Settings, shelf: SecretShelf, environ: dict[str, str] | None = None) -> Vault:
    names = iter(range(1000))
    return open_vault(settings, shelf, system_clock, lambda: f"{os.urandom(4).hex()}{next(names)}", environ or {})


def test_the_first_start_makes_a_key_for_its_owner_alone(settings: Settings, shelf: SecretShelf):
    _open(settings, shelf)
    assert stat.S_IMODE(settings.master_key_file.stat().st_mode) == 0o600
    _open(settings, shelf)


def test_a_lost_key_is_not_mistaken_for_a_first_start(settings: Settings, shelf: SecretShelf):
    _open(settings, shelf)
    settings.master_key_file.unlink()
    with pytest.raises(Misconfigured, match="COFFRE_CLE_ABSENTE"):
        _open(settings, shelf)
    assert not settings.master_key_file.exists()


def test_a_key_that_others_can_read_is_refused(settings: Settings, shelf: SecretShelf):
    _open(settings, shelf)
    settings.master_key_file.chmod(0o644)
    with pytest.raises(Misconfigured, match="COFFRE_CLE_EXPOSEE") as refusal:
        _open(settings, shelf)
    assert "chmod 600" in refusal.value.cure


def test_a_malformed_key_is_refused_without_quoting_it(settings: Settings, shelf: SecretShelf):
    settings.master_key_file.parent.mkdir(parents=True)
    settings.master_key_file.write_text("pas-une-cle")
    settings.master_key_file.chmod(0o600)
    with pytest.raises(Misconfigured, match="COFFRE_CLE_MALFORMEE") as refusal:
        _open(settings, shelf)
    assert "pas-une-cle" not in str(refusal.value)


def test_a_systemd_credential_comes_first(settings: Settings, shelf: SecretShelf, tmp_path: Path):
    key = MasterKey.new()
    (tmp_path / "raccord.key").write_text(key.text)
    _open(settings, shelf, {"CREDENTIALS_DIRECTORY": str(tmp_path)})
    assert not settings.master_key_file.exists()
    with pytest.raises(Misconfigured, match="COFFRE_CLE_ABSENTE"):
        _open(settings, shelf)


class _Trousseau(keyring.backend.KeyringBackend):
    """A keyring of the operating system, in memory."""

    priority = 1.0

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password


def test_the_systems_keyring_may_keep_the_key(tmp_path: Path, shelf: SecretShelf, store: Store):
    before = keyring.get_keyring()
    keyring.set_keyring(_Trousseau())
    try:
        settings = load_settings({"RACCORD_KEYRING": "oui", "RACCORD_DATA_DIR": str(tmp_path)}, None)
        vault = _open(settings, shelf)
        with store.begin() as conn:
            vault.seal(conn, "a", "secret")
        with _open(settings, shelf).open("a") as credential:
            assert credential.reveal() == "secret"
    finally:
        keyring.set_keyring(before)
    assert list(tmp_path.glob("*.key")) == []


def test_an_absent_keyring_stops_the_start(tmp_path: Path, shelf: SecretShelf):
    before = keyring.get_keyring()
    keyring.set_keyring(keyring.backends.fail.Keyring())
    try:
        settings = load_settings({"RACCORD_KEYRING": "oui", "RACCORD_DATA_DIR": str(tmp_path)}, None)
        with pytest.raises(Misconfigured, match="COFFRE_TROUSSEAU_ABSENT"):
            _open(settings, shelf)
    finally:
        keyring.set_keyring(before)


def test_the_environment_may_carry_the_key(tmp_path: Path, shelf: SecretShelf):
    key = MasterKey.new()
    _open(load_settings({"RACCORD_MASTER_KEY": key.text, "RACCORD_DATA_DIR": str(tmp_path)}, None), shelf)
    assert list(tmp_path.glob("*.key")) == []


def test_the_key_file_is_changed_in_place(settings: Settings, shelf: SecretShelf, store: Store):
    vault = _open(settings, shelf)
    with store.begin() as conn:
        vault.seal(conn, "a", "secret")
    before = settings.master_key_file.read_text()
    assert rotate_key_file(vault, settings.master_key_file) == 1
    assert settings.master_key_file.read_text() != before
    with _open(settings, shelf).open("a") as credential:
        assert credential.reveal() == "secret"


def test_a_crash_while_changing_the_key_loses_nothing(settings: Settings, shelf: SecretShelf, store: Store):
    """The database was sealed anew, the file not yet replaced: the next start finds the key beside."""
    vault = _open(settings, shelf)
    with store.begin() as conn:
        vault.seal(conn, "a", "secret")
    new = MasterKey.new()
    write_key_file(settings.master_key_file.with_name("raccord.key.next"), new)
    vault.rotate_master(new)
    with _open(settings, shelf).open("a") as credential:
        assert credential.reveal() == "secret"
    assert settings.master_key_file.read_text().strip() == new.text


def test_a_key_beside_the_database_is_remarked_upon_in_production(tmp_path: Path):
    here = load_settings({"RACCORD_DATA_DIR": str(tmp_path), "RACCORD_PRODUCTION": "oui"}, None)
    assert exposure(here) == ""
    write_key_file(here.master_key_file, MasterKey.new())
    assert "RACCORD_MASTER_KEY_FILE" in exposure(here)
    apart = load_settings(
        {"RACCORD_DATA_DIR": str(tmp_path), "RACCORD_PRODUCTION": "oui", "RACCORD_MASTER_KEY_FILE": "/etc/raccord/key"},
        None,
    )
    assert exposure(apart) == ""
