"""Notices: what people and programs are told when a light changes or a date comes near: by mail, by signed call.

A notice is asked for in the transaction of its cause and sent by a job, so that neither a stop nor a mail server that
sleeps loses it. It holds no secret.
"""

import hashlib
import hmac
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import httpx2
import sqlalchemy as sa

from raccord.domain.clock import Clock, NewId
from raccord.domain.connection import Connection, Light
from raccord.domain.errors import Unavailable
from raccord.domain.secrets import Secret
from raccord.domain.verdict import Verdict
from raccord.engine.mail import Attachment, Mailer
from raccord.engine.port import Args, Jobs, Later
from raccord.store.database import Store

MAIL = "notice.mail"
CALL = "notice.call"
_AGAIN_S = 300.0
_TIMEOUT_S = 15.0


@dataclass(frozen=True)
class Notice:
    """Something to tell. `data` is plain JSON for programs; `calendar` an `.ics` joined to the letter."""

    kind: str
    subject: str
    text: str
    data: Mapping[str, Any]
    calendar: str = ""


@dataclass(frozen=True)
class Webhook:
    """An address of a program, and the key that signs what it receives."""

    url: str
    secret: Secret | None = None

    def call(self, notice: Mapping[str, Any], timestamp: int) -> None:
        """POST the notice. `Raccord-Signature: t=<seconds>,v1=<HMAC-SHA256 of "t.body">`. Raises `Unavailable`."""
        body = json.dumps(notice, ensure_ascii=False, sort_keys=True).encode()
        headers = {"Content-Type": "application/json; charset=utf-8"}
        if self.secret:
            headers["Raccord-Signature"] = f"t={timestamp},v1={sign(self.secret, timestamp, body)}"
        try:
            answer = httpx2.post(self.url, content=body, headers=headers, timeout=_TIMEOUT_S, follow_redirects=False)
            answer.raise_for_status()
        except httpx2.HTTPError as error:
            raise Unavailable(
                "APPEL_NON_RECU", f"L’adresse d’appel n’a pas répondu ({type(error).__name__}).", "Raccord réessaiera."
            ) from error


def sign(secret: Secret, timestamp: int, body: bytes) -> str:
    """The signature that the receiver computes again."""
    return hmac.new(secret.reveal().encode(), f"{timestamp}.".encode() + body, hashlib.sha256).hexdigest()


class Notices:
    """Asks for notices and sends them. Without mail server nor webhook, nothing is asked."""

    def __init__(
        self,
        store: Store,
        jobs: Jobs,
        clock: Clock,
        new_id: NewId,
        *,
        recipients: Callable[[], Sequence[str]],
        mailer: Mailer | None = None,
        webhook: Webhook | None = None,
    ) -> None:
        self._store, self._jobs, self._clock, self._new_id = store, jobs, clock, new_id
        self._recipients, self._mailer, self._webhook = recipients, mailer, webhook

    def install(self) -> None:
        """Give the engine the two jobs."""
        self._jobs.job(MAIL)(self._send_mail)
        self._jobs.job(CALL)(self._send_call)

    def ask(self, conn: sa.Connection, notice: Notice) -> None:
        """Have a notice sent, in the caller's transaction."""
        key = self._new_id()
        args = {**notice.__dict__, "data": dict(notice.data)}
        if self._mailer:
            self._jobs.schedule(conn, MAIL, key, args)
        if self._webhook:
            self._jobs.schedule(conn, CALL, key, args)

    def light_changed(self, before: Connection, verdict: Verdict) -> None:
        """A listener of the lights: only a change between working and not working is worth a letter."""
        if (before.light is Light.RED) == (verdict.light is Light.RED) or before.light is Light.UNKNOWN:
            return
        with self._store.begin() as conn:
            self.ask(conn, about_light(before, verdict))

    def _send_mail(self, args: Args) -> None:
        if not self._mailer:
            return
        joined = [Attachment("echeance.ics", "text/calendar", args["calendar"].encode())] if args["calendar"] else []
        try:
            self._mailer.send(self._recipients(), args["subject"], args["text"], joined)
        except Unavailable as error:
            raise Later(_AGAIN_S) from error

    def _send_call(self, args: Args) -> None:
        if not self._webhook:
            return
        now = self._clock()
        told = {"kind": args["kind"], "text": args["text"], "at": now.isoformat(), **args["data"]}
        try:
            self._webhook.call(told, int(now.timestamp()))
        except Unavailable as error:
            raise Later(_AGAIN_S) from error


def about_light(before: Connection, verdict: Verdict) -> Notice:
    """The notice of a connection that fails, or works again."""
    code = verdict.cause.code if verdict.cause else ""
    why = [verdict.suspicions[0].sentence, *numbered(verdict.suspicions[0].cause.steps)] if verdict.suspicions else []
    text = "\n".join([f"{before.label} : {verdict.light.sentence}.", "", *why]).strip()
    data = {"connection_id": before.id, "connection": before.label, "light": verdict.light.value, "cause": code}
    return Notice("connection.light", f"{before.label} : {verdict.light.sentence}", text, data)


def numbered(steps: Sequence[str]) -> list[str]:
    """Steps as the lines of a letter."""
    return [f"  {number}. {step}" for number, step in enumerate(steps, start=1)]
