"""The last day to pay of each reception, kept beside it: what is late is then a condition on a column, with an index.

The day depends on the passages of the invoice and on the kind of the public body, not on today: whoever writes a status
reckons it again in the same transaction; the sweep reckons what was left (an update, the kind of a body chosen anew).
"""

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa

from raccord.domain.deadlines import BodyKind, InvoiceDates, Passage, standing
from raccord.domain.statuses import FINAL
from raccord.engine.foundation.ground import Ground
from raccord.store import boards, receptions
from raccord.store.boards import Awaited

_AT_ONCE = 500
_MOST_BATCHES = 40
"""Batches of one sweep: the others wait for the next one, a minute later."""


def reckon(conn: sa.Connection, ids: Sequence[str]) -> None:
    """Write the last day to pay of these receptions, in the caller's transaction, after the journal was told."""
    if not ids:
        return
    invoices = boards.these_receptions(conn, ids)
    histories, kinds = boards.passages(conn, invoices), boards.kinds(conn)
    days = {one.id: _due(one, histories[one.id], kinds.get(one.body_siret, BodyKind.ORDINARY)) for one in invoices}
    receptions.set_due(conn, days)


def reckon_all(ground: Ground) -> int:
    """Reckon what is to be, by small transactions; gives how many."""
    done = 0
    for _ in range(_MOST_BATCHES):
        with ground.store.begin() as conn:
            ids = receptions.to_reckon(conn, _AT_ONCE)
            reckon(conn, ids)
        done += len(ids)
        if len(ids) < _AT_ONCE:
            break
    return done


def _due(invoice: Awaited, history: Sequence[Passage], kind: BodyKind) -> date | None:
    if invoice.status in FINAL:
        return None
    stands = standing(InvoiceDates(invoice.deposited, invoice.amount), history, invoice.deposited, kind)
    return stands.due if stands.open else None
