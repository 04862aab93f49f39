"""Money is decimal from the first byte to the last, and rounding is named."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raccord.domain.money import cents, french, parse_decimal, percent_of, plain, scale, total

amounts = st.decimals(min_value=-(10**12), max_value=10**12, places=2)


def test_half_a_cent_goes_up_away_from_zero() -> None:
    assert cents(Decimal("12.345")) == Decimal("12.35")
    assert cents(Decimal("-12.345")) == Decimal("-12.35")
    assert plain(cents(Decimal(7))) == "7.00"


def test_vat_is_rounded_once() -> None:
    assert percent_of(Decimal("38.22"), Decimal("5.5")) == Decimal("2.10")
    assert percent_of(Decimal("0.05"), Decimal("10")) == Decimal("0.01")


def test_written_decimals_are_kept() -> None:
    assert plain(parse_decimal("1481.40")) == "1481.40"
    assert scale(parse_decimal("1481.40")) == 2
    assert plain(Decimal("1E+2")) == "100"


@pytest.mark.parametrize("text", ["", "1,5", "1e5", "NaN", "Infinity", "--1", "1.2.3", "٣", "9" * 40])
def test_what_xml_does_not_call_a_decimal_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        parse_decimal(text)


def test_french_readers_get_french_amounts() -> None:
    assert french(Decimal("1234567.5")) == "1\u202f234\u202f567,50"
    assert french(Decimal("-0.1")) == "-0,10"


@given(st.lists(amounts, max_size=50))
def test_a_sum_does_not_depend_on_the_order(values: list[Decimal]) -> None:
    assert total(values) == total(reversed(values))


@given(amounts)
def test_what_is_written_is_read_back(amount: Decimal) -> None:
    assert parse_decimal(plain(amount)) == amount
