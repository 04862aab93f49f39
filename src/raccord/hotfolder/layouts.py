"""How a received invoice lies on the disk, one class for each layout: which files, and which one says that it is whole.

The *mark* is written last by a rename: while it is absent nothing is to be taken; when the software moves it to
`traitees/`, the invoice is taken.
"""

import contextlib
import os
import shutil
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path, PurePath
from typing import Any

from raccord.domain.handover import SHEET, Layout
from raccord.domain.reception import Document, Reception
from raccord.domain.statuses import label
from raccord.engine.gateway import Gateway
from raccord.hotfolder.claims import Mark
from raccord.hotfolder.naming import safe_name
from raccord.hotfolder.places import sheet_text, write_sheet, write_whole

Piece = tuple[str, Callable[[], bytes]]
"""A file to lay: its name, and how to read it (one at a time: an invoice may weigh a hundred megabytes)."""


class Laying:
    """Writes invoices under the folder `received`. `mark` is told of each step done; tests stop there."""

    def __init__(self, gateway: Gateway, received: Path, layout: Layout, mark: Mark) -> None:
        self._gateway, self._received, self._layout, self._mark = gateway, received, layout, mark

    def lay(self, reception: Reception, target: Path) -> None:
        """Lay one invoice, whole or not at all."""
        draft = self._draft(reception.id)
        target.parent.mkdir(parents=True, exist_ok=True)
        {
            Layout.FOLDER: self._folder,
            Layout.SIDE_BY_SIDE: self._side_by_side,
            Layout.PAIR: self._pair,
            Layout.PIVOT: self._pivot,
        }.get(self._layout, self._zip)(reception, draft, target)
        with contextlib.suppress(OSError):
            draft.rmdir()

    def lay_lot(self, receptions: Sequence[Reception], target: Path, contents: Mapping[str, Any]) -> None:
        """Lay many invoices in one ZIP, a folder for each, and the list of them in `lot.json`."""
        draft = self._draft(target.name)
        target.parent.mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(draft / "lot", "w", zipfile.ZIP_DEFLATED) as archive:
            for reception in receptions:
                folder = f"{safe_name(reception.number) or 'sans-numero'}_{reception.id_facture}"
                self._fill(archive, reception, f"{folder}/")
            archive.writestr("lot.json", sheet_text(contents))
        self._place(draft / "lot", Layout.DAILY_ZIP.mark(target))
        draft.rmdir()

    def _draft(self, name: str) -> Path:
        draft = self._received / f".{name}"
        shutil.rmtree(draft, ignore_errors=True)  # left by a stop
        draft.mkdir(parents=True)
        return draft

    def _folder(self, reception: Reception, draft: Path, target: Path) -> None:
        names = named(reception.documents)
        for name, read in self._pieces(reception, names):
            write_whole(draft / name, read())
        write_sheet(draft / SHEET, sheet_of(reception, names))
        self._mark("written")
        os.rename(draft, target)

    def _side_by_side(self, reception: Reception, draft: Path, target: Path) -> None:
        names = [(document, f"{target.name}_{name}") for document, name in named(reception.documents)]
        self._lay_beside(self._pieces(reception, names), draft, target.parent)
        write_sheet(Layout.SIDE_BY_SIDE.mark(target), sheet_of(reception, names))

    def _pair(self, reception: Reception, draft: Path, target: Path) -> None:
        """`<name>.pdf` for people, `<name>_PJ1.ext`..., then `<name>.xml`, the pivot, which says that all is there."""
        page = self._gateway.reading.readable(reception.id)
        shown = [one for one in reception.documents if one.kind in ("original", "pdf") and one.name == page.name][:1]
        others = [one for one in reception.documents if one.kind != "pivot" and one not in shown]
        pieces: list[Piece] = [(f"{target.name}.pdf", lambda: page.data)]
        joined = [(one, f"{target.name}_PJ{rank}{_suffix(one)}") for rank, one in enumerate(others, 1)]
        pieces += self._pieces(reception, joined)
        self._lay_beside([*pieces, *self._pivot_piece(reception, target)], draft, target.parent)

    def _pivot(self, reception: Reception, draft: Path, target: Path) -> None:
        """`<name>.xml` alone: the file of Chorus Pro, with everything in it."""
        self._lay_beside(self._pivot_piece(reception, target), draft, target.parent)

    def _zip(self, reception: Reception, draft: Path, target: Path) -> None:
        with zipfile.ZipFile(draft / "zip", "w", zipfile.ZIP_DEFLATED) as archive:
            self._fill(archive, reception, "")
        self._place(draft / "zip", Layout.ZIP.mark(target))

    def _fill(self, archive: zipfile.ZipFile, reception: Reception, folder: str) -> None:
        names = named(reception.documents)
        for name, read in self._pieces(reception, names):
            archive.writestr(f"{folder}{name}", read())
        archive.writestr(f"{folder}{SHEET}", sheet_text(sheet_of(reception, names)))

    def _place(self, written: Path, final: Path) -> None:
        """Flush, then take the name: a reader sees the whole ZIP or none."""
        with written.open("rb+") as file:
            os.fsync(file.fileno())
        self._mark("written")
        os.replace(written, final)

    def _lay_beside(self, pieces: Iterable[Piece], draft: Path, folder: Path) -> None:
        """Side by side in one folder, the mark last."""
        names = []
        for name, read in pieces:
            write_whole(draft / name, read())
            names.append(name)
        self._mark("written")
        for name in names:
            os.replace(draft / name, folder / name)

    def _pivot_piece(self, reception: Reception, target: Path) -> Iterator[Piece]:
        pivot = next(one for one in reception.documents if one.kind == "pivot")
        return self._pieces(reception, [(pivot, f"{target.name}.xml")])

    def _pieces(self, reception: Reception, names: Sequence[tuple[Document, str]]) -> Iterator[Piece]:
        for document, name in names:
            sha256 = document.sha256
            yield name, lambda sha256=sha256: self._gateway.inbox.document(reception.id, sha256)[1]  # type: ignore[misc]


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
