"""Add the archive's holds, destructions and seals, the search index, the decisions of validators."""

from decimal import Decimal

import sqlalchemy as sa
from alembic import op

from raccord.store.search import index as search_index
from raccord.store.tables.types import Day, Instant

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Forward only."""
    _archive()
    _validators()
    _index()
    op.create_index("ix_receptions_newest", "receptions", ["created_at", "id"], unique=False)
    op.create_index("ix_receptions_of_structure", "receptions", ["structure_id", "created_at", "id"], unique=False)
    _fill()


def _archive() -> None:
    op.create_table(
        "legal_holds",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("author", sa.String(length=120), nullable=False),
        sa.Column("placed_at", Instant(length=32), nullable=False),
        sa.Column("lifted_at", Instant(length=32), nullable=True),
        sa.Column("lifted_by", sa.String(length=120), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_holds")),
    )
    op.create_index(op.f("ix_legal_holds_subject"), "legal_holds", ["subject"], unique=False)
    op.create_table(
        "archive_purges",
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("rule", sa.String(length=120), nullable=False),
        sa.Column("author", sa.String(length=120), nullable=False),
        sa.Column("files", sa.JSON(), nullable=False),
        sa.Column("decided_at", Instant(length=32), nullable=False),
        sa.Column("dropped_at", Instant(length=32), nullable=True),
        sa.PrimaryKeyConstraint("subject", name=op.f("pk_archive_purges")),
    )
    op.create_index(op.f("ix_archive_purges_dropped_at"), "archive_purges", ["dropped_at"], unique=False)
    op.create_table(
        "journal_seals",
        sa.Column("day", Day(length=10), nullable=False),
        sa.Column("seq", _BIG, nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("authority", sa.String(length=500), server_default="", nullable=False),
        sa.Column("token", sa.LargeBinary(), nullable=True),
        sa.Column("stamped_at", Instant(length=32), nullable=True),
        sa.Column("sealed_at", Instant(length=32), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_journal_seals")),
    )


def _validators() -> None:
    op.create_table(
        "validation_posts",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("seq", _BIG, nullable=False),
        sa.Column("connection_id", sa.String(length=36), nullable=False),
        sa.Column("id_facture", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("supplier_name", sa.String(length=200), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("accepted", sa.Boolean(), nullable=False),
        sa.Column("motif", sa.String(length=60), nullable=False),
        sa.Column("comment", sa.String(length=2000), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("answer", sa.String(length=500), server_default="", nullable=False),
        sa.Column("author", sa.String(length=120), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("created_at", Instant(length=32), nullable=False),
        sa.Column("updated_at", Instant(length=32), nullable=False),
        sa.ForeignKeyConstraint(["connection_id"], ["connections.id"], name=op.f("fk_validation_posts_connection_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_validation_posts")),
    )
    waiting = ["connection_id", "state", "seq"]
    op.create_index("ix_validation_posts_waiting", "validation_posts", waiting, unique=False)
    op.create_index("ix_validation_posts_invoice", "validation_posts", ["connection_id", "id_facture"], unique=False)


def _index() -> None:
    op.create_table(
        "search_entries",
        sa.Column("id", _BIG, autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("subject_id", sa.String(length=36), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_entries")),
    )
    op.create_index("uq_search_entries_subject", "search_entries", ["subject_id", "kind"], unique=True)
    if op.get_bind().dialect.name == "sqlite":
        for kind in ("reception", "deposit"):
            op.execute(
                f"CREATE VIRTUAL TABLE search_{kind} USING fts5(words, detail='none', prefix='2 3 4',"
                " tokenize='unicode61 remove_diacritics 2')"
            )
        return
    op.execute(
        "CREATE TABLE search_words (id bigint PRIMARY KEY REFERENCES search_entries (id) ON DELETE CASCADE,"
        " kind varchar(12) NOT NULL, words tsvector NOT NULL)"
    )
    for kind in ("reception", "deposit"):
        op.execute(f"CREATE INDEX ix_search_words_{kind} ON search_words USING gin (words) WHERE kind = '{kind}'")


def _fill() -> None:
    """Invoices kept before this migration are found by their heads; their lines are not read again."""
    conn = op.get_bind()
    for kind in ("reception", "deposit"):
        rows = conn.execute(sa.text(f"SELECT * FROM {kind}s ORDER BY created_at, id"))  # noqa: S608  # our own names
        for row in rows.mappings().all():
            search_index.put(conn, kind, row["id"], search_index.of_row({**row, **_amounts(row)}))


def _amounts(row: sa.RowMapping) -> dict[str, Decimal | None]:
    cents = {name: row[name] for name in ("amount_total", "amount_due")}
    return {name: None if value is None else Decimal(value).scaleb(-2) for name, value in cents.items()}
