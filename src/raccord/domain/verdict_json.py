"""A verdict as plain JSON values and back: what the table of connections keeps, what the API answers."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from raccord.domain.connection import Light
from raccord.domain.verdict import Cause, Rung, RungState, Suspicion, Verdict


def verdict_to_json(verdict: Verdict) -> dict[str, Any]:
    """The verdict as JSON; a cause is told by its code, its words and its steps."""
    return {
        "connection_id": verdict.connection_id,
        "at": verdict.at.isoformat(),
        "light": verdict.light.value,
        "retry_at": verdict.retry_at and verdict.retry_at.isoformat(),
        "expires_at": verdict.expires_at and verdict.expires_at.isoformat(),
        "rungs": [{**asdict(rung), "state": rung.state.value} for rung in verdict.rungs],
        "suspicions": [_suspicion(one) for one in verdict.suspicions],
    }


def verdict_from_json(data: Mapping[str, Any], cause_of: Callable[[str], Cause]) -> Verdict:
    """The verdict again, its causes from the catalogue (`raccord.doctor.cause`)."""
    return Verdict(
        connection_id=data["connection_id"],
        at=datetime.fromisoformat(data["at"]),
        light=Light(data["light"]),
        rungs=tuple(Rung(**{**rung, "state": RungState(rung["state"])}) for rung in data["rungs"]),
        suspicions=tuple(
            Suspicion(cause_of(one["code"]), one["percent"], one["sentence"]) for one in data["suspicions"]
        ),
        retry_at=_instant(data.get("retry_at")),
        expires_at=_instant(data.get("expires_at")),
    )


def _suspicion(one: Suspicion) -> dict[str, Any]:
    return {
        "code": one.cause.code,
        "percent": one.percent,
        "title": one.cause.title,
        "sentence": one.sentence,
        "steps": list(one.cause.steps),
        "detection": one.cause.detection,
    }


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
