"""A fault: what a check found wrong, said to a person and to a program.

A ``code`` has a name for life: a rule may retire, its number is never given to another one. Screens, API and
commands show the same fault.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from raccord.domain.errors import RaccordError


class Severity(StrEnum):
    """How much a fault weighs."""

    ERROR = "error"
    """The platform would reject the invoice, or it is certainly wrong: it is not sent."""
    WARNING = "warning"
    """Advice: the invoice leaves, a person should look."""
    INFO = "info"
    """A fact worth knowing; nothing to do."""

    @property
    def label(self) -> str:
        """The French word shown on screens."""
        return {"error": "Erreur", "warning": "Avertissement", "info": "Information"}[self.value]


@dataclass(frozen=True, slots=True)
class Fault:
    """One finding of one rule on one invoice.

    ``code``: the rule's permanent name (``CP-NUM-01``, ``BR-CO-10``...). ``path``: where (XPath, or the
    dotted name of a field of ``Invoice``; empty when the whole file is at fault). ``sentence``: French, what
    is wrong and its consequence. ``cure``: French, what to type or do instead. ``rule_set``: who says so
    (``raccord``, ``en16931-ubl``...), with its ``rule_version``. ``sentence_en``: the same sentence in
    English. ``bt``: the business term, such as ``BT-13``.
    """

    code: str
    severity: Severity
    path: str
    sentence: str
    cure: str
    rule_set: str
    rule_version: str = ""
    sentence_en: str = ""
    bt: str = ""

    @property
    def is_error(self) -> bool:
        """True when this fault alone keeps the invoice from being sent."""
        return self.severity is Severity.ERROR


def of_refusal(refusal: RaccordError) -> Fault:
    """What Raccord refuses, shown as an error among the others."""
    return Fault(refusal.code, Severity.ERROR, "", refusal.sentence, refusal.cure, "raccord")


def has_errors(faults: tuple[Fault, ...] | list[Fault]) -> bool:
    """True when at least one fault is an error."""
    return any(fault.is_error for fault in faults)
