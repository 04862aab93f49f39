"""Requests of programs that may come twice: the second time nothing is done, the first answer is given again.

A request takes its key before it begins. It gives it back when it comes to nothing, so that it may be corrected and
sent again; otherwise its answer is kept, sealed (a new webhook's answer holds its secret). A request that never ended
(the process died) is neither done again nor passed off as done: the program is told to look.
"""

from dataclasses import dataclass
from datetime import timedelta

import msgspec

from raccord.domain.errors import Conflict, Invalid
from raccord.engine.foundation.ground import Ground
from raccord.store import repeats
from raccord.vault import Vault

LIFE = timedelta(days=7)
"""How long an answer is given again."""
LONGEST_KEY = 200
_PATIENCE = timedelta(minutes=10)
"""How long a request is believed to be under way."""


@dataclass(frozen=True)
class Asked:
    """A request: the API key that asks, its idempotency key, the fingerprint of all that it asks."""

    owner: str
    key: str
    fingerprint: str

    @property
    def place(self) -> str:
        """What the sealed row is bound to."""
        return f"repeat/{self.owner}/{self.key}"


class Answered(msgspec.Struct, frozen=True):
    """What a request was answered."""

    status: int
    content_type: str
    body: bytes
    location: str = ""


class _Row(msgspec.Struct, frozen=True):
    fingerprint: str
    answer: Answered | None = None


class Repeats:
    """Remembers the requests that carry an idempotency key."""

    def __init__(self, ground: Ground, vault: Vault) -> None:
        self._ground, self._vault = ground, vault

    def begin(self, asked: Asked) -> Answered | None:
        """Take the key: None to go on, else the answer of the first time.

        Raises `Invalid` (`CLE_IDEMPOTENCE_ILLISIBLE`), `Conflict` (`CLE_IDEMPOTENCE_REUTILISEE` for another request,
        `DEMANDE_EN_COURS`, `DEMANDE_SANS_REPONSE`).
        """
        if not 0 < len(asked.key) <= LONGEST_KEY:
            raise _unreadable()
        now = self._ground.clock()
        with self._ground.store.begin() as conn:
            if repeats.claim(conn, asked.owner, asked.key, self._sealed(asked, None), now):
                return None
            kept = repeats.find(conn, asked.owner, asked.key)
        if kept is None:  # given back in between
            raise _under_way()
        row = msgspec.msgpack.decode(self._vault.open_bytes(asked.place, kept.sealed), type=_Row)
        if row.fingerprint != asked.fingerprint:
            raise _reused()
        if row.answer is None:
            raise _under_way() if now - kept.created_at < _PATIENCE else _unanswered()
        return row.answer

    def keep(self, asked: Asked, answer: Answered) -> None:
        """Keep the answer of a request that did something."""
        with self._ground.store.begin() as conn:
            repeats.answer(conn, asked.owner, asked.key, self._sealed(asked, answer))

    def release(self, asked: Asked) -> None:
        """Give the key back: the request did nothing."""
        with self._ground.store.begin() as conn:
            repeats.release(conn, asked.owner, asked.key)

    def forget(self) -> int:
        """Forget the answers of more than a week; how many."""
        with self._ground.store.begin() as conn:
            return repeats.forget(conn, self._ground.clock() - LIFE)

    def _sealed(self, asked: Asked, answer: Answered | None) -> bytes:
        return self._vault.seal_bytes(asked.place, msgspec.msgpack.encode(_Row(asked.fingerprint, answer)))


def _unreadable() -> Invalid:
    return Invalid(
        "CLE_IDEMPOTENCE_ILLISIBLE",
        "La clé d’idempotence est vide ou dépasse 200 caractères : rien n’a été fait.",
        "Donnez dans « Idempotency-Key » un texte court, propre à cette demande.",
    )


def _reused() -> Conflict:
    return Conflict(
        "CLE_IDEMPOTENCE_REUTILISEE",
        "Cette clé d’idempotence a déjà servi pour une autre demande : rien n’a été fait.",
        "Donnez une clé nouvelle à chaque demande, et la même clé à chaque reprise d’une même demande.",
    )


def _under_way() -> Conflict:
    return Conflict(
        "DEMANDE_EN_COURS",
        "La même demande est en cours : elle n’a pas été faite une seconde fois.",
        "Recommencez dans quelques secondes avec la même clé d’idempotence.",
    )


def _unanswered() -> Conflict:
    return Conflict(
        "DEMANDE_SANS_REPONSE",
        "Une première demande portant cette clé a été interrompue : on ne sait pas si elle a abouti.",
        "Regardez si son effet est là ; s’il manque, recommencez avec une autre clé d’idempotence.",
    )
