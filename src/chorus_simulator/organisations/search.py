"""The search language of the REST directory: a test per field, an order, the fields wanted."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from chorus_simulator.operations import Answer, Body
from chorus_simulator.organisations.errors import bad_search

OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "=": lambda value, wanted: value == wanted,
    ">": lambda value, wanted: value > wanted,
    "<": lambda value, wanted: value < wanted,
    ">=": lambda value, wanted: value >= wanted,
    "<=": lambda value, wanted: value <= wanted,
    "IN": lambda value, wanted: value in wanted,
    "CONTAINS": lambda value, wanted: str(wanted).casefold() in str(value).casefold(),
}
MOST = 1_000


def search(rows: Iterable[Answer], body: Body) -> list[Answer]:
    """Rows that pass every test, sorted, cut to the fields asked. Raises a 400 on an unknown operator."""
    tests = [(name, *_test(name, spec)) for name, spec in body.items() if not name.startswith("_")]
    found: list[Answer] = []
    for row in rows:
        if all(_passes(row.get(name), operator, wanted) for name, operator, wanted in tests):
            found.append(row)
            if len(found) == MOST:
                break
    for name in reversed(_names(body, "_sort")):
        found.sort(key=lambda row: str(row.get(name, "")), reverse=name in _names(body, "_desc"))
    wanted_fields = _names(body, "_fields")
    return [{name: row[name] for name in wanted_fields if name in row} for row in found] if wanted_fields else found


def _test(name: str, spec: object) -> tuple[str, Any]:
    if not isinstance(spec, dict) or spec.get("op") not in OPERATORS or "val" not in spec:
        raise bad_search(f"Critère illisible : {name}.")
    return str(spec["op"]), spec["val"]


def _passes(value: Any, operator: str, wanted: Any) -> bool:
    try:
        return OPERATORS[operator](value, wanted)
    except TypeError:
        return False


def _names(body: Body, name: str) -> list[str]:
    value = body.get(name) or []
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise bad_search(f"{name} doit être une liste de noms de champs.")
    return value
