"""`raccord retrieve` counts before it fetches, and fetches what was chosen."""

from __future__ import annotations

import json
from typing import Any

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
