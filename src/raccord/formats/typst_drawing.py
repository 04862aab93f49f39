"""Draw ``facture.typ`` with Typst: data in, the bytes of a PDF/A-3b out.

The only module that touches the compiler. Its arguments and its result are plain values, which a process may
be given and give back.
"""

from __future__ import annotations

import threading
from datetime import datetime
from pathlib import Path
from typing import Any

# Loaded by path: the template moves with this module.
_TEMPLATE = Path(__file__).with_name("facture.typ")
_OF_THREAD = threading.local()


def draw(data: str, timestamp: datetime, *, tagged: bool) -> bytes:
    """Return the PDF/A-3b of the JSON ``data``, dated ``timestamp``, with structure tags if ``tagged``."""
    compiled = _compiler().compile(
        _TEMPLATE.read_bytes(),
        format="pdf",
        pdf_standards=["a-3b"],
        sys_inputs={"data": data},
        timestamp=timestamp,
        pdf_tags=tagged,
    )
    return compiled if isinstance(compiled, bytes) else b"".join(compiled)


def _compiler() -> Any:  # typst gives no types under mypy
    """Return the compiler of this thread: one that is shared raises ``RuntimeError: Already borrowed``."""
    import typst

    if not hasattr(_OF_THREAD, "compiler"):
        _OF_THREAD.compiler = typst.Compiler(ignore_system_fonts=True)
    return _OF_THREAD.compiler
