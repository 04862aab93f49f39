"""How values are written for a person: dates of Paris, amounts with a comma, states in words."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from raccord.domain import statuses
from raccord.domain.clock import PARIS
from raccord.domain.deposit import DepositState
from raccord.domain.money import french
from raccord.web.sentences import since, told_here

_NBSP = "\u00a0"

_TONES: Mapping[str, str] = {
    DepositState.FAULTY: "bad",
    DepositState.REFUSED: "bad",
    DepositState.TO_DECIDE: "warn",
    DepositState.UNCERTAIN: "warn",
    DepositState.READY: "warn",
    DepositState.INTEGRATED: "good",
    "stored": "good",
    "seen": "warn",
    "done": "good",
    "waiting": "warn",
    "SUSPENDUE": "warn",
    "REJETEE": "bad",
    "MISE_EN_PAIEMENT": "good",
    "error": "bad",
    "warning": "warn",
}


def moment(value: datetime | None) -> str:
    """21/11/2026 à 09:05, in Paris."""
    return f"{value.astimezone(PARIS):%d/%m/%Y à %H:%M}".replace(" ", _NBSP) if value else "—"


def day(value: date | None) -> str:
    """21/11/2026; an instant gives its day in Paris."""
    if isinstance(value, datetime):
        value = value.astimezone(PARIS).date()
    return f"{value:%d/%m/%Y}" if value else "—"


def iso(value: date | None) -> str:
    """The form that programs read, for the attribute `datetime` of `<time>` and the fields of dates."""
    if value is None:
        return ""
    return value.astimezone(UTC).isoformat(timespec="seconds") if isinstance(value, datetime) else value.isoformat()


def amount(value: Decimal | None, currency: str = "EUR") -> str:
    """1 234,56 €."""
    if value is None:
        return "—"
    return f"{french(value)}{_NBSP}{'€' if currency in ('EUR', '') else currency}"


def size(octets: int) -> str:
    """1,2 Mo; 640 ko; 12 octets."""
    if octets < 1_000:
        return f"{octets}{_NBSP}octets"
    return (
        f"{octets // 1_000}{_NBSP}ko" if octets < 1_000_000 else f"{octets / 1_000_000:.1f}{_NBSP}Mo".replace(".", ",")
    )


def lasting(value: timedelta | None) -> str:
    """3 jours; 5 heures; 12 minutes; moins d’une minute."""
    if value is None:
        return "—"
    for unit, seconds in (("jour", 86_400), ("heure", 3_600), ("minute", 60)):
        count = int(value.total_seconds() // seconds)
        if count:
            return f"{count}{_NBSP}{unit}{'s' if count > 1 else ''}"
    return "moins d’une minute"


def tone(state: str) -> str:
    """The class of the chip that shows this state; never the only sign."""
    return _TONES.get(state, "")


FILTERS: Mapping[str, Callable[..., Any]] = {
    "moment": moment,
    "day": day,
    "iso": iso,
    "amount": amount,
    "size": size,
    "lasting": lasting,
    "tone": tone,
    "status": statuses.label,
    "told": told_here,
    "since": since,
}
