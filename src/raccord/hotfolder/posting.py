"""Statuses laid in `statuts/` as `<id>.statut.json`, posted to Chorus Pro, answered beside.

    {"statut": "MANDATEE", "mandat": "2026-118"}          the id is in the name of the file, or in "id"

`id` is that of Raccord or the identifier of the invoice at Chorus Pro. A stop between the posting and the putting away
finds, in the journal, that this very file was asked for already.
"""

import contextlib
import hashlib
import json
import os
from pathlib import Path
from typing import Any

from raccord.domain.errors import Invalid, RaccordError, Unavailable
from raccord.domain.reception import NewStatus, Reception
from raccord.engine.gateway import Gateway
from raccord.hotfolder.bundles import Seen
from raccord.hotfolder.claims import Mark
from raccord.hotfolder.incoming import SOURCE
from raccord.hotfolder.places import Places, files_of, write_sheet, write_words
from raccord.hotfolder.sheets import free_name

SUFFIX = ".statut.json"


class Posting:
    """Posts the statuses that the software lays."""

    def __init__(self, gateway: Gateway, places: Places, mark: Mark) -> None:
        self._gateway, self._places, self._mark = gateway, places, mark
        self._seen: dict[Path, Seen] = {}

    def look(self) -> list[tuple[str, str]]:
        """Post what no longer moves; gives each file with the words of its refusal, empty when it was taken."""
        answers = [(path.name, self._post(path)) for path in self._still()]
        return [(name, words) for name, words in answers if words is not None]

    def _still(self) -> list[Path]:
        here: dict[Path, Seen] = {}
        for path in files_of(self._places.statuses):
            with contextlib.suppress(FileNotFoundError):
                if path.name.endswith(SUFFIX):
                    here[path] = (path.stat().st_size, path.stat().st_mtime_ns)
        still = [path for path, seen in here.items() if self._seen.get(path) == seen]
        self._seen = {path: seen for path, seen in here.items() if path not in still}
        return still

    def _post(self, path: Path) -> str | None:
        try:
            data = path.read_bytes()
        except OSError:
            return None
        try:
            facts = self._ask(path.name, data)
        except Unavailable:
            return None
        except RaccordError as refusal:
            words = refusal.words
            self._put_away(path, data, self._places.unposted, {"code": refusal.code, "phrase": words})
            return words
        self._mark("posted")
        self._put_away(path, data, self._places.posted, facts)
        return ""

    def _ask(self, name: str, data: bytes) -> dict[str, Any]:
        asked = _read(data)
        reception = self._reception(str(asked.get("id") or name.removesuffix(SUFFIX)))
        source = f"{SOURCE}:{hashlib.sha256(f'{reception.id}|'.encode() + data).hexdigest()[:10]}"
        events = self._gateway.inbox.events(reception.id)
        if not any(event.kind == "status.asked" and event.data.get("source") == source for event in events):
            new = NewStatus(
                reception.id, str(asked.get("statut", "")), str(asked.get("motif", "")), str(asked.get("mandat", "")),
                author=SOURCE, source=source,
            )  # fmt: skip
            self._gateway.statuses.post(new)
        return {"id": reception.id, "numero": reception.number, "statut": asked.get("statut", "")}

    def _reception(self, wanted: str) -> Reception:
        if wanted.isdigit():
            return self._gateway.handovers.by_platform_id(int(wanted))
        return self._gateway.inbox.get(wanted)

    def _put_away(self, path: Path, data: bytes, folder: Path, facts: dict[str, Any]) -> None:
        digest = hashlib.sha256(data).hexdigest()
        name = free_name(folder, path.name, digest)
        if folder == self._places.unposted:
            write_words(folder / f"{name}.erreurs.txt", f"{path.name}\n\n{facts['phrase']}\n\n[{facts['code']}]\n")
        write_sheet(folder / f"{name}.json", {"fichier": name, "sha256": digest, **facts})
        with contextlib.suppress(FileNotFoundError):
            os.replace(path, folder / name)


def _read(data: bytes) -> dict[str, Any]:
    try:
        asked = json.loads(data.decode("utf-8-sig"))
    except ValueError:
        asked = None
    if not isinstance(asked, dict) or not isinstance(asked.get("statut"), str):
        raise Invalid(
            "STATUT_FICHIER_ILLISIBLE",
            "Ce fichier n’est pas une demande de statut lisible.",
            'Écrivez par exemple {"statut": "MANDATEE", "mandat": "2026-118"}, en UTF-8.',
        )
    return asked
