"""The legal payment period of an invoice to a public body: when it is due, whether it is late, what the delay costs.

Sources: specifications/users.md §4 (30 days, 50 for health, 60 for some public enterprises; authorising officer 20 and
accountant 10; the deposit or reception date, or *service fait* if later; one interruption, before the order to pay;
late: ECB rate + 8 points and 40 €). The shares of health bodies (35 + 15) are those of the decree 2013-269.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from raccord.domain.clock import PARIS
from raccord.domain.money import ZERO, cents, exact_product, exact_quotient
from raccord.domain.statuses import FINAL

INDEMNITY = Decimal("40.00")
"""Euros owed for the recovery of any late invoice, besides the interest."""

POINTS_ABOVE_ECB = Decimal(8)
_DAYS_IN_A_YEAR = Decimal(365)
_NEW_PERIOD = 30
"""After an interruption: so many days, or the balance when it is longer."""

_ORDERED = frozenset({"MANDATEE", "MISE_A_DISPOSITION_COMPTABLE", "COMPTABILISEE", "MISE_EN_PAIEMENT"})
"""From here on the accountant holds the invoice, and it can no longer be interrupted."""
_CLOSED = frozenset({"REJETEE", "ABANDONNEE", "SUPPRIMEE"})
_MOVES = frozenset({"SUSPENDUE", "SERVICE_FAIT"}) | _CLOSED | FINAL


class BodyKind(StrEnum):
    """What a public body is, as far as its payment period is concerned; a person chooses, 30 days otherwise."""

    ORDINARY = "ordinaire"
    HEALTH = "sante"
    ENTERPRISE = "entreprise"

    @property
    def label(self) -> str:
        """The words on the screens."""
        return _LABELS[self]


_LABELS = {
    BodyKind.ORDINARY: "État, collectivité, établissement public : 30 jours",
    BodyKind.HEALTH: "Établissement de santé : 50 jours",
    BodyKind.ENTERPRISE: "Entreprise publique : 60 jours",
}


@dataclass(frozen=True)
class Terms:
    """How many days, and how they are shared between the authorising officer and the accountant."""

    officer: int
    accountant: int

    @property
    def days(self) -> int:
        """The whole period."""
        return self.officer + self.accountant


TERMS: dict[BodyKind, Terms] = {
    BodyKind.ORDINARY: Terms(20, 10),
    BodyKind.HEALTH: Terms(35, 15),
    BodyKind.ENTERPRISE: Terms(60, 0),
}


@dataclass(frozen=True)
class Passage:
    """A status at Chorus Pro, and the instant from which the invoice had it (aware)."""

    status: str
    at: datetime


@dataclass(frozen=True)
class InvoiceDates:
    """What the period is reckoned from: `deposited` is the day of deposit or of reception at Chorus Pro.

    `service_done` is the day of the *service fait* when it is known otherwise than by the status; `amount` includes
    VAT.
    """

    deposited: date
    amount: Decimal | None = None
    service_done: date | None = None


@dataclass(frozen=True)
class Standing:
    """Where an invoice stands in its period, on a day.

    `due` is None while paused and once closed without payment; `days_left` too, and is negative when late. `interest`
    is in euros to the cent and does not hold the `indemnity`.
    """

    start: date
    due: date | None
    days_left: int | None
    late_by: int
    paused: bool
    interest: Decimal
    indemnity: Decimal
    paid_on: date | None
    closed: bool
    with_accountant: bool
    officer_due: date | None

    @property
    def open(self) -> bool:
        """Whether payment is still awaited."""
        return self.paid_on is None and not self.closed


def standing(
    invoice: InvoiceDates,
    history: Sequence[Passage],
    today: date,
    kind: BodyKind = BodyKind.ORDINARY,
    ecb_rate: Decimal = ZERO,
) -> Standing:
    """Where an invoice stands today; `ecb_rate` in percent, that of the semester in which the delay began."""
    passages = sorted(history, key=lambda passage: passage.at)
    start, terms = _start(invoice, passages), TERMS[kind]
    paid_on = _first_day(passages, {"MISE_EN_PAIEMENT"})
    closed = paid_on is None and bool(passages) and passages[-1].status in _CLOSED
    pause = _pause(passages)
    paused = pause is not None and pause.end is None and not closed and paid_on is None
    due, officer_due = (None, None) if closed or paused else _due(start, terms, pause)
    left = None if due is None else (due - (paid_on or today)).days
    late_by = max(0, -left) if left is not None else 0
    return Standing(
        start=start,
        due=due,
        days_left=left,
        late_by=late_by,
        paused=paused,
        interest=late_interest(invoice.amount, late_by, ecb_rate),
        indemnity=INDEMNITY if late_by else ZERO,
        paid_on=paid_on,
        closed=closed,
        with_accountant=_first_day(passages, _ORDERED) is not None,
        officer_due=officer_due,
    )


def may_move(before: str, after: str) -> bool:
    """Whether the day due may be another one after this change of status; of the others no history needs to be read."""
    return before in _MOVES or after in _MOVES


def told(stands: Standing) -> str:
    """Where the period stands, in the words of the boards, the letters and the exports."""
    if stands.closed:
        return "Sans suite"
    if stands.paid_on:
        return f"Payée avec {days_of(stands.late_by)} de retard" if stands.late_by else "Payée dans le délai"
    if stands.paused or stands.days_left is None:
        return "Délai suspendu"
    if stands.late_by:
        return f"{days_of(stands.late_by)} de retard"
    return f"{days_of(stands.days_left)} restants" if stands.days_left > 1 else _LAST_DAYS[stands.days_left]


_LAST_DAYS = ("Dernier jour", "1 jour restant")


def days_of(count: int) -> str:
    """1 jour; 12 jours."""
    return f"{count}\u00a0jour{'s' if count > 1 else ''}"


def late_interest(amount: Decimal | None, days: int, ecb_rate: Decimal) -> Decimal:
    """Simple interest on the amount with VAT, from the day after the due date to the day of payment included."""
    if amount is None or amount <= ZERO or days <= 0:
        return ZERO
    yearly = exact_product(amount, exact_quotient(ecb_rate + POINTS_ABOVE_ECB, Decimal(100)))
    return cents(exact_quotient(exact_product(yearly, Decimal(days)), _DAYS_IN_A_YEAR))


@dataclass(frozen=True)
class _Pause:
    begin: date
    end: date | None


def _start(invoice: InvoiceDates, passages: Sequence[Passage]) -> date:
    done = invoice.service_done or _first_day(passages, {"SERVICE_FAIT"})
    return max(invoice.deposited, done) if done else invoice.deposited


def _pause(passages: Sequence[Passage]) -> _Pause | None:
    """The one interruption that counts: the first suspension, if it comes before the order to pay."""
    begin: date | None = None
    for passage in passages:
        if begin is None:
            if passage.status in _ORDERED:
                return None
            if passage.status == "SUSPENDUE":
                begin = _day(passage)
        elif passage.status != "SUSPENDUE":
            return _Pause(begin, _day(passage))
    return None if begin is None else _Pause(begin, None)


def _due(start: date, terms: Terms, pause: _Pause | None) -> tuple[date, date]:
    """The last day for the whole, and for the authorising officer."""
    due = start + timedelta(days=terms.days)
    if pause is not None and pause.end is not None and pause.begin <= due:
        balance = (due - max(pause.begin, start)).days
        due = max(due, pause.end + timedelta(days=max(_NEW_PERIOD, balance)))  # never shortened by an interruption
    return due, due - timedelta(days=terms.accountant)


def _first_day(passages: Sequence[Passage], statuses: frozenset[str] | set[str]) -> date | None:
    return next((_day(passage) for passage in passages if passage.status in statuses), None)


def _day(passage: Passage) -> date:
    return passage.at.astimezone(PARIS).date()
