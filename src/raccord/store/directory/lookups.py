"""Asking the directory: one structure by its SIRET, its services, and what Chorus Pro answered live."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from raccord.domain.directory import DirectorySource, PublicService, PublicStructure
from raccord.store.dialects import insert
from raccord.store.directory.editions import SERVICE_FIELDS, STRUCTURE_FIELDS
from raccord.store.tables.directory import editions, live, services, structures


@dataclass(frozen=True)
class LiveAnswer:
    """What Chorus Pro answered for a SIRET; `structure` is None when it knows no such structure."""

    structure: PublicStructure | None
    services: tuple[PublicService, ...]
    known_at: datetime


_here = sa.and_(editions.c.environment == sa.bindparam("environment"), editions.c.state == "current")
_current = sa.select(editions.c.id).where(_here).scalar_subquery()
_find = (
    sa.select(structures, editions.c.at.label("loaded_at"))
    .join(editions, editions.c.id == structures.c.edition_id)
    .where(structures.c.siret == sa.bindparam("siret"), _here)
)
_services = (
    sa.select(services)
    .where(services.c.siret == sa.bindparam("siret"), services.c.edition_id == _current)
    .order_by(services.c.active.desc(), services.c.code)
)
_service = sa.select(services).where(
    services.c.siret == sa.bindparam("siret"),
    services.c.edition_id == _current,
    services.c.code == sa.bindparam("code"),
)


def find(conn: sa.Connection, environment: str, siret: str) -> PublicStructure | None:
    """The structure of that identifier in the edition in use, or None."""
    row = conn.execute(_find, {"environment": environment, "siret": siret}).first()
    return None if row is None else read_structure(row, row.loaded_at)


def services_of(conn: sa.Connection, environment: str, siret: str) -> tuple[PublicService, ...]:
    """The services of a structure in the edition in use, open ones first, by code."""
    rows = conn.execute(_services, {"environment": environment, "siret": siret})
    return tuple(_read_service(row) for row in rows)


def service_of(conn: sa.Connection, environment: str, siret: str, code: str) -> PublicService | None:
    """One service of a structure in the edition in use, or None."""
    row = conn.execute(_service, {"environment": environment, "siret": siret, "code": code}).first()
    return None if row is None else _read_service(row)


def live_answer(conn: sa.Connection, environment: str, siret: str) -> LiveAnswer | None:
    """What Chorus Pro last answered for that SIRET, however old; None when it was never asked."""
    row = conn.execute(sa.select(live).where(live.c.environment == environment, live.c.siret == siret)).first()
    if row is None:
        return None
    found = None
    if row.structure is not None:
        found = PublicStructure(**row.structure, source=DirectorySource.LIVE, known_at=row.known_at)
    return LiveAnswer(found, tuple(PublicService(**one) for one in row.services or ()), row.known_at)


def keep_live_answer(conn: sa.Connection, environment: str, siret: str, answer: LiveAnswer) -> None:
    """Keep what Chorus Pro answered, in place of what it answered before."""
    values = {
        "known_at": answer.known_at,
        "structure": None if answer.structure is None else _plain(answer.structure),
        "services": [asdict(one) for one in answer.services],
    }
    statement = insert(conn, live).values(environment=environment, siret=siret, **values)
    conn.execute(statement.on_conflict_do_update(index_elements=["environment", "siret"], set_=values))


def read_structure(row: sa.Row[Any], loaded_at: datetime) -> PublicStructure:
    """A row of the edition as a structure."""
    fields = row._mapping
    return PublicStructure(**{name: fields[name] for name in STRUCTURE_FIELDS}, known_at=loaded_at)


def _read_service(row: sa.Row[Any]) -> PublicService:
    fields = row._mapping
    return PublicService(**{name: fields[name] for name in SERVICE_FIELDS})


def _plain(structure: PublicStructure) -> dict[str, Any]:
    fields = asdict(structure)
    del fields["source"], fields["known_at"]
    return fields
