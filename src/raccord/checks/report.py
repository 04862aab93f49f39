"""What a check answers: the faults, the invoice when it could be read, and the version of every rule set that
was applied.
"""

from __future__ import annotations

from dataclasses import dataclass

from raccord.domain.faults import Fault, Severity
from raccord.domain.invoice import Invoice
from raccord.formats.detect import Container, Syntax
from raccord.formats.profiles import Profile


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckReport:
    """The answer of :func:`raccord.checks.check`. Kept with the invoice: the rule sets belong to the receipt."""

    faults: tuple[Fault, ...]
    invoice: Invoice | None
    syntax: Syntax
    syntaxe_flux: str
    container: Container
    profile: Profile
    rule_sets: tuple[tuple[str, str], ...]

    @property
    def ok(self) -> bool:
        """True when nothing keeps the invoice from being sent."""
        return not any(fault.is_error for fault in self.faults)

    @property
    def errors(self) -> tuple[Fault, ...]:
        """The faults that keep it from being sent."""
        return tuple(fault for fault in self.faults if fault.is_error)

    @property
    def warnings(self) -> tuple[Fault, ...]:
        """The faults that are advice."""
        return tuple(fault for fault in self.faults if fault.severity is Severity.WARNING)
