"""The store opens, migrates, and says in French why it cannot."""

import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from raccord.domain.errors import Misconfigured, Unavailable
from raccord.store import dialects, migrating
from raccord.store.database import Store, open_store
from raccord.store.tables.core import metadata


def test_the_migrated_tables_are_those_of_the_schema(store: Store) -> None:
    with store.read() as conn:
        context = MigrationContext.configure(conn, opts={"include_object": migrating.is_ours, "compare_type": False})
        assert compare_metadata(context, metadata) == []


def test_opening_twice_changes_nothing(blank_url: str) -> None:
    open_store(blank_url).close()
    store = open_store(blank_url)
    with closing(store), store.read() as conn:
        assert conn.execute(sa.text("SELECT count(*) FROM alembic_version")).scalar_one() == 1


_OPENED = """
import sys
from raccord.store.database import open_store
open_store(sys.argv[1]).close()
print("alembic" in sys.modules)
"""


def _wakes_alembic(url: str) -> bool:
    opened = subprocess.run([sys.executable, "-c", _OPENED, url], capture_output=True, text=True, check=True)
    return opened.stdout.strip() == "True"


def test_a_database_of_today_is_opened_without_alembic(store_url: str) -> None:
    """Loading it and every migration costs each command a tenth of a second."""
    assert not _wakes_alembic(store_url)


def test_a_database_without_a_table_wakes_alembic(blank_url: str) -> None:
    assert _wakes_alembic(blank_url)


def test_a_database_from_a_newer_raccord_is_left_alone(store: Store, store_url: str) -> None:
    with store.begin() as conn:
        conn.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(Misconfigured) as refusal:
        open_store(store_url)
    assert refusal.value.code == "BASE_PLUS_RECENTE"


def test_a_failed_transaction_leaves_nothing(store: Store) -> None:
    with pytest.raises(sa.exc.IntegrityError), store.begin() as conn:
        conn.execute(sa.text("INSERT INTO quotas (key, tat) VALUES ('a', 1), ('b', 1), ('a', 1)"))
    with store.read() as conn:
        assert conn.execute(sa.text("SELECT count(*) FROM quotas")).scalar_one() == 0


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(Misconfigured) as refusal:
        open_store(f"sqlite:///{tmp_path}/file/raccord.db")
    assert refusal.value.code == "BASE_DOSSIER"
    assert "file" in refusal.value.sentence


def test_a_file_that_is_not_a_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "raccord.db").write_bytes(b"an invoice, perhaps " * 100)
    with pytest.raises((Misconfigured, Unavailable)) as refusal:
        open_store(f"sqlite:///{tmp_path}/raccord.db")
    assert refusal.value.code == "BASE_ILLISIBLE"


def test_a_full_disk_is_said_and_nothing_is_kept(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path}/raccord.db")
    with store.read() as conn:
        pages = conn.exec_driver_sql("PRAGMA page_count").scalar_one()
    sa.event.listen(store.engine, "checkout", lambda raw, *_: raw.execute(f"PRAGMA max_page_count={pages}"))
    rows = [{"k": f"{number}" * 20} for number in range(2000)]
    with pytest.raises(Unavailable) as refusal, store.begin() as conn:
        conn.execute(sa.text("INSERT INTO quotas (key, tat) VALUES (:k, 1)"), rows)
    assert refusal.value.code == "BASE_DISQUE_PLEIN"
    with store.read() as conn:
        assert conn.execute(sa.text("SELECT count(*) FROM quotas")).scalar_one() == 0
    store.close()


def test_an_unknown_address_is_refused_by_the_name_of_its_setting() -> None:
    for url in ("", "mysql://somewhere/raccord", "sqlite://"):
        with pytest.raises(Misconfigured) as refusal:
            open_store(url)
        assert "RACCORD_DATABASE_URL" in refusal.value.sentence + refusal.value.cure


def test_a_postgres_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises((Misconfigured, Unavailable)):
        open_store(f"postgresql://raccord@/raccord?host={tmp_path}")


@pytest.mark.parametrize(
    ("version", "affected"),
    [
        ((3, 40, 1), True),
        ((3, 44, 6), False),
        ((3, 45, 1), True),
        ((3, 50, 7), False),
        ((3, 51, 2), True),
        ((3, 51, 3), False),
    ],
)
def test_a_sqlite_with_the_wal_reset_bug_keeps_the_rollback_journal(
    version: tuple[int, int, int], affected: bool
) -> None:
    assert dialects.has_wal_reset_bug(version) is affected
    assert dialects.journal_mode_for("auto", version) == ("delete" if affected else "wal")
    assert dialects.journal_mode_for("wal", version) == "wal"


def test_the_pragmas_of_the_house_are_set(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path}/raccord.db", journal_mode="wal")
    with store.read() as conn:
        asked = {
            name: conn.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    store.close()
    assert asked == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def test_a_file_that_nobody_may_write_is_said(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path}/raccord.db")
    sa.event.listen(store.engine, "checkout", lambda raw, *_: raw.execute("PRAGMA query_only=ON"))
    with pytest.raises((Misconfigured, Unavailable)) as refusal, store.begin() as conn:
        conn.execute(sa.text("INSERT INTO quotas (key, tat) VALUES ('a', 1)"))
    assert refusal.value.code == "BASE_LECTURE_SEULE"
    store.close()


def test_a_table_changed_by_hand_is_still_a_sqlite_file(tmp_path: Path) -> None:
    open_store(f"sqlite:///{tmp_path}/raccord.db").close()
    with sqlite3.connect(tmp_path / "raccord.db") as raw:
        assert raw.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert stat.S_ISREG((tmp_path / "raccord.db").stat().st_mode)
