"""Persons: created, changed, invited, erased. No default password exists: the first Superviseur comes by a link."""

from contextlib import suppress
from datetime import timedelta

import sqlalchemy as sa

from raccord.domain.errors import Conflict, Invalid, NotAllowed, Unavailable
from raccord.domain.reach import EVERYTHING, Reach
from raccord.domain.roles import Role
from raccord.domain.secrets import Secret
from raccord.domain.users import User
from raccord.engine.users.passwords import check_new
from raccord.engine.users.reaches import check_reach, told
from raccord.engine.users.room import GUESSES, LETTERS, SIGN_INS, Room, hash_of, new_token
from raccord.store import doors, structures
from raccord.store import users as table

FIRST = "first-superviseur"
RESET = "password-reset"
INVITATION = "invitation"

_FIRST_LIFE = timedelta(days=1)
_RESET_LIFE = timedelta(hours=1)
_INVITATION_LIFE = timedelta(days=7)


class People(Room):
    """Who belongs to this house."""

    def get(self, user_id: str) -> User:
        """One person. Raises `NotFound` UTILISATEUR_INCONNU."""
        with self._store.read() as conn:
            return table.get(conn, user_id)

    def all(self) -> list[User]:
        """Everybody, by name."""
        with self._store.read() as conn:
            return table.everyone(conn)

    def create_user(
        self, email: str, name: str, role: Role, password: Secret, actor: str, *, reach: Reach = EVERYTHING
    ) -> User:
        """Add a person who has a password at once. Raises `Conflict` UTILISATEUR_EXISTE, `Invalid`."""
        user = self._new_user(email, name, role, reach)
        check_new(password, user.email)
        hashed = self._keeper.hash(password)
        with self._store.begin() as conn:
            self._insert(conn, user, hashed, actor)
        return user

    def change_user(
        self,
        user_id: str,
        actor: str,
        *,
        name: str | None = None,
        role: Role | None = None,
        active: bool | None = None,
        language: str | None = None,
        reach: Reach | None = None,
    ) -> User:
        """Change what is given; a change of reach counts from the next page on.

        Raises `Conflict` DERNIER_SUPERVISEUR when nobody could open the settings any more, `Invalid` PERIMETRE_VIDE,
        PERIMETRE_INCONNU, PERIMETRE_SUPERVISEUR.
        """
        changes = {"name": name, "role": role and role.value, "active": active, "language": language}
        given = {key: value for key, value in changes.items() if value is not None}
        with self._store.begin() as conn:
            before = table.get(conn, user_id)
            if before.role is Role.SUPERVISEUR and (active is False or role not in (None, Role.SUPERVISEUR)):
                _keep_one(conn, user_id)
            if reach not in (None, before.reach) or role not in (None, before.role):
                check_reach(conn, reach or before.reach, role or before.role)
            if given:
                table.update(conn, user_id, **given)
                self._note(conn, user_id, "user.changed", actor, **given)
            if reach is not None and reach != before.reach:
                table.update(conn, user_id, reach=reach.as_json())
                facts = {"before": told(before.reach), "reach": told(reach)}
                self._note(conn, user_id, "user.reach_changed", actor, **facts)
            if active is False:
                doors.close_sessions(conn, user_id)
                doors.drop_links(conn, user_id)
            return table.get(conn, user_id)

    def erase(self, user_id: str, actor: str) -> None:
        """Forget who somebody was (they left): the journal keeps an identifier, no name, no address."""
        with self._store.begin() as conn:
            if table.get(conn, user_id).role is Role.SUPERVISEUR:
                _keep_one(conn, user_id)
            doors.close_sessions(conn, user_id)
            doors.drop_links(conn, user_id)
            for key in doors.keys(conn, user_id):
                doors.revoke_key(conn, key.id)
            for name in ("totp", "recovery"):
                self._vault.forget(conn, f"user/{user_id}/{name}")
            gone = {"email": f"parti-{user_id}", "name": "Ancien utilisateur", "password_hash": "", "active": False}
            table.update(conn, user_id, **gone, totp_enabled=False)
            self._note(conn, user_id, "user.erased", actor)

    def first_link(self) -> str | None:
        """The token of the link that makes the first Superviseur, valid one day; None as soon as anybody exists."""
        token = new_token()
        with self._store.begin() as conn:
            if table.any_at_all(conn):
                return None
            doors.add_link(conn, hash_of(token.reveal()), FIRST, None, self._clock() + _FIRST_LIFE)
        return token.reveal()

    def claim_first(self, token: str, email: str, name: str, password: Secret) -> User:
        """Become the first Superviseur. Raises `NotAllowed` LIEN_PERIME, `Invalid`."""
        user = self._new_user(email, name, Role.SUPERVISEUR)
        check_new(password, user.email)
        hashed = self._keeper.hash(password)
        with self._store.begin() as conn:
            self._use(conn, token, FIRST)
            if table.any_at_all(conn):
                raise _stale()
            self._insert(conn, user, hashed, user.actor)
        return user

    def invite(self, email: str, name: str, role: Role, actor: str, *, reach: Reach = EVERYTHING) -> str:
        """Add a person without a password; the token of the link to choose one, valid a week (mailed too)."""
        user = self._new_user(email, name, role, reach)
        token = new_token()
        with self._store.begin() as conn:
            self._insert(conn, user, "", actor)
            doors.add_link(conn, hash_of(token.reveal()), INVITATION, user.id, self._clock() + _INVITATION_LIFE)
        self._letters.invitation(user, token.reveal())
        return token.reveal()

    def accept_invitation(self, token: str, password: Secret) -> User:
        """Choose the first password. Raises `NotAllowed` LIEN_PERIME, `Invalid` MOT_DE_PASSE_FAIBLE."""
        return self._password_by_link(token, INVITATION, password)

    def forgotten(self, email: str, address: str = "") -> None:
        """Mail a link to whoever has that address, if anybody; three an hour at most, in silence.

        What is asked at an open door: the words and the time of the answer are the same for an unknown address.
        Raises `NotAllowed` TROP_D_ESSAIS (the network address `address`).
        """
        if address:
            self._throttle(f"sign-in/{address[:150]}", SIGN_INS)
        with suppress(NotAllowed):
            self._throttle(f"letter/{hash_of(_address(email))}", LETTERS)
            self._letters.aside(lambda: self._mail_reset(email))

    def _mail_reset(self, email: str) -> None:
        with suppress(Unavailable):  # the page says what to do without a letter
            self.reset_link(email)

    def reset_link(self, email: str, actor: str = "") -> str | None:
        """The token of a link that changes a forgotten password, valid one hour (mailed too); None when nobody has that
        address. Given by somebody who knows who is here: `actor`, or the terminal.
        """
        token = new_token()
        with self._store.begin() as conn:
            found = table.lock_of(conn, _address(email))
            if found is None or not found.user.active:
                return None
            doors.add_link(conn, hash_of(token.reveal()), RESET, found.user.id, self._clock() + _RESET_LIFE)
            self._note(conn, found.user.id, "user.reset_asked", actor)
        self._letters.reset(found.user, token.reveal())
        return token.reveal()

    def reset_password(self, token: str, password: Secret) -> User:
        """Choose a new password; every session of that person ends. Raises `NotAllowed` LIEN_PERIME, `Invalid`."""
        return self._password_by_link(token, RESET, password)

    def change_password(self, user_id: str, old: Secret, new: Secret, session: str = "") -> None:
        """Change one's own password; every session ends but the one of the token `session`.

        Raises `NotAllowed` MOT_DE_PASSE_REFUSE, TROP_D_ESSAIS, `Invalid` MOT_DE_PASSE_FAIBLE.
        """
        self._throttle(f"guess/{user_id}", GUESSES)
        with self._store.read() as conn:
            user = table.get(conn, user_id)
            lock = table.lock_of(conn, user.email)
        if lock is None or not self._keeper.verify(lock.password_hash, old):
            raise NotAllowed(
                "MOT_DE_PASSE_REFUSE", "Le mot de passe actuel n’est pas celui-ci.", "Saisissez-le de nouveau."
            )
        self._set_password(user, new, user.actor, session=session)

    def link_works(self, token: str, purpose: str) -> bool:
        """Whether a page may show its form for this link; nothing is used up."""
        with self._store.read() as conn:
            link = doors.peek_link(conn, hash_of(token), self._clock())
        return link is not None and link.purpose == purpose

    def _password_by_link(self, token: str, purpose: str, password: Secret) -> User:
        with self._store.read() as conn:
            link = doors.peek_link(conn, hash_of(token), self._clock())
            if link is None or link.purpose != purpose or link.user_id is None:
                raise _stale()
            user = table.get(conn, link.user_id)
        self._set_password(user, password, user.actor, token)
        return self.get(user.id)

    def _set_password(self, user: User, password: Secret, actor: str, token: str = "", session: str = "") -> None:
        check_new(password, user.email)
        hashed = self._keeper.hash(password)
        with self._store.begin() as conn:
            if token and not doors.use_link(conn, hash_of(token), self._clock()):
                raise _stale()
            table.update(conn, user.id, password_hash=hashed, failures=0, locked_until=None)
            doors.close_sessions(conn, user.id, but=hash_of(session) if session else "")
            doors.drop_links(conn, user.id)  # a letter asked twice, an invitation: none opens the new password
            self._note(conn, user.id, "user.password_changed", actor)

    def structures(self) -> dict[str, str]:
        """Every structure of this house, its SIRET with its label: what a reach may hold."""
        with self._store.read() as conn:
            return structures.named(conn)

    def _new_user(self, email: str, name: str, role: Role, reach: Reach = EVERYTHING) -> User:
        address = _address(email)
        local, at, host = address.partition("@")
        if not (local and at and host) or any(sign.isspace() for sign in address) or len(address) > 200:
            raise Invalid("ADRESSE_INVALIDE", f"« {email} » n’est pas une adresse électronique.", "Corrigez-la.")
        if not name.strip():
            raise Invalid("NOM_MANQUANT", "Le nom est vide : il signe les actions dans le journal.", "Saisissez-le.")
        facts = (self._new_id(), address, name.strip()[:120], role, True, "fr", False, self._clock())
        return User(*facts, reach=reach)

    def _insert(self, conn: sa.Connection, user: User, password_hash: str, actor: str) -> None:
        if table.lock_of(conn, user.email):
            raise Conflict("UTILISATEUR_EXISTE", f"{user.email} a déjà un compte.", "Modifiez ce compte dans la liste.")
        check_reach(conn, user.reach, user.role)
        table.insert(conn, user, password_hash)
        self._note(conn, user.id, "user.created", actor, role=user.role.value, reach=told(user.reach))

    def _use(self, conn: sa.Connection, token: str, purpose: str) -> None:
        link = doors.peek_link(conn, hash_of(token), self._clock())
        if link is None or link.purpose != purpose or not doors.use_link(conn, hash_of(token), self._clock()):
            raise _stale()


def _address(email: str) -> str:
    return email.strip().lower()


def _keep_one(conn: sa.Connection, user_id: str) -> None:
    if not table.other_superviseurs(conn, user_id):
        raise Conflict(
            "DERNIER_SUPERVISEUR",
            "C’est le dernier Superviseur actif : sans lui, personne n’ouvrirait plus les paramètres.",
            "Nommez d’abord un autre Superviseur.",
        )


def _stale() -> NotAllowed:
    return NotAllowed("LIEN_PERIME", "Ce lien a déjà servi ou n’est plus valable.", "Demandez-en un nouveau.")
