"""From a path to its operation: a dict for the paths without parameters, patterns for the REST directory."""

from __future__ import annotations

import re
from collections.abc import Iterable

from chorus_simulator.operations import Operation


class Routes:
    """Every operation of the API, found by method and path."""

    def __init__(self, operations: Iterable[Operation]) -> None:
        self.operations = tuple(operations)
        self._exact = {(op.method, op.path): op for op in self.operations if "{" not in op.path}
        self._paths = {op.path for op in self.operations if "{" not in op.path}
        self._patterns = [(op, _pattern(op.path)) for op in self.operations if "{" in op.path]

    def find(self, method: str, path: str) -> tuple[Operation, dict[str, str]] | None:
        """The operation and the parts of its path; None when no operation has this path with this method."""
        exact = self._exact.get((method, path))
        if exact is not None:
            return exact, {}
        if path in self._paths:
            return None
        for operation, pattern in self._patterns:
            match = pattern.fullmatch(path) if operation.method == method else None
            if match:
                return operation, match.groupdict()
        return None

    def knows(self, path: str) -> bool:
        """Whether some method serves this path."""
        return path in self._paths or any(pattern.fullmatch(path) for _, pattern in self._patterns)


def _pattern(path: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path))
