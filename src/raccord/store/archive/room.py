"""The archive: bytes named by their own SHA-256, written once, read back verified. Where they lie is a `Shelf`.

Two shelves: a folder (`archive_files.py`) and a bucket that speaks S3 (`archive_s3.py`). The same bytes given twice are
one object; what was written is never written over.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from raccord.domain.errors import NotFound, Unavailable
from raccord.domain.machine import why
from raccord.store.archive.files import FileShelf


class Shelf(Protocol):
    """Where the bytes lie. Every verb raises `OSError` when the place refuses."""

    def keep(self, files: Mapping[str, bytes]) -> None:
        """Write each of these bytes under its name, whole or not at all, once; nothing for what is there already.

        All of them last when it returns; when it raises, some may have been kept.
        """

    def read(self, sha256: str) -> bytes:
        """The bytes under that name, unverified. Raises `FileNotFoundError`."""

    def drop(self, sha256: str, before: datetime) -> bool:
        """Destroy what lies under that name, unless it was given (again) after `before`; False when it stays."""

    def names(self) -> Iterator[str]:
        """Every name on the shelf, in no order."""


class Condition(StrEnum):
    """What a verification finds under a name."""

    SOUND = "sound"
    MISSING = "missing"
    CORRUPT = "corrupt"


class Archive:
    """The originals, in a folder or on any other shelf."""

    def __init__(self, place: Path | Shelf) -> None:
        self.shelf: Shelf = FileShelf(place) if isinstance(place, Path) else place

    def put(self, data: bytes) -> str:
        """Keep these bytes; gives their SHA-256. Raises `Unavailable` when the place refuses, nothing half-written."""
        return self.put_all([data])[0]

    def put_all(self, files: Sequence[bytes]) -> list[str]:
        """Keep several files together, which costs less than one after the other; gives the SHA-256 of each, in order.

        Raises `Unavailable`: some may then have been kept, each of them whole.
        """
        digests = [hashlib.sha256(data).hexdigest() for data in files]
        try:
            self.shelf.keep(dict(zip(digests, files, strict=True)))
        except OSError as error:
            raise _refused(error) from error
        return digests

    def get(self, sha256: str) -> bytes:
        """The bytes under that name. Raises `NotFound`, or `Unavailable` when they are no longer what they were."""
        try:
            data = self.shelf.read(sha256)
        except FileNotFoundError as error:
            raise NotFound(
                "ARCHIVE_ABSENTE",
                "Le fichier d’origine n’est plus dans les archives de Raccord.",
                "Rétablissez les archives depuis la dernière sauvegarde.",
            ) from error
        except OSError as error:
            raise _refused(error) from error
        if hashlib.sha256(data).hexdigest() != sha256:
            raise Unavailable(
                "ARCHIVE_ALTEREE",
                "Le fichier d’origine a été modifié depuis son archivage : Raccord refuse de s’en servir.",
                "Rétablissez ce fichier depuis la dernière sauvegarde.",
            )
        return data

    def examine(self, sha256: str) -> Condition:
        """Read again what lies under that name and compute its hash. Raises `Unavailable` when the place refuses."""
        try:
            data = self.shelf.read(sha256)
        except FileNotFoundError:
            return Condition.MISSING
        except OSError as error:
            raise _refused(error) from error
        return Condition.SOUND if hashlib.sha256(data).hexdigest() == sha256 else Condition.CORRUPT

    def drop(self, sha256: str, before: datetime) -> bool:
        """Destroy these bytes for ever, unless they were given again after `before`; False when they stay."""
        try:
            return self.shelf.drop(sha256, before)
        except OSError as error:
            raise _refused(error) from error


def _refused(error: OSError) -> Unavailable:
    return Unavailable(
        "ARCHIVE_INDISPONIBLE",
        f"Le stockage des archives refuse l’opération ({why(error)}) : rien n’a été enregistré.",
        "Vérifiez la place libre et les droits des archives (RACCORD_ARCHIVE_DIR ou RACCORD_ARCHIVE_URL), puis "
        "recommencez.",
    )
