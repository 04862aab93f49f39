"""The archive: files named by their own SHA-256, written once, read back verified.

Layout: `<root>/ab/cd/abcd...`. A file appears whole or not at all: it is written beside, flushed to the disk, then
linked under its name; the folder is flushed too. The same bytes given twice are one file.
"""

import hashlib
import os
import secrets
from pathlib import Path

from raccord.domain.errors import NotFound, Unavailable

_READ_ONLY = 0o440


class Archive:
    """The folder of the originals."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def put(self, data: bytes) -> str:
        """Keep these bytes; gives their SHA-256. Raises `Unavailable` when the disk refuses, nothing half-written."""
        digest = hashlib.sha256(data).hexdigest()
        target = self.path(digest)
        if not target.exists():
            try:
                self._write(target, data)
            except OSError as error:
                raise _refused(error) from error
        return digest

    def get(self, sha256: str) -> bytes:
        """The bytes under that name. Raises `NotFound`, or `Unavailable` when they are no longer what they were."""
        try:
            data = self.path(sha256).read_bytes()
        except FileNotFoundError as error:
            raise NotFound(
                "ARCHIVE_ABSENTE",
                "Le fichier d’origine n’est plus dans les archives de Raccord.",
                "Rétablissez le dossier « archive » depuis la dernière sauvegarde.",
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

    def path(self, sha256: str) -> Path:
        """Where those bytes are, or would be."""
        return self.root / sha256[:2] / sha256[2:4] / sha256

    def _write(self, target: Path, data: bytes) -> None:
        target.parent.mkdir(parents=True, exist_ok=True)
        draft = target.with_name(f".{target.name[:16]}-{secrets.token_hex(6)}")
        try:
            _write_through(draft, data)
            _give_name(draft, target)
        finally:
            draft.unlink(missing_ok=True)
        _flush_folder(target.parent)


def _write_through(draft: Path, data: bytes) -> None:
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), _READ_ONLY)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _give_name(draft: Path, target: Path) -> None:
    if os.name == "nt":  # NTFS links need a right that services lack; replacing equal bytes changes nothing
        os.replace(draft, target)
        return
    try:
        os.link(draft, target)  # fails when the name exists: written once
    except FileExistsError:
        return


def _flush_folder(folder: Path) -> None:
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _refused(error: OSError) -> Unavailable:
    return Unavailable(
        "ARCHIVE_INDISPONIBLE",
        f"Le disque des archives refuse l’opération ({error.strerror or error}) : rien n’a été enregistré.",
        "Vérifiez la place libre et les droits du dossier « archive », puis recommencez.",
    )
