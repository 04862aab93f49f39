"""The table of deposits. A change of state is an UPDATE that names the state it leaves: its row count tells who won."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from types import SimpleNamespace
from typing import Any

import sqlalchemy as sa

from raccord.domain.clock import first_instant, last_instant
from raccord.domain.deposit import BY_FIELDS, Deposit, DepositState, may_become
from raccord.domain.errors import NotFound
from raccord.domain.faults import Fault, Severity
from raccord.store.pages import Page, newest_first, newest_of
from raccord.store.search import asking
from raccord.store.search import index as search_index
from raccord.store.tables.core import connections, deposits

_HOLDING = tuple(state.value for state in DepositState if state.holds_number)

# Built once: building a statement again costs SQLAlchemy eight times its execution
_insert = deposits.insert()
_by_key = sa.select(deposits).where(
    deposits.c.connection_id == sa.bindparam("connection"),
    deposits.c.idempotency_key == sa.bindparam("key"),
    sa.text("idempotency_key <> ''"),  # in the words of the index of keys: SQLite reads it only then
)
_update_one = deposits.update().where(deposits.c.id == sa.bindparam("of"))
_move_one = _update_one.where(deposits.c.state == sa.bindparam("from_state"))
_by_triple = sa.select(deposits).where(
    deposits.c.platform == sa.bindparam("platform"),
    deposits.c.supplier_siren == sa.bindparam("siren"),
    deposits.c.issue_year == sa.bindparam("year"),
    deposits.c.number == sa.bindparam("number"),
    deposits.c.state.in_(_HOLDING),
)


@dataclass(frozen=True)
class DepositQuery:
    """What a page asks. Empty means all; `text` is looked for in every word of the invoice."""

    connection_id: str = ""
    states: tuple[DepositState, ...] = ()
    text: str = ""
    since: date | None = None
    until: date | None = None
    supplier_siret: str = ""
    recipient_siret: str = ""
    platform_status: str = ""


def insert(conn: sa.Connection, columns: Mapping[str, Any], words: Iterable[str] = ()) -> Deposit:
    """Keep a new deposit, found by the words of its columns and by these; gives it as it stands.

    Raises SQLAlchemy's `IntegrityError` when its key or its triple is taken.
    """
    conn.execute(_insert, dict(columns))
    known = dict.fromkeys((*search_index.of_row(columns), *words))
    search_index.put(conn, search_index.DEPOSIT, columns["id"], known)
    return _read(_fresh(columns))


def get(conn: sa.Connection, deposit_id: str) -> Deposit:
    """The deposit of that identifier. Raises `NotFound` (`DEPOT_INCONNU`)."""
    row = conn.execute(sa.select(deposits).where(deposits.c.id == deposit_id)).first()
    if row is None:
        raise NotFound("DEPOT_INCONNU", "Ce dépôt n’existe pas dans Raccord.", "Revenez à la liste des dépôts.")
    return _read(row)


def by_key(conn: sa.Connection, connection_id: str, key: str) -> Deposit | None:
    """The deposit accepted under that idempotency key, or None."""
    row = conn.execute(_by_key, {"connection": connection_id, "key": key}).first()
    return None if row is None else _read(row)


def by_triple(conn: sa.Connection, platform: str, siren: str, year: int | None, number: str) -> Deposit | None:
    """The deposit that holds this number on that Chorus Pro (specifications/flux.md §7), or None."""
    row = conn.execute(_by_triple, {"platform": platform, "siren": siren, "year": year, "number": number}).first()
    return None if row is None else _read(row)


def move(
    conn: sa.Connection,
    ids: Sequence[str],
    current: DepositState,
    target: DepositState,
    *,
    now: datetime,
    **columns: Any,
) -> int:
    """Move these deposits from one state to another; gives how many stood there. The table of transitions rules."""
    if not may_become(current, target):
        raise ValueError(f"a deposit never goes from {current} to {target}")
    done = conn.execute(
        deposits.update()
        .where(deposits.c.id.in_(ids), deposits.c.state == current.value)
        .values(state=target.value, updated_at=now, **columns)
    )
    return done.rowcount


def update(conn: sa.Connection, deposit_id: str, *, now: datetime, **columns: Any) -> None:
    """Change columns other than the state."""
    conn.execute(deposits.update().where(deposits.c.id == deposit_id).values(updated_at=now, **columns))


def move_each(
    conn: sa.Connection,
    changes: Mapping[str, Mapping[str, Any]],
    current: DepositState,
    target: DepositState,
    *,
    now: datetime,
) -> None:
    """Move these deposits from one state to another, each with columns of its own."""
    if not may_become(current, target):
        raise ValueError(f"a deposit never goes from {current} to {target}")
    common = {"from_state": current.value, "state": target.value, "updated_at": now}
    _change_each(conn, _move_one, {of: {**columns, **common} for of, columns in changes.items()})


def update_each(conn: sa.Connection, changes: Mapping[str, Mapping[str, Any]], *, now: datetime) -> None:
    """Change columns of these deposits other than the state, each to values of its own."""
    _change_each(conn, _update_one, {of: {**columns, "updated_at": now} for of, columns in changes.items()})


def _change_each(conn: sa.Connection, one: sa.Update, changes: Mapping[str, Mapping[str, Any]]) -> None:
    """One statement for all that change the same columns."""
    alike: dict[frozenset[str], list[dict[str, Any]]] = {}
    for of, columns in changes.items():
        alike.setdefault(frozenset(columns), []).append({"of": of, **columns})
    for rows in alike.values():
        conn.execute(one, rows)


def ready(conn: sa.Connection, connection_id: str, now: datetime, limit: int) -> tuple[tuple[Deposit, bool], ...]:
    """What may leave now, urgent first, then oldest first, each with whether it must travel alone.

    A supplier whose flux is under way waits for its answer: its invoices leave in order. On PostgreSQL the connection
    is locked for this transaction, so that two workers choose one after the other.
    """
    conn.execute(sa.select(connections.c.id).where(connections.c.id == connection_id).with_for_update())
    same = (deposits.c.connection_id == connection_id, deposits.c.syntaxe_flux != BY_FIELDS)
    leaving = sa.select(deposits.c.supplier_siret).where(*same, deposits.c.state == DepositState.SENDING.value)
    query = (
        sa.select(deposits)
        .where(
            *same,
            deposits.c.state == DepositState.READY.value,
            deposits.c.supplier_siret.not_in(leaving.distinct()),
            sa.or_(deposits.c.not_before.is_(None), deposits.c.not_before <= now),
        )
        .order_by(deposits.c.urgent.desc(), deposits.c.created_at, deposits.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return tuple((_read(row), row.alone) for row in conn.execute(query))


def next_ready(conn: sa.Connection, connection_id: str) -> tuple[bool, datetime | None]:
    """Whether deposits wait in the outbox, and the first instant before which none may leave (None: now)."""
    row = conn.execute(
        sa.select(
            sa.func.count(),
            sa.func.min(deposits.c.not_before),
            sa.func.count(deposits.c.not_before),
        ).where(deposits.c.connection_id == connection_id, deposits.c.state == DepositState.READY.value)
    ).one()
    total, soonest, delayed = row
    return bool(total), soonest if delayed == total else None


def of_flux(conn: sa.Connection, flux_id: str) -> tuple[Deposit, ...]:
    """The deposits that travel in a flux, in the order of their acceptance."""
    query = sa.select(deposits).where(deposits.c.flux_id == flux_id).order_by(deposits.c.created_at, deposits.c.id)
    return tuple(_read(row) for row in conn.execute(query))


def by_platform_ids(conn: sa.Connection, connection_id: str, ids: Iterable[int]) -> dict[int, Deposit]:
    """The deposits known at Chorus Pro under these identifiers."""
    query = sa.select(deposits).where(deposits.c.connection_id == connection_id, deposits.c.id_facture.in_(list(ids)))
    found = (_read(row) for row in conn.execute(query))
    return {deposit.id_facture: deposit for deposit in found if deposit.id_facture is not None}


def of_numbers(conn: sa.Connection, platform: str, numbers: Iterable[str]) -> tuple[Deposit, ...]:
    """The deposits of these numbers on that Chorus Pro, whatever their supplier and their state, oldest first."""
    query = sa.select(deposits).where(deposits.c.number.in_(set(numbers)), deposits.c.platform == platform)
    return tuple(_read(row) for row in conn.execute(query.order_by(deposits.c.created_at, deposits.c.id)))


def in_states(conn: sa.Connection, connection_id: str, states: Iterable[DepositState]) -> tuple[Deposit, ...]:
    """The deposits of a connection that stand in one of these states, oldest first."""
    query = sa.select(deposits).where(
        deposits.c.connection_id == connection_id, deposits.c.state.in_([state.value for state in states])
    )
    return tuple(_read(row) for row in conn.execute(query.order_by(deposits.c.created_at, deposits.c.id)))


def followed_sirets(conn: sa.Connection, connection_id: str) -> tuple[str, ...]:
    """The suppliers for whom news is expected from Chorus Pro."""
    query = (
        sa.select(deposits.c.supplier_siret)
        .where(deposits.c.connection_id == connection_id, deposits.c.followed.is_(True))
        .distinct()
        .order_by(deposits.c.supplier_siret)
    )
    return tuple(conn.execute(query).scalars())


def oldest_followed(conn: sa.Connection, connection_id: str) -> datetime | None:
    """When the oldest deposit for which news is expected was accepted."""
    query = sa.select(sa.func.min(deposits.c.created_at)).where(
        deposits.c.connection_id == connection_id, deposits.c.followed.is_(True)
    )
    return conn.execute(query).scalar()


def any_in(conn: sa.Connection, connection_id: str, statuses: Iterable[str]) -> bool:
    """Whether news is expected of a deposit that stands in one of these statuses at Chorus Pro."""
    query = sa.select(deposits.c.id).where(
        deposits.c.connection_id == connection_id,
        deposits.c.followed.is_(True),
        deposits.c.platform_status.in_(list(statuses)),
    )
    return conn.execute(query.limit(1)).first() is not None


def sent_under(conn: sa.Connection, connection_id: str, number: str, siren: str) -> Deposit | None:
    """The integrated deposit of that number whose identifier at Chorus Pro is not known yet, or None."""
    query = sa.select(deposits).where(
        deposits.c.connection_id == connection_id,
        deposits.c.number == number,
        deposits.c.supplier_siren == siren,
        deposits.c.id_facture.is_(None),
        deposits.c.state == DepositState.INTEGRATED.value,
    )
    row = conn.execute(query).first()
    return None if row is None else _read(row)


def count(conn: sa.Connection, connection_id: str = "") -> dict[DepositState, int]:
    """How many deposits stand in each state."""
    query = sa.select(deposits.c.state, sa.func.count()).group_by(deposits.c.state)
    if connection_id:
        query = query.where(deposits.c.connection_id == connection_id)
    counted: dict[str, int] = dict(tuple(row) for row in conn.execute(query))
    return {state: counted.get(state.value, 0) for state in DepositState}


def search(conn: sa.Connection, query: DepositQuery, after: str = "", limit: int = 50) -> Page[Deposit]:
    """The deposits that answer to a query, newest first."""
    if query.text.strip():
        asked = (query.text, after, limit)
        return asking.newest_matching(conn, search_index.DEPOSIT, deposits, _read, asked, filters=_filters(query))
    apart = [replace(query, states=(state,)) for state in dict.fromkeys(query.states)] or [query]
    pages = [_newest(conn, one, after, limit) for one in apart]
    return pages[0] if len(pages) == 1 else newest_of(pages, limit)


def _newest(conn: sa.Connection, query: DepositQuery, after: str, limit: int) -> Page[Deposit]:
    """Of one state: its index gives them in that order."""
    return newest_first(conn, sa.select(deposits).where(*_filters(query)), deposits, _read, after=after, limit=limit)


def _filters(query: DepositQuery) -> list[sa.ColumnElement[bool]]:
    exact = {
        deposits.c.connection_id: query.connection_id,
        deposits.c.supplier_siret: query.supplier_siret,
        deposits.c.recipient_siret: query.recipient_siret,
        deposits.c.platform_status: query.platform_status,
    }
    filters: list[sa.ColumnElement[bool]] = [column == value for column, value in exact.items() if value]
    if query.states:
        filters.append(deposits.c.state.in_([state.value for state in query.states]))
    if query.since:
        filters.append(deposits.c.created_at >= first_instant(query.since))
    if query.until:
        filters.append(deposits.c.created_at <= last_instant(query.until))
    return filters


def faults_as_json(faults: Iterable[Fault]) -> list[dict[str, str]]:
    """The plain JSON kept in the column `faults`."""
    return [{name: str(getattr(fault, name)) for name in _FAULT} for fault in faults]


def _faults(rows: list[dict[str, str]]) -> tuple[Fault, ...]:
    return tuple(Fault(severity=Severity(row.pop("severity")), **row) for row in map(dict, rows))


_FAULT = tuple(Fault.__dataclass_fields__)
_PLAIN = tuple(name for name in Deposit.__dataclass_fields__ if name not in ("state", "faults", "flux_id"))


def _fresh(columns: Mapping[str, Any]) -> SimpleNamespace:
    """A row just written: the columns left out have the value that the table gives them."""
    blank = {"flux_id": None, "platform_status_at": None, "id_facture": None}
    text = dict.fromkeys(("platform_status", "platform_comment", "numero_flux"), "")
    return SimpleNamespace(**{**blank, **text, **columns})


def _read(row: sa.Row[Any] | SimpleNamespace) -> Deposit:
    return Deposit(
        state=DepositState(row.state),
        faults=_faults(row.faults),
        flux_id=row.flux_id or "",
        **{name: getattr(row, name) for name in _PLAIN},
    )
