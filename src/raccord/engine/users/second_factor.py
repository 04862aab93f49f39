"""The second factor of persons: a code that changes every thirty seconds, accepted once; recovery codes on paper."""

import json
import secrets

import pyotp

from raccord.domain.errors import Conflict, NotAllowed
from raccord.domain.secrets import Secret
from raccord.domain.users import TotpEnrolment, User
from raccord.engine.users.room import GUESSES, Room, hash_of
from raccord.store import doors
from raccord.store import users as table

_STEP_S = 30
_RECOVERY_CODES = 8
_ISSUER = "Raccord"


class SecondFactor(Room):
    """Enrolment, check and removal of the second factor. Its secret is in the vault, like every other."""

    def totp_begin(self, user_id: str) -> TotpEnrolment:
        """Start an enrolment; not asked at sign-in until `totp_confirm`. Raises `Conflict` SECOND_FACTEUR_ACTIF."""
        secret = pyotp.random_base32()
        with self._store.begin() as conn:
            user = table.get(conn, user_id)
            _not_yet(user)
            self._vault.seal(conn, _totp(user_id), secret)
        return _enrolment(user, secret)

    def totp_again(self, user_id: str) -> TotpEnrolment:
        """The enrolment under way: after a code mistyped, the drawing already photographed stays the good one."""
        with self._store.read() as conn:
            user = table.get(conn, user_id)
        if user.totp_enabled or not self._vault.exists(_totp(user_id)):
            return self.totp_begin(user_id)
        with self._vault.open(_totp(user_id)) as secret:
            return _enrolment(user, secret.reveal())

    def totp_confirm(self, user_id: str, code: str, session: str = "") -> tuple[str, ...]:
        """Prove the enrolment by a first code. The recovery codes, shown once.

        The sessions opened by a password alone end, but the one of the token `session`.
        Raises `NotAllowed` CODE_REFUSE, TROP_D_ESSAIS, `Conflict` SECOND_FACTEUR_ACTIF.
        """
        self._throttle(f"guess/{user_id}", GUESSES)
        with self._store.read() as conn:
            _not_yet(table.get(conn, user_id))
        if not self._accept_totp(user_id, code):
            raise NotAllowed(
                "CODE_REFUSE", "Ce code n’est pas le bon.", "Vérifiez l’heure du téléphone, puis réessayez."
            )
        codes = tuple(f"{secrets.token_hex(3)}-{secrets.token_hex(3)}" for _ in range(_RECOVERY_CODES))
        with self._store.begin() as conn:
            self._vault.seal(conn, _recovery(user_id), json.dumps([hash_of(one) for one in codes]))
            table.update(conn, user_id, totp_enabled=True)
            doors.close_sessions(conn, user_id, but=hash_of(session) if session else "")
            self._note(conn, user_id, "user.second_factor_on", f"user/{user_id}")
        return codes

    def totp_disable(self, user_id: str, actor: str, code: str = "") -> None:
        """Remove the second factor: by its owner with a code, or by another person who manages users."""
        if actor == f"user/{user_id}":
            self._throttle(f"guess/{user_id}", GUESSES)
            if not self._accept_code(user_id, code):
                raise NotAllowed(
                    "CODE_REFUSE", "Ce code n’est pas le bon.", "Saisissez celui qui s’affiche maintenant."
                )
        with self._store.begin() as conn:
            table.update(conn, user_id, totp_enabled=False)
            self._vault.forget(conn, _totp(user_id))
            self._vault.forget(conn, _recovery(user_id))
            self._note(conn, user_id, "user.second_factor_off", actor)

    def _accept_code(self, user_id: str, code: str) -> bool:
        return self._accept_totp(user_id, code) or self._accept_recovery(user_id, code)

    def _accept_totp(self, user_id: str, code: str) -> bool:
        given = "".join(code.split()).encode("utf-8", "surrogatepass")
        if not self._vault.exists(_totp(user_id)):
            return False
        with self._vault.open(_totp(user_id)) as secret:
            totp = pyotp.TOTP(secret.reveal())
        now = int(self._clock().timestamp()) // _STEP_S
        matching = [step for step in (now - 1, now, now + 1) if _same(totp.generate_otp(step), given)]
        if not matching:
            return False
        with self._store.begin() as conn:
            return table.take_counter(conn, user_id, matching[0])

    def _accept_recovery(self, user_id: str, code: str) -> bool:
        """Each recovery code works once: it is struck off the list."""
        if not self._vault.exists(_recovery(user_id)):
            return False
        with self._store.begin() as conn:
            with self._vault.open(_recovery(user_id), conn) as kept:
                hashes = json.loads(kept.reveal())
            used = hash_of(code.strip().lower())
            if used not in hashes:
                return False
            self._vault.seal(conn, _recovery(user_id), json.dumps([one for one in hashes if one != used]))
            self._note(conn, user_id, "user.recovery_code_used", f"user/{user_id}", left=len(hashes) - 1)
        return True


def _not_yet(user: User) -> None:
    if user.totp_enabled:
        raise Conflict("SECOND_FACTEUR_ACTIF", "Le second facteur est déjà actif.", "Désactivez-le d’abord.")


def _enrolment(user: User, secret: str) -> TotpEnrolment:
    return TotpEnrolment(Secret(secret), pyotp.TOTP(secret).provisioning_uri(name=user.email, issuer_name=_ISSUER))


def _same(code: str, given: bytes) -> bool:
    return secrets.compare_digest(code.encode(), given)


def _totp(user_id: str) -> str:
    return f"user/{user_id}/totp"


def _recovery(user_id: str) -> str:
    return f"user/{user_id}/recovery"
