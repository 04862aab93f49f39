"""The door of programs: API keys `rac_<prefix>_<secret>`, with scopes and an end. Only their SHA-256 is kept."""

import secrets
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta

from raccord.domain.errors import Invalid, NotFound, Unavailable
from raccord.domain.reach import EVERYTHING, Reach
from raccord.domain.roles import Permission
from raccord.domain.secrets import Secret
from raccord.domain.users import ApiKeyView, NewApiKey, Principal
from raccord.engine.users.reaches import check_reach, told
from raccord.engine.users.room import Room, hash_of
from raccord.store import doors
from raccord.store import users as table

_USED_EVERY = timedelta(minutes=1)


class Keys(Room):
    """Keys of programs. A key never carries more than the role of the person who owns it."""

    def create_key(
        self,
        label: str,
        scopes: frozenset[Permission],
        user_id: str,
        expires_at: datetime | None = None,
        *,
        reach: Reach = EVERYTHING,
    ) -> NewApiKey:
        """Make a key; its text is given now and never again.

        Raises `Invalid`: CLE_SANS_DROIT, CLE_DROIT_EXCESSIF, PERIMETRE_VIDE, PERIMETRE_INCONNU.
        """
        prefix = secrets.token_hex(4)
        key = Secret(f"rac_{prefix}_{secrets.token_urlsafe(32)}")
        now = self._clock()
        facts = (self._new_id(), label.strip()[:120], prefix, scopes, user_id, now, expires_at, None, False)
        view = ApiKeyView(*facts, reach=reach)
        with self._store.begin() as conn:
            owner = table.get(conn, user_id)
            _check(view, owner.role.may, now)
            check_reach(conn, reach)
            doors.add_key(conn, view, hash_of(key.reveal()))
            told_facts = {"label": view.label, "scopes": sorted(scopes), "reach": told(reach)}
            self._note(conn, user_id, "key.created", owner.actor, **told_facts)
        return NewApiKey(key, view)

    def api_key(self, key: str) -> Principal | None:
        """Who presents this key, or None: unknown, revoked, past its end, owner no longer active."""
        parts = key.split("_", 2)
        if len(parts) != 3 or parts[0] != "rac":
            return None
        now = self._clock()
        with self._store.read() as conn:
            found = doors.key_by_prefix(conn, parts[1])
            if found is None or not secrets.compare_digest(found[1], hash_of(key)) or _over(found[0], now):
                return None
            view = found[0]
            user = table.get(conn, view.user_id)
        if not user.active:
            return None
        if view.last_used_at is None or now - view.last_used_at >= _USED_EVERY:
            with suppress(Unavailable), self._store.begin() as conn:  # a full disk shuts no door
                doors.key_used(conn, view.id, now)
        scopes = frozenset(filter(user.role.may, view.scopes))
        return Principal(view.id, view.label, user, scopes, view.reach.within(user.reach))

    def keys(self, user_id: str | None = None) -> list[ApiKeyView]:
        """The keys of a person, or all; newest first."""
        with self._store.read() as conn:
            return doors.keys(conn, user_id)

    def revoke_key(self, key_id: str, actor: str) -> None:
        """Stop a key for good. Raises `NotFound` CLE_INCONNUE."""
        with self._store.begin() as conn:
            owners = [key.user_id for key in doors.keys(conn) if key.id == key_id]
            if not owners or not doors.revoke_key(conn, key_id):
                raise NotFound("CLE_INCONNUE", "Cette clé n’existe pas.", "Revenez à la liste des clés.")
            self._note(conn, owners[0], "key.revoked", actor, key=key_id)


def _over(key: ApiKeyView, now: datetime) -> bool:
    return key.revoked or (key.expires_at is not None and key.expires_at <= now)


def _check(key: ApiKeyView, may: Callable[[Permission], bool], now: datetime) -> None:
    if not key.label:
        raise Invalid("CLE_SANS_NOM", "Donnez un nom à cette clé : celui du logiciel qui s’en servira.")
    if not key.scopes:
        raise Invalid("CLE_SANS_DROIT", "Cette clé n’aurait aucun droit.", "Choisissez au moins un droit.")
    if not all(map(may, key.scopes)):
        raise Invalid("CLE_DROIT_EXCESSIF", "Une clé ne peut avoir plus de droits que son propriétaire.")
    if key.expires_at is not None and key.expires_at <= now:
        raise Invalid("CLE_DEJA_PERIMEE", "La date de fin est déjà passée.", "Choisissez une date à venir.")
