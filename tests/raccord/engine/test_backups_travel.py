"""A house given out as one file, taken back in a new one: all of it, without a secret unless under a passphrase."""

from __future__ import annotations

import gzip
import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from raccord.domain.connection import EnvironmentName
from raccord.domain.deposit import NewDeposit
from raccord.domain.errors import Conflict, Invalid, NotAllowed
from raccord.domain.requests import NewConnection
from raccord.domain.roles import Permission, Role
from raccord.domain.secrets import Secret
from raccord.engine.backups import Backups
from raccord.engine.connections import addresses_at
from raccord.engine.gateway import Gateway
from raccord.formats.sample import make_invoice, write_sample
from raccord.settings import load_settings
from raccord.store import dumping
from raccord.store.database import open_store
from raccord.store.deposits import DepositQuery
from raccord.wiring import build_gateway

PASSWORD = "-shvun)en7jks0P€"
CLIENT_SECRET = "secret-de-l-application"
PERSON = "une phrase assez longue"
PHRASE = Secret("cinq mots sans aucun rapport")

Open = Callable[[str, str], Gateway]


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Open]:
    """Opens the gateway of a folder, on a database of its own."""
    opened = []

    def at(name: str, url: str = "") -> Gateway:
        environ = {"RACCORD_DATA_DIR": str(tmp_path / name), "RACCORD_DATABASE_URL": url}
        settings = load_settings({key: value for key, value in environ.items() if value}, env_file=None)
        store = open_store(url) if url else None
        opened.append(build_gateway(settings, store=store, durable=False))
        return opened[-1]

    yield at
    for gateway in opened:
        gateway.close()


def _furnish(gateway: Gateway) -> dict[str, str]:
    new = NewConnection(
        "Entreprise", EnvironmentName.SIMULATOR, addresses=addresses_at("http://127.0.0.1:9"), client_id="app",
        client_secret=Secret(CLIENT_SECRET),
    )  # fmt: skip
    connection = gateway.connections.create(new, "cli")
    with gateway.store.begin() as conn:
        gateway.vault.seal(conn, f"connection/{connection.id}/password", PASSWORD)
    boss = gateway.users.create_user("chef@exemple.fr", "Chef", Role.SUPERVISEUR, Secret(PERSON), "cli")
    key = gateway.users.create_key("ERP", frozenset({Permission.READ}), boss.id).key.reveal()
    invoice = write_sample(make_invoice(3, number="F-1"), "cii")
    deposit = gateway.outbox.accept(NewDeposit(connection.id, invoice, "f.xml", author="cli", source="cli")).deposit
    return {"connection": connection.id, "key": key, "deposit": deposit.id}


def _backups(gateway: Gateway) -> Backups:
    return Backups(gateway.store, gateway.archive, gateway.vault, gateway.clock)


def test_all_comes_back_on_either_database_with_the_passphrase(house: Any, tmp_path: Path, store_url: str) -> None:
    there = house("avant")
    made = _furnish(there)
    file = tmp_path / "maison.tar.gz"
    written = _backups(there).write(file, "cli", PHRASE)
    assert written.secrets == 2
    assert written.originals == 1
    assert stat.S_IMODE(os.stat(file).st_mode) == 0o600

    here = house("apres", store_url)
    read = _backups(here).read(file, "cli", PHRASE)
    assert read.rows == written.rows
    with here.vault.open(f"connection/{made['connection']}/password") as kept:
        assert kept.reveal() == PASSWORD
    assert here.outbox.original(made["deposit"]) == there.outbox.original(made["deposit"])
    assert here.outbox.get(made["deposit"]).amount_total == there.outbox.get(made["deposit"]).amount_total
    assert here.journal.verify().intact
    assert [one.id for one in here.outbox.search(DepositQuery(text="F-1")).items] == [made["deposit"]]
    assert here.users.sign_in("chef@exemple.fr", Secret(PERSON)).token
    assert here.users.api_key(made["key"])
    assert here.connections.get(made["connection"]).paused, "what waits may have left since the backup"


def test_without_a_passphrase_nothing_in_the_file_opens_anything(house: Any, tmp_path: Path) -> None:
    there = house("avant")
    made = _furnish(there)
    file = tmp_path / "maison.tar.gz"
    assert _backups(there).write(file, "cli").secrets == 0
    plain = gzip.decompress(file.read_bytes())
    with there.store.read() as conn:
        hashes = [row.password_hash for row in conn.exec_driver_sql("SELECT password_hash FROM users")]
    for secret in (PASSWORD, CLIENT_SECRET, PERSON, made["key"], *hashes):
        assert secret.encode() not in plain
    assert b"secrets.sealed" not in plain

    here = house("apres")
    _backups(here).read(file, "cli")
    assert here.vault.names("connection/") == []
    assert here.users.api_key(made["key"]) is None
    with pytest.raises(NotAllowed):
        here.users.sign_in("chef@exemple.fr", Secret(PERSON))
    token = here.users.reset_link("chef@exemple.fr")
    assert token
    here.users.reset_password(token, Secret("une autre phrase longue"))
    assert here.users.sign_in("chef@exemple.fr", Secret("une autre phrase longue")).token


def test_the_sealed_secrets_do_not_show_and_want_their_passphrase(house: Any, tmp_path: Path) -> None:
    there = house("avant")
    _furnish(there)
    file = tmp_path / "maison.tar.gz"
    with pytest.raises(Invalid, match="12 caractères"):
        _backups(there).write(file, "cli", Secret("court"))
    assert not file.exists()
    _backups(there).write(file, "cli", PHRASE)
    plain = gzip.decompress(file.read_bytes())
    assert PASSWORD.encode() not in plain
    assert CLIENT_SECRET.encode() not in plain
    here = house("apres")
    with pytest.raises(Invalid) as refused:
        _backups(here).read(file, "cli", Secret("une tout autre phrase"))
    assert refused.value.code == "PHRASE_FAUSSE"
    assert here.connections.all() == []


def test_a_house_in_use_and_a_bitten_file_are_refused_and_nothing_changes(house: Any, tmp_path: Path) -> None:
    there = house("avant")
    _furnish(there)
    file = tmp_path / "maison.tar.gz"
    _backups(there).write(file, "cli")
    with pytest.raises(Conflict) as refused:
        _backups(there).read(file, "cli")
    assert refused.value.code == "BASE_DEJA_UTILISEE"
    with pytest.raises(Conflict, match="existe déjà"):
        _backups(there).write(file, "cli")
    bitten = tmp_path / "mordue.tar.gz"
    bitten.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    here = house("apres")
    with pytest.raises(Invalid) as unreadable:
        _backups(here).read(bitten, "cli")
    assert unreadable.value.code == "SAUVEGARDE_ILLISIBLE"
    assert here.connections.all() == []
    assert here.users.all() == []


def test_every_table_is_in_a_backup_or_left_out_on_purpose(store: Any) -> None:
    ours = {
        name for name in sa.inspect(store.engine).get_table_names() if not name.startswith(("alembic", "search_"))
    }  # the words of the search travel apart
    assert ours - {table.name for table in dumping.tables()} - dumping.LEFT_OUT == set()
