"""`raccord retrieve` counts before it fetches, and fetches what was chosen."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from raccord.domain.clock import PARIS, first_instant

TOWN = "21970999400017"


def test_the_command_counts_first_then_fetches_what_was_chosen(house: Any) -> None:
    house.connect("Commune", TOWN)
    house.simulator.control.invoices(TOWN, 2, service="SERV-TECH")
    house.simulator.control.invoices(TOWN, 3, service="")
    counted = house.run("retrieve", "--count", "--json")
    assert counted.returncode == 0, counted.stderr
    (town,) = json.loads(counted.stdout)
    assert (town["total"], town["by_service"]) == (5, {"SERV-TECH": 2, "": 3})
    told = house.run("retrieve", "--count").stdout
    assert "5 facture(s)" in told
    assert "service SERV-TECH" in told
    day = town["since"]
    fetched = house.run("retrieve", "--since", day, "--service", "SERV-TECH", "--json")
    assert len(json.loads(fetched.stdout)["receptions"]) == 2, fetched.stderr


def test_a_day_begins_at_midnight_in_paris(house: Any) -> None:
    """An invoice that arrived half an hour after midnight is of that day, on the screen as on the command line."""
    day = datetime.now(PARIS).date() - timedelta(days=1)
    house.simulator.control.clock(set=(first_instant(day) + timedelta(minutes=30)).isoformat())
    house.simulator.control.invoices(TOWN, 1)
    house.simulator.control.clock(set=datetime.now(UTC).isoformat())
    house.connect("Commune", TOWN)
    fetched = house.run("retrieve", "--since", day.isoformat(), "--json")
    assert len(json.loads(fetched.stdout)["receptions"]) == 1, fetched.stderr
