"""Chorus Pro writes one declared type in five forms; the client reads them all and writes two."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from choruspro.dates import PARIS, read_day, read_instant, write_instant

offsets = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
moments = st.datetimes(datetime.fromisoformat("1900-01-01"), datetime.fromisoformat("2200-01-01"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-21", datetime(2026, 11, 21, tzinfo=PARIS)),
        ("2016-05-24 15:02", datetime(2016, 5, 24, 15, 2, tzinfo=PARIS)),
        ("2026-11-21T23:59:59", datetime(2026, 11, 21, 23, 59, 59, tzinfo=PARIS)),
        ("2019-03-27T11:12:24.777+01:00", datetime(2019, 3, 27, 10, 12, 24, 777000, tzinfo=UTC)),
        ("2022-01-07T10:11:47.823Z", datetime(2022, 1, 7, 10, 11, 47, 823000, tzinfo=UTC)),
        ("2022-07-07T10:11:47+0200", datetime(2022, 7, 7, 8, 11, 47, tzinfo=UTC)),
    ],
)
def test_the_forms_seen_in_the_field(text: str, expected: datetime) -> None:
    assert read_instant(text) == expected
    assert read_instant(text).tzinfo is not None


@given(day=st.dates(min_value=date(1900, 1, 1), max_value=date(2200, 1, 1)))
def test_a_bare_day_is_that_day_and_its_midnight_in_paris(day: date) -> None:
    assert read_day(day.isoformat()) == day
    assert read_instant(day.isoformat()).astimezone(PARIS).date() == day


@given(moment=moments)
def test_a_text_without_zone_is_paris_time(moment: datetime) -> None:
    text = moment.strftime("%Y-%m-%d %H:%M")
    assert read_instant(text).replace(tzinfo=None) == moment.replace(second=0, microsecond=0)
    assert read_day(text) == moment.date()


@given(moment=moments, zone=offsets, colon=st.booleans(), separator=st.sampled_from("T "))
def test_any_offset_reads_as_the_same_instant(moment: datetime, zone: timezone, colon: bool, separator: str) -> None:
    aware = moment.replace(tzinfo=zone, microsecond=moment.microsecond // 1000 * 1000)
    text = aware.isoformat(sep=separator, timespec="milliseconds")
    text = text if colon else text[:-3] + text[-2:]
    assert read_instant(text) == aware
    assert read_day(text) == aware.astimezone(PARIS).date()


@given(moment=moments, zone=offsets)
def test_what_is_written_is_read_back_to_the_millisecond(moment: datetime, zone: timezone) -> None:
    aware = moment.replace(tzinfo=zone)
    text = write_instant(aware)
    assert text.endswith("Z")
    assert read_instant(text) == aware.replace(microsecond=aware.microsecond // 1000 * 1000)


def test_an_instant_without_zone_is_never_written() -> None:
    with pytest.raises(ValueError, match="fuseau"):
        write_instant(datetime(2026, 1, 1))  # noqa: DTZ001 (the mistake under test)


@given(text=st.text(max_size=40))
def test_any_other_text_is_refused_with_a_value_error(text: str) -> None:
    for read in (read_day, read_instant):
        try:
            assert read(text) is not None
        except ValueError:
            continue
