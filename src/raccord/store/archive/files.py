"""The archive in a folder: `<root>/ab/cd/abcd...`, read-only files that appear whole or not at all.

A file is written beside, flushed to the disk, then linked under its name; the folder is flushed too. Several files
given together are flushed side by side: a disk answers many flushes in little more than the time of one.
"""

import errno
import os
import re
import secrets
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

from raccord.store.side_by_side import SideBySide

_READ_ONLY = 0o440
_NAME = re.compile(r"[0-9a-f]{64}")
_FLUSHES = 8
"""Flushes under way at once: more gains nothing on the disks that were tried."""


class FileShelf:
    """The folder of the originals."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._together = SideBySide(_FLUSHES, "raccord-archive")

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

    def keep(self, files: Mapping[str, bytes]) -> None:
        """See `Shelf.keep`. A file given again gets the present hour: `drop` sees that somebody counts on it."""
        targets = {self.path(sha256): data for sha256, data in files.items()}
        missing = {target: data for target, data in targets.items() if not _touched(target)}
        made = self._write(missing) if missing else set()
        # the folder of a file that was there too: who wrote it may not have come to flushing it
        self._together.run(_flush_folder, {target.parent for target in targets} | made)

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

    def _write(self, files: Mapping[Path, bytes]) -> set[Path]:
        """Give each file its name once its bytes are on the disk; gives the folders in which others were made."""
        self.prepare()
        made = self._make_folders({target.parent for target in files})
        drafts = {target: target.with_name(f".{target.name[:16]}-{secrets.token_hex(6)}") for target in files}
        try:
            for target, data in files.items():
                _write_draft(drafts[target], data)
            self._together.run(_flush, drafts.values())
            for target, draft in drafts.items():
                _give_name(draft, target)
        finally:
            for draft in drafts.values():
                draft.unlink(missing_ok=True)
        return made

    def _make_folders(self, folders: Iterable[Path]) -> set[Path]:
        missing = [folder for folder in folders if not folder.is_dir()]
        for folder in missing:
            folder.mkdir(parents=True, exist_ok=True)
        return {above for folder in missing for above in (folder.parent, self.root)}


def _touched(target: Path) -> bool:
    try:
        os.utime(target)
    except FileNotFoundError:
        return False
    return True


def _write_draft(draft: Path, data: bytes) -> None:
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), _READ_ONLY)
    with os.fdopen(descriptor, "wb", buffering=0) as file:
        rest = memoryview(data)
        while rest:
            rest = rest[file.write(rest) :]


def _flush(draft: Path) -> None:
    if os.name == "nt":  # flushing wants a descriptor that may write
        draft.chmod(0o640)
        _flush_by(draft, os.O_RDWR)
        draft.chmod(_READ_ONLY)
        return
    _flush_by(draft, os.O_RDONLY)


def _flush_by(path: Path, how: int) -> None:
    descriptor = os.open(path, how)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _give_name(draft: Path, target: Path) -> None:
    if os.name == "nt":  # NTFS links need a right that services lack; replacing equal bytes changes nothing
        os.replace(draft, target)
        return
    try:
        os.link(draft, target)  # fails when the name exists: written once
    except FileExistsError:
        return


def _flush_folder(folder: Path) -> None:
    if os.name != "nt":
        _flush_by(folder, os.O_RDONLY)
