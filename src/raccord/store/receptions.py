"""The tables of receptions and of their documents; a reception counts as fetched once `sequence` is given."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from raccord.domain.clock import first_instant, last_instant
from raccord.domain.errors import NotFound
from raccord.domain.reception import Document, Family, Reception, ReceptionState
from raccord.store import reaching
from raccord.store.pages import Page, newest_first
from raccord.store.processing import set_aside_until
from raccord.store.search import asking
from raccord.store.search import index as search_index
from raccord.store.tables.core import documents, receptions
from raccord.store.tables.processing import assignments

NOBODY = "-"
"""In a query: the receptions that nobody sees to."""
_MOST_SERVICES = 500

_SEQUENCE = 7_267_736_403
"""The advisory lock of who gives a place in the order of storage; any number, always the same."""
_SEEN: sa.ColumnElement[str] = sa.literal_column(f"'{ReceptionState.SEEN.value}'")
"""Written in the statement, not bound: so that the partial index serves."""
_insert = receptions.insert()
_insert_document = documents.insert()
_count_as_stored = (
    receptions.update()
    .where(receptions.c.id == sa.bindparam("mine"))
    .values(state=ReceptionState.STORED.value, sequence=sa.bindparam("place"), updated_at=sa.bindparam("now"))
)


@dataclass(frozen=True)
class ReceptionQuery:
    """What a page asks. Empty means all; `text` is looked for in every word of the invoice.

    `since` and `until` bear on the day on which Raccord saw it, `service` on the code or name of the service at Chorus
    Pro, `assignee` on the e-mail or the service of ours that sees to it (`"-"`: nobody), `ids` on a choice made before,
    `late_on` on what should have been paid before that day and is not.
    """

    connection_id: str = ""
    structure_id: str = ""
    states: tuple[ReceptionState, ...] = ()
    text: str = ""
    since: date | None = None
    until: date | None = None
    supplier_siret: str = ""
    platform_status: str = ""
    service: str = ""
    assignee: str = ""
    ids: tuple[str, ...] | None = None
    late_on: date | None = None


def insert(conn: sa.Connection, columns: Mapping[str, Any]) -> None:
    """Keep a reception just seen."""
    insert_all(conn, [columns])


def insert_all(conn: sa.Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Keep several receptions just seen; every row has the same columns."""
    if rows:
        conn.execute(_insert, list(rows))
        search_index.put_all(conn, search_index.RECEPTION, {row["id"]: search_index.of_row(row) for row in rows})


def update(conn: sa.Connection, reception_id: str, *, now: datetime, **columns: Any) -> None:
    """Change columns of a reception; after a change of status its last day to pay is to be reckoned again."""
    if "platform_status" in columns:
        columns["reckoned"] = False
    conn.execute(receptions.update().where(receptions.c.id == reception_id).values(updated_at=now, **columns))


def get(conn: sa.Connection, reception_id: str) -> Reception:
    """The reception of that identifier. Raises `NotFound` (`RECEPTION_INCONNUE`)."""
    row = conn.execute(sa.select(receptions).where(receptions.c.id == reception_id)).first()
    if row is None:
        raise NotFound(
            "RECEPTION_INCONNUE",
            "Cette facture reçue n’existe pas dans Raccord.",
            "Revenez à la liste des factures reçues.",
        )
    return _read(row, _documents(conn, [row.id]).get(row.id, ()))


def several(conn: sa.Connection, ids: Sequence[str]) -> dict[str, Reception]:
    """Those of these receptions that exist, without their documents."""
    query = sa.select(receptions).where(receptions.c.id.in_(ids))
    return {row.id: _read(row, ()) for row in conn.execute(query)}


def hold(conn: sa.Connection, ids: Sequence[str]) -> None:
    """Let no other transaction ask anything for these receptions until the end of this one."""
    mine = sa.select(receptions.c.id).where(receptions.c.id.in_(ids))
    conn.execute(mine.order_by(receptions.c.id).with_for_update())  # in one order for all: no embrace


def known(conn: sa.Connection, connection_id: str, ids: Iterable[int]) -> dict[int, Reception]:
    """The receptions already seen among these identifiers of Chorus Pro, without their documents."""
    query = sa.select(receptions).where(
        receptions.c.connection_id == connection_id, receptions.c.id_facture.in_(list(ids))
    )
    return {row.id_facture: _read(row, ()) for row in conn.execute(query)}


def to_fetch(
    conn: sa.Connection, structure_id: str, limit: int, now: datetime, besides: Sequence[str] = ()
) -> tuple[Reception, ...]:
    """Receptions seen and not stored yet, oldest first, without `besides` and those set aside at that hour."""
    query = (
        sa.select(receptions)
        .where(
            receptions.c.structure_id == structure_id,
            receptions.c.state == _SEEN,
            receptions.c.id.not_in([*besides]),
            receptions.c.id.not_in(set_aside_until(now)),
        )
        .order_by(receptions.c.created_at, receptions.c.id_facture)
        .limit(limit)
    )
    return tuple(_read(row, ()) for row in conn.execute(query))


def store(conn: sa.Connection, reception_id: str, files: Sequence[Document], *, now: datetime) -> bool:
    """The bytes are in the archive: count the reception as fetched. False when it already was."""
    return bool(store_all(conn, {reception_id: files}, now=now))


