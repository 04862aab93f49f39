"""The reference page speaks of a client that exists."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import choruspro
from choruspro import ChorusPro

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "client.md"
TEXT = PAGE.read_text(encoding="utf-8")


def test_every_operation_named_exists(families: Callable[[], dict[str, Any]]) -> None:
    known = families()
    families_named = {name.split(".")[0] for name in known}
    named = set(re.findall(r"chorus\.(\w+)\.(\w+)", TEXT))
    assert len(named) > 6
    assert {f"{family}.{method}" for family, method in named} <= set(known)
    assert set(re.findall(r"^\| `chorus\.(\w+)` \|", TEXT, re.MULTILINE)) == families_named
    others = set(re.findall(r"chorus\.(\w+)\(", TEXT))
    assert others
    assert all(hasattr(ChorusPro, method) for method in others)


def test_every_error_is_on_the_page() -> None:
    errors = {name for name in choruspro.__all__ if isinstance(getattr(choruspro, name), type)}
    errors = {name for name in errors if issubclass(getattr(choruspro, name), choruspro.ChorusProError)}
    assert {name for name in errors if f"`{name}`" in TEXT} == errors


def test_every_argument_is_on_the_page() -> None:
    names = ChorusPro.__init__.__kwdefaults__ or {}
    assert {name for name in names if name not in TEXT} == {"max_answer"}


def test_every_example_is_python_and_imports_what_exists() -> None:
    examples = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)
    assert len(examples) == 5
    for example in examples:
        indented = "async def example():\n" + "\n".join(f"    {line}" for line in example.splitlines())
        for node in ast.walk(ast.parse(indented)):
            if isinstance(node, ast.ImportFrom):
                module = __import__(node.module or "", fromlist=["x"])
                assert all(hasattr(module, alias.name) for alias in node.names)
