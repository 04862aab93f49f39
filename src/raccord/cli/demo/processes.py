"""The two processes of the demonstration: the simulator and the gateway, started, waited for, stopped."""

import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from raccord.cli.demo.stage import StepFailed

Found = TypeVar("Found")

_QUICK = {
    "RACCORD_GROUP_DELAY_S": "0.3",
    "RACCORD_FOLLOW_PERIOD_S": "1",
    "RACCORD_INBOX_PERIOD_S": "2",
    "RACCORD_LOG_FORMAT": "json",
    "RACCORD_LOG_LEVEL": "warning",
}
"""The rhythms of a demonstration: everything that waits minutes in an office waits seconds here."""


class Bench:
    """Starts what is asked, in a folder of its own, and stops it all at the end."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._running: list[subprocess.Popen[str]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for process in reversed(self._running):
            process.terminate()
        for process in reversed(self._running):
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def wait(self) -> None:
        """Stay until one of them ends, or Ctrl-C."""
        while all(process.poll() is None for process in self._running):
            threading.Event().wait(0.5)

    def simulator(self, port: int) -> dict[str, Any]:
        """Start the simulator; what its first line says: addresses, applications, accounts, persons."""
        words = ["-m", "chorus_simulator", "--port", str(port), "--quiet"]
        return self._start("simulateur", words, {}, _json_line)

    def gateway(self, port: int) -> tuple[str, str]:
        """Start the gateway on a SQLite file of its own; its address and the link of the first Superviseur."""
        environment = {
            "RACCORD_DATA_DIR": str(self.folder),
            "RACCORD_DATABASE_URL": f"sqlite:///{self.folder / 'raccord.sqlite'}",
            **_QUICK,
        }
        words = ["-m", "raccord", "serve", "--host", "127.0.0.1", "--port", str(port)]
        link = self._start("passerelle", words, environment, _first_access)
        return link.split("/premier-acces/")[0], link

    def _start(
        self, name: str, words: Iterable[str], more: Mapping[str, str], read: Callable[[str], Found | None]
    ) -> Found:
        environment = {key: value for key, value in os.environ.items() if not key.startswith("RACCORD_")}
        environment |= {"PYTHONUTF8": "1", "PYTHONUNBUFFERED": "1", **more}
        log = (self.folder / f"{name}.log").open("w", encoding="utf-8")
        process = subprocess.Popen(  # noqa: S603  # our own interpreter and our own modules
            [sys.executable, *words], cwd=self.folder, env=environment, stdout=subprocess.PIPE, stderr=log, text=True
        )
        self._running.append(process)
        assert process.stdout is not None
        for line in process.stdout:
            found = read(line)
            if found is not None:
                threading.Thread(target=process.stdout.read, daemon=True).start()
                return found
        raise StepFailed(f"{name} n’a pas démarré : voir {log.name}. {_tail(Path(log.name))}")


def _json_line(line: str) -> dict[str, Any] | None:
    return dict(json.loads(line)) if line.startswith("{") else None


def _first_access(line: str) -> str | None:
    found = re.search(r"https?://\S+/premier-acces/\S+", line)
    return found[0] if found else None


def _tail(path: Path) -> str:
    return path.read_text(encoding="utf-8")[-600:].strip()
