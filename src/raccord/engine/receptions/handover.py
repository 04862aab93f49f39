"""Handing receptions over to programs: each *consumer* has its own place in the order of storage.

A consumer reads what follows its place, keeps it, then acknowledges the last one that it kept: the place moves in one
step from where the reading began, under a token of the program, so that of two copies only one moves it, and the
other is told.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from raccord.domain.errors import Conflict, Invalid
from raccord.domain.reception import Reception
from raccord.engine.foundation.ground import Ground
from raccord.store import consumers, journal, leases, receptions
from raccord.store.consumers import Consumer, Handover

_NAME_MAX = 60
_LEASE, _SURE = timedelta(minutes=5), timedelta(minutes=1)
FOLDER, FOLDER_NEWS = "dossier", "dossier.suivi"
"""The consumer that is the watched folder, and the one that follows the journal for it."""

_NAME = re.compile(r"[A-Za-z0-9._-]{1,60}")


@dataclass(frozen=True)
class Batch:
    """What a consumer is to take: give `after` and `through` back to acknowledge it whole."""

    consumer: str
    after: int
    through: int
    receptions: tuple[tuple[int, Reception], ...]
    left: int
    """How many places follow this batch."""


class Handovers:
    """The consumers of this Raccord."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    def take(self, name: str, limit: int = 100) -> Batch:
        """What follows the place of a consumer; nothing moves. Raises `Invalid` (`CONSOMMATEUR_NOM`)."""
        ground = self._ground
        with ground.store.read() as conn:
            place = consumers.get(conn, self._kept(name), ground.clock()).sequence
            found = receptions.since(conn, place, limit)
            last = consumers.last_sequence(conn)
        through = found[-1][0] if found else place
        return Batch(name, place, through, found, max(0, last - through))

    def acknowledge(self, name: str, after: int, through: int, actor: str, *, token: str = "") -> Consumer:
        """What lies after `after`, up to `through`, is kept by the consumer. The same words again change nothing.

        `token`: any text that the program makes for this batch; with another token the batch is another's.

        Raises `Invalid` (`CONSOMMATEUR_PLACE`), `Conflict` (`CONSOMMATEUR_DEPASSE`).
        """
        ground, now = self._ground, self._ground.clock()
        with ground.store.begin() as conn:
            if not 0 <= after <= through <= consumers.last_sequence(conn):
                raise Invalid(
                    "CONSOMMATEUR_PLACE",
                    f"La place {through} n’existe pas après la place {after}.",
                    "Renvoyez les nombres « after » et « through » du lot lu.",
                )
            kept = self._kept(name)
            if consumers.advance(conn, kept, after, through, now=now, token=token[:80]):
                facts = {"after": after, "through": through}
                journal.append(conn, ground.event(f"consumer/{name}", "consumer.acknowledged", actor, **facts))
            found = consumers.get(conn, kept, now)
            if (found.sequence, found.token) != (through, token[:80]):
                raise Conflict(
                    "CONSOMMATEUR_DEPASSE",
                    f"Le consommateur « {name} » en est à la place {found.sequence} : ce lot a été pris par un autre.",
                    "Relisez à partir de cette place, et n’enregistrez pas ce lot.",
                )
            return replace(found, name=name)

    def all(self) -> Sequence[Consumer]:
        """Every consumer that acknowledged something."""
        with self._ground.store.read() as conn:
            found = consumers.all_consumers(conn)
        reach = self._ground.store.reach
        return found if reach.everything else [replace(one, name=one.name.partition("~")[0]) for one in found]

    def last(self) -> int:
        """The place of the last reception stored."""
        with self._ground.store.read() as conn:
            return consumers.last_sequence(conn)

    def place(self, name: str) -> int:
        """Where a consumer stands; one that follows the journal counts in events."""
        with self._ground.store.read() as conn:
            return consumers.get(conn, name, self._ground.clock()).sequence

    def move(self, name: str, after: int, through: int) -> bool:
        """Move a consumer of the journal, without a word in the journal; False when it was elsewhere."""
        with self._ground.store.begin() as conn:
            return consumers.advance(conn, name, after, through, now=self._ground.clock())

    def by_platform_id(self, id_facture: int) -> Reception:
        """The reception of that identifier at Chorus Pro. Raises `NotFound`, or `Conflict` when two have it."""
        with self._ground.store.read() as conn:
            found = consumers.of_platform_id(conn, id_facture)
            if len(found) > 1:
                raise Conflict(
                    "RECEPTION_AMBIGUE",
                    f"Plusieurs connexions ont reçu une facture d’identifiant {id_facture}.",
                    "Employez l’identifiant que Raccord donne à la facture (« id » de sa fiche).",
                )
            return receptions.get(conn, found[0] if found else str(id_facture))

    def _kept(self, name: str) -> str:
        """The name under which a place is kept: a limited program shares none with those that see other invoices."""
        reach = self._ground.store.reach
        kept = _name(name) if reach.everything else f"{_name(name)}~{reach.mark}"
        if len(kept) > _NAME_MAX:
            sentence = (
                f"Ce nom de consommateur est trop long pour une clé limitée : {_NAME_MAX - 13} caractères au plus."
            )
            raise Invalid("CONSOMMATEUR_NOM", sentence, "Raccourcissez-le.")
        return kept

    # Folders

    def laid(self, consumer: str, reception_id: str) -> Handover | None:
        """Where a reception was laid for a consumer, or None."""
        with self._ground.store.read() as conn:
            return consumers.laid(conn, consumer, reception_id)

    @contextmanager
    def alone(self, consumer: str) -> Iterator[Callable[[], bool]]:
        """Lay for a consumer with no other process at it: gives how to ask, before each invoice, whether it is so."""
        key, holder = f"consumer/{consumer}", self._ground.jobs.liveness.mark(self._ground.new_id())
        held = _Held(self._ground, key, holder)
        try:
            yield held
        finally:
            with self._ground.store.begin() as conn:
                leases.release(conn, key, holder)

    def lay(self, consumer: str, laid: Sequence[tuple[int, str]], path: str) -> None:
        """These receptions, their places in order, lie at `path`: note them and move the place, in one transaction."""
        ground, now = self._ground, self._ground.clock()
        with ground.store.begin() as conn:
            place = consumers.get(conn, consumer, now).sequence
            for sequence, reception_id in laid:
                consumers.lay(conn, consumer, reception_id, path, now)
                if place < sequence:
                    event = ground.event(f"reception/{reception_id}", "reception.laid", "hotfolder", path=path)
                    journal.append(conn, event)
            if laid and place < laid[-1][0]:
                consumers.advance(conn, consumer, place, laid[-1][0], now=now)

    def waiting(self, consumer: str, limit: int = 1000, after: Handover | None = None) -> Sequence[Handover]:
        """What lies in the folder and was not taken yet, oldest first; what follows `after` when it is given."""
        with self._ground.store.read() as conn:
            return consumers.waiting(conn, consumer, limit, after)

    def how_many_wait(self, consumer: str) -> int:
        """How many lie in the folder and were not taken yet."""
        with self._ground.store.read() as conn:
            return consumers.how_many_wait(conn, consumer)

    def taken(self, handovers: Sequence[Handover]) -> None:
        """The program showed that it took these receptions."""
        ground, now = self._ground, self._ground.clock()
        with ground.store.begin() as conn:
            for one in handovers:
                if consumers.acknowledge(conn, one.consumer, one.reception_id, now):
                    subject = f"reception/{one.reception_id}"
                    journal.append(conn, ground.event(subject, "reception.taken", "hotfolder", path=one.path))


class _Held:
    """A lease of five minutes, prolonged by whoever asks, once a minute."""

    def __init__(self, ground: Ground, key: str, holder: str) -> None:
        self._ground, self._key, self._holder = ground, key, holder
        self._sure_until: datetime | None = None

    def __call__(self) -> bool:
        now = self._ground.clock()
        if self._sure_until is None or now >= self._sure_until:
            with self._ground.store.begin() as conn:
                mine = leases.claim(conn, self._key, self._holder, now, now + _LEASE)
            self._sure_until = now + _SURE if mine else None
        return self._sure_until is not None


def _name(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise Invalid(
            "CONSOMMATEUR_NOM",
            "Ce nom de consommateur n’est pas admis.",
            "Employez de 1 à 60 lettres sans accent, chiffres, points, tirets ou soulignés.",
        )
    return name
