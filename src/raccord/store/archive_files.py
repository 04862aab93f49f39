"""The archive in a folder: `<root>/ab/cd/abcd...`, read-only files that appear whole or not at all.

A file is written beside, flushed to the disk, then linked under its name; the folder is flushed too.
"""

import errno
import os
import re
import secrets
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

_READ_ONLY = 0o440
_NAME = re.compile(r"[0-9a-f]{64}")


class FileShelf:
    """The folder of the originals."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def prepare(self) -> None:
        """Make the folder where it is missing, closed to strangers, and see that it may be written in.

        Raises `OSError`. A full disk is no reason to refuse: what is there can still be read.
        """
        if not self.root.is_dir():
            self.root.mkdir(mode=0o750, parents=True, exist_ok=True)
        if not os.access(self.root, os.W_OK | os.X_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(self.root))

    def path(self, sha256: str) -> Path:
        """Where those bytes are, or would be."""
        return self.root / sha256[:2] / sha256[2:4] / sha256

    def keep(self, sha256: str, data: bytes) -> None:
        """See `Shelf.keep`. A file given again gets the present hour: `drop` sees that somebody counts on it."""
        target = self.path(sha256)
        try:
            os.utime(target)
        except FileNotFoundError:
            self._write(target, data)

    def read(self, sha256: str) -> bytes:
        """See `Shelf.read`."""
        return self.path(sha256).read_bytes()

    def drop(self, sha256: str, before: datetime) -> bool:
        """See `Shelf.drop`."""
        target = self.path(sha256)
        try:
            if datetime.fromtimestamp(target.stat().st_mtime, UTC) >= before:
                return False
            target.unlink()
        except FileNotFoundError:
            return True
        _flush_folder(target.parent)
        return True

    def names(self) -> Iterator[str]:
        """See `Shelf.names`; drafts that a crash left are passed over."""
        for folder in sorted(self.root.glob("??/??")):
            yield from (entry.name for entry in os.scandir(folder) if _NAME.fullmatch(entry.name))

    def _write(self, target: Path, data: bytes) -> None:
        self.prepare()
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
