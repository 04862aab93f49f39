"""Keep the days of each deposit's period; index the lists of one state in their own order, and what news looks up.

The days of the open deposits are reckoned by the sweep, a few hundred at a time; nothing is reckoned of the others.
"""

import sqlalchemy as sa
from alembic import op

from raccord.store.tables.types import Day

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_SUMMED = ["due_on", "starts_on", "connection_id", "supplier_siret", "recipient_siret", "recipient_name",
           "service_code", "amount_total", "amount_due"]  # fmt: skip


def upgrade() -> None:
    """Forward only."""
    op.add_column("deposits", sa.Column("starts_on", Day(length=10), nullable=True))
    op.add_column("deposits", sa.Column("due_on", Day(length=10), nullable=True))
    op.add_column("deposits", sa.Column("reckoned", sa.Boolean(), server_default=sa.false(), nullable=False))
    for former in ("ix_deposits_id_facture", "ix_deposits_number"):
        op.drop_index(former, "deposits")
    op.create_index("ix_deposits_known", "deposits", ["connection_id", "id_facture"], unique=False)
    op.create_index("ix_deposits_number", "deposits", ["number", "supplier_siren"], unique=False)
    op.create_index("ix_deposits_state", "deposits", ["state", "created_at", "id"], unique=False)
    _index_some("ix_deposits_due", "deposits", _SUMMED, "starts_on IS NOT NULL")
    _index_some("ix_deposits_to_reckon", "deposits", ["id"], "NOT reckoned AND followed")
    _index_some("ix_receptions_seen", "receptions", ["created_at", "id"], "state = 'seen'")


def _index_some(name: str, table: str, columns: list[str], which: str) -> None:
    some = sa.text(which)
    op.create_index(name, table, columns, unique=False, sqlite_where=some, postgresql_where=some)
