"""The official rule sheets in two lanes, so that an invoice of a thousand lines does not hold small ones back.

Both are lazy: the processes start with the first invoice of their kind.
"""

from __future__ import annotations

from itertools import islice
from pathlib import Path

from raccord.checks.context import Channel
from raccord.checks.inspect import OfficialAnswer
from raccord.checks.schematron import Schematron, not_judged
from raccord.formats import xml
from raccord.formats.detect import Syntax
from raccord.formats.profiles import Profile

LONG_LINES = 200
"""From so many lines on, an invoice takes the second lane: judging it lasts a tenth of a second or more."""
_LINES = ("{*}IncludedSupplyChainTradeLineItem", "{*}InvoiceLine", "{*}CreditNoteLine")


class Lanes:
    """Answers like one `Schematron`. Closed once, at the end of the process."""

    def __init__(self, workers: int = 1, *, rules_folder: Path | None = None) -> None:
        """`workers`: processes for the ordinary invoices; one more serves the long ones."""
        self._short = Schematron(workers, rules_folder=rules_folder)
        self._long = Schematron(1, rules_folder=rules_folder)

    def check(self, root: xml.Element, syntax: Syntax, profile: Profile, channel: Channel) -> OfficialAnswer:
        """The faults of the sheets that apply; « not judged » when no process can be started."""
        lane = self._long if is_long(root) else self._short
        try:
            return lane.check(root, syntax, profile, channel)
        except OSError as error:
            return OfficialAnswer((not_judged(str(error)),), ())

    def close(self) -> None:
        """End every process."""
        self._short.close()
        self._long.close()


def is_long(root: xml.Element) -> bool:
    """Whether an invoice has so many lines that it takes the second lane."""
    return len(list(islice(root.iter(*_LINES), LONG_LINES))) == LONG_LINES
