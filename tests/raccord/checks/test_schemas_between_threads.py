"""Several files are judged at once, by programs that deposit together: each gets its own faults, and all of them."""

from __future__ import annotations

import subprocess
import sys
import threading

from lxml import etree

from raccord.checks.schemas import check_schema
from raccord.formats.detect import Syntax
from raccord.formats.profiles import Profile

CII = "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"


def _wrong(word: str) -> etree._Element:
    """A file whose first fault names this word, and that is long enough for two judgements to overlap."""
    many = "<rsm:x/>" * 3000
    root = f'<rsm:CrossIndustryInvoice xmlns:rsm="{CII}"><rsm:{word}/>{many}</rsm:CrossIndustryInvoice>'
    return etree.fromstring(root)


def test_each_file_gets_its_own_faults() -> None:
    mistaken: list[tuple[str, list[str]]] = []

    def judge(word: str) -> None:
        root = _wrong(word)
        for _ in range(200):
            faults, _ = check_schema(root, Syntax.CII, Profile.EN16931)
            if len(faults) != 1 or word not in faults[0].sentence:
                mistaken.append((word, [fault.sentence for fault in faults]))

    threads = [threading.Thread(target=judge, args=(word,)) for word in ("Alpha", "Beta")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not mistaken, mistaken[:3]


_FIRST_CALLS = """
import threading
from lxml import etree
from raccord.checks.schemas import check_schema
from raccord.formats.detect import Syntax
from raccord.formats.profiles import Profile
broken, begin = [], threading.Barrier(4)
def first(syntax, profile):
    begin.wait()
    try:
        check_schema(etree.fromstring('<x/>'), syntax, profile)
    except Exception as error:
        broken.append(error)
asked = [(Syntax.CII, Profile.EN16931), (Syntax.UBL_INVOICE, Profile.EN16931), (Syntax.UBL_CREDIT_NOTE, Profile.BASIC),
         (Syntax.CII, Profile.BASIC)]
threads = [threading.Thread(target=first, args=one) for one in asked]
for thread in threads: thread.start()
for thread in threads: thread.join()
assert not broken, broken
"""


def test_the_first_files_of_a_process_come_together() -> None:
    for _ in range(3):
        subprocess.run([sys.executable, "-c", _FIRST_CALLS], check=True, timeout=240)
