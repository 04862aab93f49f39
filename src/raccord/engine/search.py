"""Finding an invoice, received or sent, by any word of it: supplier, number, engagement, line, amount.

The index is filled in the transactions that keep deposits and receptions (`store/search/index.py`).
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from raccord.domain.errors import Invalid
from raccord.engine.foundation.ground import Ground
from raccord.store.pages import Page
from raccord.store.search import asking
from raccord.store.search.index import DEPOSIT, RECEPTION
from raccord.store.tables.core import deposits, receptions

_Hit = tuple[str, sa.Row[Any]]
"""An invoice that answers, with its kind."""
_TABLES = {RECEPTION: receptions, DEPOSIT: deposits}


@dataclass(frozen=True)
class Found:
    """An invoice that answers: `kind` is reception or deposit; `party` the one that is not us."""

    kind: str
    id: str
    number: str
    party: str
    day: date | None
    amount: Decimal | None
    currency: str
    commitment: str
    platform_status: str


class Finder:
    """Answers searches."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    def search(self, text: str, kind: str = "", limit: int = 50, after: int = 0) -> Page[Found]:
        """The invoices whose words answer, those of that very number first, then the last arrived; `kind` empty: both.

        `next` is the number to give as `after`, empty at the end. Raises `Invalid` (`RECHERCHE_GENRE`).
        """
        if kind not in ("", *_TABLES):
            raise Invalid(
                "RECHERCHE_GENRE",
                f"« {kind} » n’est pas un genre de facture.",
                "Écrivez reception, deposit, ou rien pour chercher parmi les deux.",
            )
        limit, kinds = max(1, min(limit, 1000)), [kind] if kind else list(_TABLES)
        exact: list[_Hit] = []
        others: list[_Hit] = []
        more = False
        with self._ground.store.read() as conn:
            for one in kinds:
                asked = asking.Asked(text, after, limit, exact=limit - len(exact))
                page = asking.hits(conn, one, _TABLES[one], asked)
                exact += [(one, row) for row in page.exact]
                others += [(one, row) for row in page.others]
                more = more or page.more
        first = [] if after else exact
        rest = sorted(others, key=lambda hit: int(hit[1].entry), reverse=True)
        shown = rest[: limit - len(first)]
        following = shown[-1][1].entry if shown else asking.START
        more = more or len(rest) > len(shown)
        return Page(tuple(_found(*hit) for hit in (*first, *shown)), str(following) if more else "")


def _found(kind: str, row: sa.Row[Any]) -> Found:
    party = row.supplier_name or row.supplier_siret
    if kind == DEPOSIT:
        party = row.recipient_name or row.recipient_siret
    return Found(
        kind, row.id, row.number, party, row.issue_date, row.amount_total, row.currency, row.commitment,
        row.platform_status,
    )  # fmt: skip