def store_all(conn: sa.Connection, files: Mapping[str, Sequence[Document]], *, now: datetime) -> tuple[str, ...]:
    """As `store` for several, in that order; gives those that were not counted yet."""
    if conn.dialect.name == "postgresql":  # one at a time: a place seen by a consumer has none missing before it
        conn.execute(sa.select(sa.func.pg_advisory_xact_lock(_SEQUENCE)))
    awaited = sa.select(receptions.c.id).where(
        receptions.c.id.in_(list(files)), receptions.c.state == ReceptionState.SEEN.value
    )
    waiting = set(conn.execute(awaited.order_by(receptions.c.id).with_for_update()).scalars())
    mine = tuple(reception_id for reception_id in files if reception_id in waiting)
    if not mine:
        return ()
    last = conn.execute(sa.select(sa.func.coalesce(sa.func.max(receptions.c.sequence), 0))).scalar_one()
    places = enumerate(mine, last + 1)
    conn.execute(_count_as_stored, [{"mine": one, "place": place, "now": now} for place, one in places])
    rows = [_document_row(reception_id, file) for reception_id in mine for file in files[reception_id]]
    if rows:
        conn.execute(_insert_document, rows)
    return mine


def _document_row(reception_id: str, file: Document) -> dict[str, Any]:
    return {
        "reception_id": reception_id,
        "kind": file.kind,
        "name": file.name[:255],
        "mime": file.mime[:120],
        "sha256": file.sha256,
        "size": file.size,
    }


def since(conn: sa.Connection, sequence: int, limit: int, structure_id: str = "") -> tuple[tuple[int, Reception], ...]:
    """Stored receptions after that place, in the order of storage, each with its own place."""
    query = sa.select(receptions).where(receptions.c.sequence > sequence).order_by(receptions.c.sequence).limit(limit)
    if structure_id:
        query = query.where(receptions.c.structure_id == structure_id)
    rows = conn.execute(query, execution_options=reaching.in_order(conn, receptions, one_is_served=False)).all()
    files = _documents(conn, [row.id for row in rows])
    return tuple((row.sequence, _read(row, files.get(row.id, ()))) for row in rows)


def search(conn: sa.Connection, query: ReceptionQuery, after: str = "", limit: int = 50) -> Page[Reception]:
    """The receptions that answer to a query, newest first, without their documents."""
    if query.text.strip():
        asked = (query.text, after, limit)
        return asking.newest_matching(
            conn, search_index.RECEPTION, receptions, lambda row: _read(row, ()), asked, filters=_filters(query)
        )
    wanted = sa.select(receptions).where(*_filters(query))
    return newest_first(conn, wanted, receptions, lambda row: _read(row, ()), after=after, limit=limit)


def count(conn: sa.Connection, connection_id: str = "") -> dict[ReceptionState, int]:
    """How many receptions stand in each state."""
    query = sa.select(receptions.c.state, sa.func.count()).group_by(receptions.c.state)
    if connection_id:
        query = query.where(receptions.c.connection_id == connection_id)
    counted: dict[str, int] = dict(tuple(row) for row in conn.execute(query))
    return {state: counted.get(state.value, 0) for state in ReceptionState}


def _filters(query: ReceptionQuery) -> list[sa.ColumnElement[bool]]:
    exact = {
        receptions.c.connection_id: query.connection_id,
        receptions.c.structure_id: query.structure_id,
        receptions.c.supplier_siret: query.supplier_siret,
        receptions.c.platform_status: query.platform_status,
    }
    filters: list[sa.ColumnElement[bool]] = [column == value for column, value in exact.items() if value]
    if query.service:
        filters.append(sa.or_(receptions.c.service_code == query.service, receptions.c.service_name == query.service))
    if query.assignee:
        filters.append(_seen_to_by(query.assignee))
    if query.late_on:
        filters.append(receptions.c.due_on < query.late_on)
    if query.ids is not None:
        filters.append(receptions.c.id.in_(query.ids))
    if query.states == (ReceptionState.SEEN,):
        filters.append(receptions.c.state == _SEEN)
    elif query.states:
        filters.append(receptions.c.state.in_([state.value for state in query.states]))
    if query.since:
        filters.append(receptions.c.created_at >= first_instant(query.since))
    if query.until:
        filters.append(receptions.c.created_at <= last_instant(query.until))
    return filters


def _seen_to_by(who: str) -> sa.ColumnElement[bool]:
    if who == NOBODY:
        return receptions.c.id.not_in(sa.select(assignments.c.reception_id))
    mine = sa.or_(assignments.c.assignee == who, assignments.c.service == who)
    return receptions.c.id.in_(sa.select(assignments.c.reception_id).where(mine))


def services(conn: sa.Connection, structure_id: str = "") -> tuple[tuple[str, str], ...]:
    """The services that invoices name, each code with its name, by name."""
    query = sa.select(receptions.c.service_code, receptions.c.service_name).distinct()
    if structure_id:
        query = query.where(receptions.c.structure_id == structure_id)
    rows = conn.execute(query.order_by(receptions.c.service_name, receptions.c.service_code).limit(_MOST_SERVICES))
    return tuple((row.service_code, row.service_name) for row in rows if row.service_code or row.service_name)


def _documents(conn: sa.Connection, ids: list[str]) -> dict[str, tuple[Document, ...]]:
    found: dict[str, tuple[Document, ...]] = {}
    query = sa.select(documents).where(documents.c.reception_id.in_(ids)).order_by(documents.c.id)
    for row in conn.execute(query):
        one = Document(row.kind, row.name, row.mime, row.sha256, row.size)
        found[row.reception_id] = (*found.get(row.reception_id, ()), one)
    return found


_PLAIN = tuple(name for name in Reception.__dataclass_fields__ if name not in ("state", "family", "documents"))


def _read(row: sa.Row[Any], files: tuple[Document, ...]) -> Reception:
    return Reception(
        state=ReceptionState(row.state),
        family=Family(row.family),
        documents=files,
        **{name: getattr(row, name) for name in _PLAIN},
    )
