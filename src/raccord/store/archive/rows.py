"""The verbs of the archive's tables: who refers to which bytes, what is held, what may be destroyed, what is sealed.

A subject is `reception/<id>` or `deposit/<id>`, as in the journal.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from raccord.domain.deposit import DepositState
from raccord.domain.errors import NotFound
from raccord.domain.reception import ReceptionState
from raccord.store import dialects
from raccord.store.search import index as search_index
from raccord.store.tables.archive import holds, purges, seals
from raccord.store.tables.core import deposits, documents, journal_head, receptions
from raccord.store.tables.supply import deposit_files

_AT_REST = tuple(
    state.value
    for state in (DepositState.INTEGRATED, DepositState.REFUSED, DepositState.CANCELLED, DepositState.FAULTY)
)
"""States of a deposit in which nothing is under way."""


@dataclass(frozen=True)
class Hold:
    """A legal hold: nothing of `subject` is destroyed while `lifted_at` is None."""

    id: str
    subject: str
    reason: str
    author: str
    placed_at: datetime
    lifted_at: datetime | None = None
    lifted_by: str = ""


@dataclass(frozen=True)
class Due:
    """What the rule allows to destroy: the files are the SHA-256 of its bytes."""

    subject: str
    number: str
    party: str
    taken_at: datetime
    files: tuple[str, ...]
    size: int


@dataclass(frozen=True)
class Purge:
    """A destruction; `dropped_at` None: decided, the bytes may still be there."""

    subject: str
    rule: str
    author: str
    files: tuple[str, ...]
    decided_at: datetime
    dropped_at: datetime | None = None


@dataclass(frozen=True)
class Seal:
    """The head of the journal at the end of a day, and the authority's stamp on it (RFC 3161), if any."""

    day: date
    seq: int
    hash: str
    sealed_at: datetime
    authority: str = ""
    token: bytes | None = None
    stamped_at: datetime | None = None

    @property
    def message(self) -> bytes:
        """What is stamped, as text: anybody can write it again from the journal."""
        return f"raccord journal {self.day.isoformat()} {self.seq} {self.hash}\n".encode()


# Which bytes are referred to


def _references() -> sa.CompoundSelect[tuple[str]]:
    gone = sa.select(purges.c.subject).where(purges.c.subject == sa.literal("deposit/") + deposits.c.id).exists()
    beside = sa.select(purges.c.subject).where(purges.c.subject == sa.literal("deposit/") + deposit_files.c.deposit_id)
    return sa.union(
        sa.select(deposits.c.sha256).where(~gone),
        sa.select(deposit_files.c.sha256).where(~beside.exists()),
        sa.select(documents.c.sha256),
    )


def referenced(conn: sa.Connection, after: str = "", limit: int = 500) -> tuple[str, ...]:
    """The hashes that invoices refer to, in order, after that one."""
    all_ = _references().subquery()
    query = sa.select(all_.c.sha256).where(all_.c.sha256 > after).order_by(all_.c.sha256).limit(limit)
    return tuple(conn.execute(query).scalars())


def count_referenced(conn: sa.Connection) -> int:
    """How many distinct objects invoices refer to."""
    return conn.execute(sa.select(sa.func.count()).select_from(_references().subquery())).scalar_one()


def among_referenced(conn: sa.Connection, hashes: Iterable[str]) -> set[str]:
    """Those of these hashes that an invoice refers to."""
    all_, wanted = _references().subquery(), list(hashes)
    return set(conn.execute(sa.select(all_.c.sha256).where(all_.c.sha256.in_(wanted))).scalars())


def owners(conn: sa.Connection, sha256: str) -> tuple[str, ...]:
    """The subjects whose bytes these are."""
    received = sa.select((sa.literal("reception/") + documents.c.reception_id).label("subject")).where(
        documents.c.sha256 == sha256
    )
    sent = sa.select((sa.literal("deposit/") + deposits.c.id).label("subject")).where(deposits.c.sha256 == sha256)
    beside = sa.select((sa.literal("deposit/") + deposit_files.c.deposit_id).label("subject")).where(
        deposit_files.c.sha256 == sha256
    )
    return tuple(conn.execute(sa.union(received, sent, beside).order_by("subject")).scalars())


