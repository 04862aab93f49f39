"""An answer says the hour of the bench, or none when the bench plays another day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import httpx2
import pytest

from chorus_simulator.pytest_plugin import RunningSimulator

OTHER_DAY = "2031-03-04T12:00:00+00:00"
PLACES = ("/", "/portail/", "/production/cpro/transverses/v1/health-check")


@pytest.fixture(autouse=True)
def today(chorus_simulator: RunningSimulator) -> Iterator[None]:
    """The bench plays this very day, before and after."""
    chorus_simulator.control.clock(set=datetime.now(UTC).isoformat())
    yield
    chorus_simulator.control.clock(set=datetime.now(UTC).isoformat())


@pytest.mark.parametrize("place", PLACES)
def test_the_hour_is_that_of_the_machine_and_told_once(chorus_simulator: RunningSimulator, place: str):
    told = httpx2.head(chorus_simulator.base_url + place, timeout=60).headers.get_list("date")
    assert len(told) == 1
    assert abs(parsedate_to_datetime(told[0]) - datetime.now(UTC)) < timedelta(minutes=2)


@pytest.mark.parametrize("place", PLACES)
def test_a_bench_that_plays_another_day_says_no_hour(chorus_simulator: RunningSimulator, place: str):
    chorus_simulator.control.clock(set=OTHER_DAY)
    assert "date" not in httpx2.head(chorus_simulator.base_url + place, timeout=60).headers


def test_a_bench_asked_to_says_its_own_hour(chorus_simulator: RunningSimulator):
    chorus_simulator.control.clock(set=OTHER_DAY)
    chorus_simulator.control.switch(date_banc=True)
    told = parsedate_to_datetime(httpx2.head(chorus_simulator.base_url, timeout=60).headers["date"])
    assert timedelta() <= told - datetime.fromisoformat(OTHER_DAY) < timedelta(minutes=2)
