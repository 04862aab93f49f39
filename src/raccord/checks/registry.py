"""The register of native rules: each a short function with a code for life, its source and its weight.

A rule looks at an :class:`Invoice` and yields findings. ``catalogue`` lists them all (the reference page is
made from it); ``run`` applies them. A code may retire; its number is never given to another rule.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from inspect import signature
from typing import TypeVar

from raccord.checks.context import Channel, Context
from raccord.domain.faults import Fault, Severity
from raccord.domain.invoice import Invoice

RULE_SET = "raccord"
RULE_VERSION = "1.0"


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule saw: where (dotted path in ``Invoice``), the French sentence, the cure, the English
    sentence.
    """

    path: str
    sentence: str
    cure: str
    english: str = ""


Check = Callable[[Invoice, Context], Iterable[Finding]]
AnyCheck = TypeVar("AnyCheck", bound=Callable[..., Iterable[Finding]])


@dataclass(frozen=True, slots=True)
class Rule:
    """One entry of the catalogue."""

    code: str
    title: str
    source: str
    severity: Severity
    bt: str
    channels: frozenset[Channel]
    check: Check


_RULES: dict[str, Rule] = {}
_EVERYWHERE = frozenset(Channel)
HISTORIC_ONLY = frozenset({Channel.HISTORIC})


def rule(
    code: str,
    *,
    title: str,
    source: str,
    bt: str = "",
    severity: Severity = Severity.ERROR,
    channels: frozenset[Channel] = _EVERYWHERE,
) -> Callable[[AnyCheck], AnyCheck]:
    """Register the decorated function as the rule ``code``. Raises ``ValueError`` when the code is taken.

    The function takes ``(invoice, context)``, or ``(invoice)`` alone when nothing else matters to it.
    """

    def register(check: AnyCheck) -> AnyCheck:
        if code in _RULES:
            raise ValueError(f"rule code {code} is taken")
        _RULES[code] = Rule(code, title, source, severity, bt, channels, _with_context(check))
        return check

    return register


def _with_context(check: Callable[..., Iterable[Finding]]) -> Check:
    if len(signature(check).parameters) > 1:
        return check
    return lambda invoice, _context: check(invoice)


def catalogue() -> tuple[Rule, ...]:
    """Every native rule, in the order of the register."""
    return tuple(_RULES.values())


def found_rule(code: str) -> Rule:
    """The native rule of that code. Raises ``KeyError``."""
    return _RULES[code]


def run(invoice: Invoice, context: Context) -> Iterator[Fault]:
    """The faults that the native rules find, in the order of the register."""
    for entry in _RULES.values():
        if context.channel in entry.channels:
            for finding in entry.check(invoice, context):
                yield as_fault(entry, finding, context)


def as_fault(entry: Rule, finding: Finding, context: Context) -> Fault:
    """A finding with the rule's code and the severity that holds here."""
    return Fault(
        code=entry.code,
        severity=context.severities.get(entry.code, entry.severity),
        path=finding.path,
        sentence=finding.sentence,
        cure=finding.cure,
        rule_set=RULE_SET,
        rule_version=RULE_VERSION,
        sentence_en=finding.english,
        bt=entry.bt,
    )
