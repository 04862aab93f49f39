"""The light of each connection: written from the doctor's verdicts, with its history: when, why, who, how long."""

import logging
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from raccord.doctor import cause
from raccord.domain.clock import Clock, days_between
from raccord.domain.connection import Connection, ExpirySource, Light
from raccord.domain.journal import NewEvent
from raccord.domain.verdict import WRONG_CLOCK, Cause, RungState, Verdict
from raccord.domain.verdict_json import verdict_from_json, verdict_to_json
from raccord.engine.foundation.breaker import Breaker
from raccord.store import connections, journal, lights
from raccord.store.database import Store
from raccord.store.lights import LightChange

_log = logging.getLogger(__name__)

TRANSIENT = frozenset({"NET-01", "NET-02", "NET-03", "NET-05", "PST-06", "PST-07"})
"""Causes that go away without anybody: another visit follows soon."""
SOON = timedelta(minutes=5)

_SEVERITY = (Light.GREEN, Light.UNKNOWN, Light.AMBER, Light.RED)

OnChange = Callable[[Connection, Verdict], None]
"""Told, after the commit, of each change of a light."""


@dataclass(frozen=True)
class LightView:
    """A light as the pages show it."""

    connection_id: str
    label: str
    light: Light
    sentence: str
    since: datetime | None
    cause: Cause | None
    cause_sentence: str
    expires_at: datetime | None
    days_left: int | None
    retry_at: datetime | None
    breaker_open: bool


@dataclass(frozen=True)
class Overview:
    """The light of every page: the worst of the connections in use."""

    light: Light
    sentence: str
    connections: tuple[LightView, ...]


class Lights:
    """Writes and reads lights. `release` starts the outbox of a connection again once its light is no longer red."""

    def __init__(self, store: Store, clock: Clock, breaker: Breaker, release: Callable[[str], None]) -> None:
        self._store, self._clock, self._breaker, self.release = store, clock, breaker, release
        self._listeners: list[OnChange] = []

    def tell(self, listener: OnChange) -> None:
        """Tell `listener` of each change (notices by mail, webhooks)."""
        self._listeners.append(listener)

    def observe(self, connection_id: str, verdict: Verdict, actor: str = "raccord") -> Light:
        """Write a verdict: light, history, journal in one transaction; then release what waited, tell of a change."""
        with self._store.begin() as conn:
            before = connections.get(conn, connection_id)
            known = None if account_accepted(verdict) else lights.memory(conn, connection_id).refusal
            self.write(conn, before, verdict, actor, dict(known) if known else None)
        self.after(before, verdict)
        return verdict.light

    def write(
        self,
        conn: sa.Connection,
        before: Connection,
        verdict: Verdict,
        actor: str,
        refusal: dict[str, Any] | None = None,
    ) -> None:
        """The same in the caller's transaction; the caller then calls `after`."""
        code = verdict.cause.code if verdict.cause else ""
        changed = (before.light, before.cause) != (verdict.light, code)
        lights.remember(conn, before.id, verdict_to_json(verdict), refusal)
        connections.update(conn, before.id, now=self._clock(), **self._columns(before, verdict, code))
        if proof := refused_proof(verdict):
            self._breaker.open(conn, before.id, proof, "diagnostic")
        if changed:
            sentence = verdict.suspicions[0].sentence if verdict.suspicions else verdict.light.sentence
            lights.add_change(conn, before.id, LightChange(verdict.at, verdict.light, code, sentence, actor, None))
            facts = {"light": verdict.light.value, "cause": code}
            journal.append(conn, NewEvent(f"connection/{before.id}", "connection.light", verdict.at, actor, facts))

    def after(self, before: Connection, verdict: Verdict) -> None:
        """What follows the commit of `write`: the outbox starts again, the listeners are told."""
        if verdict.light is not Light.RED and (before.light is Light.RED or before.breaker_open):
            self.release(before.id)
        if (before.light, before.cause) != (verdict.light, verdict.cause.code if verdict.cause else ""):
            _log_change(before, verdict)
            for listener in self._listeners:
                listener(before, verdict)

    def of(self, connection_id: str) -> LightView:
        """The light of one connection. Raises `NotFound` CONNEXION_INCONNUE."""
        with self._store.read() as conn:
            return self._view(conn, connections.get(conn, connection_id))

    def overall(self) -> Overview:
        """The worst light of the connections in use; unknown when there is none."""
        with self._store.read() as conn:
            views = tuple(self._view(conn, one) for one in connections.all_connections(conn) if one.enabled)
        light = max((view.light for view in views), key=_SEVERITY.index, default=Light.UNKNOWN)
        return Overview(light, light.sentence, views)

    def worst(self) -> Light:
        """The light of `overall`, alone: for those who ask it every second."""
        with self._store.read() as conn:
            return max(lights.shown(conn), key=_SEVERITY.index, default=Light.UNKNOWN)

    def history(self, connection_id: str, limit: int = 50) -> list[LightChange]:
        """The last changes of a light, newest first, each with how long it lasted."""
        with self._store.read() as conn:
            return lights.changes(conn, connection_id, limit)

    def last_verdict(self, connection_id: str) -> Verdict | None:
        """The doctor's last verdict, or None when he never came."""
        with self._store.read() as conn:
            connections.get(conn, connection_id)
            kept = lights.memory(conn, connection_id).verdict
        return verdict_from_json(kept, cause) if kept else None

    def _columns(self, before: Connection, verdict: Verdict, code: str) -> dict[str, Any]:
        columns: dict[str, Any] = {
            "light": verdict.light.value,
            "cause": code,
            "verdict_at": verdict.at,
            "retry_at": verdict.retry_at or (verdict.at + SOON if transient(verdict) else None),
        }
        if before.light is not verdict.light:
            columns["light_since"] = verdict.at
        if verdict.expires_at is not None:
            columns |= {"expires_at": verdict.expires_at, "expiry_source": ExpirySource.READ.value}
        if account_accepted(verdict):
            columns |= {"last_success_at": verdict.at, "refusals_in_a_row": 0}
        return columns

    def _view(self, conn: sa.Connection, one: Connection) -> LightView:
        kept = lights.memory(conn, one.id)
        suspicions = kept.verdict["suspicions"] if kept.verdict else []
        return LightView(
            connection_id=one.id,
            label=one.label,
            light=one.light,
            sentence=one.light.sentence,
            since=one.light_since,
            cause=cause(one.cause) if one.cause else None,
            cause_sentence=suspicions[0]["sentence"] if suspicions else "",
            expires_at=one.expires_at,
            days_left=None if one.cause == WRONG_CLOCK else days_left(one.expires_at, self._clock()),
            retry_at=kept.retry_at,
            breaker_open=one.breaker_open,
        )


