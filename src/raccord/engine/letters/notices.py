"""Notices: the letters that leave when a light changes or a date comes near. Programs have webhooks instead.

A notice is asked for in the transaction of its cause: one letter for each recipient, each sent by a job of its own, so
that neither a stop nor a mail server that fails half-way loses one or sends another twice. It holds no secret.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from raccord.domain.clock import NewId
from raccord.domain.connection import Connection, Light
from raccord.domain.errors import Unavailable
from raccord.domain.verdict import Verdict
from raccord.engine.foundation.port import Args, Jobs, Later
from raccord.engine.letters.language import in_language
from raccord.engine.letters.mail import Attachment, Mailer, Undeliverable
from raccord.store import users
from raccord.store.database import Store

_log = logging.getLogger(__name__)

MAIL = "notice.mail"
_AGAIN_S = 300.0

Recipients = Callable[[sa.Connection], Sequence[str]]
"""The addresses to which the house's letters go, read in the transaction that asks for them."""


@dataclass(frozen=True)
class Notice:
    """Something to tell: `kind` as in the journal, `calendar` gives the `.ics` joined to the letter in a language."""

    kind: str
    subject: str
    text: str
    calendar: Callable[[str], str] | None = None


class Notices:
    """Asks for letters and sends them. Without a mail server nothing is asked."""

    def __init__(
        self, store: Store, jobs: Jobs, new_id: NewId, *, recipients: Recipients, mailer: Mailer | None
    ) -> None:
        self._store, self._jobs, self._new_id = store, jobs, new_id
        self._recipients, self._mailer = recipients, mailer

    @property
    def can_send(self) -> bool:
        """Whether there is a mail server."""
        return self._mailer is not None

    def install(self) -> None:
        """Give the engine its job."""
        self._jobs.job(MAIL)(self._send)

    def ask(self, conn: sa.Connection, notice: Notice, to: Sequence[str] | None = None) -> None:
        """Have a letter sent to each of these, in the caller's transaction; None: the recipients of the house."""
        if not self._mailer:
            return
        for address in dict.fromkeys(self._recipients(conn) if to is None else to):
            letter, reader = self._new_id(), users.lock_of(conn, address)
            said = _letter(notice, reader.user.language if reader else "fr")
            self._jobs.schedule(conn, MAIL, letter, {**said, "to": address, "letter": letter})

    def light_changed(self, before: Connection, verdict: Verdict) -> None:
        """A listener of the lights: only a change between working and not working is worth a letter."""
        if (before.light is Light.RED) == (verdict.light is Light.RED) or before.light is Light.UNKNOWN:
            return
        with self._store.begin() as conn:
            self.ask(conn, about_light(before, verdict))

    def _send(self, args: Args) -> None:
        if not self._mailer:
            return
        joined = [Attachment("echeance.ics", "text/calendar", args["calendar"].encode())] if args["calendar"] else []
        try:
            self._mailer.send([args["to"]], args["subject"], args["text"], joined, letter=args["letter"])
        except Undeliverable as error:
            _log.warning("a letter is given up: %s", error.sentence)
        except Unavailable as error:
            raise Later(_AGAIN_S) from error


def _letter(notice: Notice, language: str) -> dict[str, str]:
    return {
        "kind": notice.kind,
        "subject": in_language(notice.subject, language),
        "text": in_language(notice.text, language),
        "calendar": notice.calendar(language) if notice.calendar else "",
    }


def about_light(before: Connection, verdict: Verdict) -> Notice:
    """The notice of a connection that fails, or works again."""
    why = [verdict.suspicions[0].sentence, *numbered(verdict.suspicions[0].cause.steps)] if verdict.suspicions else []
    text = "\n".join([f"{before.label} : {verdict.light.sentence}.", "", *why]).strip()
    return Notice("connection.light", f"{before.label} : {verdict.light.sentence}", text)


def numbered(steps: Sequence[str]) -> list[str]:
    """Steps as the lines of a letter."""
    return [f"  {number}. {step}" for number, step in enumerate(steps, start=1)]
