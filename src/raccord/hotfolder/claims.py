"""What was taken out of `a-deposer/`: a folder of our own for each bundle, and what was decided of it.

A bundle of several files cannot be renamed at once. The list of its files is written first, then each file joins, its
lead before the others; whoever finds the folder after a stop, or at the same time, finishes the gathering. Once the
invoice is accepted or refused, the verdict is written before the first file leaves.
"""

import contextlib
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from raccord.formats.sized import read_file
from raccord.hotfolder.bundles import Bundle
from raccord.hotfolder.places import Places, files_of, folders_of, read_sheet, write_sheet

_LIST, _VERDICT = ".lot.json", ".verdict.json"
Mark = Callable[[str], None]


@dataclass(frozen=True)
class Claim:
    """Files taken together: the folder in which they gather, the one they come from."""

    home: Path
    source: Path
    names: tuple[str, ...]

    @property
    def lead(self) -> str:
        """The file without which the others are nothing."""
        return self.names[0]


class Claims:
    """Takes, gathers, reads and gives back. `mark` is told of each step done; tests stop there."""

    def __init__(self, places: Places, new_id: Callable[[], str], mark: Mark) -> None:
        self._places, self._new_id, self._mark = places, new_id, mark

    def take(self, bundle: Bundle) -> Claim:
        """Make a folder for a bundle; its files have not moved yet."""
        below = bundle.folder.relative_to(self._places.incoming)
        home = self._places.claimed / self._new_id()[:13] / below
        home.mkdir(parents=True)
        self._mark("folder made")
        if len(bundle.names) > 1:
            write_sheet(home / _LIST, {"fichiers": list(bundle.names)})
            self._mark("listed")
        return Claim(home, bundle.folder, bundle.names)

    def gather(self, claim: Claim) -> bool:
        """Bring in what is still outside. False when it must wait, or when another took it first."""
        for name in claim.names:
            if not (claim.home / name).exists():
                with contextlib.suppress(OSError):  # gone, or still open elsewhere (SMB, Windows)
                    os.rename(claim.source / name, claim.home / name)
                    self._mark("claimed" if name == claim.lead else "companion claimed")
            if name == claim.lead and not (claim.home / name).exists():
                self.close(claim)
                return False
        return not any((claim.source / name).exists() for name in claim.names if not (claim.home / name).exists())

    def left(self) -> list[Claim]:
        """What was claimed before a stop, or is being claimed by another worker."""
        homes = [home for claim in folders_of(self._places.claimed) for home in (claim, *folders_of(claim))]
        return [claim for home in homes for claim in self._left_in(home)]

    def _left_in(self, home: Path) -> Iterator[Claim]:
        source = self._places.incoming.joinpath(*home.relative_to(self._places.claimed).parts[1:])
        listed = read_sheet(home / _LIST).get("fichiers")
        if isinstance(listed, list) and listed:
            yield Claim(home, source, tuple(str(name) for name in listed))
            return
        inside = [Claim(home, source, (path.name,)) for path in files_of(home)]
        yield from inside
        if not inside:  # a stop between the folder and the rename, or after the files were put away
            self._sweep(home)

    def read(self, claim: Claim) -> dict[str, bytes] | None:
        """The bytes of each file that came; None when another worker was faster. Raises `Invalid`, OSError."""
        pieces: dict[str, bytes] = {}
        for name in claim.names:
            with contextlib.suppress(FileNotFoundError):
                pieces[name] = read_file(claim.home / name)
        return pieces if (claim.home / claim.lead).exists() else None

    def decide(self, claim: Claim, verdict: Mapping[str, Any]) -> None:
        """Keep what was decided of several files, so that a stop while they leave is taken up."""
        if len(claim.names) > 1:
            write_sheet(claim.home / _VERDICT, verdict)
            self._mark("decided")

    def decided(self, claim: Claim) -> dict[str, Any]:
        """What was decided of this claim; empty when nothing was."""
        return read_sheet(claim.home / _VERDICT) if len(claim.names) > 1 else {}

    def close(self, claim: Claim) -> None:
        """Remove the folder, once its files are away."""
        (claim.home / _LIST).unlink(missing_ok=True)  # first: without its list nobody takes the folder up
        self._sweep(claim.home)

    def _sweep(self, home: Path) -> None:
        if any(files_of(home)) or any(folders_of(home)):
            return
        for name in (_VERDICT, *(path.name for path in home.glob(".*.tmp"))):
            (home / name).unlink(missing_ok=True)
        folder = home
        while folder != self._places.claimed:
            try:
                folder.rmdir()
            except FileNotFoundError:
                pass
            except OSError:
                return
            folder = folder.parent
