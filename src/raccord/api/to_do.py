"""/api/v1/to-do: the invoices sent that wait for a person."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated

import msgspec
from litestar import Router, get
from litestar.params import QueryParameter

from raccord.api.auth import reads
from raccord.api.given import QueryText, TheGateway


class ToDoView(msgspec.Struct, frozen=True):
    """One invoice: `task` is correct, decide, complete, replace or elsewhere; `age` counts days."""

    deposit_id: str
    task: str
    task_label: str
    number: str
    filename: str
    recipient: str
    amount: Decimal | None
    currency: str
    issue_date: date | None
    reason: str
    since: datetime
    age: int


class ToDoListView(msgspec.Struct, frozen=True):
    """The oldest first; `total`, `counts` and `amounts` (by currency) are those of all."""

    total: int
    counts: dict[str, int]
    amounts: dict[str, Decimal]
    items: list[ToDoView]


@get("/to-do", sync_to_thread=True, guards=[reads])
def listing(
    gateway: TheGateway,
    connection: QueryText = "",
    limit: Annotated[int, QueryParameter(ge=1, le=1000)] = 50,
) -> ToDoListView:
    """What a person must do: faulty, refused or doubtful deposits, suspended and rejected invoices."""
    found = gateway.to_dos.waiting(gateway.connections.find(connection).id if connection else "", limit)
    items = [
        ToDoView(
            one.deposit_id, one.task.value, one.task.label, one.number, one.filename, one.recipient, one.amount,
            one.currency, one.issue_date, one.reason, one.since, one.age,
        )
        for one in found.items
    ]  # fmt: skip
    counts = {task.value: count for task, count in found.counts.items()}
    return ToDoListView(found.total, counts, dict(found.amounts), items)


router = Router(path="/", tags=["Dépôts"], route_handlers=[listing])
