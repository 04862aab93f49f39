"""The first answers of a process come to several threads at once: none of them brings the process down."""

from __future__ import annotations

import subprocess
import sys

_FIRST_ANSWERS = """
import enum, sys, threading
import msgspec
from choruspro.decoding import decode
sys.setswitchinterval(1e-6)
for rank in range(40):
    kinds = [enum.Enum(f"E{rank}_{i}", {f"a{j}": f"v{j}" for j in range(30)}) for i in range(12)]
    answer = msgspec.defstruct(f"Answer{rank}", [(f"f{i}", kind | None, None) for i, kind in enumerate(kinds)])
    body = msgspec.json.encode({f"f{i}": "v3" for i in range(12)})
    together = threading.Barrier(6)
    def read():
        together.wait()
        assert decode(answer, body).f3 is kinds[3].a3
    threads = [threading.Thread(target=read) for _ in range(6)]
    for thread in threads: thread.start()
    for thread in threads: thread.join()
print("standing")
"""


def test_several_threads_read_a_new_type_together() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _FIRST_ANSWERS], capture_output=True, text=True, timeout=240, check=False
    )
    assert (done.returncode, done.stdout.strip()) == (0, "standing"), done.stderr[-500:]
