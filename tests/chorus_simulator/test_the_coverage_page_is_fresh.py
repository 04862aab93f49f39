"""COVERAGE.md says what the code does, and every guess in it can be turned."""

from pathlib import Path

import pytest

from chorus_simulator import coverage
from chorus_simulator.surface import OPERATIONS
from chorus_simulator.switches import SWITCHES, Switches

PAGE = Path(coverage.__file__).with_name("COVERAGE.md")
SOURCES = PAGE.parent


def test_the_page_is_the_one_the_code_writes():
    assert PAGE.read_text(encoding="utf-8") == coverage.page(), "python -m chorus_simulator.coverage > …/COVERAGE.md"


def test_every_operation_and_every_switch_has_its_line():
    text = PAGE.read_text(encoding="utf-8")
    assert all(f"{operation.method} {operation.path.split('/v1/')[1]}`" in text for operation in OPERATIONS)
    assert all(f"`{switch.name}`" in text for switch in SWITCHES)


def test_every_switch_is_read_somewhere():
    code = "".join(path.read_text(encoding="utf-8") for path in SOURCES.rglob("*.py") if path.name != "switches.py")
    assert [switch.name for switch in SWITCHES if f'"{switch.name}"' not in code] == []


def test_switches_refuse_what_they_are_not():
    switches = Switches()
    for name, value in (("inconnu", 1), ("recyclage", 1), ("flux_mo", True), ("flux_mo", -1), ("jeton_erreur", "404")):
        with pytest.raises(ValueError, match=r"."):
            switches.set(name, value)
    switches.set("recyclage", True)
    assert switches.on("recyclage")
    switches.reset()
    assert not switches.on("recyclage")
