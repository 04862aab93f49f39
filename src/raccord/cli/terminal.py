"""The terminal as it is: one that lacks our letters, or that nobody reads any more."""

import codecs
import os
import sys
import unicodedata
from typing import TextIO

_PLAIN = {"’": "'", "‘": "'", "“": '"', "”": '"', "«": '"', "»": '"', "—": "-", "–": "-", "…": "...", "€": "EUR",
          "œ": "oe", "Œ": "OE", "✔": "v", "✘": "x", "·": "-", "•": "*", "●": "*", "─": "-", "━": "-"}  # fmt: skip


def _nearest(error: UnicodeError) -> tuple[str, int]:
    """What an ASCII or a Latin-1 terminal can show instead: « é » becomes e, a quotation mark its plain twin."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    lost = unicodedata.normalize("NFKC", error.object[error.start : error.end])
    plain = "".join(_PLAIN.get(sign) or unicodedata.normalize("NFKD", sign) for sign in lost)
    return "".join(sign if sign.isascii() else "" if unicodedata.combining(sign) else "?" for sign in plain), error.end


codecs.register_error("raccord.nearest", _nearest)


def make_plain() -> None:
    """No sign that a terminal lacks ever stops a command: its nearest is shown."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="raccord.nearest")


def flush() -> None:
    """Send what waits, while a closed pipe can still be told from a good end. Raises `BrokenPipeError`."""
    if sys.stdout is not None and not sys.stdout.closed:
        sys.stdout.flush()


def forget_output() -> None:
    """Nobody reads any more (`raccord events | head -1`): what is left goes nowhere, and no trace is shown."""
    for stream in (sys.stdout, sys.stderr):
        _to_nowhere(stream)


def _to_nowhere(stream: TextIO) -> None:
    try:
        stream.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
