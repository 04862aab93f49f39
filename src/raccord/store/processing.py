"""The tables of the desk: assignments, remarks, failed downloads, what of a public body is fetched."""

from collections.abc import Iterable, Sequence
from datetime import datetime

import sqlalchemy as sa

from raccord.domain.processing import Assignment, Intake, Remark, Setback
from raccord.store.dialects import insert
from raccord.store.tables.processing import assignments, intakes, remarks, setbacks


def assign(conn: sa.Connection, reception_id: str, to: Assignment) -> None:
    """Say who sees to a reception; nobody forgets the row."""
    if not to.assignee and not to.service:
        conn.execute(assignments.delete().where(assignments.c.reception_id == reception_id))
        return
    columns = {"assignee": to.assignee, "service": to.service, "author": to.author, "updated_at": to.updated_at}
    chosen = insert(conn, assignments).values(reception_id=reception_id, **columns)
    conn.execute(chosen.on_conflict_do_update(index_elements=["reception_id"], set_=columns))


def assigned(conn: sa.Connection, ids: Iterable[str]) -> dict[str, Assignment]:
    """Who sees to each of these receptions; those that nobody sees to are absent."""
    query = sa.select(assignments).where(assignments.c.reception_id.in_(list(ids)))
    return {
        row.reception_id: Assignment(row.assignee, row.service, row.author, row.updated_at)
        for row in conn.execute(query)
    }


def remark(conn: sa.Connection, reception_id: str, said: Remark) -> None:
    """Keep a remark."""
    conn.execute(
        remarks.insert().values(
            id=said.id, reception_id=reception_id, author=said.author, text=said.text, created_at=said.created_at
        )
    )


def remarks_of(conn: sa.Connection, reception_id: str) -> tuple[Remark, ...]:
    """What was said of a reception, oldest first."""
    query = sa.select(remarks).where(remarks.c.reception_id == reception_id)
    rows = conn.execute(query.order_by(remarks.c.created_at, remarks.c.id))
    return tuple(Remark(row.id, row.author, row.text, row.created_at) for row in rows)


def set_aside(conn: sa.Connection, reception_id: str, setback: Setback) -> None:
    """Leave a reception alone until `retry_at`."""
    columns = {"failures": setback.failures, "reason": setback.reason[:500], "retry_at": setback.retry_at}
    kept = insert(conn, setbacks).values(reception_id=reception_id, **columns)
    conn.execute(kept.on_conflict_do_update(index_elements=["reception_id"], set_=columns))


def setback(conn: sa.Connection, reception_id: str) -> Setback | None:
    """Why a reception is set aside, None when it is not."""
    row = conn.execute(sa.select(setbacks).where(setbacks.c.reception_id == reception_id)).first()
    return None if row is None else Setback(row.failures, row.reason, row.retry_at)


def overcome(conn: sa.Connection, ids: Sequence[str]) -> None:
    """The downloads succeeded: nothing is held against these receptions any more."""
    conn.execute(setbacks.delete().where(setbacks.c.reception_id.in_(ids)))


def set_aside_until(now: datetime) -> sa.Select[tuple[str]]:
    """The identifiers of the receptions to leave alone at that hour, for a query that fetches the others."""
    return sa.select(setbacks.c.reception_id).where(setbacks.c.retry_at > now)


def choose(conn: sa.Connection, structure_id: str, intake: Intake) -> None:
    """Keep what of a public body is fetched."""
    columns = {"states": list(intake.states), "services": list(intake.services), "begun_at": intake.begun_at}
    kept = insert(conn, intakes).values(structure_id=structure_id, **columns)
    conn.execute(kept.on_conflict_do_update(index_elements=["structure_id"], set_=columns))


def intake(conn: sa.Connection, structure_id: str) -> Intake | None:
    """What of a public body is fetched, None when nobody chose: everything."""
    row = conn.execute(sa.select(intakes).where(intakes.c.structure_id == structure_id)).first()
    return None if row is None else Intake(tuple(row.states), tuple(row.services), row.begun_at)
