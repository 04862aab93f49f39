"""A backup made by any version that landed comes back whole in the Raccord of today; one of tomorrow is refused."""

from __future__ import annotations

import io
import json
import tarfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from raccord.domain.connection import EnvironmentName
from raccord.domain.deposit import NewDeposit
from raccord.domain.errors import Conflict
from raccord.domain.requests import NewConnection
from raccord.domain.roles import Role
from raccord.domain.secrets import Secret
from raccord.engine.backups import Backups
from raccord.engine.connections import addresses_at
from raccord.engine.foundation import due_dates
from raccord.engine.gateway import Gateway
from raccord.formats.sample import make_invoice, write_sample
from raccord.settings import load_settings
from raccord.store import dumping, migrating
from raccord.store.database import open_store
from raccord.store.deposits import DepositQuery
from raccord.store.tables.processing import metadata
from raccord.wiring import build_gateway

LANDED = [one.revision for one in reversed(list(migrating._script().walk_revisions()))]
OLDER, TODAY = LANDED[:-1], LANDED[-1]
PERSON = "une phrase assez longue"
PHRASE = Secret("cinq mots sans aucun rapport")
Then = dict[str, list[str]]


def _open(folder: Path, url: str = "") -> Gateway:
    environ = {"RACCORD_DATA_DIR": str(folder), "RACCORD_DATABASE_URL": url}
    settings = load_settings({key: value for key, value in environ.items() if value}, env_file=None)
    return build_gateway(settings, store=open_store(url) if url else None, durable=False)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Callable[..., Gateway]]:
    opened = []

    def at(name: str, url: str = "") -> Gateway:
        opened.append(_open(tmp_path / name, url))
        return opened[-1]

    yield at
    for gateway in opened:
        gateway.close()


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """A backup of today under a passphrase, and the deposit in it; an invoice was received and paid."""
    folder = tmp_path_factory.mktemp("avant")
    gateway = _open(folder)
    file = folder / "aujourdhui.tar.gz"
    yield file, _furnish(gateway, file)
    gateway.close()


def _furnish(gateway: Gateway, file: Path) -> str:
    new = NewConnection(
        "Entreprise", EnvironmentName.SIMULATOR, addresses=addresses_at("http://127.0.0.1:9"), client_id="app",
        client_secret=Secret("secret-de-l-application"),
    )  # fmt: skip
    connection = gateway.connections.create(new, "cli")
    gateway.users.create_user("chef@exemple.fr", "Chef", Role.SUPERVISEUR, Secret(PERSON), "cli")
    invoice = write_sample(make_invoice(3, number="F-1"), "cii")
    deposit = gateway.outbox.accept(NewDeposit(connection.id, invoice, "f.xml", author="cli", source="cli")).deposit
    _receive(gateway, connection.id)
    Backups(gateway.store, gateway.archive, gateway.vault, gateway.clock).write(file, "cli", PHRASE)
    return deposit.id


def _receive(gateway: Gateway, connection_id: str) -> None:
    at = datetime(2026, 1, 5, tzinfo=UTC)
    rows: dict[str, dict[str, Any]] = {
        "structures": {"id": "s1", "connection_id": connection_id, "siret": "21970999400017"},
        "receptions": {
            "id": "r1", "connection_id": connection_id, "structure_id": "s1", "platform_status": "MISE_EN_PAIEMENT",
        },
    }  # fmt: skip
    with gateway.store.begin() as conn:
        for name, given in rows.items():
            table = metadata.tables[name]
            blanks = {column.name: _blank(column, at) for column in table.columns if _is_needed(column)}
            conn.execute(table.insert().values({**blanks, **given}))


def _is_needed(column: sa.Column[Any]) -> bool:
    return not (column.nullable or column.server_default or column.default or column.autoincrement is True)


def _blank(column: sa.Column[Any], at: datetime) -> Any:
    kinds = ((sa.JSON, {}), (sa.DateTime, at), (sa.Boolean, False), (sa.Integer, 1), (sa.String, "1"))
    return next((value for kind, value in kinds if isinstance(column.type, kind)), at)


@pytest.fixture(scope="module")
def tables_of(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Then]:
    """The tables and the columns of each version, as its migrations make them."""
    found = {}
    for revision in LANDED:
        store = open_store(f"sqlite:///{tmp_path_factory.mktemp('v')}/{revision}.db", migrate=False)
        with store.begin() as conn:
            migrating.upgrade(conn, to=revision)
            there = sa.inspect(conn)
            found[revision] = {
                table.name: [column["name"] for column in there.get_columns(table.name)]
                for table in dumping.tables()
                if there.has_table(table.name)
            }
        store.close()
    return found


