"""Boards: what is late, why, by whom, at what price; and how long payment takes, month after month."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import sqlalchemy as sa

from raccord.domain.clock import PARIS, first_instant
from raccord.domain.deadlines import BodyKind, InvoiceDates, Passage, Standing, standing
from raccord.domain.errors import Invalid, NotFound
from raccord.domain.identifiers import InvalidIdentifier, Siret
from raccord.domain.money import ZERO, exact_quotient, total
from raccord.domain.reach import Reach
from raccord.engine.foundation import due_dates
from raccord.engine.foundation.ground import Ground
from raccord.engine.weighing import AGES, Share, figures, heaviest_first, rank_of_age
from raccord.store import boards, due_days, journal, weights
from raccord.store.boards import Awaited
from raccord.store.reaching import narrow
from raccord.store.weights import Side

_MOST = 20_000
"""Invoices that one board reads together."""
SOON = 10
"""Days before the due date from which an invoice is worth a look."""
_LINES = 2_000
"""Lines of a board of more invoices than that."""


@dataclass(frozen=True)
class Line:
    """One invoice of a board, where it stands, and why it is not paid yet."""

    invoice: Awaited
    standing: Standing
    why: str


@dataclass(frozen=True)
class Board:
    """What is awaited on a day: `lines` are the late ones, the longest first, then those that are due soon."""

    today: date
    lines: tuple[Line, ...]
    ages: tuple[Share, ...]
    by_party: tuple[Share, ...]
    by_service: tuple[Share, ...]
    open: int
    late: int
    soon: int
    paused: int
    amount: Decimal
    late_amount: Decimal
    interest: Decimal
    indemnity: Decimal
    complete: bool


@dataclass(frozen=True)
class Month:
    """The invoices paid in a month: how many, after how many days on average, how many in time."""

    first_day: date
    paid: int
    average_days: Decimal
    in_time: int


class Boards:
    """Reads the boards. `ecb_rate` in percent."""

    def __init__(self, ground: Ground, ecb_rate: Decimal) -> None:
        self._ground, self._rate = ground, ecb_rate

    def within(self, reach: Reach) -> "Boards":
        """The same boards for who sees these structures alone."""
        return Boards(replace(self._ground, store=narrow(self._ground.store, reach)), self._rate)

    def deposits(self, connection_id: str = "", lines: int = _MOST) -> Board:
        """What is owed to us: the invoices that we sent, and no more than so many lines.

        The database sums them, unless some are still to be reckoned and all can be read together.
        """
        with self._ground.store.read() as conn:
            stale = weights.how_many_unreckoned(conn, weights.DEPOSITS, connection_id)
            many = weights.how_many_open(conn, weights.DEPOSITS, connection_id) + stale > _MOST
        if many or not stale:
            shown = min(lines, _LINES) if many else lines
            return self._weighed(weights.DEPOSITS, connection_id, self.of_deposits, shown)
        return self._board(self._lines(lambda conn: boards.open_deposits(conn, connection_id, _MOST)), lines)

    def receptions(self, structure_id: str = "", lines: int = _MOST) -> Board:
        """What is to be paid: the invoices that a public body received, and no more than so many lines.

        Beyond what is read together, the database sums them.
        """
        with self._ground.store.read() as conn:
            many = weights.how_many_open(conn, weights.RECEPTIONS, structure_id) > _MOST
        if many:
            return self._weighed(weights.RECEPTIONS, structure_id, self.of_receptions, min(lines, _LINES))
        return self._board(self._lines(lambda conn: boards.open_receptions(conn, structure_id, _MOST)), lines)

    def delays_of_deposits(self, connection_id: str = "", months: int = 12) -> tuple[Month, ...]:
        """How long our customers took to pay, by month of payment, oldest first."""
        return self._delays(lambda conn, since: boards.paid_deposits(conn, connection_id, since, _MOST * 5), months)

    def delays_of_receptions(self, structure_id: str = "", months: int = 12) -> tuple[Month, ...]:
        """How long a public body took to pay, by month of payment, oldest first."""
        return self._delays(lambda conn, since: boards.paid_receptions(conn, structure_id, since, _MOST * 5), months)

    def of_deposit(self, deposit_id: str) -> Line:
        """Where one deposit stands in its period. Raises `NotFound`."""
        return self._one(lambda conn: boards.one_deposit(conn, deposit_id))

    def of_reception(self, reception_id: str) -> Line:
        """Where one reception stands in its period. Raises `NotFound`."""
        return self._one(lambda conn: boards.one_reception(conn, reception_id))

    def of_receptions(self, reception_ids: Sequence[str]) -> dict[str, Line]:
        """Where each of these receptions stands in its period; unknown ones are absent."""
        lines = self._lines(lambda conn: boards.these_receptions(conn, reception_ids))
        return {line.invoice.id: line for line in lines}

    def of_deposits(self, deposit_ids: Sequence[str]) -> dict[str, Line]:
        """Where each of these deposits stands in its period; unknown ones are absent."""
        lines = self._lines(lambda conn: boards.these_deposits(conn, deposit_ids))
        return {line.invoice.id: line for line in lines}

    def kinds(self) -> dict[str, BodyKind]:
        """The public bodies whose period is not the ordinary one, by SIRET."""
        with self._ground.store.read() as conn:
            return boards.kinds(conn)

    def set_kind(self, siret: str, kind: str, actor: str) -> BodyKind:
        """Choose the period of a public body. Raises `Invalid` (`ECHEANCE_SIRET`, `ECHEANCE_NATURE`)."""
        chosen, body = _kind(kind), _siret(siret)
        with self._ground.store.begin() as conn:
            boards.set_kind(conn, body, chosen, self._ground.clock())
            for kept in due_days.BOTH:
                kept.reckon_again(conn, body)
            event = self._ground.event(f"body/{body}", "body.kind_chosen", actor, nature=chosen.value)
            journal.append(conn, event)
        due_dates.reckon_all(self._ground)
        return chosen

    @property
    def today(self) -> date:
        """The day in Paris."""
        return self._ground.clock().astimezone(PARIS).date()

    def _lines(self, read: Callable[[sa.Connection], Sequence[Awaited]]) -> list[Line]:
        with self._ground.store.read() as conn:
            invoices = read(conn)
            histories, kinds = boards.passages(conn, invoices), boards.kinds(conn)
        today = self.today
        return [self._line(invoice, histories[invoice.id], kinds, today) for invoice in invoices]

    def _line(self, invoice: Awaited, history: Sequence[Passage], kinds: Mapping[str, BodyKind], today: date) -> Line:
        dates = InvoiceDates(invoice.deposited, invoice.amount)
        kind = kinds.get(invoice.body_siret, BodyKind.ORDINARY)
        one = standing(dates, history, today, kind, self._rate)
        return Line(invoice, one, why(invoice.status, one))

    def _one(self, read: Callable[[sa.Connection], Awaited | None]) -> Line:
        def alone(conn: sa.Connection) -> Sequence[Awaited]:
            found = read(conn)
            return (found,) if found else ()

        for line in self._lines(alone):
            return line
        raise NotFound("FACTURE_INCONNUE", "Cette facture n’existe pas dans Raccord.", "Revenez à la liste.")

    def _board(self, everything: Sequence[Line], most: int) -> Board:
        waiting = [line for line in everything if line.standing.open]
        late = [line for line in waiting if line.standing.late_by]
        near = [line for line in waiting if _soon(line.standing)]
        pressing = (*sorted(late, key=_lateness, reverse=True), *sorted(near, key=_lateness, reverse=True))
        return Board(
            today=self.today,
            lines=pressing[:most],
            ages=_ages(waiting, self.today),
            by_party=_shares(waiting, lambda line: line.invoice.party),
            by_service=_shares(waiting, lambda line: line.invoice.service or "Sans service"),
            open=len(waiting),
            late=len(late),
            soon=len(near),
            paused=sum(line.standing.paused for line in waiting),
            amount=_sum(waiting),
            late_amount=_sum(late),
            interest=total(line.standing.interest for line in late),
            indemnity=total(line.standing.indemnity for line in late),
            complete=True,
        )

    def _weighed(self, side: Side, place: str, read: Callable[[Sequence[str]], dict[str, Line]], most: int) -> Board:
        """The figures by the database, and the worst lines."""
        today = self.today
        until = today + timedelta(days=SOON)
        with self._ground.store.read() as conn:
            sums = figures(conn, side, place, today, self._rate)
            pressing = weights.most_pressing(conn, side, place, until, most)
            due = weights.how_many_due(conn, side, place, until)
        lines = read(pressing).values()
        whole = sums.whole
        return Board(
            today=today,
            lines=tuple(sorted(lines, key=_lateness, reverse=True)),
            ages=sums.ages,
            by_party=sums.by_party,
            by_service=sums.by_service,
            open=whole.invoices,
            late=whole.late,
            soon=due - whole.late,
            paused=sums.paused,
            amount=whole.amount,
            late_amount=whole.late_amount,
            interest=sums.interest,
            indemnity=sums.indemnity,
            complete=sums.complete,
        )

    def _delays(self, read: Callable[[sa.Connection, datetime], Sequence[Awaited]], months: int) -> tuple[Month, ...]:
        since = first_instant(_months_before(self.today, months - 1))
        paid: dict[date, list[Standing]] = {}
        for line in self._lines(lambda conn: read(conn, since)):
            day = line.standing.paid_on
            if day is not None:
                paid.setdefault(day.replace(day=1), []).append(line.standing)
        return tuple(_month(first_day, paid[first_day]) for first_day in sorted(paid))


def why(status: str, stands: Standing) -> str:
    """Why an invoice is not paid yet, in words."""
    if stands.paid_on:
        return "Payée"
    if stands.closed:
        return "Sans suite : rejetée, abandonnée ou supprimée"
    if stands.paused:
        return "Suspendue : attend les pièces demandées au fournisseur"
    if status == "SUSPENDUE":
        return "Suspendue une seconde fois : le délai court toujours"
    if stands.with_accountant:
        return "Chez le comptable"
    return "Service fait, à mandater" if status == "SERVICE_FAIT" else "Chez l’ordonnateur, à traiter"


def _soon(stands: Standing) -> bool:
    return stands.days_left is not None and 0 <= stands.days_left <= SOON


def _lateness(line: Line) -> tuple[int, Decimal]:
    return (-(line.standing.days_left or 0), line.invoice.amount or ZERO)


def _sum(lines: Iterable[Line]) -> Decimal:
    return total(line.invoice.amount or ZERO for line in lines)


def _shares(lines: Sequence[Line], name_of: Callable[[Line], str]) -> tuple[Share, ...]:
    groups: dict[str, list[Line]] = {}
    for line in lines:
        groups.setdefault(name_of(line), []).append(line)
    return heaviest_first(_share(name, group) for name, group in groups.items())


def _share(name: str, lines: Sequence[Line]) -> Share:
    late = [line for line in lines if line.standing.late_by]
    return Share(name, len(lines), _sum(lines), len(late), _sum(late))


def _ages(lines: Sequence[Line], today: date) -> tuple[Share, ...]:
    groups: list[list[Line]] = [[] for _ in AGES]
    for line in lines:
        groups[rank_of_age((today - line.standing.start).days)].append(line)
    return tuple(_share(name, group) for (name, _), group in zip(AGES, groups, strict=True))


def _month(first_day: date, paid: Sequence[Standing]) -> Month:
    days = [((one.paid_on or first_day) - one.start).days for one in paid]
    average = exact_quotient(Decimal(sum(days)), Decimal(len(days))).quantize(Decimal("0.1"))
    return Month(first_day, len(paid), average, sum(not one.late_by for one in paid))


def _months_before(day: date, months: int) -> date:
    rank = day.year * 12 + day.month - 1 - months
    return date(rank // 12, rank % 12 + 1, 1)


def _kind(kind: str) -> BodyKind:
    try:
        return BodyKind(kind)
    except ValueError:
        raise Invalid(
            "ECHEANCE_NATURE",
            "Cette nature d’organisme public n’existe pas.",
            "Choisissez parmi : " + ", ".join(one.value for one in BodyKind) + ".",
        ) from None


def _siret(siret: str) -> Siret:
    try:
        return Siret.parse(siret)
    except InvalidIdentifier as error:
        raise Invalid("ECHEANCE_SIRET", error.sentence) from None
