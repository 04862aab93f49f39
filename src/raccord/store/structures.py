"""The table of structures: suppliers and public bodies of a connection, and where their delta searches stand."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from raccord.domain.connection import Structure
from raccord.domain.errors import NotFound
from raccord.store.tables.core import structures


@dataclass(frozen=True)
class Cursor:
    """How far a delta search went, and how many searches in a row brought nothing new."""

    seen: datetime | None
    quiet: int


_suppliers = sa.select(structures.c.siret).where(
    structures.c.connection_id == sa.bindparam("connection"), structures.c.is_supplier
)


def insert(conn: sa.Connection, structure: Structure, now: datetime) -> None:
    """Keep a new structure."""
    conn.execute(
        structures.insert().values(
            id=structure.id,
            connection_id=structure.connection_id,
            siret=structure.siret,
            label=structure.label,
            id_structure_cpp=structure.id_structure_cpp,
            is_supplier=structure.is_supplier,
            is_recipient=structure.is_recipient,
            receive_from=structure.receive_from,
            created_at=now,
        )
    )


def get(conn: sa.Connection, structure_id: str) -> Structure:
    """The structure of that identifier. Raises `NotFound` (`STRUCTURE_INCONNUE`)."""
    row = conn.execute(sa.select(structures).where(structures.c.id == structure_id)).first()
    if row is None:
        raise NotFound(
            "STRUCTURE_INCONNUE",
            "Cette structure n’existe pas dans Raccord.",
            "Choisissez-la dans la liste des structures, ou lancez leur recherche depuis la page de la connexion.",
        )
    return _read(row)


def by_siret(conn: sa.Connection, connection_id: str, siret: str) -> Structure | None:
    """The structure of that SIRET in a connection, or None."""
    row = conn.execute(
        sa.select(structures).where(structures.c.connection_id == connection_id, structures.c.siret == siret)
    ).first()
    return None if row is None else _read(row)


def of_connection(conn: sa.Connection, connection_id: str) -> tuple[Structure, ...]:
    """The structures that a connection serves, by label."""
    query = sa.select(structures).where(structures.c.connection_id == connection_id).order_by(structures.c.label)
    return tuple(_read(row) for row in conn.execute(query))


def suppliers_of(conn: sa.Connection, connection_id: str) -> frozenset[str]:
    """The SIRETs of the suppliers that a connection serves."""
    return frozenset(conn.execute(_suppliers, {"connection": connection_id}).scalars())


def named(conn: sa.Connection) -> dict[str, str]:
    """Every structure of this house, its SIRET with its label, by label."""
    query = sa.select(structures.c.siret, sa.func.min(structures.c.label).label("label")).group_by(structures.c.siret)
    return {row.siret: row.label for row in conn.execute(query.order_by("label", structures.c.siret))}


def cursor(conn: sa.Connection, structure_id: str) -> Cursor:
    """Where the delta search of what a structure received stands."""
    row = conn.execute(sa.select(structures).where(structures.c.id == structure_id)).one()
    return Cursor(row.recipient_cursor, row.recipient_quiet)


def receiving(conn: sa.Connection, connection_id: str = "") -> tuple[Structure, ...]:
    """The public bodies whose receptions are fetched: a person has said from when."""
    query = sa.select(structures).where(structures.c.receive_from.is_not(None)).order_by(structures.c.label)
    if connection_id:
        query = query.where(structures.c.connection_id == connection_id)
    return tuple(_read(row) for row in conn.execute(query))


def update(conn: sa.Connection, structure_id: str, **columns: Any) -> None:
    """Change these columns of a structure."""
    conn.execute(structures.update().where(structures.c.id == structure_id).values(**columns))


def _read(row: sa.Row[Any]) -> Structure:
    return Structure(
        id=row.id,
        connection_id=row.connection_id,
        siret=row.siret,
        label=row.label,
        id_structure_cpp=row.id_structure_cpp,
        is_supplier=row.is_supplier,
        is_recipient=row.is_recipient,
        receive_from=row.receive_from,
    )
