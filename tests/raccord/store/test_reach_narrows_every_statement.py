"""A limited store: rows of other structures do not exist there, whatever is asked, on either database."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa

from raccord.domain.errors import NotFound
from raccord.domain.journal import NewEvent
from raccord.domain.reach import EVERYTHING, Reach
from raccord.store import deposits, journal, receptions, structures
from raccord.store.database import Store
from raccord.store.deposits import DepositQuery
from raccord.store.migrating import metadata
from raccord.store.reach_rules import RULES
from raccord.store.reaching import narrow
from raccord.store.receptions import ReceptionQuery
from raccord.store.tables.core import connections, flux
from raccord.store.tables.core import deposits as deposit_table
from raccord.store.tables.core import receptions as reception_table
from raccord.store.tables.core import structures as structure_table
from raccord.store.tables.core import users as user_table
from raccord.store.tables.types import Instant

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
NORTH, SOUTH, TOWN, HAMLET = "45251785100010", "45251785100028", "21970999400017", "21970999400025"


def blank(table: sa.Table, **given: Any) -> dict[str, Any]:
    """A row of a table: what is given, and something harmless in every other column that must hold something."""
    samples = {int: 0, str: "", bool: False}
    row: dict[str, Any] = {}
    for column in table.columns:
        if column.nullable or column.server_default is not None:
            row |= {} if column.server_default is not None else {column.name: None}
        elif isinstance(column.type, sa.JSON):
            row[column.name] = []
        else:
            row[column.name] = NOW if isinstance(column.type, Instant) else samples[column.type.python_type]
    return row | given


@pytest.fixture
def house(store: Store) -> Store:
    """Two agencies under one connection, two public bodies; each with one invoice; one flux carried both deposits."""
    with store.begin() as conn:
        conn.execute(connections.insert().values(blank(connections, id="c1", label="Partagée", network={})))
        for number, siret in enumerate((NORTH, SOUTH, TOWN, HAMLET)):
            conn.execute(
                structure_table.insert().values(
                    blank(structure_table, id=f"s{number}", connection_id="c1", siret=siret, label=siret)
                )
            )
        conn.execute(flux.insert().values(blank(flux, id="f1", connection_id="c1", state="sent", deposits=2)))
        for name, siret in (("north", NORTH), ("south", SOUTH)):
            row = blank(deposit_table, id=name, connection_id="c1", state="integrated", number=f"F-{name}",
                        supplier_siret=siret, supplier_siren=siret[:9], issue_year=2026, flux_id="f1",
                        supplier_name=f"Agence {name}", platform="p")  # fmt: skip
            deposits.insert(conn, row)
            journal.append(
                conn, NewEvent(f"deposit/{name}", "deposit.accepted", NOW, "test", {"number": row["number"]})
            )
        for number, (name, place) in enumerate((("town", "s2"), ("hamlet", "s3"))):
            row = blank(reception_table, id=name, connection_id="c1", structure_id=place, state="seen",
                        family="FACTURE", id_facture=number + 1, number=f"R-{name}")  # fmt: skip
            receptions.insert(conn, row)
            journal.append(conn, NewEvent(f"reception/{name}", "reception.seen", NOW, "test", {}))
        journal.append(conn, NewEvent("connection/c1", "connection.paused", NOW, "test", {}))
    return store


def test_every_table_has_its_rule() -> None:
    """A table made tomorrow cannot be forgotten: without a rule it cannot even be asked."""
    assert set(RULES) == set(metadata.tables)


def test_everything_is_the_store_itself(house: Store) -> None:
    """Nobody who sees everything pays for the seam."""
    assert narrow(house, EVERYTHING) is house


def test_lists_counts_and_searches_hold_only_what_is_in_reach(house: Store) -> None:
    """The same verbs, on the narrowed store."""
    with narrow(house, Reach.of([NORTH, TOWN])).read() as conn:
        assert [one.id for one in deposits.search(conn, DepositQuery()).items] == ["north"]
        assert [one.id for one in deposits.search(conn, DepositQuery(text="agence")).items] == ["north"]
        assert [one.id for one in receptions.search(conn, ReceptionQuery()).items] == ["town"]
        assert sum(deposits.count(conn).values()) == sum(receptions.count(conn).values()) == 1
        assert [one.siret for one in structures.of_connection(conn, "c1")] == [TOWN, NORTH]
        assert {one.subject for one in journal.latest(conn)} == {"deposit/north", "reception/town"}
        assert conn.execute(sa.select(flux.c.id)).scalars().all() == ["f1"]


def test_what_is_out_of_reach_answers_as_what_does_not_exist(house: Store) -> None:
    """Same code, same words: nobody learns that something is there."""
    with narrow(house, Reach.of([NORTH])).read() as conn:
        for asked in ("south", "nobody"):
            with pytest.raises(NotFound) as refusal:
                deposits.get(conn, asked)
            assert refusal.value.code == "DEPOT_INCONNU"
        with pytest.raises(NotFound):
            receptions.get(conn, "town")
        assert journal.read(conn, "deposit/south") == ()


def test_nothing_out_of_reach_can_be_changed(house: Store) -> None:
    """An UPDATE or a DELETE finds no row of others."""
    with narrow(house, Reach.of([NORTH])).begin() as conn:
        changed = conn.execute(deposit_table.update().where(deposit_table.c.number != "").values(cadre="A9"))
        assert changed.rowcount == 1
        assert conn.execute(reception_table.delete()).rowcount == 0
    with house.read() as conn:
        assert deposits.get(conn, "south").cadre == ""


def test_aliases_joins_and_subqueries_are_narrowed_too(house: Store) -> None:
    """The rule follows the table wherever a statement names it."""
    other, inner = deposit_table.alias(), deposit_table.alias()
    with narrow(house, Reach.of([NORTH])).read() as conn:
        assert conn.execute(sa.select(other.c.id)).scalars().all() == ["north"]
        inside = sa.select(flux.c.id).where(flux.c.id.in_(sa.select(inner.c.flux_id).where(inner.c.id == "south")))
        assert conn.execute(inside).scalars().all() == []
        both = sa.union_all(sa.select(deposit_table.c.id), sa.select(reception_table.c.id)).subquery()
        assert conn.execute(sa.select(both.c.id)).scalars().all() == ["north"]
        beside = sa.select(flux.c.id, other.c.id).select_from(flux.outerjoin(other, other.c.flux_id == flux.c.id))
        assert {row[1] for row in conn.execute(beside)} == {"north"}
        right = deposit_table.join(structure_table, structure_table.c.siret == deposit_table.c.supplier_siret)
        nested = flux.join(right, deposit_table.c.flux_id == flux.c.id)
        assert conn.execute(sa.select(deposit_table.c.id).select_from(nested)).scalars().all() == ["north"]
        common = sa.select(deposit_table.c.id).cte("common")
        assert conn.execute(sa.select(common.c.id)).scalars().all() == ["north"]
        aside = sa.select(deposit_table.c.id).where(deposit_table.c.flux_id == flux.c.id).lateral()
        if conn.dialect.name == "postgresql":
            assert conn.execute(sa.select(aside.c.id).select_from(flux, aside)).scalars().all() == ["north"]
        correlated = sa.select(deposit_table.c.id).where(
            sa.select(other.c.id).where(other.c.flux_id == deposit_table.c.flux_id, other.c.id == "south").exists()
        )
        assert conn.execute(correlated).scalars().all() == []


def test_an_empty_reach_sees_nothing(house: Store) -> None:
    """Neither invoice, nor structure, nor connection; persons are no structure's."""
    with narrow(house, Reach.of([])).read() as conn:
        for table in (deposit_table, reception_table, structure_table, connections, flux):
            assert conn.execute(sa.select(sa.func.count()).select_from(table)).scalar_one() == 0
        assert conn.execute(sa.select(user_table.c.id)).all() == []


def test_plain_sql_cannot_slip_past_the_rules(house: Store) -> None:
    """Text has no table that a rule could bear on: it is refused rather than trusted."""
    with narrow(house, Reach.of([NORTH])).read() as conn:
        for text in (
            "SELECT * FROM deposits",
            "SELECT 1 FROM flux JOIN receptions ON 1=1",
            "UPDATE deposits SET id='x'",
        ):
            with pytest.raises(LookupError):
                conn.execute(sa.text(text))


def test_what_the_rules_do_not_know_is_refused(house: Store) -> None:
    """A kind of FROM that nobody has thought of fails instead of telling everything."""
    with narrow(house, Reach.of([NORTH])).read() as conn, pytest.raises(LookupError):
        conn.execute(sa.select(sa.func.json_each("[1]").table_valued("value").c.value))
