"""The public directory as it comes: CSV, XLSX, XML, or a ZIP of any of them. Yields structures and services.

What the API's archive holds is not known (specifications/directory.md §6): whatever is inside is looked at.
Sizes are bounded, so that a small file cannot unfold into a disk.
"""

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from raccord.domain.errors import Invalid
from raccord.store.directory.columns import Columns, Entry, Line, recognise
from raccord.store.directory.sheets import sheets
from raccord.store.directory.xml import entries_of_xml

MAX_UNFOLDED = 2 * 1024**3
"""Bytes that an archive may unfold into: forty times the size of the known edition."""

_HEADER_WITHIN = 30
"""A title may stand above the header: lines looked at before giving up."""

_SAMPLE = 64 * 1024


@dataclass
class Tally:
    """How a reading went: lines understood, lines that told nothing."""

    understood: int = 0
    lost: int = 0


def read(file: Path | bytes, tally: Tally | None = None) -> Iterator[Entry]:
    """Every structure and service of a file, in its order.

    A line without identifier is counted in `tally.lost` and left aside; how many are too many, the caller judges.
    Raises `Invalid` (`ANNUAIRE_ILLISIBLE`, `ANNUAIRE_COLONNES`).
    """
    tally = tally or Tally()
    try:
        with _open(file) as stream:
            yield from _entries(stream, tally)
    except (OSError, zipfile.BadZipFile, UnicodeError, csv.Error, EOFError) as error:
        raise _unreadable(str(error)) from error


def _open(file: Path | bytes) -> IO[bytes]:
    return io.BytesIO(file) if isinstance(file, bytes) else file.open("rb")


def _entries(stream: IO[bytes], tally: Tally) -> Iterator[Entry]:
    head = stream.read(_SAMPLE)
    stream.seek(0)
    if head.startswith(b"PK\x03\x04"):
        yield from _from_archive(zipfile.ZipFile(stream), tally)
    elif head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        yield from entries_of_xml(stream, tally)
    elif b"\x00" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise _unreadable("le contenu n’est ni du texte, ni un classeur, ni une archive")
    else:
        yield from _from_lines(_csv_lines(stream, head), tally)


def _from_archive(archive: zipfile.ZipFile, tally: Tally) -> Iterator[Entry]:
    members = [member for member in archive.infolist() if not member.is_dir()]
    if sum(member.file_size for member in members) > MAX_UNFOLDED:
        raise _unreadable("l’archive déborde de la taille permise une fois ouverte")
    if "xl/workbook.xml" in archive.namelist():
        for rows in sheets(archive):
            yield from _from_lines(rows, tally, optional=True)
    else:
        for member in members:
            with archive.open(member) as inside:
                yield from _entries(io.BytesIO(inside.read()), tally)
    if tally.understood == 0:
        raise _no_columns()


def _csv_lines(stream: IO[bytes], head: bytes) -> Iterator[Line]:
    text = io.TextIOWrapper(stream, encoding=_encoding(head), newline="")
    first = head.decode("latin-1")
    delimiter = max(";\t,|", key=first.count)
    try:
        yield from csv.reader((line.replace("\0", "") for line in text), delimiter=delimiter)
    finally:
        text.detach()  # the stream belongs to who opened it


def _encoding(head: bytes) -> str:
    """UTF-8 when the head of the file is UTF-8, the encoding of Windows otherwise (which reads every byte but five)."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    try:
        head[: max(0, len(head) - 3)].decode("utf-8")
    except UnicodeDecodeError as error:
        return "utf-8-sig" if error.start >= len(head) - 6 else "cp1252"
    return "utf-8-sig"


def _from_lines(lines: Iterable[Line], tally: Tally, *, optional: bool = False) -> Iterator[Entry]:
    rows = iter(lines)
    columns = _header(rows)
    if columns is None:
        if optional:
            return
        raise _no_columns()
    for row in rows:
        if any(row):
            yield from _of_line(columns, row, tally)


def _header(rows: Iterator[Line]) -> Columns | None:
    for _, row in zip(range(_HEADER_WITHIN), rows, strict=False):
        columns = recognise(row)
        if columns is not None:
            return columns
    return None


def _of_line(columns: Columns, row: Line, tally: Tally) -> Iterator[Entry]:
    try:
        yield from columns.entries(row)
        tally.understood += 1
    except ValueError:
        tally.lost += 1


def _unreadable(why: str) -> Invalid:
    return Invalid(
        "ANNUAIRE_ILLISIBLE",
        f"Ce fichier d’annuaire ne peut pas être lu ({why}) : l’annuaire en place reste en service.",
        "Téléchargez de nouveau le fichier (CSV, XLSX ou ZIP) depuis la page de l’annuaire de Chorus Pro.",
    )


def _no_columns() -> Invalid:
    return Invalid(
        "ANNUAIRE_COLONNES",
        "Aucune liste de structures ni de services n’a été reconnue dans ce fichier : il faut au moins les colonnes "
        "« Identifiant » et « RaisonSociale », ou « Identifiant » et « CodeService ». L’annuaire en place reste en "
        "service.",
        "Vérifiez qu’il s’agit bien de l’annuaire de Chorus Pro, et que sa ligne de titres n’a pas été retirée.",
    )