# Holds


def place(conn: sa.Connection, hold: Hold) -> None:
    """Keep a hold. Raises `NotFound` when its subject does not exist."""
    lock(conn, hold.subject)
    conn.execute(holds.insert().values(**{name: getattr(hold, name) for name in Hold.__dataclass_fields__}))


def lift(conn: sa.Connection, hold_id: str, by: str, now: datetime) -> Hold:
    """End a hold. Raises `NotFound` (`GEL_INCONNU`) when no open hold has that identifier."""
    done = conn.execute(
        holds.update().where(holds.c.id == hold_id, holds.c.lifted_at.is_(None)).values(lifted_at=now, lifted_by=by)
    )
    row = conn.execute(sa.select(holds).where(holds.c.id == hold_id)).first()
    if not done.rowcount or row is None:
        raise NotFound("GEL_INCONNU", "Cette conservation forcée n’existe pas ou est déjà levée.", "Rechargez la page.")
    return Hold(**row._mapping)


def open_holds(conn: sa.Connection, subject: str = "") -> tuple[Hold, ...]:
    """The holds not lifted, of one subject or of all, oldest first."""
    query = sa.select(holds).where(holds.c.lifted_at.is_(None)).order_by(holds.c.placed_at, holds.c.id)
    if subject:
        query = query.where(holds.c.subject == subject)
    return tuple(Hold(**row._mapping) for row in conn.execute(query))


def lock(conn: sa.Connection, subject: str) -> None:
    """Keep the row of a subject to this transaction: a hold and a destruction never cross. Raises `NotFound`."""
    kind, _, key = subject.partition("/")
    table = {"reception": receptions, "deposit": deposits}.get(kind)
    if table is None or conn.execute(sa.select(table.c.id).where(table.c.id == key).with_for_update()).first() is None:
        raise NotFound(
            "DOSSIER_INCONNU",
            f"Aucune facture ne porte l’identifiant « {subject} » dans Raccord.",
            "Écrivez reception/ ou deposit/ suivi de l’identifiant donné par la page de la facture.",
        )


# Destruction


def due(conn: sa.Connection, before: datetime, limit: int) -> tuple[Due, ...]:
    """What was taken in, and last moved, before that instant; at rest, neither held nor destroyed; oldest first."""
    received = _due_receptions(conn, before, limit)
    sent = _due_deposits(conn, before, limit)
    return tuple(sorted((*received, *sent), key=lambda one: (one.taken_at, one.subject))[:limit])


def decide(conn: sa.Connection, purge: Purge) -> bool:
    """Forget the files and the words of a subject; False when it is held or destroyed already."""
    lock(conn, purge.subject)
    if open_holds(conn, purge.subject):
        return False
    values = {name: getattr(purge, name) for name in Purge.__dataclass_fields__} | {"files": list(purge.files)}
    first = dialects.insert(conn, purges).values(**values).on_conflict_do_nothing(index_elements=["subject"])
    if not conn.execute(first).rowcount:
        return False
    kind, _, key = purge.subject.partition("/")
    if kind == search_index.RECEPTION:
        conn.execute(documents.delete().where(documents.c.reception_id == key))
    search_index.forget(conn, kind, key)
    return True


def undropped(conn: sa.Connection) -> tuple[Purge, ...]:
    """The destructions whose bytes may still be there, oldest first."""
    query = sa.select(purges).where(purges.c.dropped_at.is_(None)).order_by(purges.c.decided_at, purges.c.subject)
    return tuple(_purge(row) for row in conn.execute(query))


def dropped(conn: sa.Connection, subject: str, now: datetime) -> None:
    """The bytes are gone."""
    conn.execute(purges.update().where(purges.c.subject == subject).values(dropped_at=now))


def purged(conn: sa.Connection, subject: str) -> Purge | None:
    """The destruction of a subject, or None."""
    row = conn.execute(sa.select(purges).where(purges.c.subject == subject)).first()
    return None if row is None else _purge(row)


