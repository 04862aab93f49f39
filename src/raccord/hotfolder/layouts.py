"""How a received invoice lies on the disk, one class for each layout: which files, and which one says that it is whole.

The *mark* is named last: while it is absent nothing is to be taken; when the software moves it to `traitees/`, the
invoice is taken. Where a stop may fall: `promises.py`.
"""

import os
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path, PurePath
from typing import Any

from raccord.domain.handover import SHEET, Layout
from raccord.domain.reception import Document, Reception
from raccord.domain.statuses import label
from raccord.engine.gateway import Gateway
from raccord.hotfolder.claims import Mark
from raccord.hotfolder.naming import safe_name
from raccord.hotfolder.places import settle, sheet_text, write_sheet, write_whole
from raccord.hotfolder.promises import Promise, Promises

Piece = tuple[str, Callable[[], bytes]]
"""A file to lay: its name, and how to read it (one at a time: an invoice may weigh a hundred megabytes)."""


class Laying:
    """Writes invoices under the folder `received`. `mark` is told of each step done; tests stop there."""

    def __init__(self, gateway: Gateway, received: Path, layout: Layout, mark: Mark) -> None:
        self._gateway, self._received, self._layout, self._mark = gateway, received, layout, mark
        self.promises = Promises(received)

    def lay(self, sequence: int, reception: Reception, path: str) -> str:
        """Lay one invoice, whole or not at all; gives the key of the promise, to forget once the invoice is noted."""
        draft = self.promises.draft(reception.id)
        {
            Layout.FOLDER: self._folder,
            Layout.SIDE_BY_SIDE: self._side_by_side,
            Layout.PAIR: self._pair,
            Layout.PIVOT: self._pivot,
        }.get(self._layout, self._zip)(reception, draft, self._received / path)
        return self._name(draft, path, self._layout, [(sequence, reception.id)])

    def lay_lot(self, lot: Sequence[tuple[int, Reception]], path: str, contents: Mapping[str, Any]) -> str:
        """Lay many invoices in one ZIP, a folder for each, and the list of them in `lot.json`; gives the same."""
        draft = self.promises.draft(path)
        written = draft / Layout.DAILY_ZIP.mark(self._received / path).name
        with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
            for _, reception in lot:
                folder = f"{safe_name(reception.number) or 'sans-numero'}_{reception.id_facture}"
                self._fill(archive, reception, f"{folder}/")
            archive.writestr("lot.json", sheet_text(contents))
        _flush(written)
        return self._name(draft, path, Layout.DAILY_ZIP, [(sequence, one.id) for sequence, one in lot])

    def _name(self, draft: Path, path: str, layout: Layout, invoices: Sequence[tuple[int, str]]) -> str:
        """Promise, then give all its name, the mark last: a reader sees the whole invoice or none."""
        target = self._received / path
        mark = layout.mark(target)
        self._mark("written")
        self.promises.make(draft.name, Promise(path, mark.name, tuple(invoices)))
        self._mark("promised")
        target.parent.mkdir(parents=True, exist_ok=True)
        if layout is Layout.FOLDER:
            os.rename(draft, target)
        else:
            for companion in sorted(one.name for one in draft.iterdir() if one.name != mark.name):
                os.replace(draft / companion, target.parent / companion)
            os.replace(draft / mark.name, mark)
        settle(target.parent)
        return draft.name

    def _folder(self, reception: Reception, draft: Path, target: Path) -> None:
        names = named(reception.documents)
        self._write(self._pieces(reception, names), draft)
        write_sheet(draft / SHEET, sheet_of(reception, names))

    def _side_by_side(self, reception: Reception, draft: Path, target: Path) -> None:
        names = [(document, f"{target.name}_{name}") for document, name in named(reception.documents)]
        self._write(self._pieces(reception, names), draft)
        write_sheet(draft / Layout.SIDE_BY_SIDE.mark(target).name, sheet_of(reception, names))

    def _pair(self, reception: Reception, draft: Path, target: Path) -> None:
        """`<name>.pdf` for people, `<name>_PJ1.ext`..., then `<name>.xml`, the pivot, which says that all is there."""
        page = self._gateway.reading.readable(reception.id)
        shown = [one for one in reception.documents if one.kind in ("original", "pdf") and one.name == page.name][:1]
        others = [one for one in reception.documents if one.kind != "pivot" and one not in shown]
        write_whole(draft / f"{target.name}.pdf", page.data)
        joined = [(one, f"{target.name}_PJ{rank}{_suffix(one)}") for rank, one in enumerate(others, 1)]
        self._write(self._pieces(reception, joined), draft)
        self._pivot(reception, draft, target)

    def _pivot(self, reception: Reception, draft: Path, target: Path) -> None:
        """`<name>.xml` alone: the file of Chorus Pro, with everything in it."""
        pivot = next(one for one in reception.documents if one.kind == "pivot")
        self._write(self._pieces(reception, [(pivot, f"{target.name}.xml")]), draft)

    def _zip(self, reception: Reception, draft: Path, target: Path) -> None:
        written = draft / Layout.ZIP.mark(target).name
        with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
            self._fill(archive, reception, "")
        _flush(written)

    def _fill(self, archive: zipfile.ZipFile, reception: Reception, folder: str) -> None:
        names = named(reception.documents)
        for name, read in self._pieces(reception, names):
            archive.writestr(f"{folder}{name}", read())
        archive.writestr(f"{folder}{SHEET}", sheet_text(sheet_of(reception, names)))

    def _write(self, pieces: Iterable[Piece], draft: Path) -> None:
        for name, read in pieces:
            write_whole(draft / name, read())

    def _pieces(self, reception: Reception, names: Sequence[tuple[Document, str]]) -> Iterator[Piece]:
        for document, name in names:
            yield name, partial(self._read, reception.id, document.sha256)

    def _read(self, reception_id: str, sha256: str) -> bytes:
        return self._gateway.inbox.document(reception_id, sha256)[1]


def _flush(written: Path) -> None:
    with written.open("rb+") as file:
        os.fsync(file.fileno())


def _suffix(document: Document) -> str:
    suffix = PurePath(safe_name(document.name)).suffix
    return suffix if len(suffix) <= 6 else ""


def named(documents: tuple[Document, ...]) -> list[tuple[Document, str]]:
    """A safe name for each document, no two alike."""
    found: list[tuple[Document, str]] = []
    used = {SHEET}
    for rank, document in enumerate(documents, 1):
        name = safe_name(document.name) or f"{document.kind}-{rank}"
        if name.lower() in used:
            name = f"{rank}-{name}"
        used.add(name.lower())
        found.append((document, name))
    return found


def sheet_of(reception: Reception, names: Sequence[tuple[Document, str]]) -> dict[str, Any]:
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
