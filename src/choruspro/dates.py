"""Dates as Chorus Pro writes them: five forms for one declared `date-time` (specifications/api/conventions.md §4).

A reader accepts all of them; a writer emits `YYYY-MM-DD` for days and `YYYY-MM-DDTHH:MM:SS.mmmZ` for instants.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

__all__ = ["PARIS", "read_day", "read_instant", "write_instant"]

PARIS = ZoneInfo("Europe/Paris")

_FORM = re.compile(
    r"(?P<day>\d{4}-\d{2}-\d{2})"
    r"(?:[T ](?P<hour>\d{2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,](?P<fraction>\d{1,9}))?)?"
    r"\s?(?P<zone>Z|z|[+-]\d{2}:?\d{2}|[+-]\d{2})?)?",
    re.ASCII,
)


def read_instant(text: str) -> datetime:
    """Read any of the five forms as an aware instant.

    A text without zone is Paris time; a bare day is its midnight in Paris. Raises ValueError on anything else.
    """
    found = _FORM.fullmatch(text.strip())
    if found is None:
        raise ValueError(f"date inconnue : {text!r}")
    day = date.fromisoformat(found["day"])
    return datetime.combine(day, _clock_time(found), _zone(found["zone"]))


def read_day(text: str) -> date:
    """Read any of the five forms as a day; an instant gives its day in Paris. Raises ValueError on anything else."""
    found = _FORM.fullmatch(text.strip())
    if found is None:
        raise ValueError(f"date inconnue : {text!r}")
    if found["zone"] is None:
        return date.fromisoformat(found["day"])
    try:
        return read_instant(text).astimezone(PARIS).date()
    except OverflowError as error:
        raise ValueError(f"date hors calendrier : {text!r}") from error


def write_instant(moment: datetime) -> str:
    """Write an aware instant as `YYYY-MM-DDTHH:MM:SS.mmmZ`. Raises ValueError when it carries no zone."""
    if moment.tzinfo is None:
        raise ValueError("Une date et une heure envoyées à Chorus Pro doivent porter leur fuseau horaire.")
    utc = moment.astimezone(UTC).replace(tzinfo=None)
    return utc.isoformat(timespec="milliseconds") + "Z"


def _clock_time(found: re.Match[str]) -> time:
    fraction = (found["fraction"] or "").ljust(6, "0")[:6]
    return time(int(found["hour"] or 0), int(found["minute"] or 0), int(found["second"] or 0), int(fraction))


def _zone(text: str | None) -> timezone | ZoneInfo:
    if text is None:
        return PARIS
    if text in {"Z", "z"}:
        return UTC
    digits = text[1:].replace(":", "").ljust(4, "0")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-offset if text[0] == "-" else offset)
