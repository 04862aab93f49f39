"""When a public body must have paid, told with dates; then promises that hold for any life of an invoice."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raccord.domain.deadlines import TERMS, BodyKind, InvoiceDates, Passage, late_interest, may_move, standing
from raccord.domain.statuses import LABELS, WORKS_LABELS

RATE = Decimal("2.15")


def at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def invoice(amount: str = "1200.00") -> InvoiceDates:
    return InvoiceDates(date(2026, 3, 2), Decimal(amount))


@pytest.mark.parametrize(
    ("kind", "due"),
    [
        (BodyKind.ORDINARY, date(2026, 4, 1)),
        (BodyKind.HEALTH, date(2026, 4, 21)),
        (BodyKind.ENTERPRISE, date(2026, 5, 1)),
    ],
)
def test_each_kind_of_body_has_its_period(kind: BodyKind, due: date) -> None:
    found = standing(invoice(), (), date(2026, 3, 12), kind)
    assert (found.due, found.days_left, found.late_by) == (due, (due - date(2026, 3, 12)).days, 0)


def test_the_officer_has_twenty_days_then_the_accountant_ten() -> None:
    found = standing(invoice(), (), date(2026, 3, 12))
    assert found.officer_due == date(2026, 3, 22)
    assert not found.with_accountant
    later = standing(invoice(), [Passage("MANDATEE", at(date(2026, 3, 15)))], date(2026, 3, 16))
    assert later.with_accountant


def test_a_later_service_fait_starts_the_period() -> None:
    found = standing(invoice(), [Passage("SERVICE_FAIT", at(date(2026, 3, 12)))], date(2026, 3, 13))
    assert (found.start, found.due) == (date(2026, 3, 12), date(2026, 4, 11))


def test_an_earlier_service_fait_changes_nothing() -> None:
    early = InvoiceDates(date(2026, 3, 2), service_done=date(2026, 2, 1))
    assert standing(early, (), date(2026, 3, 13)).due == date(2026, 4, 1)


def test_a_suspension_stops_the_period_and_completion_opens_a_new_one_of_thirty_days() -> None:
    suspended = [Passage("SUSPENDUE", at(date(2026, 3, 12)))]
    waiting = standing(invoice(), suspended, date(2026, 6, 1), ecb_rate=RATE)
    assert (waiting.paused, waiting.due, waiting.late_by, waiting.interest) == (True, None, 0, 0)
    completed = [*suspended, Passage("COMPLETEE", at(date(2026, 3, 20)))]
    assert standing(invoice(), completed, date(2026, 3, 21)).due == date(2026, 4, 19)


def test_a_longer_balance_is_kept_after_the_interruption() -> None:
    history = [Passage("SUSPENDUE", at(date(2026, 3, 7))), Passage("COMPLETEE", at(date(2026, 3, 17)))]
    found = standing(invoice(), history, date(2026, 3, 18), BodyKind.HEALTH)
    assert found.due == date(2026, 3, 17) + timedelta(days=45)


def test_a_second_suspension_does_not_stop_the_period_again() -> None:
    history = [
        Passage("SUSPENDUE", at(date(2026, 3, 12))),
        Passage("COMPLETEE", at(date(2026, 3, 20))),
        Passage("SUSPENDUE", at(date(2026, 4, 1))),
    ]
    found = standing(invoice(), history, date(2026, 4, 25), ecb_rate=RATE)
    assert (found.paused, found.due, found.late_by) == (False, date(2026, 4, 19), 6)


def test_a_suspension_after_the_order_to_pay_does_not_count() -> None:
    history = [Passage("MANDATEE", at(date(2026, 3, 10))), Passage("SUSPENDUE", at(date(2026, 3, 12)))]
    assert standing(invoice(), history, date(2026, 3, 13)).due == date(2026, 4, 1)


def test_a_late_invoice_costs_the_rate_plus_eight_points_and_forty_euros() -> None:
    found = standing(invoice("10000.00"), (), date(2026, 5, 1), ecb_rate=RATE)
    assert found.late_by == 30
    assert found.interest == Decimal("83.42")  # 10 000 x 10,15 % x 30 / 365 = 83,4246
    assert found.indemnity == Decimal("40.00")


def test_payment_stops_the_count_for_good() -> None:
    paid = [Passage("MISE_EN_PAIEMENT", at(date(2026, 4, 11)))]
    found = standing(invoice("10000.00"), paid, date(2027, 1, 1), ecb_rate=RATE)
    assert (found.paid_on, found.late_by, found.open) == (date(2026, 4, 11), 10, False)
    assert found.interest == Decimal("27.81")


def test_a_rejected_invoice_is_never_late() -> None:
    found = standing(invoice(), [Passage("REJETEE", at(date(2026, 3, 5)))], date(2027, 1, 1), ecb_rate=RATE)
    assert (found.closed, found.due, found.late_by) == (True, None, 0)


def test_a_status_set_at_night_counts_for_the_day_of_paris() -> None:
    night = Passage("MISE_EN_PAIEMENT", datetime(2026, 7, 1, 22, 30, tzinfo=UTC))
    assert standing(invoice(), [night], date(2026, 8, 1)).paid_on == date(2026, 7, 2)


DAYS = st.dates(date(2020, 1, 1), date(2030, 1, 1))
HISTORIES = st.lists(st.builds(Passage, st.sampled_from([*LABELS, "INCONNU"]), DAYS.map(at)), max_size=8)
INVOICES = st.builds(
    InvoiceDates, DAYS, st.none() | st.decimals(Decimal(0), Decimal("1e8"), places=2), st.none() | DAYS
)


@given(INVOICES, HISTORIES, DAYS, st.sampled_from(BodyKind))
def test_whatever_its_life_an_invoice_stands_somewhere_coherent(
    dates: InvoiceDates, history: list[Passage], today: date, kind: BodyKind
) -> None:
    found = standing(dates, history, today, kind, RATE)
    assert found.start >= dates.deposited
    assert (found.due is None) == (found.days_left is None) == (found.paused or found.closed)
    assert found.late_by == max(0, -(found.days_left or 0))
    if found.due:
        assert found.due >= found.start + timedelta(days=min(TERMS[kind].days, 30))
    if not found.late_by:
        assert found.interest == found.indemnity == 0


@given(INVOICES, HISTORIES, DAYS, st.integers(1, 400))
def test_time_that_passes_never_makes_an_invoice_less_late(
    dates: InvoiceDates, history: list[Passage], today: date, more: int
) -> None:
    now = standing(dates, history, today, ecb_rate=RATE)
    later = standing(dates, history, today + timedelta(days=more), ecb_rate=RATE)
    assert later.late_by >= now.late_by
    assert later.interest >= now.interest


@given(INVOICES, HISTORIES, st.sampled_from([*LABELS, *WORKS_LABELS, "INCONNU"]), DAYS)
def test_a_status_that_may_move_nothing_moves_nothing(
    dates: InvoiceDates, history: list[Passage], status: str, today: date
) -> None:
    past = sorted(history, key=lambda passage: passage.at)
    news = Passage(status, past[-1].at + timedelta(hours=1) if past else at(dates.deposited))
    before, after = standing(dates, past, today), standing(dates, [*past, news], today)
    if not may_move(past[-1].status if past else "", status):
        assert (after.start, after.due, after.open) == (before.start, before.due, before.open)


@given(INVOICES, st.randoms(), HISTORIES, DAYS)
def test_the_order_in_which_news_came_does_not_matter(
    dates: InvoiceDates, random: object, history: list[Passage], today: date
) -> None:
    unique = list({passage.at: passage for passage in history}.values())
    shuffled = sorted(unique, key=lambda _: random.random())  # type: ignore[attr-defined]  # hypothesis's random
    assert standing(dates, unique, today) == standing(dates, shuffled, today)


@given(st.decimals(Decimal("0.01"), Decimal("1e8"), places=2), st.integers(1, 3000))
def test_interest_is_to_the_cent_and_grows_with_the_amount(amount: Decimal, days: int) -> None:
    assert late_interest(amount, days, RATE).as_tuple().exponent == -2
    assert late_interest(amount * 2, days, RATE) >= late_interest(amount, days, RATE)
