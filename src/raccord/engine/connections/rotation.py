"""Changing the password of a technical account without ever losing the one that works.

A new password is a *candidate*: sealed, tested, promoted in one transaction only when Chorus Pro accepts it; the
old one stays until then. « Peut-être pas encore actif » is tested again by itself.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from raccord.domain.connection import Connection, ExpirySource, Light
from raccord.domain.errors import Invalid
from raccord.domain.secrets import Secret
from raccord.domain.verdict import Verdict
from raccord.engine.connections import candidates
from raccord.engine.connections.candidates import Candidate, CandidateView
from raccord.engine.connections.light import SOON, account_accepted, transient
from raccord.engine.connections.room import Room
from raccord.store import connections as table
from raccord.store import lights
from raccord.vault import Remark, inspect_password


@dataclass(frozen=True)
class CandidateResult:
    """What came of a password just typed."""

    promoted: bool
    """True when it works and has replaced the old one."""
    verdict: Verdict
    remarks: tuple[Remark, ...]
    """What is odd in the password; nothing was corrected."""
    retry_at: datetime | None
    """When it will be tried again by itself (« peut-être pas encore actif »)."""


class Rotation(Room):
    """Tests, candidates, expiry dates."""

    def test(self, connection_id: str, actor: str, force: bool = True) -> Verdict:
        """Send the doctor now; the verdict is kept and the light follows."""
        return self._visits.visit(connection_id, actor, force=force)

    def last_verdict(self, connection_id: str) -> Verdict | None:
        """The doctor's last verdict, or None when he never came."""
        return self._lights.last_verdict(connection_id)

    def enter_candidate(
        self, connection_id: str, login: str, password: Secret, actor: str, expires_at: datetime | None = None
    ) -> CandidateResult:
        """Keep a login and password just typed, test them at once, promote them when they work.

        `expires_at`: the « Date exp. Mot de passe » of the portal, if read. Raises `Invalid` COMPTE_INCOMPLET.
        """
        if not login.strip() or not password:
            raise Invalid("COMPTE_INCOMPLET", "L’identifiant ou le mot de passe est vide.", "Collez les deux.")
        candidate = Candidate(login.strip(), password, self._clock(), actor, expires_at)
        with self._store.begin() as conn:
            table.get(conn, connection_id)
            candidates.keep(conn, self._vault, connection_id, candidate)
            self._note(conn, connection_id, "connection.candidate_entered", actor, login=candidate.login)
        return self._try(connection_id, candidate)

    def retry_candidate(self, connection_id: str) -> CandidateResult | None:
        """Test the candidate again, None when there is none any more."""
        candidate = candidates.take(self._vault, connection_id)
        return self._try(connection_id, candidate) if candidate else None

    def candidate(self, connection_id: str) -> CandidateView | None:
        """The candidate in wait, without its password."""
        found = candidates.take(self._vault, connection_id)
        if found is None:
            return None
        with self._store.read() as conn:
            retry_at = lights.memory(conn, connection_id).retry_at
        return CandidateView(found.login, found.entered_at, found.entered_by, retry_at)

    def drop_candidate(self, connection_id: str, actor: str) -> None:
        """Give a candidate up; the present password stays."""
        with self._store.begin() as conn:
            self._vault.forget(conn, candidates.name_of(connection_id))
            table.update(conn, connection_id, now=self._clock(), retry_at=None)
            self._note(conn, connection_id, "connection.candidate_dropped", actor)

    def set_expiry(self, connection_id: str, expires_at: datetime, actor: str) -> Connection:
        """Keep the expiry date that a person read on the portal, then look at the light again."""
        with self._store.begin() as conn:
            table.get(conn, connection_id)
            source = ExpirySource.TYPED.value
            table.update(conn, connection_id, now=self._clock(), expires_at=expires_at, expiry_source=source)
            day = expires_at.date().isoformat()
            self._note(conn, connection_id, "connection.expiry_typed", actor, expires_on=day)
        if self.get(connection_id).light is not Light.UNKNOWN:
            self.test(connection_id, actor, force=False)
        return self.get(connection_id)

    def _try(self, connection_id: str, candidate: Candidate) -> CandidateResult:
        verdict = self._visits.try_candidate(connection_id, candidate)
        remarks = inspect_password(candidate.password.reveal())
        if account_accepted(verdict):
            self._promote(connection_id, candidate, verdict)
            return CandidateResult(True, verdict, remarks, None)
        retry_at = self._keep_waiting(connection_id, candidate, verdict)
        return CandidateResult(False, replace(verdict, retry_at=retry_at), remarks, retry_at)

    def _promote(self, connection_id: str, candidate: Candidate, verdict: Verdict) -> None:
        """The one transaction: the new password takes the place, the candidate goes, the light and the journal tell."""
        expires_at = verdict.expires_at or candidate.expires_at
        typed = ExpirySource.TYPED if candidate.expires_at else ExpirySource.UNKNOWN
        source = ExpirySource.READ if verdict.expires_at else typed
        with self._store.begin() as conn:
            self._vault.seal(conn, f"connection/{connection_id}/password", candidate.password)
            self._vault.forget(conn, candidates.name_of(connection_id))
            table.update(
                conn,
                connection_id,
                now=self._clock(),
                login=candidate.login,
                credentials_changed_at=candidate.entered_at,
                expires_at=expires_at,
                expiry_source=source.value,
            )
            before = table.get(conn, connection_id)
            self._note(conn, connection_id, "connection.password_changed", candidate.entered_by, login=candidate.login)
            self._lights.write(conn, before, verdict, candidate.entered_by)
        self._lights.after(before, verdict)

    def _keep_waiting(self, connection_id: str, candidate: Candidate, verdict: Verdict) -> datetime | None:
        """The old password stays. A refused candidate counts its tries; one that could not be tested does not."""
        passing = transient(verdict)
        tried = candidate if passing else replace(candidate, tries=candidate.tries + 1)
        retry_at = verdict.retry_at or (self._clock() + SOON if passing else tried.retry_at())
        with self._store.begin() as conn:
            candidates.keep(conn, self._vault, connection_id, tried)
            before = table.get(conn, connection_id)
            told = replace(verdict, retry_at=retry_at)
            # a present password that works keeps its green light while another one is tried beside it
            works = before.light in (Light.GREEN, Light.AMBER)
            if not works:
                self._lights.write(conn, before, told, candidate.entered_by, _refusal(conn, connection_id))
            table.update(conn, connection_id, now=self._clock(), retry_at=retry_at)
            code = verdict.cause.code if verdict.cause else ""
            self._note(conn, connection_id, "connection.candidate_refused", candidate.entered_by, cause=code)
        if not works:
            self._lights.after(before, told)
        return retry_at


def _refusal(conn: sa.Connection, connection_id: str) -> dict[str, Any] | None:
    kept = lights.memory(conn, connection_id).refusal
    return dict(kept) if kept else None
