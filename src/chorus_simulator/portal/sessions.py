"""Who is at the portal: sessions kept on the server, known to the browser by one random cookie.

Called by `desk`. A session exists before the sign-in, because the sign-in form carries a token too; signing
in changes the cookie, so that one fixed beforehand is worthless. Nothing here is saved in the world file:
a restart signs everybody out.
"""

from __future__ import annotations

import hmac
import secrets
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime

COOKIE = "portail_session"
MAXIMUM = 5_000


@dataclass(frozen=True)
class Candidate:
    """A password shown on a reset form, not yet submitted: it opens nothing."""

    login: str
    password: str = field(repr=False)


@dataclass
class Session:
    """One visit. `person` is the login of the person signed in, None before; `last_login` is the date of the
    visit *before* this one (that is what the screens show)."""

    token: str = field(repr=False)
    form_token: str = field(repr=False)
    person: str | None = None
    last_login: datetime | None = None
    generation: str = "2022"
    notice: str = ""
    candidates: dict[str, Candidate] = field(default_factory=dict, repr=False)

    def accepts(self, form_token: str) -> bool:
        """Whether a form carries this session's token, compared in constant time."""
        return hmac.compare_digest(self.form_token.encode(), form_token.encode())

    def take_notice(self) -> str:
        """The message left for the next page, once."""
        notice, self.notice = self.notice, ""
        return notice

    def remember(self, candidate: Candidate) -> str:
        """Keep a candidate on the server; the form only carries the handle returned here."""
        handle = secrets.token_urlsafe(16)
        self.candidates[handle] = candidate
        return handle


class Sessions:
    """All the visits, the oldest forgotten beyond `MAXIMUM`."""

    def __init__(self) -> None:
        self._by_token: OrderedDict[str, Session] = OrderedDict()

    def open(self) -> Session:
        """A session for a newcomer, signed in as nobody."""
        session = Session(token=secrets.token_urlsafe(32), form_token=secrets.token_urlsafe(32))
        self._by_token[session.token] = session
        while len(self._by_token) > MAXIMUM:
            self._by_token.popitem(last=False)
        return session

    def get(self, token: str | None) -> Session | None:
        """The session of a cookie; None without one, or when it was closed or forgotten."""
        return self._by_token.get(token) if token else None

    def signed_in(self, before: Session, login: str, last_login: datetime | None) -> Session:
        """A fresh session for `login`; the one of the sign-in form is closed."""
        self.close(before)
        session = self.open()
        session.person, session.last_login, session.generation = login, last_login, before.generation
        return session

    def close(self, session: Session) -> None:
        """Forget a session: its cookie opens nothing any more."""
        self._by_token.pop(session.token, None)
