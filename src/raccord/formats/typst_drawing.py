"""Draw ``facture.typ`` with Typst in child processes of bounded memory and time, which may die alone.

Run as a script, this file is the child: frames on its input (a JSON request) and on its output (the bytes of a
PDF/A-3b), each after four bytes of length. It imports the standard library and Typst alone. A child that has drawn
waits for the next request: its fonts are read. It ends by itself when it has waited for a while or grown.
Memory is bounded where the system can (POSIX), the wall clock everywhere.
"""

from __future__ import annotations

import atexit
import json
import os
import struct
import subprocess
import sys
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from threading import BoundedSemaphore, Lock, Timer
from typing import IO

# Loaded by path: the template moves with this module.
_TEMPLATE = Path(__file__).with_name("facture.typ")

MAX_MEMORY = 768 * 1024 * 1024
"""Bytes of address space of a drawing."""
MAX_SECONDS = 20
"""Seconds that a drawing may last."""
MAX_PDF = 30_000_000
"""Bytes of a drawn PDF."""
MAX_AT_ONCE = 2
"""Drawings that run at the same time; the others wait for their turn."""
MAX_IDLE_SECONDS = 60
"""Seconds that a child waits for the next drawing before it ends."""
MAX_DRAWINGS = 1_000
"""Drawings of a child before it is replaced."""
MAX_KEPT_MEMORY = 200 * 1024 * 1024
"""Bytes of memory beyond which a child ends after its drawing, instead of waiting for the next."""
_INHERITED = ("PATH", "SYSTEMROOT", "TEMP", "TMP", "TMPDIR", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
"""What a child sees of the environment: never the secrets of the settings."""
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
    with _TURNS:
        kept = _idle.take(memory)
        if kept is not None:
            with suppress(_EndedIdleError):
                return _drawn(kept, request, seconds)
        return _drawn(_Child(memory), request, seconds)


def close_idle() -> None:
    """End the children that wait for a drawing."""
    while (child := _idle.take(MAX_MEMORY)) is not None:
        child.stop()


class _EndedIdleError(DrawingError):
    """The child had ended by itself, before this request."""


class _Child:
    """One process and the pipes to it. Not shared: one thread at a time."""

    def __init__(self, memory: int) -> None:
        self.memory = memory
        # One thread and one arena: each more reserves address space, on as many processors as the machine has.
        environment = {name: os.environ[name] for name in _INHERITED if name in os.environ}
        environment |= {"RAYON_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "1"}
        try:
            self._process = subprocess.Popen(  # noqa: S603  # our own interpreter and our own file
                [sys.executable, "-P", __file__, str(memory)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=environment,
            )
        except OSError as error:
            raise DrawingError(str(error)) from error

    def ask(self, request: bytes, seconds: float) -> bytes:
        """Return the answer to ``request``. Raises :class:`DrawingError` when the process ends instead."""
        incoming, outgoing = self._process.stdin, self._process.stdout
        if incoming is None or outgoing is None:
            raise DrawingError("no pipe")
        limit = Timer(seconds, self._process.kill)
        limit.daemon = True
        limit.start()
        try:
            _write_frame(incoming, request)
            answer = _read_frame(outgoing)
        except OSError:
            answer = None
        finally:
            limit.cancel()
        if answer is None:
            code = self._process.wait()
            raise DrawingError(f"exit {code}") if code else _EndedIdleError("exit 0")
        return answer

    def stop(self) -> None:
        """End the process and wait for it."""
        self._process.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()
        self._process.wait()


class _IdleChildren:
    """The children that wait for the next drawing, shared by all threads."""

    def __init__(self) -> None:
        self._lock, self._children = Lock(), list[_Child]()

    def take(self, memory: int) -> _Child | None:
        """Return a child bounded by ``memory``, to nobody else; None when there is none."""
        with self._lock:
            found = next((child for child in self._children if child.memory == memory), None)
            if found is not None:
                self._children.remove(found)
        return found

    def keep(self, child: _Child) -> None:
        """Have ``child`` wait for the next drawing."""
        with self._lock:
            self._children.append(child)


_idle = _IdleChildren()
atexit.register(close_idle)


def _drawn(child: _Child, request: bytes, seconds: float) -> bytes:
    try:
        pdf = child.ask(request, seconds)
    except BaseException:
        child.stop()
        raise
    if child.memory == MAX_MEMORY:
        _idle.keep(child)
    else:
        child.stop()
    return pdf


def _write_frame(stream: IO[bytes], body: bytes) -> None:
    stream.write(struct.pack(">I", len(body)) + body)
    stream.flush()


def _read_frame(stream: IO[bytes]) -> bytes | None:
    """Return one frame, None where the stream ends."""
    head = stream.read(4)
    if len(head) < 4:
        return None
    (length,) = struct.unpack(">I", head)
    body = stream.read(length)
    return body if len(body) == length else None


def _main() -> int:
    """Draw until the other side closes, or until this child has waited or grown too much."""
    _bound(int(sys.argv[1]))
    import typst

    compiler = typst.Compiler(ignore_system_fonts=True)
    template = _TEMPLATE.read_bytes()
    for _ in range(MAX_DRAWINGS):
        body = _next_request()
        if body is None:
            return 0
        request = json.loads(body)
        drawn = compiler.compile(
            template,
            format="pdf",
            pdf_standards=["a-3b"],
            sys_inputs={"data": request["data"]},
            timestamp=datetime.fromisoformat(request["timestamp"]),
            pdf_tags=request["tagged"],
        )
        pdf = drawn if isinstance(drawn, bytes) else b"".join(drawn or ())
        if len(pdf) > MAX_PDF:
            return 3
        _write_frame(sys.stdout.buffer, pdf)
        if _memory_used() > MAX_KEPT_MEMORY:
            return 0
    return 0


def _next_request() -> bytes | None:
    waited = Timer(MAX_IDLE_SECONDS, os._exit, [0])
    waited.daemon = True
    waited.start()
    try:
        return _read_frame(sys.stdin.buffer)
    finally:
        waited.cancel()


def _memory_used() -> int:
    """Return the bytes of memory that this process holds, 0 where the system does not tell.

    `getrusage` is of no use: its maximum is inherited from the parent.
    """
    try:
        return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0


def _bound(memory: int) -> None:
    """Bound the memory of this process, where the system knows how."""
    try:
        import resource
    except ImportError:  # Windows
        return
    for name, bound in ((resource.RLIMIT_AS, memory), (resource.RLIMIT_CORE, 0)):
        with suppress(ValueError, OSError):  # macOS takes no bound of address space
            resource.setrlimit(name, (bound, bound))


if __name__ == "__main__":
    sys.exit(_main())
