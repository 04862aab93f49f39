"""The network goes while Raccord works: the first call without an answer calls the doctor, nobody waits for an hour."""

from __future__ import annotations

from typing import Any

FIRM = "45251785100010"


def test_a_call_without_an_answer_turns_the_light_and_the_next_visits_turn_it_back(voyage: Any) -> None:
    firm = voyage.connect(FIRM)
    assert _light(voyage, firm) == ("vert", "")
    voyage.passes(turns=2, minutes=1)
    voyage.simulator.control.fault("reset", "*", when="before", count=10_000)
    waiting = voyage.deposit(firm, voyage.invoice("RESEAU-1"))
    voyage.passes(turns=3, seconds=10)
    light, cause = _light(voyage, firm)
    assert light == "rouge"
    assert cause.startswith("NET-")
    assert voyage.states(waiting) == ["uncertain"], "Chorus Pro is asked before it leaves again"

    voyage.simulator.control.clear_faults()
    for _ in range(12):
        voyage.gateway.connections.watch()
        voyage.passes(turns=2, minutes=5)
    assert _light(voyage, firm) == ("vert", "")
    assert voyage.states(waiting) == ["integrated"]


def test_a_fault_that_lasts_calls_the_doctor_once(voyage: Any) -> None:
    firm = voyage.connect(FIRM)
    voyage.passes(turns=2, minutes=1)
    voyage.simulator.control.fault("reset", "*", when="before", count=10_000)
    voyage.deposit(firm, voyage.invoice("RESEAU-2"))
    voyage.passes(turns=3, seconds=10)
    seen = voyage.gateway.light.last_verdict(firm).at
    voyage.passes(turns=10, seconds=30)
    assert _light(voyage, firm)[0] == "rouge"
    assert voyage.gateway.light.last_verdict(firm).at == seen, "once red, visits follow at their own rhythm"


def _light(voyage: Any, connection: str) -> tuple[str, str]:
    view = voyage.gateway.light.of(connection)
    return view.light.value, view.cause.code if view.cause else ""