def _purge(row: sa.Row[Any]) -> Purge:
    return Purge(row.subject, row.rule, row.author, tuple(row.files), row.decided_at, row.dropped_at)


def _spared(table: sa.Table, kind: str, before: datetime) -> list[sa.ColumnElement[bool]]:
    subject = sa.literal(f"{kind}/") + table.c.id
    held = sa.select(holds.c.id).where(holds.c.subject == subject, holds.c.lifted_at.is_(None)).exists()
    gone = sa.select(purges.c.subject).where(purges.c.subject == subject).exists()
    moved = table.c.platform_status_at
    return [table.c.created_at < before, sa.or_(moved.is_(None), moved < before), ~held, ~gone]


def _due_receptions(conn: sa.Connection, before: datetime, limit: int) -> list[Due]:
    at_rest = receptions.c.state == ReceptionState.STORED.value
    query = sa.select(receptions).where(at_rest, *_spared(receptions, "reception", before))
    rows = conn.execute(query.order_by(receptions.c.created_at, receptions.c.id).limit(limit)).all()
    files: dict[str, list[Any]] = {row.id: [] for row in rows}
    for file in conn.execute(sa.select(documents).where(documents.c.reception_id.in_(files))):
        files[file.reception_id].append(file)
    return [_due("reception", row, row.supplier_name, files[row.id]) for row in rows]


def _due_deposits(conn: sa.Connection, before: datetime, limit: int) -> list[Due]:
    query = sa.select(deposits).where(deposits.c.state.in_(_AT_REST), *_spared(deposits, "deposit", before))
    rows = conn.execute(query.order_by(deposits.c.created_at, deposits.c.id).limit(limit)).all()
    files: dict[str, list[Any]] = {row.id: [row] for row in rows}
    for file in conn.execute(sa.select(deposit_files).where(deposit_files.c.deposit_id.in_(files))):
        files[file.deposit_id].append(file)
    return [_due("deposit", row, row.recipient_name or row.recipient_siret, files[row.id]) for row in rows]


def _due(kind: str, row: sa.Row[Any], party: str, files: Sequence[Any]) -> Due:
    hashes = tuple(sorted({file.sha256 for file in files}))
    return Due(f"{kind}/{row.id}", row.number, party, row.created_at, hashes, sum(file.size for file in files))


# Seals of the journal


def head(conn: sa.Connection) -> tuple[int, str]:
    """The place and the hash of the last event; (0, "") before the first."""
    row = conn.execute(sa.select(journal_head.c.seq, journal_head.c.hash)).first()
    return (row.seq, row.hash) if row else (0, "")


def seal(conn: sa.Connection, new: Seal) -> bool:
    """Keep the seal of a day; False when the day has one."""
    values = {name: getattr(new, name) for name in Seal.__dataclass_fields__}
    first = dialects.insert(conn, seals).values(**values).on_conflict_do_nothing(index_elements=["day"])
    return bool(conn.execute(first).rowcount)


def stamp(conn: sa.Connection, day: date, authority: str, token: bytes, at: datetime) -> None:
    """Keep the authority's answer for a day."""
    conn.execute(
        seals.update()
        .where(seals.c.day == day, seals.c.token.is_(None))
        .values(authority=authority[:500], token=token, stamped_at=at)
    )


def all_seals(conn: sa.Connection, limit: int = 100, *, unstamped: bool = False) -> tuple[Seal, ...]:
    """The last seals, newest first; `unstamped`: those that no authority has stamped yet."""
    query = sa.select(seals).order_by(seals.c.day.desc()).limit(limit)
    if unstamped:
        query = query.where(seals.c.token.is_(None))
    return tuple(Seal(**row._mapping) for row in conn.execute(query))


def seal_after(conn: sa.Connection, seq: int) -> Seal | None:
    """The first seal that covers that place of the journal, or None."""
    row = conn.execute(sa.select(seals).where(seals.c.seq >= seq).order_by(seals.c.seq).limit(1)).first()
    return None if row is None else Seal(**row._mapping)
