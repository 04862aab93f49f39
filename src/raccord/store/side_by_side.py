"""Several waits at once: flushes of a disk, requests to a bucket. For work that leaves the processor free."""

import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor, wait
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


class SideBySide:
    """At most `most` at once, by threads that are made when first needed and kept."""

    def __init__(self, most: int, name: str) -> None:
        self._most, self._name = most, name
        self._pool: ThreadPoolExecutor | None = None
        self._lock = threading.Lock()

    def run(self, work: Callable[[Item], Result], items: Iterable[Item]) -> list[Result]:
        """What `work` gives for every item, in their order, when all are over. Raises what the first failure raised."""
        all_ = list(items)
        if len(all_) < 2:
            return [work(item) for item in all_]
        under_way = [self._threads().submit(work, item) for item in all_]
        wait(under_way)  # even when one fails: nothing goes on behind the back of the caller
        return [done.result() for done in under_way]

    def _threads(self) -> ThreadPoolExecutor:
        with self._lock:
            if self._pool is None:
                self._pool = ThreadPoolExecutor(self._most, self._name)
            return self._pool
