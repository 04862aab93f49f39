"""Downloading what was seen: by groups, stored before it counts; what cannot be fetched never holds up the others.

1 take the oldest of what is seen; 2 download them in one call; 3 put every file in the archive, flushed; 4 count the
invoices of the group as fetched, with their files, their words and their events, commit. A crash between two steps
leaves them *seen*. While a group is being stored the next one is on its way: two groups at most are in memory.
A group that is too large, refused or damaged is halved until the culprit is alone; it is then set aside and tried
again later, less and less often.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from choruspro import ChorusPro, Refused, Surprising, TooLarge
from choruspro.models.factures_recues import IdFactureInput
from raccord.domain.journal import NewEvent
from raccord.domain.processing import Setback
from raccord.domain.reception import Document, Reception
from raccord.engine.foundation.ground import Ground
from raccord.engine.receptions import pivot
from raccord.engine.receptions.pivot import PivotError, PivotFile, PivotInvoice
from raccord.engine.receptions.words import words_of
from raccord.store import journal, processing, receptions
from raccord.store.search import index as search_index

_AGAIN_AFTER = tuple(timedelta(minutes=minutes) for minutes in (15, 60, 360, 1440))
"""How long a reception stays aside after its first, second... failure."""
_MOST_REFUSALS = 3
"""Lone refusals in a row before the account, or the platform, is suspected rather than the invoices."""


def fetch(ground: Ground, chorus: ChorusPro, structure_id: str, still_mine: Callable[[], bool]) -> int:
    """Download and store what was seen of a structure, group after group while `still_mine`; gives how many.

    Raises the client's errors except those that concern one invoice, and those too when every invoice meets them.
    """
    with _Convoy(ground, chorus, structure_id).open() as convoy:
        ahead = convoy.leave()
        while ahead is not None and still_mine():
            ahead = convoy.bring(ahead)
        return convoy.stored


@dataclass(frozen=True)
class _Ahead:
    """A group on its way from Chorus Pro."""

    group: tuple[Reception, ...]
    coming: Future[list[PivotInvoice]]


class _Convoy:
    """The groups of one structure: one being stored, one on its way; the size of the next ones."""

    def __init__(self, ground: Ground, chorus: ChorusPro, structure_id: str) -> None:
        self._ground, self._chorus, self._structure_id = ground, chorus, structure_id
        self._most, self._refusals, self.stored = ground.options.reception_group, 0, 0
        self._road = ThreadPoolExecutor(1, "raccord-download")

    @contextmanager
    def open(self) -> Iterator["_Convoy"]:
        """The download under way at the end is waited for and forgotten: its invoices are still only seen."""
        with self._road:
            yield self

    def leave(self, behind: Sequence[Reception] = ()) -> _Ahead | None:
        """Begin to download the next group, without those that are being stored; None when nothing is left."""
        ground = self._ground
        with ground.store.read() as conn:
            ids = [reception.id for reception in behind]
            group = receptions.to_fetch(conn, self._structure_id, self._most, ground.clock(), besides=ids)
        return _Ahead(group, self._road.submit(_download, self._chorus, group)) if group else None

    def bring(self, ahead: _Ahead) -> _Ahead | None:
        """Store a group while the next one comes; gives the next one."""
        following = None
        try:
            received = ahead.coming.result()
            following = self.leave(behind=ahead.group)
            self.stored += _store(self._ground, ahead.group, received)
        except (TooLarge, Refused, Surprising, PivotError) as error:
            if following is not None:
                following.coming.cancel()
            self._cope(ahead.group, error)
            return self.leave()
        self._refusals, self._most = 0, min(self._ground.options.reception_group, self._most * 2)
        return following or self.leave()

    def _cope(self, group: Sequence[Reception], error: Refused | Surprising | PivotError) -> None:
        """Halve the group; set its only invoice aside. Raises the error when it is not that of one invoice."""
        if len(group) > 1:
            self._most = len(group) // 2
            return
        refused = isinstance(error, Refused | Surprising) and not isinstance(error, TooLarge)
        self._refusals = self._refusals + 1 if refused else 0
        if self._refusals == _MOST_REFUSALS:
            raise error
        _set_aside(self._ground, group[0], error)
        self._most = self._ground.options.reception_group


def _download(chorus: ChorusPro, group: Sequence[Reception]) -> list[PivotInvoice]:
    answer = chorus.factures.telecharger_groupe(
        format="PIVOT", listeFacture=[IdFactureInput(idFacture=reception.id_facture) for reception in group]
    )
    return list(pivot.read(answer.fichierResultat or b""))


def _store(ground: Ground, group: Sequence[Reception], received: Sequence[PivotInvoice]) -> int:
    """Store what came; raises `PivotError` afterwards when some of it did not."""
    matched = {reception.id: _match(reception, group, received) for reception in group}
    stored = _keep(ground, {key: invoice for key, invoice in matched.items() if invoice is not None})
    missing = [reception.number for reception in group if matched[reception.id] is None]
    if missing:
        raise PivotError(f"absente du fichier téléchargé : {', '.join(missing)}")
    return stored


def _keep(ground: Ground, invoices: Mapping[str, PivotInvoice]) -> int:
    """Every file of the group first, all of them on the disk; then one transaction for the rows."""
    words = {key: words_of(invoice) for key, invoice in invoices.items()}
    files = _archive(ground, invoices)
    with ground.store.begin() as conn:
        stored = receptions.store_all(conn, files, now=ground.clock())
        if stored:
            processing.overcome(conn, stored)
            search_index.put_all(conn, search_index.RECEPTION, {key: words[key] for key in stored})
        journal.append_all(conn, [_told(ground, key, files[key]) for key in stored])
    return len(stored)


def _told(ground: Ground, reception_id: str, files: Sequence[Document]) -> NewEvent:
    kept = [f"{file.kind} {file.sha256}" for file in files]
    return ground.event(f"reception/{reception_id}", "reception.stored", documents=kept)


def _archive(ground: Ground, invoices: Mapping[str, PivotInvoice]) -> dict[str, list[Document]]:
    parts = [(key, file) for key, invoice in invoices.items() for file in (_pivot_of(invoice), *invoice.files)]
    digests = ground.archive.put_all([file.data for _, file in parts])
    kept: dict[str, list[Document]] = {key: [] for key in invoices}
    for (key, file), sha256 in zip(parts, digests, strict=True):
        kept[key].append(Document(file.kind, file.name, file.mime, sha256, len(file.data)))
    return kept


def _pivot_of(invoice: PivotInvoice) -> PivotFile:
    return PivotFile("pivot", f"pivot_{invoice.id_facture or invoice.number}.xml", "application/xml", invoice.xml)


def _match(reception: Reception, group: Sequence[Reception], received: Sequence[PivotInvoice]) -> PivotInvoice | None:
    """The part of the pivot that is this invoice: by its identifier, else by its number when no other has it."""
    for invoice in received:
        if invoice.id_facture == reception.id_facture:
            return invoice
    same = [invoice for invoice in received if invoice.id_facture is None and invoice.number == reception.number]
    alone = sum(other.number == reception.number for other in group) == 1
    return same[0] if len(same) == 1 and alone else None


def _set_aside(ground: Ground, reception: Reception, error: Exception) -> None:
    reason = _reason(error)
    with ground.store.begin() as conn:
        before = processing.setback(conn, reception.id)
        failures = before.failures + 1 if before else 1
        wait = _AGAIN_AFTER[min(failures, len(_AGAIN_AFTER)) - 1]
        processing.set_aside(conn, reception.id, Setback(failures, reason, ground.clock() + wait))
        told = ground.event(f"reception/{reception.id}", "reception.set_aside", reason=reason, failures=failures)
        journal.append(conn, told)


def _reason(error: Exception) -> str:
    if isinstance(error, TooLarge):
        return "Chorus Pro refuse de la transmettre d’un seul tenant : elle dépasse la taille permise."
    if isinstance(error, Refused):
        return f"Chorus Pro refuse de la transmettre : {error.libelle or error}"
    if isinstance(error, Surprising):
        return "La réponse de Chorus Pro qui devait la contenir est illisible."
    return f"Le fichier transmis par Chorus Pro est endommagé ({error})."