def _log_change(before: Connection, verdict: Verdict) -> None:
    """One line for whoever reads the log of the service: a start without network is seen there too."""
    level = logging.WARNING if verdict.light is Light.RED else logging.INFO
    why = f" : {verdict.cause.title} [{verdict.cause.code}]" if verdict.cause else ""
    _log.log(level, "%s : %s%s", before.label, verdict.light.sentence, why)


def days_left(expires_at: datetime | None, now: datetime) -> int | None:
    """Days until that one, negative once it has passed; None when unknown."""
    return None if expires_at is None else days_between(now, expires_at)


def transient(verdict: Verdict) -> bool:
    """Whether what was found goes away without anybody."""
    return _suspected(verdict, TRANSIENT)


def _suspected(verdict: Verdict, codes: Collection[str]) -> bool:
    """Whether one of these causes is possible, be it named behind a wrong clock."""
    return any(one.cause.code in codes for one in verdict.suspicions)


def account_accepted(verdict: Verdict) -> bool:
    """Whether Chorus Pro accepted the technical account during this visit."""
    return any(rung.name == "account" and rung.state is RungState.PASSED for rung in verdict.rungs)


def account_refused(verdict: Verdict) -> bool:
    """Whether Chorus Pro refused the technical account, in this visit or by memory."""
    return any(rung.name == "account" and rung.state is RungState.FAILED for rung in verdict.rungs) and any(
        one.cause.family == "TEC" for one in verdict.suspicions
    )


def refused_proof(verdict: Verdict) -> str:
    """Which proof Chorus Pro or PISTE refused during this visit, in the words of `CredentialsRefused`; empty: none."""
    if account_refused(verdict):
        return "technical-account"
    return "piste" if _suspected(verdict, {"PST-01"}) else ""
