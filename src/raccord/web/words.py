"""How values are written for a person: dates of Paris, amounts with a comma, states in words."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from jinja2 import pass_context
from jinja2.runtime import Context

from raccord import language as house
from raccord.domain import statuses
from raccord.domain.cadres import cadre_label
from raccord.domain.clock import PARIS
from raccord.domain.deposit import DepositState
from raccord.domain.faults import Fault
from raccord.domain.money import french
from raccord.web.i18n import translate
from raccord.web.sentences import since, told_here

_NBSP = "\u00a0"
_MOMENT = "%d/%m/%Y à %H:%M"

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


def moment(value: datetime | None, language: str = "fr") -> str:
    """21/11/2026 à 09:05, in Paris."""
    return value.astimezone(PARIS).strftime(translate(language, _MOMENT)).replace(" ", _NBSP) if value else "—"


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


def size(octets: int, language: str = "fr") -> str:
    """1,2 Mo; 640 ko; 12 octets."""
    if octets < 1_000:
        return f"{octets}{_NBSP}{translate(language, 'octets')}"
    if octets < 1_000_000:
        return f"{octets // 1_000}{_NBSP}{translate(language, 'ko')}"
    return f"{octets / 1_000_000:.1f}".replace(".", ",") + _NBSP + translate(language, "Mo")


def lasting(value: timedelta | None, language: str = "fr") -> str:
    """3 jours; 5 heures; 12 minutes; moins d’une minute."""
    if value is None:
        return "—"
    for unit, seconds in (("jour", 86_400), ("heure", 3_600), ("minute", 60)):
        count = int(value.total_seconds() // seconds)
        if count:
            return f"{count}{_NBSP}{translate(language, unit)}{'s' if count > 1 else ''}"
    return translate(language, "moins d’une minute")


def tone(state: str) -> str:
    """The class of the chip that shows this state; never the only sign."""
    return _TONES.get(state, "")


def wrong_in_words(fault: Fault, language: str) -> str:
    """What a fault says: our own translation first, else the English that came with it."""
    if language == "en" and fault.sentence_en and house.translate(language, fault.sentence) == fault.sentence:
        return fault.sentence_en
    return translate(language, fault.sentence)


def _here(say: Callable[..., str]) -> Callable[..., str]:
    """The same words in the language of the page."""

    @pass_context
    def said(context: Context, value: Any) -> str:
        return say(value, language=str(context.get("language", "fr")))

    return said


FILTERS: Mapping[str, Callable[..., Any]] = {
    "moment": _here(moment),
    "day": day,
    "iso": iso,
    "amount": amount,
    "size": _here(size),
    "lasting": _here(lasting),
    "wrong_in_words": _here(wrong_in_words),
    "tone": tone,
    "cadre": cadre_label,
    "status": statuses.label,
    "told": told_here,
    "since": since,
}
