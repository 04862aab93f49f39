"""A text of a million signs costs its length, not its square: who sends one stops nobody else's work.

Each is read in a process that the system ends after a minute of processor; the square of a million takes hours.
"""

from __future__ import annotations

import resource
import subprocess
import sys

import pytest

_READINGS = {
    "a number in the search index": "index_words(['9' * 1_000_000])",
    "a name in the search index": "index_words(['a' * 1_000_000, 'a-' * 500_000, 'a/' + '-' * 900_000])",
    "a question": "question('1 ' + '111 ' * 250_000 + ',x'), question('a' * 1_000_000), question('a-' * 500_000)",
    "a portal's file of blank lines": "portal(b'\\n' * 990_000)",
    "a portal's file without an end": "portal(b'identifiant : a\\nmot de passe : b\\n' + b'expir' * 190_000)",
    "a portal's file of blanks": "portal(b'login' + b' ' * 990_000), portal(b' ' * 990_000)",
}
_SCRIPT = """
from contextlib import suppress
from raccord.domain.errors import Invalid
from raccord.store.search.words import index_words, question
from raccord.vault import read_portal_file

def portal(data):
    with suppress(Invalid):
        read_portal_file(data)

"""


@pytest.mark.parametrize("reading", _READINGS.values(), ids=_READINGS)
def test_it_costs_its_length(reading: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _SCRIPT + reading],
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, (60, 60)),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr or "ended by the system: too much processor"
