"""Downloading what was seen: by groups, stored before it counts; what cannot be fetched never holds up the others.

1 take the oldest of what is seen; 2 download them in one call; 3 put every file in the archive; 4 count the invoice
as fetched, with its files, its words and its event, commit. A crash between two steps leaves the invoice *seen*.
A group that is too large, refused or damaged is halved until the culprit is alone; it is then set aside and tried
again later, less and less often.
"""

from collections.abc import Callable, Sequence
from datetime import timedelta

from choruspro import ChorusPro, Refused, TooLarge
from choruspro.models.factures_recues import IdFactureInput
from raccord.domain.processing import Setback
from raccord.domain.reception import Document, Reception
from raccord.engine import pivot
from raccord.engine.ground import Ground
from raccord.engine.pivot import PivotError, PivotInvoice
from raccord.engine.search import words_of
from raccord.store import journal, processing, receptions, search_index

_AGAIN_AFTER = tuple(timedelta(minutes=minutes) for minutes in (15, 60, 360, 1440))
"""How long a reception stays aside after its first, second... failure."""
_MOST_REFUSALS = 3
"""Lone refusals in a row before the account is suspected, rather than the invoices."""


def fetch(ground: Ground, chorus: ChorusPro, structure_id: str, still_mine: Callable[[], bool]) -> int:
    """Download and store what was seen of a structure, group after group while `still_mine`; gives how many.

    Raises the client's errors except those that concern one invoice, and `Refused` when everything is refused.
    """
    stored, refusals, full = 0, 0, ground.options.reception_group
    most = full
    while still_mine() and (group := _next(ground, structure_id, most)):
        try:
            stored += _store(ground, group, _download(chorus, group))
        except (TooLarge, Refused, PivotError) as error:
            if len(group) > 1:
                most = len(group) // 2
                continue
            refusals = refusals + 1 if isinstance(error, Refused) and not isinstance(error, TooLarge) else 0
            if refusals == _MOST_REFUSALS:
                raise
            _set_aside(ground, group[0], error)
            most = full
        else:
            refusals, most = 0, min(full, most * 2)
    return stored


def _next(ground: Ground, structure_id: str, most: int) -> tuple[Reception, ...]:
    with ground.store.read() as conn:
        return receptions.to_fetch(conn, structure_id, most, ground.clock())


def _download(chorus: ChorusPro, group: Sequence[Reception]) -> list[PivotInvoice]:
    answer = chorus.factures.telecharger_groupe(
        format="PIVOT", listeFacture=[IdFactureInput(idFacture=reception.id_facture) for reception in group]
    )
    return list(pivot.read(answer.fichierResultat or b""))


def _store(ground: Ground, group: Sequence[Reception], received: Sequence[PivotInvoice]) -> int:
    """Store what came; raises `PivotError` afterwards when some of it did not."""
    stored, missing = 0, []
    for reception in group:
        mine = _match(reception, group, received)
        if mine is None:
            missing.append(reception.number)
        else:
            stored += _keep(ground, reception, mine)
    if missing:
        raise PivotError(f"absente du fichier téléchargé : {', '.join(missing)}")
    return stored


def _keep(ground: Ground, reception: Reception, invoice: PivotInvoice) -> bool:
    files, words = _archive(ground, invoice), words_of(invoice)
    with ground.store.begin() as conn:
        if not receptions.store(conn, reception.id, files, now=ground.clock()):
            return False
        processing.overcome(conn, reception.id)
        search_index.put(conn, search_index.RECEPTION, reception.id, words)
        kept = [f"{file.kind} {file.sha256}" for file in files]
        journal.append(conn, ground.event(f"reception/{reception.id}", "reception.stored", documents=kept))
    return True


def _archive(ground: Ground, invoice: PivotInvoice) -> list[Document]:
    put = ground.archive.put
    pivot_name = f"pivot_{invoice.id_facture or invoice.number}.xml"
    files = [Document("pivot", pivot_name, "application/xml", put(invoice.xml), len(invoice.xml))]
    return files + [Document(f.kind, f.name, f.mime, put(f.data), len(f.data)) for f in invoice.files]


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
    return f"Le fichier transmis par Chorus Pro est endommagé ({error})."
