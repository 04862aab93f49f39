"""What lies in `a-deposer/`, sorted into what is taken together.

    F1.xml, F1.pdf (Factur-X)     taken alone
    F1.json + F1.pdf              the data of an invoice and the PDF that people read; whichever comes first waits
    F1.1.pdf, F1.2.png, …         attachments of F1.json, laid before it
    F1.seul.json                  data alone: Raccord draws the page

A half whose other half does not come within the delay is taken alone, and refused with a sentence. When a half was
first seen is kept in a sheet, so that a command run every hour counts the hours too.
"""

import contextlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from raccord.domain.clock import Clock
from raccord.domain.errors import Invalid
from raccord.formats.detect import Syntax, detect
from raccord.formats.sized import read_file
from raccord.hotfolder.places import Places, files_of, folders_of, read_sheet, write_sheet

Seen = tuple[int, int]
ALONE = ".seul.json"
_RANKED = re.compile(r"(?P<stem>.+)\.\d{1,3}\.(?!json$|xml$)[a-z0-9]+")


@dataclass(frozen=True)
class Bundle:
    """Files of one folder that make one invoice. The first leads: whoever takes it has the right to the others."""

    folder: Path
    names: tuple[str, ...]


class Roster:
    """Looks at `a-deposer/` again and again, and gives what is whole and no longer moves."""

    def __init__(self, places: Places, clock: Clock, patience: timedelta) -> None:
        self._places, self._clock, self._patience = places, clock, patience
        self._sheet = places.claimed / "attentes.json"
        self._seen: dict[Path, Seen] = {}
        self._plain: dict[Path, Seen] = {}

    def ready(self) -> list[Bundle]:
        """What two looks in a row saw whole, with the same sizes and dates."""
        here: dict[Path, Seen] = {}
        for folder in (self._places.incoming, *folders_of(self._places.incoming)):
            for path in files_of(folder):
                with contextlib.suppress(FileNotFoundError):
                    facts = path.stat()
                    here[path] = (facts.st_size, facts.st_mtime_ns)
        still = {path for path, seen in here.items() if self._seen.get(path) == seen and seen[0] > 0}
        self._seen = here
        whole: list[Bundle] = []
        halves: list[Bundle] = []
        for bundle in _families(here):
            if all(bundle.folder / name in still for name in bundle.names):
                (halves if self._is_half(bundle, here) else whole).append(bundle)
        return whole + self._tired_of(halves)

    def _is_half(self, bundle: Bundle, here: Mapping[Path, Seen]) -> bool:
        lead = bundle.names[0].lower()
        if lead.endswith(".json"):
            return not lead.endswith(ALONE) and page_of(bundle.names) is None
        path = bundle.folder / bundle.names[0]
        if lead.endswith(".pdf"):
            return self._holds_no_data(path, here[path])
        return _RANKED.fullmatch(lead) is not None  # the attachment of data to come

    def _holds_no_data(self, path: Path, seen: Seen) -> bool:
        if self._plain.get(path) == seen:
            return True
        try:
            if detect(read_file(path), path.name).syntax is not Syntax.PDF:
                return False
        except (OSError, Invalid):  # the taking will say what is wrong
            return False
        self._plain[path] = seen
        return True

    def _tired_of(self, halves: list[Bundle]) -> list[Bundle]:
        """The halves that waited long enough; the others are noted."""
        now, noted = self._clock(), read_sheet(self._sheet)
        here = {path.relative_to(self._places.incoming).as_posix() for path in self._seen}
        since = {_key(half, self._places): half for half in halves}
        first = {key: _instant(noted.get(key)) or now for key in here & (noted.keys() | since.keys())}
        tired = [key for key in since if now - first[key] >= self._patience]
        waiting = {key: at.isoformat() for key, at in first.items() if key not in tired}
        if waiting and waiting != noted:
            write_sheet(self._sheet, waiting)
        elif not waiting:
            self._sheet.unlink(missing_ok=True)
        self._plain = {path: seen for path, seen in self._plain.items() if path in self._seen}
        return [since[key] for key in tired]


def page_of(names: Iterable[str]) -> str | None:
    """The PDF of a bundle that its data lead; None when it has not come, or is to be drawn."""
    lead, *others = names
    page = f"{stem_of(lead)}.pdf"
    return next((name for name in others if name.lower() == page), None)


def stem_of(name: str) -> str:
    """The name that the files of one invoice share, in small letters."""
    small = name.lower()
    return small.removesuffix(ALONE) if small.endswith(ALONE) else small.rpartition(".")[0] or small


def _families(here: Iterable[Path]) -> Iterator[Bundle]:
    folders: dict[Path, list[str]] = {}
    for path in sorted(here):
        folders.setdefault(path.parent, []).append(path.name)
    for folder, names in folders.items():
        yield from (Bundle(folder, family) for family in _families_of(names))


def _families_of(names: list[str]) -> Iterator[tuple[str, ...]]:
    """The names of one folder, each lead followed by its companions."""
    leads = {stem_of(name): name for name in names if name.lower().endswith(".json")}
    companions: dict[str, list[str]] = {lead: [] for lead in leads.values()}
    for name in names:
        if name in companions:
            continue
        ranked = _RANKED.fullmatch(name.lower())
        lead = leads.get(stem_of(name)) if name.lower().endswith(".pdf") else None
        lead = lead or (leads.get(ranked["stem"]) if ranked else None)
        if lead is None or (lead.lower().endswith(ALONE) and stem_of(name) == stem_of(lead)):
            yield (name,)
        else:
            companions[lead].append(name)
    yield from ((lead, *others) for lead, others in companions.items())


def _key(bundle: Bundle, places: Places) -> str:
    return (bundle.folder / bundle.names[0]).relative_to(places.incoming).as_posix()


def _instant(text: object) -> datetime | None:
    try:
        return datetime.fromisoformat(str(text))
    except ValueError:
        return None
