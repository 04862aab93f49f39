"""/api/v1/exports and /api/v1/deadlines: files for spreadsheets, and what is late, why, at what price."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

import msgspec
from litestar import Router, delete, get, put
from litestar.params import FromQuery, JSONBody, QueryParameter
from litestar.response import Stream

from raccord.api.auth import configures, reads
from raccord.api.given import ApiRequest, PathText, QueryText, TheGateway
from raccord.domain.deadlines import Standing
from raccord.domain.entries import LABELS, Accounts
from raccord.engine.boards import Board, Line, Month
from raccord.engine.exporting import ExportQuery
from raccord.engine.weighing import Share


@get("/exports/{subject:str}", sync_to_thread=True, guards=[reads])
def export(
    *,
    gateway: TheGateway,
    subject: PathText,
    form: Annotated[str, QueryParameter(name="format")] = "csv",
    since: FromQuery[date | None] = None,
    until: FromQuery[date | None] = None,
    connection: QueryText = "",
    structure: QueryText = "",
    text: QueryText = "",
    platform_status: QueryText = "",
    decimal: QueryText = "virgule",
) -> Stream:
    """`depots`, `receptions` or `ecritures`, as `format` csv (`;`, decimal comma) or xlsx."""
    connection_id = gateway.connections.find(connection).id if connection else ""
    made = gateway.exports.make(
        ExportQuery(subject, form, since, until, connection_id, structure, text, platform_status, decimal)
    )
    headers = {"Content-Disposition": f'attachment; filename="{made.name}"', "X-Content-Type-Options": "nosniff"}
    return Stream(made.pieces, media_type=made.mime, headers=headers)


class AccountsView(msgspec.Struct, frozen=True):
    """The accounts of the entries of a structure (`""`: those of the house, for all without a choice of their own)."""

    structure: str
    journal: str
    expense: str
    vat: str
    supplier: str

    @classmethod
    def of(cls, structure: str, one: Accounts) -> "AccountsView":
        """The view of these accounts."""
        return cls(structure, one.journal, one.expense, one.vat, one.supplier)


class AccountsInput(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What changes; what is absent stays. `vat` empty: in the expense. `supplier` may hold `{siren}` or `{siret}`."""

    structure: str = ""
    journal: str | None = None
    expense: str | None = None
    vat: str | None = None
    supplier: str | None = None

    def given(self) -> dict[str, str]:
        """What is to change."""
        return {name: text for name in LABELS if (text := getattr(self, name)) is not None}


@get("/entries/accounts", sync_to_thread=True, guards=[reads])
def accounts(gateway: TheGateway) -> list[AccountsView]:
    """The accounts of the house, then those of each structure that has its own."""
    chosen = gateway.exports.accounts.every()
    house = AccountsView.of("", gateway.exports.accounts.of(""))
    return [house, *(AccountsView.of(structure, one) for structure, one in chosen.items() if structure)]


@put("/entries/accounts", sync_to_thread=True, guards=[configures])
def choose_accounts(request: ApiRequest, gateway: TheGateway, data: JSONBody[AccountsInput]) -> AccountsView:
    """Choose the accounts of a structure, or those of the house."""
    chosen = gateway.exports.accounts.choose(data.structure, data.given(), request.user.actor)
    return AccountsView.of(data.structure, chosen)


@delete("/entries/accounts", sync_to_thread=True, guards=[configures])
def forget_accounts(request: ApiRequest, gateway: TheGateway, structure: QueryText = "") -> None:
    """Take the accounts of the house again for a structure; those of Raccord for the house."""
    gateway.exports.accounts.forget(structure, request.user.actor)


@get("/entries/preview", sync_to_thread=True, guards=[reads])
def preview_entries(
    gateway: TheGateway, structure: QueryText = "", invoices: Annotated[int, QueryParameter(ge=1, le=200)] = 20
) -> list[dict[str, Any]]:
    """The entries of the newest invoices, one object for each line, by the headers of the file."""
    table = gateway.exports.preview(ExportQuery("ecritures", structure_id=structure), invoices)
    return [dict(zip(table.headers, row, strict=True)) for row in table.rows]


class StandingView(msgspec.Struct, frozen=True):
    """Where an invoice stands in its legal payment period; amounts in euros."""

    start: date
    due: date | None
    days_left: int | None
    late_by: int
    paused: bool
    paid_on: date | None
    interest: Decimal
    indemnity: Decimal
    officer_due: date | None
    with_accountant: bool

    @classmethod
    def of(cls, one: Standing) -> "StandingView":
        """The view of this standing."""
        return cls(
            one.start, one.due, one.days_left, one.late_by, one.paused, one.paid_on, one.interest, one.indemnity,
            one.officer_due, one.with_accountant,
        )  # fmt: skip


