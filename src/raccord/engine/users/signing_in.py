"""The door of persons: sign-in with lock-out and second factor, sessions that can be revoked."""

from contextlib import suppress
from datetime import timedelta

from raccord.domain.errors import NotAllowed, NotFound, Unavailable
from raccord.domain.roles import Role
from raccord.domain.secrets import Secret
from raccord.domain.users import SessionToken, SessionView, SignedIn, User
from raccord.engine.users.room import Room, hash_of, new_token
from raccord.engine.users.second_factor import SecondFactor
from raccord.store import doors
from raccord.store import users as table

_SEEN_EVERY = timedelta(minutes=1)
_TRIES_INTERVAL_S = 6.0
_TRIES_BURST = 20


class Door(SecondFactor, Room):
    """Sign-in, sessions, sign-out."""

    def sign_in(self, email: str, password: Secret, totp: str = "", agent: str = "", address: str = "") -> SessionToken:
        """Open a session. Raises `NotAllowed`: TROP_D_ESSAIS (this network address), COMPTE_BLOQUE, CONNEXION_REFUSEE,
        CODE_DEMANDE (good password, second factor wanted), CODE_REFUSE.
        """
        self._throttle(address)
        with self._store.read() as conn:
            lock = table.lock_of(conn, email.strip().lower())
        if lock is not None and lock.user.locked_until and lock.user.locked_until > self._clock():
            raise _locked(lock.user)
        good = self._keeper.verify(lock.password_hash if lock else "", password)
        if lock is None or not good or not lock.user.active:
            self._refuse(lock.user if lock else None)
            raise NotAllowed(
                "CONNEXION_REFUSEE",
                "L’adresse ou le mot de passe n’est pas le bon.",
                "Vérifiez les majuscules, ou demandez un nouveau mot de passe.",
            )
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
        """Forget the sessions that have expired; how many."""
        with self._store.begin() as conn:
            return doors.drop_dead_sessions(conn, self._clock())

    def _must_enrol(self, user: User) -> bool:
        return self._rules.require_totp and user.role is Role.SUPERVISEUR and not user.totp_enabled

    def _throttle(self, address: str) -> None:
        if not address:
            return
        with self._store.begin() as conn:
            now = self._clock().timestamp()
            wait = doors.throttle(conn, f"sign-in/{address[:150]}", now, _TRIES_INTERVAL_S, _TRIES_BURST)
        if wait:
            raise NotAllowed("TROP_D_ESSAIS", "Trop d’essais depuis cet ordinateur.", f"Réessayez dans {wait:.0f} s.")

    def _refuse(self, user: User | None) -> None:
        if user is None:
            return
        with self._store.begin() as conn:
            failures = table.count_failure(conn, user.id)
            self._note(conn, user.id, "user.sign_in_refused", "", failures=failures)
            if failures >= self._rules.failures:
                until = self._clock() + timedelta(seconds=self._rules.lock_s)
                table.update(conn, user.id, locked_until=until, failures=0)
                self._note(conn, user.id, "user.locked", "", until=until.isoformat())

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


def _locked(user: User) -> NotAllowed:
    assert user.locked_until is not None
    return NotAllowed(
        "COMPTE_BLOQUE",
        "Trop d’essais refusés : ce compte est bloqué pour quelques minutes.",
        "Réessayez plus tard, ou demandez un nouveau mot de passe.",
    )
