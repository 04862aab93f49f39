"""The door of persons: sign-in with lock-out and second factor, sessions that can be revoked."""

from contextlib import suppress
from datetime import timedelta

from raccord.domain.errors import NotAllowed, NotFound, Unavailable
from raccord.domain.roles import Role
from raccord.domain.secrets import Secret
from raccord.domain.users import SessionToken, SessionView, SignedIn, User
from raccord.engine.users.room import SIGN_INS, Room, hash_of, new_token
from raccord.engine.users.second_factor import SecondFactor
from raccord.store import doors
from raccord.store import users as table

_SEEN_EVERY = timedelta(minutes=1)


class Door(SecondFactor, Room):
    """Sign-in, sessions, sign-out."""

    def sign_in(self, email: str, password: Secret, totp: str = "", agent: str = "", address: str = "") -> SessionToken:
        """Open a session. Raises `NotAllowed`: TROP_D_ESSAIS (this network address), CONNEXION_REFUSEE,
        CODE_DEMANDE (good password, second factor wanted), CODE_REFUSE.

        An unknown address, a wrong password and a locked account are refused by the same words after the same work:
        only the owner of a locked account is told, by letter.
        """
        if address:
            self._throttle(f"sign-in/{address[:150]}", SIGN_INS)
        with self._store.read() as conn:
            lock = table.lock_of(conn, email.strip().lower())
        good = self._keeper.verify(lock.password_hash if lock else "", password)
        locked = lock is not None and self._is_locked(lock.user)
        if lock is None or locked or not good or not lock.user.active:
            self._refuse(lock.user if lock and not locked else None)
            raise self._refusal()
        self._ask_second_factor(lock.user, totp)
        if self._keeper.is_old(lock.password_hash):
            self._rehash(lock.user, password)
        return self._open(lock.user, agent)

    def session(self, token: str) -> SignedIn | None:
        """Who holds this token, or None when the session has ended. Being seen puts the idle end off."""
        now = self._clock()
        with self._store.read() as conn:
            row = doors.session(conn, hash_of(token))
            if row is None or now >= min(row.expires_at, row.seen_at + timedelta(seconds=self._rules.idle_s)):
                return None
            user = table.get(conn, row.user_id)
        if not user.active:
            return None
        if now - row.seen_at >= _SEEN_EVERY:
            with suppress(Unavailable), self._store.begin() as conn:  # a full disk shuts no door
                doors.seen(conn, row.token_hash, now)
        return SignedIn(user, row.csrf, row.expires_at, row.second_factor, row.token_hash[:16], self._must_enrol(user))

    def sign_out(self, token: str) -> None:
        """End a session."""
        with self._store.begin() as conn:
            doors.close_session(conn, hash_of(token))

    def sign_out_everywhere(self, user_id: str, actor: str) -> int:
        """End every session of a person; how many."""
        with self._store.begin() as conn:
            closed = doors.close_sessions(conn, user_id)
            self._note(conn, user_id, "user.signed_out_everywhere", actor, sessions=closed)
        return closed

    def sessions(self, user_id: str) -> list[SessionView]:
        """The living sessions of a person, the last used first."""
        with self._store.read() as conn:
            rows = doors.sessions_of(conn, user_id)
        return [
            SessionView(row.token_hash[:16], row.created_at, row.seen_at, row.expires_at, row.agent)
            for row in rows
            if row.expires_at > self._clock()
        ]

    def revoke_session(self, user_id: str, session_id: str, actor: str) -> None:
        """End one session of a person. Raises `NotFound` SESSION_INCONNUE."""
        with self._store.begin() as conn:
            mine = [row for row in doors.sessions_of(conn, user_id) if row.token_hash[:16] == session_id]
            if not mine:
                raise NotFound("SESSION_INCONNUE", "Cette session est déjà terminée.")
            doors.close_session(conn, mine[0].token_hash)
            self._note(conn, user_id, "user.session_revoked", actor)

    def purge_sessions(self) -> int:
        """Forget the sessions that have expired, and the tries at the door that count no more; how many sessions."""
        with self._store.begin() as conn:
            doors.drop_old_tries(conn, self._clock().timestamp())
            return doors.drop_dead_sessions(conn, self._clock())

    def _must_enrol(self, user: User) -> bool:
        return self._rules.require_totp and user.role is Role.SUPERVISEUR and not user.totp_enabled

    def _is_locked(self, user: User) -> bool:
        return user.locked_until is not None and user.locked_until > self._clock()

    def _refusal(self) -> NotAllowed:
        rules = self._rules
        return NotAllowed(
            "CONNEXION_REFUSEE",
            "L’adresse ou le mot de passe n’est pas le bon, ou ce compte est bloqué après trop d’essais.",
            f"Vérifiez les majuscules. Après {rules.failures} refus, un compte reste bloqué {rules.lock_s / 60:.0f} "
            "minutes ; demander un nouveau mot de passe le débloque.",
        )

    def _refuse(self, user: User | None) -> None:
        """Count the refusal; of nobody, write as much elsewhere, so that a known address does not take longer."""
        if user is None:
            with self._store.begin() as conn:
                doors.throttle(conn, "sign-in/nobody", self._clock().timestamp(), 0.0, 1)
            return
        with self._store.begin() as conn:
            failures = table.count_failure(conn, user.id)
            self._note(conn, user.id, "user.sign_in_refused", "", failures=failures)
            locked = failures >= self._rules.failures
            if locked:
                until = self._clock() + timedelta(seconds=self._rules.lock_s)
                table.update(conn, user.id, locked_until=until, failures=0)
                self._note(conn, user.id, "user.locked", "", until=until.isoformat())
        if locked and user.active:
            self._letters.locked(user, self._rules.lock_s / 60)

    def _ask_second_factor(self, user: User, code: str) -> None:
        if not user.totp_enabled:
            return
        if not code.strip():
            raise NotAllowed("CODE_DEMANDE", "Saisissez le code à six chiffres de votre application.")
        if not self._accept_code(user.id, code):
            self._refuse(user)
            raise NotAllowed("CODE_REFUSE", "Ce code n’est pas le bon, ou il a déjà servi.", "Attendez le suivant.")

    def _rehash(self, user: User, password: Secret) -> None:
        hashed = self._keeper.hash(password)
        with self._store.begin() as conn:
            table.update(conn, user.id, password_hash=hashed)

    def _open(self, user: User, agent: str) -> SessionToken:
        token, now = new_token(), self._clock()
        expires_at = now + timedelta(seconds=self._rules.life_s)
        csrf = new_token().reveal()
        row = doors.Session(
            hash_of(token.reveal()), user.id, csrf, now, now, expires_at, user.totp_enabled, agent[:200]
        )
        with self._store.begin() as conn:
            doors.open_session(conn, row)
            table.update(conn, user.id, failures=0, locked_until=None, last_login_at=now)
            self._note(conn, user.id, "user.signed_in", user.actor)
        return SessionToken(token, expires_at)
