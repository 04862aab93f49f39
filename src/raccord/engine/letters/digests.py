"""The letters of the day: what is late or soon due, to the persons who asked, once a day whatever stops meanwhile.

The day is marked and one letter for each person is asked for in the same transaction: two workers, or a stop between
two steps, send no second letter and lose none. A house that was down at the hour sends when it is back.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from raccord.domain.clock import PARIS
from raccord.domain.digests import Digest, NewDigest, Side, holders, person
from raccord.domain.errors import Invalid, NotFound
from raccord.domain.reach import Reach
from raccord.domain.roles import Role
from raccord.domain.users import User
from raccord.engine.boards import Board, Boards
from raccord.engine.foundation.ground import ENGINE, Ground
from raccord.engine.letters.digest_letter import Letter, letter_of
from raccord.engine.letters.notices import Notice, Notices
from raccord.store import connections, digests, journal, structures, users

KIND = "deadlines.digest"


@dataclass(frozen=True)
class Preview:
    """One letter as it would leave now, and the addresses of those who see the same invoices.

    `leaves` is False for a quiet day, unless letters were wanted on those days too.
    """

    letter: Letter
    to: tuple[str, ...]
    leaves: bool


class Digests:
    """Who wants the letter of the day, and its sending. `public_url`: of the links."""

    def __init__(self, ground: Ground, boards: Boards, notices: Notices, public_url: str) -> None:
        self._ground, self._boards, self._notices = ground, boards, notices
        self._public_url = public_url.rstrip("/")

    @property
    def can_send(self) -> bool:
        """Whether there is a mail server."""
        return self._notices.can_send

    def ask(self, new: NewDigest, actor: str) -> Digest:
        """Want a letter, or change its hour.

        Raises `Invalid` (`RECAPITULATIF_HEURE`, `RECAPITULATIF_DESTINATAIRE`), `NotFound` for an unknown scope.
        """
        if not 0 <= new.hour <= 23:
            raise Invalid("RECAPITULATIF_HEURE", "L’heure d’envoi n’existe pas.", "Choisissez-la entre 0 et 23.")
        ground = self._ground
        with ground.store.begin() as conn:
            self._check(conn, new)
            kept = digests.keep(conn, ground.new_id(), new, actor, ground.clock())
            facts: dict[str, object] = {
                "recipient": new.recipient,
                "side": new.side.value,
                "scope": new.scope,
                "hour": new.hour,
            }
            journal.append(conn, ground.event(f"digest/{kept.id}", "digest.asked", actor, **facts))
        return kept

    def cancel(self, digest_id: str, actor: str) -> None:
        """Want it no more. Raises `NotFound` (`RECAPITULATIF_INCONNU`)."""
        with self._ground.store.begin() as conn:
            gone = digests.get(conn, digest_id)
            digests.forget(conn, digest_id)
            journal.append(conn, self._ground.event(f"digest/{gone.id}", "digest.cancelled", actor))

    def get(self, digest_id: str) -> Digest:
        """One of them. Raises `NotFound` (`RECAPITULATIF_INCONNU`)."""
        with self._ground.store.read() as conn:
            return digests.get(conn, digest_id)

    def all(self) -> Sequence[Digest]:
        """Everything that was asked, oldest first."""
        with self._ground.store.read() as conn:
            return digests.every(conn)

    def of(self, user: User) -> Sequence[Digest]:
        """What one person receives: what they asked, what their role receives."""
        with self._ground.store.read() as conn:
            return [one for name in (person(user.id), holders(user.role)) for one in digests.every(conn, name)]

    def preview(self, digest: Digest) -> Sequence[Preview]:
        """What would leave now, one letter for each reach of its readers; nothing is sent, nothing is marked."""
        with self._ground.store.read() as conn:
            readers, place = self._readers(conn, digest), _place(conn, digest)
        found = []
        for reach in dict.fromkeys(one.reach for one in readers):
            letter = letter_of(self._board(digest, reach), digest.side, place, self._public_url)
            to = tuple(one.email for one in readers if one.reach == reach)
            found.append(Preview(letter, to, digest.always or not letter.quiet))
        return found

    def sample(self, new: NewDigest) -> Sequence[Preview]:
        """The same for a letter that nobody has asked for yet. Raises what `ask` raises."""
        with self._ground.store.read() as conn:
            self._check(conn, new)
        return self.preview(_asked(new))

    def send_due(self) -> int:
        """Periodic job: send what should leave today and has not; gives how many letters were asked for."""
        now = self._ground.clock().astimezone(PARIS)
        with self._ground.store.read() as conn:
            due = digests.due(conn, now.date(), now.hour)
        return sum(self._send(digest) for digest in due) if self.can_send else 0

    def _send(self, digest: Digest) -> int:
        try:
            leaving = [one for one in self.preview(digest) if one.leaves]
        except NotFound:  # the structure or the connection is gone: there is nothing left to tell of
            self.cancel(digest.id, ENGINE)
            return 0
        with self._ground.store.begin() as conn:
            if not digests.mark(conn, digest.id, self._boards.today) or not leaving:
                return 0
            for one in leaving:
                self._notices.ask(conn, Notice(KIND, one.letter.subject, one.letter.text), one.to)
            letters = sum(len(one.to) for one in leaving)
            facts: dict[str, object] = {"letters": letters, "side": digest.side.value}
            journal.append(conn, self._ground.event(f"digest/{digest.id}", "digest.sent", ENGINE, **facts))
        return letters

    def _board(self, digest: Digest, reach: Reach) -> Board:
        boards = self._boards.within(reach)
        return boards.receptions(digest.scope) if digest.side is Side.RECEPTIONS else boards.deposits(digest.scope)

    def _readers(self, conn: sa.Connection, digest: Digest) -> list[User]:
        """Who receives it today: a person who asked for the same on their own is told by their own letter."""
        role = digest.role
        if role is None:
            return _somebody(conn, digest.user_id)
        own = {one.user_id for one in digests.every(conn) if (one.side, one.scope) == (digest.side, digest.scope)}
        return [one for one in users.of_role(conn, role) if one.id not in own]

    def _check(self, conn: sa.Connection, new: NewDigest) -> None:
        asked = _asked(new)
        if not asked.user_id and new.recipient.removeprefix("role/") not in {role.value for role in Role}:
            raise Invalid(
                "RECAPITULATIF_DESTINATAIRE",
                "Ce destinataire n’existe pas.",
                "Choisissez une personne, ou un rôle : superviseur, comptable, lecteur.",
            )
        if asked.user_id:
            users.get(conn, asked.user_id)
        _place(conn, asked)


def _asked(new: NewDigest) -> Digest:
    return Digest("", new.recipient, new.side, new.scope, new.hour, new.always, None)


def _somebody(conn: sa.Connection, user_id: str) -> list[User]:
    try:
        found = users.get(conn, user_id)
    except NotFound:
        return []
    return [found] if found.active else []


def _place(conn: sa.Connection, digest: Digest) -> str:
    if not digest.scope:
        return ""
    if digest.side is Side.RECEPTIONS:
        return structures.get(conn, digest.scope).label
    return connections.get(conn, digest.scope).label
