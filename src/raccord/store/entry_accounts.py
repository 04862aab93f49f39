"""The table of the accounts of entries: a row for the whole house (empty structure), and one for each choice apart."""

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa

from raccord.domain.entries import LABELS, Accounts
from raccord.store.dialects import insert
from raccord.store.tables.outward import entry_accounts

HOUSE = ""
"""The structure that stands for all those without a choice of their own."""


def every(conn: sa.Connection) -> Mapping[str, Accounts]:
    """What was chosen, by structure."""
    rows = conn.execute(sa.select(entry_accounts).order_by(entry_accounts.c.structure_id))
    return {row.structure_id: Accounts(*(getattr(row, name) for name in LABELS)) for row in rows}


def choose(conn: sa.Connection, structure_id: str, accounts: Accounts, actor: str, now: datetime) -> None:
    """Keep a choice."""
    values = {name: getattr(accounts, name) for name in LABELS} | {"updated_by": actor[:120], "updated_at": now}
    row = insert(conn, entry_accounts).values(structure_id=structure_id, **values)
    conn.execute(row.on_conflict_do_update(index_elements=["structure_id"], set_=values))


def forget(conn: sa.Connection, structure_id: str) -> None:
    """A structure takes the house's accounts again; the house, ours."""
    conn.execute(entry_accounts.delete().where(entry_accounts.c.structure_id == structure_id))
