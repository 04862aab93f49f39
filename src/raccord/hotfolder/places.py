"""The folders of a watched folder, and the only ways in which files appear there: whole, or not at all."""

import contextlib
import json
import os
import re
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

_UNFINISHED = re.compile(
    r"(?i)^[.~]|^thumbs\.db$|^desktop\.ini$|\.(part|partial|tmp|temp|filepart|crdownload|swp|lock)$|~$"
)
"""Names under which programs write before they are done, and the small files of systems."""


_DRAFT = re.compile(r"\..+-[0-9a-f]{8}\.tmp")
"""The names under which `write_whole` writes."""


@dataclass(frozen=True)
class Places:
    """Every folder under the root."""

    root: Path

    @property
    def incoming(self) -> Path:
        """What the software lays."""
        return self.root / "a-deposer"

    @property
    def claimed(self) -> Path:
        """What is being accepted."""
        return self.root / "en-cours"

    @property
    def accepted(self) -> Path:
        """What was accepted."""
        return self.root / "deposees"

    @property
    def refused(self) -> Path:
        """What is to be corrected."""
        return self.root / "a-corriger"

    @property
    def received(self) -> Path:
        """Received invoices to take."""
        return self.root / "recues"

    @property
    def taken(self) -> Path:
        """Received invoices that the software took."""
        return self.root / "traitees"

    @property
    def statuses(self) -> Path:
        """Statuses to post."""
        return self.root / "statuts"

    @property
    def posted(self) -> Path:
        """Statuses on their way to Chorus Pro."""
        return self.statuses / "envoyes"

    @property
    def unposted(self) -> Path:
        """Statuses that cannot be posted."""
        return self.statuses / "refuses"

    def prepare(self) -> None:
        """Make every folder. Raises OSError."""
        for folder in (self.incoming, self.claimed, self.accepted, self.refused, self.received, self.taken,
                       self.posted, self.unposted):  # fmt: skip
            folder.mkdir(parents=True, exist_ok=True)

    def sweep(self, before: datetime) -> int:
        """Erase the drafts that a death left before that instant: how many. Raises OSError."""
        erased = 0
        for folder in (self.accepted, self.refused, self.received, self.posted, self.unposted):
            for path in (one for one in folder.iterdir() if _DRAFT.fullmatch(one.name)):
                with contextlib.suppress(FileNotFoundError):  # renamed just now, or swept by another
                    if path.stat().st_mtime < before.timestamp():
                        path.unlink()
                        erased += 1
        return erased


def finished(path: Path) -> bool:
    """Whether the name is that of a finished file."""
    return not _UNFINISHED.search(path.name)


def files_of(folder: Path) -> Iterator[Path]:
    """The finished files of a folder, by name; none when it went away."""
    with contextlib.suppress(FileNotFoundError):
        yield from sorted(path for path in folder.iterdir() if finished(path) and path.is_file())


def folders_of(folder: Path) -> Iterator[Path]:
    """The folders of a folder, by name; none when it went away."""
    with contextlib.suppress(FileNotFoundError):
        yield from sorted(path for path in folder.iterdir() if finished(path) and path.is_dir())


def write_whole(path: Path, data: bytes) -> None:
    """Write beside, flush, then take the name: a reader sees the old file or the new one, never a half."""
    draft = path.with_name(f".{path.name[:80]}-{secrets.token_hex(4)}.tmp")
    try:
        with draft.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, path)
    finally:
        draft.unlink(missing_ok=True)


def settle(folder: Path) -> None:
    """Have the names of a folder outlive a power cut, where the system can say so (not on Windows, nor every share)."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def write_sheet(path: Path, facts: Mapping[str, Any]) -> None:
    """Write a JSON sheet, readable by a person too."""
    write_whole(path, sheet_text(facts))


def sheet_text(facts: Mapping[str, Any]) -> bytes:
    """The bytes of such a sheet."""
    return json.dumps(facts, ensure_ascii=False, indent=2, default=_plain).encode() + b"\n"


def read_sheet(path: Path) -> dict[str, Any]:
    """A JSON sheet; empty when it is absent or unreadable."""
    try:
        found = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def write_words(path: Path, text: str) -> None:
    """Write a text that every Windows editor opens well: BOM and CRLF."""
    write_whole(path, text.replace("\n", "\r\n").encode("utf-8-sig"))


def _plain(value: object) -> str:
    if isinstance(value, datetime | date):
        return value.isoformat()
    return format(value, "f") if isinstance(value, Decimal) else str(value)
