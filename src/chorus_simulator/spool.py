"""Where the bytes of invoices lie: one append-only file, so that a hundred thousand originals weigh nothing.

A temporary file by default; beside the world file when there is one, so that a restart finds them again.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import BinaryIO

from chorus_simulator.model import Blob


class Spool:
    """`path` None: a temporary file, made when the first bytes come."""

    def __init__(self, path: Path | None = None) -> None:
        self._file: BinaryIO | None = None if path is None else path.open("a+b", buffering=0)
        self._end = self._file.seek(0, os.SEEK_END) if self._file else 0

    def _number(self) -> int:
        if self._file is None:
            self._file = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115  # it lives as long as the world
        return self._file.fileno()

    def add(self, data: bytes) -> Blob:
        """Keep bytes at the end of the file; where to read them again."""
        blob = Blob(self._end, len(data))
        view = memoryview(data)
        while view:
            written = os.pwrite(self._number(), view, self._end)
            self._end += written
            view = view[written:]
        return blob

    def read(self, blob: Blob) -> bytes:
        """The bytes as they came. Raises `ValueError` when the file was cut since."""
        pieces, offset, left = [], blob.offset, blob.size
        while left:
            piece = os.pread(self._number(), left, offset)
            if not piece:
                raise ValueError("Le fichier des pièces du simulateur est tronqué : repartez d’un monde neuf.")
            pieces.append(piece)
            offset, left = offset + len(piece), left - len(piece)
        return b"".join(pieces)

    def everything(self) -> bytes:
        """The whole file, in the order it was written: what offsets refer to."""
        return self.read(Blob(0, self._end))

    def clear(self) -> None:
        """Drop every byte: blobs given before read no more."""
        if self._file is not None:
            self._file.truncate(0)
        self._end = 0

    def close(self) -> None:
        """Close the file; the temporary one disappears with it."""
        if self._file is not None:
            self._file.close()
