"""What a check knows besides the invoice: the channel, the limits, the day, and the facts that others hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_UP, Decimal
from enum import StrEnum

from raccord.domain.faults import Severity
from raccord.domain.money import french
from raccord.formats.detect import Syntax
from raccord.formats.profiles import Profile

MEGABYTE = 1024 * 1024


class Channel(StrEnum):
    """The rule book. The historic channel is Chorus Pro's own API; AFNOR is that of approved platforms."""

    HISTORIC = "historique"
    AFNOR = "afnor"


def megabytes(size: int) -> str:
    """A size as a sentence writes it, rounded up: what is one byte too long does not weigh « 10,0 Mo »."""
    return french((Decimal(size) / MEGABYTE).quantize(Decimal("0.1"), ROUND_UP), 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Bounds of `specifications/flux.md §6`, in bytes or characters; all settable."""

    file_bytes: int = 10 * MEGABYTE
    flux_bytes: int = 30 * MEGABYTE
    attachment_bytes: int = 10 * MEGABYTE
    attachment_name: int = 50
    file_name: int = 200
    depth: int = 100
    lines: int = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What every rule receives beside the invoice. ``today`` is the day in Paris."""

    today: date
    channel: Channel = Channel.HISTORIC
    syntax: Syntax = Syntax.UNKNOWN
    profile: Profile = Profile.OTHER
    limits: Limits = field(default_factory=Limits)
    severities: Mapping[str, Severity] = field(default_factory=dict)
    """Severities that the operator changed, by code."""

    @property
    def is_historic(self) -> bool:
        """True for Chorus Pro's own channel."""
        return self.channel is Channel.HISTORIC

    @property
    def has_lines(self) -> bool:
        """False for MINIMUM and BASIC WL, which carry totals only."""
        return not self.profile.has_no_lines
