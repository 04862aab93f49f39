"""A day typed wrong may be the first of the calendar, or the last: it filters like any other, it breaks nothing."""

from __future__ import annotations

from typing import Any

import pytest

from raccord.domain.roles import Permission

FIRST, LAST = "0001-01-01", "9999-12-31"


@pytest.mark.parametrize("path", ["deposits", "receptions/search", "exports/depots", "exports/receptions"])
def test_every_list_takes_any_day(office: Any, path: str) -> None:
    office.connect()
    program = office.program(Permission.READ)
    for since, until in ((FIRST, LAST), (FIRST, FIRST), (LAST, LAST)):
        assert program.get(path, params={"since": since, "until": until}).status_code == 200


def test_a_backlog_is_counted_from_any_day(office: Any) -> None:
    office.connect("21970999400017", "Commune")
    office.simulator.control.invoices("21970999400017", 2)
    program = office.program(Permission.READ)
    (structure,) = [one for one in program.get("structures").json() if one["is_recipient"]]
    counted = [
        program.get(f"structures/{structure['id']}/backlog", params={"since": day}).json()["total"]
        for day in (FIRST, LAST)
    ]
    assert counted == [2, 0]


@pytest.mark.parametrize("instant", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59.999999-12:00"])
def test_an_instant_that_some_zone_cannot_write_is_kept_inside_of_the_calendar(office: Any, instant: str) -> None:
    office.connect("21970999400017", "Commune")
    office.simulator.control.invoices("21970999400017", 2)
    program = office.program(*Permission)
    (structure,) = [one for one in program.get("structures").json() if one["is_recipient"]]
    (connection,) = program.get("connections").json()
    assert program.post(f"structures/{structure['id']}/begin", json={"since": instant}).status_code == 200
    changed = program.put(f"connections/{connection['id']}/expiry", json={"expires_at": instant})
    assert changed.status_code == 200, changed.text
    office.work(2)
    expected = 2 if instant.startswith("0001") else 0
    assert len(program.get("receptions/search").json()["items"]) == expected
    assert program.get("connections").status_code == 200
