"""The official rules speak in every deposit; a long invoice takes a lane of its own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from raccord import checks
from raccord.checks.lanes import LONG_LINES, Lanes, is_long
from raccord.domain.clock import system_clock
from raccord.formats import xml
from raccord.formats.sample import make_invoice, write_sample
from raccord.settings import load_settings
from raccord.wiring import deposit_checker, official_rules

TODAY = date(2026, 11, 21)


@pytest.fixture(scope="module")
def lanes() -> Iterator[Lanes]:
    """Two lanes, ended with the tests."""
    opened = Lanes(1)
    yield opened
    opened.close()


@pytest.mark.parametrize(("lines", "expected"), [(LONG_LINES - 1, False), (LONG_LINES, True)])
@pytest.mark.parametrize("syntax", ["cii", "ubl"])
def test_the_number_of_lines_chooses_the_lane(syntax: str, lines: int, expected: bool) -> None:
    assert is_long(xml.parse(write_sample(make_invoice(3, lines=lines), syntax))) is expected


def test_both_lanes_give_the_same_verdict(lanes: Lanes) -> None:
    short, long = (write_sample(make_invoice(3, lines=count), "cii") for count in (3, LONG_LINES))
    verdicts = [checks.check(data, "f.xml", today=TODAY, official=lanes) for data in (short, long)]
    assert [verdict.ok for verdict in verdicts] == [True, True]
    assert verdicts[0].rule_sets == verdicts[1].rule_sets
    assert len(verdicts[0].rule_sets) > len(checks.check(short, "f.xml", today=TODAY).rule_sets)


def test_the_settings_choose_whether_the_official_rules_speak(lanes: Lanes) -> None:
    assert official_rules(load_settings({"RACCORD_SCHEMATRON_WORKERS": "0"}, env_file=None)) is None
    usual = official_rules(load_settings({}, env_file=None))
    assert usual is not None
    usual.close()
    invoice = write_sample(make_invoice(3), "ubl")
    told = deposit_checker(system_clock, official=lanes)(invoice, "f.xml")
    silent = deposit_checker(system_clock)(invoice, "f.xml")
    assert set(silent.rule_sets) < set(told.rule_sets)
