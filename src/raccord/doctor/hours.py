"""Whose hour is right: ours beside that which the platform tells in its answers (specifications/diagnosis.md §1).

A machine that starts with a dead battery, or wakes from an old snapshot, believes itself years away: passwords seem to
have expired, every certificate is refused. The platform's hour decides, and the clock is named before anything else.
"""

from datetime import datetime, timedelta

from choruspro import Unreachable
from raccord.doctor.notebook import Notebook
from raccord.doctor.patient import Tools
from raccord.domain.connection import Connection
from raccord.domain.verdict import WRONG_CLOCK, RungState

LOOSE = timedelta(minutes=5)
"""From here on the rung asks for attention."""
WRONG = timedelta(hours=1)
"""From here on no date can be trusted: it is a cause."""
_UNITS = (("ans", 365 * 1440), ("jours", 1440), ("heures", 60))
"""In minutes."""
_SHARES = (80, 20)
"""A wrong clock explains a refused certificate better than an inspecting proxy does; both stay possible."""


def compare(told: datetime | None, tools: Tools, notes: Notebook, *, beside: str = "") -> None:
    """Write the rung of the clock, and suspect it when it is wrong; `beside`: the cause that it explains better."""
    if told is None:
        return
    ahead = tools.clock() - told
    if abs(ahead) <= LOOSE:
        notes.note("clock", "Horloge", RungState.PASSED, f"À l’heure, à {abs(ahead).total_seconds():.0f} s près.")
        return
    sentence = f"L’horloge de cette machine {gap(ahead)} sur celle de PISTE : réglez-la."
    notes.note("clock", "Horloge", RungState.ATTENTION, sentence, f"Date: {told.isoformat()}")
    if abs(ahead) > WRONG:
        _suspect(ahead, notes, beside)


def _suspect(ahead: timedelta, notes: Notebook, beside: str) -> None:
    notes.ahead = ahead
    if beside:
        notes.suspect(beside, _SHARES[1])
    notes.suspect(WRONG_CLOCK, _SHARES[0] if beside else 100, gap=gap(ahead))


def of_the_platform(tools: Tools, notes: Notebook) -> datetime:
    """The hour by which dates are judged: ours, unless this visit found it wrong."""
    return tools.clock() - notes.ahead


def clock_agrees(connection: Connection, tools: Tools) -> bool:
    """Whether our clock may be believed; yes when the platform cannot be asked, or tells no hour."""
    try:
        told = tools.reach(connection.addresses.token_url, connection).date
    except Unreachable as error:
        told = tools.hour_without_trust(connection.addresses.token_url, connection) if error.kind == "tls" else None
    return told is None or abs(tools.clock() - told) <= WRONG


def gap(ahead: timedelta) -> str:
    """« avance de 10 ans », « retarde de 3 heures »."""
    span = _span(abs(ahead))
    return f"avance de {span}" if ahead > timedelta() else f"retarde de {span}"


def _span(span: timedelta) -> str:
    """In the largest unit of which there are two, to the minute: a `Date` has no more than whole seconds."""
    minutes = round(span.total_seconds() / 60)
    for unit, length in _UNITS:
        if minutes >= 2 * length:
            return f"{minutes // length} {unit}"
    return f"{minutes} minutes"
