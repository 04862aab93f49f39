"""Received invoices laid in `recues/`, whole or not at all, each once; taken when the software moves them.

1 write everything in a hidden folder, 2 give it its name by a rename, 3 note it and move the place of the consumer in
one transaction. A stop between 2 and 3 finds the invoice laid already, there or in `traitees/`, and only does 3.
"""

import contextlib
import os
import shutil
from pathlib import Path
from typing import Any

from raccord.domain.reception import Document, Reception
from raccord.domain.statuses import label
from raccord.engine.gateway import Gateway
from raccord.engine.handover import Batch
from raccord.hotfolder.claims import Mark
from raccord.hotfolder.naming import Naming, safe_name
from raccord.hotfolder.places import Places, read_sheet, write_sheet, write_whole
from raccord.store import structures

CONSUMER = "dossier"
SHEET = "facture.json"
_BATCH = 100


class Outgoing:
    """Lays the received invoices that the software has not had yet."""

    def __init__(self, gateway: Gateway, places: Places, naming: Naming, mark: Mark) -> None:
        self._gateway, self._places, self._naming, self._mark = gateway, places, naming, mark

    def look(self) -> int:
        """Lay what is new; gives how many invoices."""
        laid = 0
        while (batch := self._gateway.handovers.take(CONSUMER, _BATCH)).receptions:
            for sequence, reception in batch.receptions:
                self._lay(batch, sequence, reception)
                laid += 1
        return laid

    def acknowledge(self) -> int:
        """See what the software moved to `traitees/`; gives how many invoices."""
        taken = [one for one in self._gateway.handovers.waiting(CONSUMER) if self._where(self._places.taken, one.path)]
        for handover in taken:
            self._gateway.handovers.taken(handover)
        return len(taken)

    def _lay(self, batch: Batch, sequence: int, reception: Reception) -> None:
        path = self._path(reception)
        places = (self._places.received, self._places.taken)
        if not any(self._where(place, path, reception.id) for place in places):
            self._write(reception, self._places.received / path)
        self._mark("named")
        self._gateway.handovers.lay(batch, reception, sequence, path)
        self._mark("noted")

    def _path(self, reception: Reception) -> str:
        with self._gateway.store.read() as conn:
            return self._naming.path(reception, structures.get(conn, reception.structure_id))

    def _where(self, place: Path, path: str, reception_id: str = "") -> bool:
        """Whether this invoice lies there: with its folders as they were, or its last folder alone."""
        for candidate in (path, path.rpartition("/")[2]):
            sheet = self._sheet(place / candidate)
            if sheet.exists() and reception_id in ("", read_sheet(sheet).get("id")):
                return True
        return False

    def _sheet(self, target: Path) -> Path:
        if self._naming.one_folder_per_invoice:
            return target / SHEET
        return target.with_name(f"{target.name}.json")

    def _write(self, reception: Reception, target: Path) -> None:
        draft = self._places.received / f".{reception.id}"
        shutil.rmtree(draft, ignore_errors=True)  # left by a stop
        draft.mkdir(parents=True)
        target.parent.mkdir(parents=True, exist_ok=True)
        names = _names(reception.documents)
        for document, name in names:
            _, data = self._gateway.inbox.document(reception.id, document.sha256)
            write_whole(draft / name, data)
        if self._naming.one_folder_per_invoice:
            write_sheet(draft / SHEET, sheet_of(reception, names))
            self._mark("written")
            os.rename(draft, target)
            return
        self._lay_files(reception, draft, target, names)

    def _lay_files(self, reception: Reception, draft: Path, target: Path, names: list[tuple[Document, str]]) -> None:
        """Side by side in one folder, the sheet last: what has its sheet is whole."""
        self._mark("written")
        named = [(document, f"{target.name}_{name}") for document, name in names]
        for (_, name), (_, final) in zip(names, named, strict=True):
            os.replace(draft / name, target.parent / final)
        write_sheet(self._sheet(target), sheet_of(reception, named))
        with contextlib.suppress(OSError):
            draft.rmdir()


def _names(documents: tuple[Document, ...]) -> list[tuple[Document, str]]:
    """A safe name for each document, no two alike."""
    named: list[tuple[Document, str]] = []
    used = {SHEET}
    for rank, document in enumerate(documents, 1):
        name = safe_name(document.name) or f"{document.kind}-{rank}"
        if name.lower() in used:
            name = f"{rank}-{name}"
        used.add(name.lower())
        named.append((document, name))
    return named


def sheet_of(reception: Reception, names: list[tuple[Document, str]]) -> dict[str, Any]:
    """The sheet of a received invoice, for the finance software."""
    return {
        "id": reception.id,
        "id_facture": reception.id_facture,
        "numero": reception.number,
        "date": reception.issue_date,
        "date_depot": reception.deposit_date,
        "famille": reception.family.value,
        "type": reception.type_code,
        "fournisseur": {"identifiant": reception.supplier_siret, "nom": reception.supplier_name},
        "destinataire": reception.recipient_siret,
        "service": {"code": reception.service_code, "nom": reception.service_name},
        "engagement": reception.commitment,
        "marche": reception.market,
        "devise": reception.currency,
        "montant_ttc": reception.amount_total,
        "montant_a_payer": reception.amount_due,
        "statut_chorus": reception.platform_status,
        "libelle_statut": label(reception.platform_status),
        "documents": [
            {"fichier": name, "nature": one.kind, "type_mime": one.mime, "sha256": one.sha256, "octets": one.size}
            for one, name in names
        ],
    }
