"""The seam of the reach: whatever a limited person or program asks, the statement itself is narrowed on its way.

`narrow(store, reach)` gives a store whose connections add, to each SELECT, UPDATE and DELETE, the rule of each table
that it names: rows of other structures do not exist there. No verb of the store and no room of the engine has to think
of it. It fails closed: a table without a rule (`reach_rules.py`) cannot be asked; a test holds the rules and the schema
together.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql import visitors
from sqlalchemy.sql.selectable import FromGrouping, Join

from raccord.domain.reach import Reach
from raccord.store.database import Store
from raccord.store.reach_rules import RULES, Bounds, Source, among
from raccord.store.tables.core import deposits, receptions, structures

_BOUNDS = "raccord_bounds"
_LOOKING = "raccord_looks_for_its_bounds"
_IN_ORDER = "raccord_reads_in_order"
_OWN_WORDS = re.compile(r"\b(?:search_(?:reception|deposit|words)|directory_\w+)\b")
"""Tables outside of the metadata: words by number of row, reached through a table that has its rule."""
_NAMES = re.compile(r"\b(?:FROM|JOIN|INTO|UPDATE)\s+\"?(\w+)", re.IGNORECASE)
BY_ITS_OWN_INDEX = {_IN_ORDER: True}
"""The execution options of a query that has an index of its own: the rules leave the choice to it."""
FEW = 2_000
"""Invoices up to which the events of a reach are found from them, rather than by walking through the journal."""


def few_subjects(conn: sa.Connection) -> sa.CompoundSelect[Any] | None:
    """The subjects of the journal that this connection sees, when they are few; None otherwise, or when it sees all.

    A hint for the speed of a query on the events: what may be seen is held by the rules, with or without it.
    """
    if _BOUNDS not in conn.get_execution_options():
        return None
    invoices = (("deposit/", deposits), ("reception/", receptions))
    if not all(_few(conn, table) for _, table in invoices):
        return None
    places = sa.select(sa.literal("structure/") + structures.c.id)
    return sa.union_all(*(sa.select(sa.literal(kind) + table.c.id) for kind, table in invoices), places)


def in_order(conn: sa.Connection, table: sa.Table, *, one_is_served: bool = True) -> dict[str, bool]:
    """The execution options of a query that reads `table` in order and stops at a page.

    A large reach is read along that order, passing over the rows of others; a small one is found by its index, then
    sorted. `one_is_served`: an index gives the rows of one structure in that very order.
    """
    bounds = conn.get_execution_options().get(_BOUNDS)
    if bounds is None or table not in (deposits, receptions):
        return {}
    places = bounds.sirets if table is deposits else bounds.structures
    if (one_is_served and len(places) == 1) or _few(conn, table):
        return {}
    return BY_ITS_OWN_INDEX


def _few(conn: sa.Connection, table: sa.Table) -> bool:
    some = sa.select(table.c.id).limit(FEW + 1).subquery()
    return conn.execute(sa.select(sa.func.count()).select_from(some)).scalar_one() <= FEW


def narrow(store: Store, reach: Reach) -> Store:
    """The same database as that reach sees it, and never further than `store` does; itself where nothing changes."""
    seen = reach.within(store.reach)
    return store if seen == store.reach else _NarrowStore(store.whole, seen)


class _NarrowStore(Store):
    """A store whose connections see only what belongs to some structures."""

    def __init__(self, whole: Store, reach: Reach) -> None:
        engine = whole.engine.execution_options()
        sa.event.listen(engine, "before_execute", _narrowed, retval=True)
        super().__init__(engine, whole.facts)
        self._whole, self.reach = whole, reach

    @property
    def whole(self) -> Store:
        """The database as everybody together sees it."""
        return self._whole

    @contextmanager
    def begin(self) -> Iterator[sa.Connection]:
        with super().begin() as conn:
            yield self._bounded(conn)

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        with super().read() as conn:
            yield self._bounded(conn)

    def close(self) -> None:
        """Nothing to close: the pool belongs to the whole store."""

    def _bounded(self, conn: sa.Connection) -> sa.Connection:
        sirets = tuple(sorted(self.reach.sirets or ()))
        mine = sa.select(structures.c.id, structures.c.connection_id).where(among(structures.c.siret, sirets))
        rows = conn.execute(mine, execution_options={_LOOKING: True}).all()
        bounds = Bounds(
            sirets, tuple(sorted(row.id for row in rows)), tuple(sorted({row.connection_id for row in rows}))
        )
        return conn.execution_options(**{_BOUNDS: bounds})


def _narrowed(
    _conn: sa.Connection, statement: Any, multiparams: Any, params: Any, options: dict[str, Any]
) -> tuple[Any, Any, Any]:
    """SQLAlchemy's `before_execute`: the statement, with the rules of its tables."""
    if not options.get(_LOOKING):
        bounds = options[_BOUNDS]
        statement = _with_rules(statement, replace(bounds, in_order=True) if options.get(_IN_ORDER) else bounds)
    return statement, multiparams, params


def _with_rules(statement: Any, bounds: Bounds) -> Any:
    if isinstance(statement, sa.Select | sa.CompoundSelect):
        return visitors.cloned_traverse(statement, {}, {"select": lambda select: _restrict(select, bounds)})
    if isinstance(statement, sa.Update | sa.Delete):
        rule = _rule(statement.table, bounds)
        return statement if rule is None else statement.where(rule)
    if isinstance(statement, sa.TextClause):
        _refuse_unruled(statement.text)
    elif not isinstance(statement, sa.Insert):
        raise LookupError(f"a statement of kind {type(statement).__name__} has no rule of reach")
    return statement


def _restrict(select: Any, bounds: Bounds) -> None:
    """Add its rules to one SELECT, nested or not; it is a clone of ours, so that it may be changed in place."""
    for source, optional in _sources(select.get_final_froms()):
        rule = _rule(source, bounds)
        if rule is not None:
            if optional:  # the other side of an outer join: its absence says nothing of anybody
                rule = sa.or_(_key(source).is_(None), rule)
            select._where_criteria += (rule,)


def _sources(froms: Any, *, optional: bool = False) -> Iterator[tuple[Source, bool]]:
    """The tables, and aliases of tables, that a FROM names, each with whether an outer join may leave it out."""
    for source in froms:
        if isinstance(source, Join):
            yield from _sources([source.left], optional=optional or source.full)
            yield from _sources([source.right], optional=optional or source.isouter or source.full)
        elif isinstance(source, FromGrouping):  # a join on the right of another
            yield from _sources([source.element], optional=optional)
        elif isinstance(source, sa.Table) or isinstance(getattr(source, "element", None), sa.Table):
            yield source, optional
        elif isinstance(source, sa.TableClause):
            _refuse_unruled(f"FROM {source.name}")
        elif not isinstance(getattr(source, "element", None), sa.SelectBase | sa.Subquery):  # seen to apart
            raise LookupError(f"a FROM of kind {type(source).__name__} has no rule of reach")


def _rule(source: Source, bounds: Bounds) -> sa.ColumnElement[bool] | None:
    rule = RULES[_table(source).name]
    return None if rule is None else rule(source, bounds)


def _table(source: Source) -> sa.Table:
    found = source if isinstance(source, sa.Table) else source.element
    assert isinstance(found, sa.Table)
    return found


def _key(source: Source) -> Any:
    return source.c[next(iter(_table(source).primary_key)).name]


def _refuse_unruled(text: str) -> None:
    for name in _NAMES.findall(text):
        if not _OWN_WORDS.fullmatch(name):
            raise LookupError(f"« {name} » is asked in plain SQL, where no rule of reach can be added")
