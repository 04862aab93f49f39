"""Where the story is told: one line per step, with the time it took; the same facts for the summary."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from rich.console import Console


class StepFailed(Exception):
    """A step did not happen: the sentence says which, and what was seen instead."""


class Stage:
    """Tells each step on the screen and remembers it."""

    def __init__(self) -> None:
        self.console = Console(highlight=False, soft_wrap=True)
        self.told: list[dict[str, Any]] = []
        self.began = time.monotonic()

    @contextmanager
    def step(self, title: str) -> Iterator[dict[str, Any]]:
        """Play one step; what it writes in the dictionary goes to the summary. Raises again what it raises."""
        facts: dict[str, Any] = {}
        began = time.monotonic()
        try:
            if self.console.is_terminal:
                with self.console.status(title):
                    yield facts
            else:
                yield facts
        except Exception as error:  # told beside its step, then raised again
            self._keep(title, began, facts, ok=False)
            self.console.print(f"[red]✘[/] {title}\n  {error}")
            raise
        self._keep(title, began, facts, ok=True)
        self.console.print(f"[green]✔[/] {title} [dim]{time.monotonic() - began:.1f} s[/]")
        for line in facts.pop("said", ()):
            self.console.print(f"    [dim]{line}[/]")

    def _keep(self, title: str, began: float, facts: dict[str, Any], *, ok: bool) -> None:
        shown = {name: value for name, value in facts.items() if name != "said"}
        self.told.append({"step": title, "ok": ok, "seconds": round(time.monotonic() - began, 2), **shown})

    def chapter(self, title: str) -> None:
        """A new part of the story."""
        self.console.print(f"\n[bold]{title}[/]")

    def elapsed(self) -> float:
        """Seconds since the curtain rose."""
        return time.monotonic() - self.began


def until(what: str, look: Any, *, seconds: float = 20.0) -> Any:
    """Look again until something true is seen. Raises `StepFailed` when the time is over."""
    end = time.monotonic() + seconds
    while True:
        seen = look()
        if seen:
            return seen
        if time.monotonic() > end:
            raise StepFailed(f"Pas obtenu en {seconds:.0f} s : {what}.")
        time.sleep(0.15)
