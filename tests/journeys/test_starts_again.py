"""Starting twice, starting after an upgrade, starting with the wrong key, and files that only their owner reads."""

from __future__ import annotations

import base64
import json
import os
import re
import shutil
import stat
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from raccord.store import migrating
from raccord.store.database import open_store

pytestmark = pytest.mark.journey


def test_init_twice_keeps_everything(house: Any) -> None:
    first = json.loads(house.run("init", "--json").stdout)["first_access"]
    key = (house.folder / "var" / "raccord.key").read_bytes()
    second = json.loads(house.run("init", "--json").stdout)["first_access"]
    assert first != second
    assert (house.folder / "var" / "raccord.key").read_bytes() == key
    serving = house.serve()
    serving.said.append(re.sub(r"^https?://[^/]+", "", second))
    visitor = house.office(serving)  # the link of `init` works although `serve` gave another one
    assert "Tableau de bord" in visitor.text
    assert json.loads(house.run("init", "--json").stdout)["first_access"] == ""


def test_a_database_of_the_first_version_is_opened_by_the_code_of_today(house: Any) -> None:
    script = migrating._script()
    first = next(one.revision for one in script.walk_revisions() if one.down_revision is None)
    (house.folder / "var").mkdir()
    place = house.folder / "var" / "raccord.sqlite"
    store = open_store(f"sqlite:///{place}", migrate=False)
    _up_to(store, script, first)
    assert house.run("init").returncode == 0
    with store.read() as conn:
        now = conn.execute(sa.text("SELECT version_num FROM alembic_version")).scalar_one()
    store.close()
    assert now == script.get_current_head() != first
    house.connect()
    done = house.run("deposit", str(house.invoice("VIEUX-1")), "--wait", "--json")
    assert [one["state"] for one in json.loads(done.stdout)] == ["integrated"], done.stderr


def _up_to(store: Any, script: Any, revision: str) -> None:
    from alembic.config import Config
    from alembic.runtime.environment import EnvironmentContext

    config = Config()
    config.set_main_option("script_location", script.dir)
    with (
        store.begin() as conn,
        EnvironmentContext(config, script, fn=lambda *_: list(script._upgrade_revs(revision, None))) as environment,
    ):
        environment.configure(connection=conn, target_metadata=migrating.metadata, transactional_ddl=False)
        environment.run_migrations()


def test_a_database_of_a_later_version_is_left_alone(house: Any) -> None:
    house.run("init")
    store = open_store(f"sqlite:///{house.folder / 'var' / 'raccord.sqlite'}")
    with store.begin() as conn:
        conn.execute(sa.text("UPDATE alembic_version SET version_num = 'v9999'"))
    store.close()
    done = house.run("serve", "--port", "0")
    assert done.returncode == 2
    assert "version plus récente de Raccord" in done.stderr


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda key: key.write_text(base64.b64encode(b"x" * 32).decode()), "clé"),
        (lambda key: key.unlink(), "introuvable"),
        (lambda key: key.write_text("pas une clé"), "pas une clé de Raccord"),
        (lambda key: key.chmod(0o644), "d’autres utilisateurs"),
    ],
    ids=["fausse", "perdue", "abîmée", "exposée"],
)
def test_the_wrong_key_refuses_to_start_and_the_right_one_starts_again(house: Any, spoil: Any, told: str) -> None:
    house.connect()
    key = house.folder / "var" / "raccord.key"
    shutil.copy2(key, house.folder / "sauvegarde.key")
    spoil(key)
    for words in (["serve", "--port", "0"], ["status"], ["deposit", str(house.invoice("CLE-1"))]):
        done = house.run(*words)
        assert done.returncode == 2, done.stderr
        assert told in done.stderr
        assert "Traceback" not in done.stderr
    shutil.copy2(house.folder / "sauvegarde.key", key)
    assert house.run("doctor", "--json").returncode == 0


@pytest.mark.skipif(os.name != "posix", reason="droits POSIX")
def test_no_stranger_reads_the_data(house: Any) -> None:
    """Whatever the mask of whoever starts Raccord: database, journals, key and originals are closed to others."""
    house.connect()
    serving = house.serve()
    house.run("deposit", str(house.invoice("PRIVE-1")))
    data = house.folder / "var"
    assert _open_to_others(data) == []
    serving.end()
    (data / "raccord.sqlite").chmod(0o644)  # as an earlier version left it
    house.run("status")
    assert _open_to_others(data) == []
    assert stat.S_IMODE((data / "raccord.key").stat().st_mode) == 0o600


def _open_to_others(data: Path) -> list[str]:
    return [str(path) for path in data.rglob("*") if path.is_file() and stat.S_IMODE(path.stat().st_mode) & 0o007]
