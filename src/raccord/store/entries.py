"""The tables of what stands beside a deposit: how it was given, its other files, what it corrects."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from raccord.domain.answers import KeptFile
from raccord.domain.deposit import BY_FIELDS, DepositState
from raccord.store.tables.core import deposits
from raccord.store.tables.supply import corrections, deposit_files, entries

_refused_before = (
    sa.select(deposits.c.id)
    .where(
        deposits.c.platform == sa.bindparam("platform"),
        deposits.c.supplier_siren == sa.bindparam("siren"),
        deposits.c.number == sa.bindparam("number"),
        deposits.c.state.in_((DepositState.REFUSED.value, DepositState.FAULTY.value)),
        deposits.c.id != sa.bindparam("but"),
    )
    .order_by(deposits.c.created_at.desc(), deposits.c.id.desc())
    .limit(1)
)


@dataclass(frozen=True)
class Entry:
    """How a deposit was given as data. `road`: facturx or fields; `given`: SHA-256 of all that was given."""

    deposit_id: str
    road: str
    given: str
    piece_id: int | None = None
    looks: int = 0
    ask_at: datetime | None = None


def insert(conn: sa.Connection, entry: Entry, files: Iterable[KeptFile]) -> None:
    """Keep how a deposit was given, and its files."""
    conn.execute(entries.insert().values(**{name: getattr(entry, name) for name in Entry.__dataclass_fields__}))
    keep_files(conn, entry.deposit_id, files)


def find(conn: sa.Connection, deposit_id: str) -> Entry | None:
    """How a deposit was given, None for one that came as a file of its own."""
    row = conn.execute(sa.select(entries).where(entries.c.deposit_id == deposit_id)).first()
    return None if row is None else Entry(**row._mapping)


def change(conn: sa.Connection, deposit_id: str, **columns: Any) -> None:
    """Change the columns of an entry."""
    conn.execute(entries.update().where(entries.c.deposit_id == deposit_id).values(**columns))


def keep_files(conn: sa.Connection, deposit_id: str, files: Iterable[KeptFile], owner: str = "") -> None:
    """Note files that the archive holds for a deposit; `owner` is the answer that joins them."""
    rows = [
        {
            "deposit_id": deposit_id, "owner": owner, "kind": file.kind, "name": file.name[:200],
            "designation": file.designation[:100], "sha256": file.sha256, "size": file.size,
        }
        for file in files
    ]  # fmt: skip
    if rows:
        conn.execute(deposit_files.insert(), rows)


def files_of(conn: sa.Connection, deposit_id: str, owner: str | None = "") -> tuple[KeptFile, ...]:
    """The files of a deposit; those of every owner when `owner` is None."""
    query = sa.select(deposit_files).where(deposit_files.c.deposit_id == deposit_id).order_by(deposit_files.c.id)
    if owner is not None:
        query = query.where(deposit_files.c.owner == owner)
    return tuple(KeptFile(r.kind, r.name, r.designation, r.sha256, r.size) for r in conn.execute(query))


def first_by_fields(conn: sa.Connection, connection_id: str, now: datetime) -> str | None:
    """The deposit to be submitted by fields first: urgent ones, then the oldest; None when none is ready."""
    query = (
        sa.select(deposits.c.id)
        .where(*_by_fields(connection_id, DepositState.READY), _may_leave(now))
        .order_by(deposits.c.urgent.desc(), deposits.c.created_at, deposits.c.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    return conn.execute(query).scalar()


def doubtful_by_fields(conn: sa.Connection, connection_id: str) -> tuple[Entry, ...]:
    """The entries whose submission nobody knows the outcome of."""
    query = sa.select(entries).join(deposits).where(*_by_fields(connection_id, DepositState.UNCERTAIN))
    return tuple(Entry(**row._mapping) for row in conn.execute(query))


def _by_fields(connection_id: str, state: DepositState) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        deposits.c.connection_id == connection_id,
        deposits.c.state == state.value,
        deposits.c.syntaxe_flux == BY_FIELDS,
    )


def _may_leave(now: datetime) -> sa.ColumnElement[bool]:
    return sa.or_(deposits.c.not_before.is_(None), deposits.c.not_before <= now)


def correct(conn: sa.Connection, deposit_id: str, corrects_id: str) -> None:
    """Note that a deposit replaces another."""
    conn.execute(corrections.insert().values(deposit_id=deposit_id, corrects_id=corrects_id))


def corrected_by(conn: sa.Connection, deposit_id: str) -> tuple[str, ...]:
    """The deposits that replace this one, oldest first."""
    query = sa.select(deposits.c.id).join(corrections, corrections.c.deposit_id == deposits.c.id)
    return tuple(
        conn.execute(query.where(corrections.c.corrects_id == deposit_id).order_by(deposits.c.created_at)).scalars()
    )


def corrects(conn: sa.Connection, deposit_id: str) -> str:
    """The deposit that this one replaces, "" when it replaces none."""
    query = sa.select(corrections.c.corrects_id).where(corrections.c.deposit_id == deposit_id)
    return conn.execute(query).scalar() or ""


def refused_before(conn: sa.Connection, platform: str, siren: str, number: str, but: str) -> str | None:
    """The last other deposit of that supplier and number that was refused or faulty: the next one corrects it."""
    asked = {"platform": platform, "siren": siren, "number": number, "but": but}
    return conn.execute(_refused_before, asked).scalar()
