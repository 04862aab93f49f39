"""The name under which a file is kept and shown: what a name may hide is left out."""

import re
import unicodedata

LONGEST = 200

_SEPARATORS = re.compile(r"[/\\]")
_HIDDEN = ("Cc", "Cf", "Cs", "Zl", "Zp")
"""Controls (a line break in a header), marks that turn the reading round (`exe.fdp` read as PDF), halves of signs."""


def as_kept(name: str) -> str:
    """`name` without its folders nor invisible signs, at most 200 characters, its extension kept."""
    visible = "".join(sign for sign in name if unicodedata.category(sign) not in _HIDDEN)
    last = _SEPARATORS.split(visible)[-1].strip() or "facture"
    if len(last) <= LONGEST:
        return last
    stem, dot, extension = last.rpartition(".")
    tail = f".{extension}" if dot and len(extension) <= 10 else ""
    return (stem if tail else last)[: LONGEST - len(tail)] + tail
