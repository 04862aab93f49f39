"""The history of a light as a drawing: one band per state, at a height of its own, so that colour is never alone."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from raccord.domain.connection import Light
from raccord.store.lights import LightChange
from raccord.web.i18n import translate

WIDTH = 1000
HEIGHT = 66
_SHOWN = timedelta(days=90)
_ROWS = {Light.GREEN: 4, Light.AMBER: 24, Light.RED: 44, Light.UNKNOWN: 24}
_BAND = 16
_NARROWEST = 3.0
"""A cut of a minute in three months must still be seen."""


@dataclass(frozen=True)
class Band:
    """One state on the drawing, in points of its view box."""

    light: Light
    x: float
    y: int
    width: float
    height: int
    since: datetime
    until: datetime
    sentence: str


@dataclass(frozen=True)
class Timeline:
    """The bands, oldest first, and the two ends of the axis."""

    since: datetime
    until: datetime
    bands: tuple[Band, ...]
    width: int = WIDTH
    height: int = HEIGHT

    def lasting(self, light: Light) -> timedelta:
        """How long that light was shown, over the drawing."""
        return sum((band.until - band.since for band in self.bands if band.light is light), timedelta())


def history_in(language: str, changes: Sequence[LightChange]) -> list[LightChange]:
    """The history, kept in French, in the language of the page."""
    return [replace(one, sentence=translate(language, one.sentence)) for one in changes]


def timeline(changes: Sequence[LightChange], now: datetime) -> Timeline | None:
    """The drawing of these changes (newest first) up to now, over three months at most; None without a change."""
    if not changes:
        return None
    since = max(changes[-1].at, now - _SHOWN)
    span = max((now - since).total_seconds(), 1.0)
    ends = [now, *(change.at for change in changes)]
    bands = [
        _band(change, max(change.at, since), until, since, span)
        for change, until in zip(changes, ends, strict=False)
        if until > since
    ]
    return Timeline(since, now, tuple(reversed(bands)))


def _band(change: LightChange, start: datetime, until: datetime, since: datetime, span: float) -> Band:
    width = max((until - start).total_seconds() / span * WIDTH, _NARROWEST)
    x = min((start - since).total_seconds() / span * WIDTH, WIDTH - width)
    row = _ROWS[change.light]
    return Band(change.light, round(x, 1), row, round(width, 1), _BAND, start, until, change.sentence)
