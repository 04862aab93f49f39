"""What the platform's content rules can reject, our checks say before the deposit: no rule is without its case."""

from __future__ import annotations

import ast
import importlib.util
import inspect
import sys
from pathlib import Path
from types import FrameType, ModuleType
from typing import Any

import pytest

from chorus_simulator import rules

ROOT = Path(__file__).resolve().parents[2]


def _script() -> ModuleType:
    specification = importlib.util.spec_from_file_location("coverage_table", ROOT / "scripts/reference_coverage.py")
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    sys.modules[specification.name] = module
    specification.loader.exec_module(module)
    return module


TABLE = _script()


@pytest.mark.parametrize("case", TABLE.CASES, ids=lambda case: case.wrong)
def test_a_rejection_is_said_before_the_deposit(case: Any) -> None:
    said, faults = TABLE.play(case)
    assert said, "Chorus Pro takes this invoice: the case proves nothing"
    assert faults, said
    assert all(fault.code and fault.sentence and fault.cure for fault in faults)


def test_a_sound_invoice_is_rejected_by_nobody() -> None:
    assert TABLE.play(TABLE.Case("rien")) == ([], ())


def test_every_sentence_of_every_rule_has_a_case() -> None:
    """A rule added to the simulator fails here until a case, and a check, answer to it."""
    spoken: set[int] = set()

    def watch(frame: FrameType, _event: str, _argument: Any) -> Any:
        if frame.f_code.co_filename != rules.__file__:
            return None
        spoken.add(frame.f_lineno)
        return watch

    before = sys.gettrace()
    sys.settrace(watch)
    try:
        for case in TABLE.CASES:
            TABLE.play(case)
    finally:
        sys.settrace(before)
    assert sorted(_sentences() - spoken) == []


def _sentences() -> set[int]:
    """The lines of the rules that pronounce a rejection."""
    tree = ast.parse(inspect.getsource(rules))
    return {node.lineno for node in ast.walk(tree) if isinstance(node, ast.Yield)}


def test_the_page_is_fresh() -> None:
    assert TABLE.PAGE.read_text(encoding="utf-8") == TABLE.page(), "scripts/reference_coverage.py"
