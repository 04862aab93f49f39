"""What each operation reads of its request, found in its own code: the page of the API cannot lag behind it.

A handler reads its body by the verbs of `fields`, each with the name of a field; following the calls from the
handler gives the names, their kinds and their values. Names built at run time are missed: bodies stay open.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable, Collection
from functools import cache
from types import FunctionType
from typing import Any

from chorus_simulator import fields

Schema = dict[str, Any]
KINDS: dict[str, Schema] = {
    "text": {"type": "string"},
    "required": {"type": "string"},
    "choice": {"type": "string"},
    "file_name": {"type": "string"},
    "decoded": {"type": "string", "contentEncoding": "base64"},
    "number": {"type": "integer"},
    "needed_number": {"type": "integer"},
    "amount": {"type": "number"},
    "boolean": {"type": "boolean"},
    "moment": {"type": "string", "format": "date-time"},
    "listed": {"type": "array"},
    "choices": {"type": "array", "items": {"type": "string"}},
}
NESTED = ("record", "records")
DEFAULT_NAMES = {"file_name": "nomFichier"}
SCOPES = (ast.ListComp, ast.SetComp, ast.GeneratorExp, ast.DictComp)


def schema_of(handler: Callable[..., Any]) -> Schema:
    """The JSON schema of the body that `handler` reads."""
    whole: Schema = {"type": "object", "properties": {}}
    if isinstance(handler, FunctionType):
        _Reader(handler, {}, whole, set()).read(_tree(handler))
    return whole


@cache
def _tree(function: FunctionType) -> ast.AST:
    return ast.parse(textwrap.dedent(inspect.getsource(function)))


class _Reader:
    """One function, read in the order of its text. `known`: the variables that hold the body or a part of it."""

    def __init__(self, function: FunctionType, known: dict[str, Schema], whole: Schema, seen: set[object]) -> None:
        self.function, self.known, self.whole, self.seen = function, known, whole, seen

    def read(self, node: ast.AST) -> None:
        if isinstance(node, SCOPES):
            self._comprehension(node)
            return
        for child in ast.iter_child_nodes(node):
            self.read(child)
        if isinstance(node, ast.Assign):
            self._assign(node.targets[0], node.value)
        elif isinstance(node, ast.For):
            self._bind(node.target, node.iter)
        elif isinstance(node, ast.Call):
            self._call(node)

    def _comprehension(self, node: Any) -> None:
        outside = dict(self.known)
        for loop in node.generators:
            self._bind(loop.target, loop.iter)
        for child in ast.iter_child_nodes(node):
            self.read(child)
        self.known = outside

    def _assign(self, target: ast.expr, value: ast.expr) -> None:
        """`body = …`, or `body, world = …` side by side."""
        if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
            for name, given in zip(target.elts, value.elts, strict=False):
                self._bind(name, given)
        else:
            self._bind(target, value)

    def _bind(self, target: ast.expr, value: ast.expr) -> None:
        part = self._part(value)
        if part is not None and isinstance(target, ast.Name):
            self.known[target.id] = part

    def _part(self, node: ast.expr) -> Schema | None:
        """The schema that an expression stands for: a known variable, `call.body`, or `fields.record(…)`."""
        if isinstance(node, ast.Attribute) and node.attr == "body":
            return self.whole
        if isinstance(node, ast.Name):
            return self.known.get(node.id)
        if isinstance(node, ast.Call) and _verb(node) in NESTED:
            return self._field(node)
        return None

    def _field(self, node: ast.Call) -> Schema | None:
        """Note the field that `fields.verb(body, "name")` reads; returns the schema inside it, if there is one."""
        verb = _verb(node)
        holder = next((part for argument in node.args if (part := self._part(argument)) is not None), None)
        names = [a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
        name = names[0] if names else DEFAULT_NAMES.get(verb)
        if holder is None or name is None:
            return None
        if verb in NESTED:
            inside: Schema = {"type": "object", "properties": {}}
            kept = holder["properties"].setdefault(
                name, {"type": "array", "items": inside} if verb[-1] == "s" else inside
            )
            part = kept.get("items", kept)
            return part if "properties" in part else None
        found = {**KINDS[verb]}
        if verb == "choice" and (allowed := self._values(node.args[-1])):
            found["enum"] = allowed
        holder["properties"].setdefault(name, found)
        return None

    def _values(self, node: ast.expr) -> list[str]:
        """The values of an enumeration, when they are written there or named by a constant."""
        scope = self.function.__globals__
        found: object = None
        if isinstance(node, ast.Tuple):
            found = ast.literal_eval(node)
        elif isinstance(node, ast.Name):
            found = scope.get(node.id)
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            found = getattr(scope.get(node.value.id), node.attr, None)
        return list(found) if isinstance(found, Collection) and not isinstance(found, str) else []

    def _call(self, node: ast.Call) -> None:
        if _verb(node) in KINDS or _verb(node) in NESTED:
            self._field(node)
            return
        function = self._function(node.func)
        if function is None:
            return
        held: dict[str, Schema] = {}
        by_call = False
        for name, argument in zip(inspect.signature(function).parameters, node.args, strict=False):
            part = self._part(argument)
            by_call = by_call or (isinstance(argument, ast.Name) and argument.id == "call")
            if part is not None:
                held[name] = part
        mark = (function, *(id(part["properties"]) for part in held.values()))
        if (held or by_call) and mark not in self.seen:
            self.seen.add(mark)
            _Reader(function, held, self.whole, self.seen).read(_tree(function))

    def _function(self, node: ast.expr) -> FunctionType | None:
        """The function of this package that a call names, if the code alone tells it."""
        scope = self.function.__globals__
        found = None
        if isinstance(node, ast.Name):
            found = scope.get(node.id)
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            found = getattr(scope.get(node.value.id), node.attr, None)
        mine = isinstance(found, FunctionType) and found.__module__.startswith("chorus_simulator.")
        return found if mine and found.__module__ != fields.__name__ else None


def _verb(node: ast.Call) -> str:
    called = node.func
    return called.attr if isinstance(called, ast.Attribute) else called.id if isinstance(called, ast.Name) else ""