def _aged(file: Path, old: Path, revision: str, then: Then, *, with_words: bool) -> Path:
    """The backup that a house of that version, holding the same, would have written."""
    with tarfile.open(file) as box, tarfile.open(old, mode="w:gz") as out:
        manifest = json.loads(_read(box, "manifest.json"))
        for name in box.getnames():
            table = name.removeprefix("tables/").removesuffix(".jsonl")
            content = _read(box, name)
            if name == "manifest.json":
                content = json.dumps({**manifest, "revision": revision, "tables": then}).encode()
            elif name == "search.jsonl" and not with_words:
                continue
            elif name.startswith("tables/"):
                if table not in then:
                    continue
                content = _narrowed(content, manifest["tables"][table], then[table])
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            out.addfile(entry, io.BytesIO(content))
    return old


def _narrowed(content: bytes, columns: list[str], then: list[str]) -> bytes:
    rows = [dict(zip(columns, json.loads(line), strict=True)) for line in content.splitlines()]
    return b"".join(json.dumps([row[name] for name in then]).encode() + b"\n" for row in rows)


def _read(box: tarfile.TarFile, name: str) -> bytes:
    found = box.extractfile(name)
    assert found is not None
    return found.read()


@pytest.mark.parametrize("revision", OLDER)
def test_a_backup_of_any_older_version_comes_back_whole(
    house: Any, furnished: tuple[Path, str], tables_of: dict[str, Then], store_url: str, tmp_path: Path, revision: str
) -> None:
    file, deposit = furnished
    old = _aged(file, tmp_path / "ancienne.tar.gz", revision, tables_of[revision], with_words=revision >= "0006")
    here = house("apres", store_url)
    report = Backups(here.store, here.archive, here.vault, here.clock).read(old, "cli", PHRASE)
    assert report.originals == 1
    assert here.outbox.get(deposit).number == "F-1"
    assert here.outbox.original(deposit)
    assert [one.id for one in here.outbox.search(DepositQuery(text="F-1")).items] == [deposit]
    assert here.journal.verify().intact
    assert here.users.sign_in("chef@exemple.fr", Secret(PERSON)).token
    with here.store.read() as conn:
        receptions = metadata.tables["receptions"]
        settled = conn.scalar(sa.select(receptions.c.reckoned))
        assert settled or revision >= "0010", "the migration 0010 settles what was already paid"
        assert dumping.revision(conn) == TODAY
    _awaits_its_payment(here, deposit)


def _awaits_its_payment(house: Gateway, deposit: str) -> None:
    """The days of its period are reckoned in the house of today, whatever the version that it came from."""
    awaited = metadata.tables["deposits"].update().values(state="integrated", followed=True)
    with house.store.begin() as conn:
        conn.execute(awaited)
    assert due_dates.reckon_all(house.ground) > 0
    (line,) = house.boards.of_deposits([deposit]).values()
    board = house.boards.deposits()
    assert (board.open, board.complete, board.by_party[0].amount) == (1, True, line.invoice.amount)


def test_a_backup_of_a_newer_version_is_refused_and_nothing_changes(
    house: Any, furnished: tuple[Path, str], tables_of: dict[str, Then], tmp_path: Path
) -> None:
    newer = _aged(furnished[0], tmp_path / "autre.tar.gz", "9999", tables_of[TODAY], with_words=True)
    here = house("apres")
    with pytest.raises(Conflict, match="plus récente que celle-ci") as refused:
        Backups(here.store, here.archive, here.vault, here.clock).read(newer, "cli", PHRASE)
    assert refused.value.code == "SAUVEGARDE_AUTRE_VERSION"
    assert here.users.all() == []


def test_the_passing_database_is_gone_after_the_restore(
    house: Any, furnished: tuple[Path, str], tables_of: dict[str, Then], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    passing = tmp_path / "passage"
    passing.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(passing))
    old = _aged(furnished[0], tmp_path / "autre.tar.gz", OLDER[0], tables_of[OLDER[0]], with_words=False)
    here = house("apres")
    Backups(here.store, here.archive, here.vault, here.clock).read(old, "cli", PHRASE)
    assert list(passing.iterdir()) == []
