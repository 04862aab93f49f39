"""Draw ``facture.typ`` with Typst in a child process of bounded memory and time, which may die alone.

Run as a script, this file is the child: a JSON request on its input, the bytes of a PDF/A-3b on its output. It
imports the standard library and Typst alone, so that it starts in some 40 ms. Memory and processor time are
bounded where the system can (POSIX); the wall clock is bounded everywhere.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from threading import BoundedSemaphore

# Loaded by path: the template moves with this module.
_TEMPLATE = Path(__file__).with_name("facture.typ")

MAX_MEMORY = 768 * 1024 * 1024
"""Bytes of address space of a drawing."""
MAX_SECONDS = 20
"""Seconds that a drawing may last, by the clock and by the processor."""
MAX_PDF = 30_000_000
"""Bytes of a drawn PDF."""
MAX_AT_ONCE = 2
"""Drawings that run at the same time; the others wait for their turn."""
_TURNS = BoundedSemaphore(MAX_AT_ONCE)


class DrawingError(Exception):
    """The child died, lasted too long or drew too much."""


def draw(
    data: str, timestamp: datetime, *, tagged: bool, seconds: float = MAX_SECONDS, memory: int = MAX_MEMORY
) -> bytes:
    """Return the PDF/A-3b of the JSON ``data``, dated ``timestamp``, with structure tags if ``tagged``.

    Raises :class:`DrawingError` when the child gives no PDF within its bounds.
    """
    request = json.dumps({"data": data, "timestamp": timestamp.isoformat(), "tagged": tagged}).encode()
    # One thread and one arena: each more reserves address space, on as many processors as the machine has.
    environment = {**os.environ, "RAYON_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "1"}
    with _TURNS:
        try:
            child = subprocess.run(  # noqa: S603  # our own interpreter and our own file
                [sys.executable, "-P", __file__, str(memory)],
                input=request,
                capture_output=True,
                timeout=seconds,
                env=environment,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise DrawingError(str(error)) from error
    if child.returncode or not child.stdout.startswith(b"%PDF"):
        raise DrawingError(f"exit {child.returncode}: {child.stderr[-500:].decode(errors='replace')}")
    return child.stdout


def _main() -> int:
    _bound(int(sys.argv[1]))
    import typst

    request = json.loads(sys.stdin.buffer.read())
    drawn = typst.Compiler(ignore_system_fonts=True).compile(
        _TEMPLATE.read_bytes(),
        format="pdf",
        pdf_standards=["a-3b"],
        sys_inputs={"data": request["data"]},
        timestamp=datetime.fromisoformat(request["timestamp"]),
        pdf_tags=request["tagged"],
    )
    pdf = drawn if isinstance(drawn, bytes) else b"".join(drawn or ())
    if len(pdf) > MAX_PDF:
        return 3
    sys.stdout.buffer.write(pdf)
    return 0


def _bound(memory: int) -> None:
    """Bound memory and processor time of this process, where the system knows how."""
    try:
        import resource
    except ImportError:  # Windows
        return
    bounds = ((resource.RLIMIT_AS, memory), (resource.RLIMIT_CPU, MAX_SECONDS), (resource.RLIMIT_CORE, 0))
    for name, bound in bounds:
        with suppress(ValueError, OSError):  # macOS takes no bound of address space
            resource.setrlimit(name, (bound, bound))


if __name__ == "__main__":
    sys.exit(_main())
