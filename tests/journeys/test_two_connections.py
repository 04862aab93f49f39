"""Two connections in one gateway, one of them broken: the other never stops, and what waited leaves by itself."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = pytest.mark.journey

FIRM, OTHER, COLLEAGUE = "45251785100010", "21970999400017", "53210987600015"


def test_the_other_connection_never_stops(house: Any, until: Any) -> None:
    broken = house.connect("Cassée", FIRM)
    working = house.connect("Saine", OTHER)
    serving = house.serve()
    program = house.program(serving, house.office(serving))
    control = house.simulator.control
    account = house.simulator.account(FIRM)

    control.password(account["login"], "Nouveau-mot-2026!")
    waiting = _deposit(house, program, broken, "CAS-1", FIRM)
    until("le voyant rouge", lambda: program.get(f"connections/{broken}")["light"] == "rouge")
    until("ce qui attend", lambda: _state(program, waiting) == "ready")

    control.invoices(OTHER, count=2)
    town = next(one for one in program.get("structures") if one["siret"] == OTHER)
    program.post(f"structures/{town['id']}/begin", {"since": "2020-01-01T00:00:00+00:00"})
    until("les factures de l’autre", lambda: len(program.get("receptions")["items"]) >= 2)
    control.invoices(OTHER, count=1)
    until("la suivante aussi", lambda: len(program.get("receptions")["items"]) >= 3)
    assert program.get(f"connections/{working}")["light"] == "vert"
    assert program.get(f"deposits/{waiting}")["state"] == "ready"
    assert "CAS-1" not in house.received()

    body = {"login": account["login"], "password": "Nouveau-mot-2026!"}
    assert program.post(f"connections/{broken}/technical-account", body)["promoted"]
    until("ce qui attendait", lambda: program.get(f"deposits/{waiting}")["state"] == "integrated")
    assert house.received().count("CAS-1") == 1


def test_two_suppliers_each_with_their_own_account(house: Any, until: Any) -> None:
    """The same PISTE application, two technical accounts: the refusal of one is not the refusal of the other."""
    broken, working = house.connect("Cassée", FIRM), house.connect("Saine", COLLEAGUE)
    house.simulator.control.expire(house.simulator.account(FIRM)["login"])
    serving = house.serve()
    program = house.program(serving, house.office(serving))
    first = _deposit(house, program, broken, "DUO-1", FIRM)
    until("le voyant rouge", lambda: program.get(f"connections/{broken}")["light"] == "rouge")
    others = [_deposit(house, program, working, f"DUO-{rank}", COLLEAGUE) for rank in (2, 3)]
    until("les autres intégrées", lambda: {_state(program, one) for one in others} == {"integrated"})
    until("ce qui attend", lambda: _state(program, first) == "ready")
    assert sorted(house.received()) == ["DUO-2", "DUO-3"]


def _deposit(house: Any, program: Any, connection: str, number: str, supplier: str) -> str:
    file = house.invoice(number, supplier=supplier)
    return str(program.deposit(file.name, file.read_bytes(), connection=connection)["id"])


def _state(program: Any, deposit: str) -> str:
    return str(program.get(f"deposits/{deposit}")["state"])
