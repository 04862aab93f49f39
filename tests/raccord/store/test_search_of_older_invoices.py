"""An invoice kept before the search existed is found by its head once the tables are brought up to date."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext

from raccord.store import migrating
from raccord.store.database import open_store
from raccord.store.receptions import ReceptionQuery, search

_NOW = "2026-01-02 03:04:05.000006"


def _upgrade_to(conn: sa.Connection, revision: str) -> None:
    script = migrating._script()
    config = Config()
    config.set_main_option("script_location", script.dir)

    def steps(current: str, _context: object) -> list[Any]:
        return list(script._upgrade_revs(revision, current))

    with EnvironmentContext(config, script, fn=steps) as environment:
        environment.configure(connection=conn, target_metadata=migrating.metadata, transactional_ddl=False)
        environment.run_migrations()


def _insert(conn: sa.Connection, table: str, **values: Any) -> None:
    names = ", ".join(values)
    marks = ", ".join(f":{name}" for name in values)
    conn.execute(sa.text(f"INSERT INTO {table} ({names}) VALUES ({marks})"), values)


def _an_old_reception(conn: sa.Connection) -> None:
    _insert(conn, "connections", id="c1", label="Mairie", environment="simulator", model="direct", token_url="t",
            api_url="a", network="{}", enabled=True, light="green", expiry_source="unknown", breaker_open=False,
            paused=False, created_at=_NOW, updated_at=_NOW)  # fmt: skip
    _insert(conn, "structures", id="s1", connection_id="c1", siret="21970999400017", label="Ville", is_supplier=False,
            is_recipient=True, created_at=_NOW)  # fmt: skip
    _insert(conn, "receptions", id="r1", connection_id="c1", structure_id="s1", state="stored", family="FACTURE",
            id_facture=1, number="FAC-2025-7", supplier_siret="45251785100010", supplier_name="Bâti-Œuvre",
            recipient_siret="21970999400017", service_code="", service_name="", commitment="EJ-9", market="",
            type_code="FACTURE", currency="EUR", amount_total=148140, amount_due=None, platform_status="MANDATEE",
            sequence=1, created_at=_NOW, updated_at=_NOW)  # fmt: skip


def test_invoices_kept_before_the_search_are_found_by_their_head(blank_url: str) -> None:
    store = open_store(blank_url, migrate=False)
    with store.begin() as conn:
        _upgrade_to(conn, "0003")
        _an_old_reception(conn)
    with store.begin() as conn:
        migrating.upgrade(conn)
    with store.read() as conn:
        for text in ("bati", "fac-2025-7", "1481,40", "ej-9"):
            assert [one.number for one in search(conn, ReceptionQuery(text=text)).items] == ["FAC-2025-7"], text
        assert search(conn, ReceptionQuery(text="eaux")).items == ()
    store.close()