class LineView(msgspec.Struct, frozen=True):
    """One invoice of a board, and why it is not paid yet."""

    id: str
    number: str
    party: str
    party_siret: str
    service: str
    amount: Decimal | None
    status: str
    why: str
    standing: StandingView

    @classmethod
    def of(cls, line: Line) -> "LineView":
        """The view of this line."""
        one = line.invoice
        return cls(
            one.id, one.number, one.party, one.party_siret, one.service, one.amount, one.status, line.why,
            StandingView.of(line.standing),
        )  # fmt: skip


class ShareView(msgspec.Struct, frozen=True):
    """What one service, one party or one age weighs."""

    name: str
    invoices: int
    amount: Decimal
    late: int
    late_amount: Decimal

    @classmethod
    def of(cls, share: Share) -> "ShareView":
        """The view of this share."""
        return cls(share.name, share.invoices, share.amount, share.late, share.late_amount)


def _shares(shares: Sequence[Share]) -> list[ShareView]:
    return [ShareView.of(one) for one in shares]


class MonthView(msgspec.Struct, frozen=True):
    """The invoices paid in a month: after how many days on average, how many in time."""

    month: date
    paid: int
    average_days: Decimal
    in_time: int

    @classmethod
    def of(cls, month: Month) -> "MonthView":
        """The view of this month."""
        return cls(month.first_day, month.paid, month.average_days, month.in_time)


class BoardView(msgspec.Struct, frozen=True):
    """What is awaited: `lines` are the late ones, the longest first, then those that are due soon."""

    today: date
    open: int
    late: int
    soon: int
    paused: int
    amount: Decimal
    late_amount: Decimal
    interest: Decimal
    indemnity: Decimal
    complete: bool
    lines: list[LineView]
    ages: list[ShareView]
    by_party: list[ShareView]
    by_service: list[ShareView]
    delays: list[MonthView]

    @classmethod
    def of(cls, board: Board, delays: tuple[Month, ...], limit: int) -> "BoardView":
        """The view of this board."""
        return cls(
            board.today, board.open, board.late, board.soon, board.paused, board.amount, board.late_amount,
            board.interest, board.indemnity, board.complete, [LineView.of(line) for line in board.lines[:limit]],
            _shares(board.ages), _shares(board.by_party), _shares(board.by_service),
            [MonthView.of(month) for month in delays],
        )  # fmt: skip


class KindInput(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`ordinaire` (30 days), `sante` (50) or `entreprise` (60)."""

    kind: str


_Limit = Annotated[int, QueryParameter(ge=0, le=20_000)]


@get("/deadlines/deposits", sync_to_thread=True, guards=[reads])
def of_deposits(gateway: TheGateway, connection: QueryText = "", limit: _Limit = 200) -> BoardView:
    """What is owed to us, and how long our customers took to pay."""
    wanted = gateway.connections.find(connection).id if connection else ""
    return BoardView.of(gateway.boards.deposits(wanted, limit), gateway.boards.delays_of_deposits(wanted), limit)


@get("/deadlines/receptions", sync_to_thread=True, guards=[reads])
def of_receptions(gateway: TheGateway, structure: QueryText = "", limit: _Limit = 200) -> BoardView:
    """What is to be paid, and how long it took."""
    return BoardView.of(
        gateway.boards.receptions(structure, limit), gateway.boards.delays_of_receptions(structure), limit
    )


@get("/deposits/{deposit_id:str}/deadline", sync_to_thread=True, guards=[reads])
def of_deposit(gateway: TheGateway, deposit_id: PathText) -> LineView:
    """Where one deposit stands in its payment period."""
    return LineView.of(gateway.boards.of_deposit(deposit_id))


@get("/receptions/{reception_id:str}/deadline", sync_to_thread=True, guards=[reads])
def of_reception(gateway: TheGateway, reception_id: PathText) -> LineView:
    """Where one reception stands in its payment period."""
    return LineView.of(gateway.boards.of_reception(reception_id))


@put("/deadlines/bodies/{siret:str}", sync_to_thread=True, guards=[configures])
def choose_kind(request: ApiRequest, gateway: TheGateway, siret: PathText, data: JSONBody[KindInput]) -> KindInput:
    """Choose the payment period of a public body."""
    return KindInput(gateway.boards.set_kind(siret, data.kind, request.user.actor).value)


router = Router(
    path="/",
    tags=["Échéances et exports"],
    route_handlers=[
        export, of_deposits, of_receptions, of_deposit, of_reception, choose_kind, accounts, choose_accounts,
        forget_accounts, preview_entries,
    ],
)  # fmt: skip
