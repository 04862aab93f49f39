"""The address of a calendar that a person's software asks for without signing in: long, changed at will, read only."""

from datetime import timedelta

from raccord.domain.users import User
from raccord.engine.users.room import Room, hash_of, new_token
from raccord.store import doors
from raccord.store import users as table

CALENDAR = "calendar"
_LIFE = timedelta(days=3650)


class Calendars(Room):
    """Who may read the calendar of expiry dates."""

    def calendar_link(self, user_id: str, actor: str) -> str:
        """A new token for this person's calendar; the one before stops working. Raises `NotFound`."""
        token = new_token()
        with self._store.begin() as conn:
            table.get(conn, user_id)
            doors.add_link(conn, hash_of(token.reveal()), CALENDAR, user_id, self._clock() + _LIFE)
            self._note(conn, user_id, "user.calendar_opened", actor)
        return token.reveal()

    def calendar_owner(self, token: str) -> User | None:
        """Whose calendar this token opens, None when it opens none any more."""
        with self._store.read() as conn:
            link = doors.peek_link(conn, hash_of(token), self._clock())
            if link is None or link.purpose != CALENDAR or link.user_id is None:
                return None
            owner = table.get(conn, link.user_id)
        return owner if owner.active else None
