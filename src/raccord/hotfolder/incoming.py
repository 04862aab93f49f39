"""From `a-deposer/` to `deposees/` or `a-corriger/`.

1 see the file twice unchanged, 2 claim it by a rename into a folder of its own, 3 accept it under a key made from its
content, 4 write what became of it, 5 put it away by a rename. A stop after any step is taken up at the next look.
"""

import contextlib
import hashlib
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from raccord.domain.connection import Connection
from raccord.domain.deposit import Deposit, DepositState, NewDeposit
from raccord.domain.errors import Invalid, RaccordError, Unavailable
from raccord.domain.faults import Fault
from raccord.engine.gateway import Gateway
from raccord.hotfolder.places import Places, files_of, folders_of, read_sheet, write_sheet, write_words

SOURCE = "hotfolder"
Mark = Callable[[str], None]
Seen = tuple[int, int]


@dataclass(frozen=True)
class Outcome:
    """What became of one file: where it lies now, and why when it was refused."""

    name: str
    path: Path
    accepted: bool
    sentence: str


class Incoming:
    """Takes the invoices that the software lays. `mark` is told of each step done; tests stop there."""

    def __init__(self, gateway: Gateway, places: Places, mark: Mark) -> None:
        self._gateway, self._places, self._mark = gateway, places, mark
        self._seen: dict[Path, Seen] = {}

    def look(self) -> list[Outcome]:
        """Take up what was claimed before a stop, then claim what no longer moves."""
        outcomes = [self._finish(path) for path in self._claimed()]
        outcomes += [self._finish(self._claim(path)) for path in self._still()]
        return [outcome for outcome in outcomes if outcome]

    def _still(self) -> list[Path]:
        """The files that two looks in a row saw with the same size and date."""
        here: dict[Path, Seen] = {}
        for folder in (self._places.incoming, *folders_of(self._places.incoming)):
            for path in files_of(folder):
                with contextlib.suppress(FileNotFoundError):
                    facts = path.stat()
                    here[path] = (facts.st_size, facts.st_mtime_ns)
        still = [path for path, seen in here.items() if self._seen.get(path) == seen and seen[0] > 0]
        self._seen = {path: seen for path, seen in here.items() if path not in still}
        return still

    def _claimed(self) -> list[Path]:
        found = []
        for claim in folders_of(self._places.claimed):
            inside = [path for folder in (claim, *folders_of(claim)) for path in files_of(folder)]
            found += inside
            if not inside:  # a stop between the folder and the rename, or after the file was put away
                for folder in (*folders_of(claim), claim):
                    _clear(folder, self._places.claimed)
        return found

    def _claim(self, path: Path) -> Path | None:
        """Take a file away under our own folder; None when the software, or another worker, took it first."""
        below = path.relative_to(self._places.incoming)
        target = self._places.claimed / self._gateway.ground.new_id()[:13] / below
        target.parent.mkdir(parents=True)
        self._mark("folder made")
        try:
            os.rename(path, target)
        except OSError:  # gone, or still open elsewhere (SMB, Windows): the next look will see
            _clear(target.parent, self._places.claimed)
            return None
        self._mark("claimed")
        return target

    def _finish(self, path: Path | None) -> Outcome | None:
        """Accept a claimed file and put it away; None when it must wait."""
        if path is None:
            return None
        try:
            data = path.read_bytes()
        except FileNotFoundError:  # another worker was faster
            return None
        try:
            deposit = self._accept(path, data)
        except Unavailable:
            return None
        except RaccordError as refusal:
            return self._refuse(path, data, refusal)
        self._mark("accepted")
        return self._put_away(path, data, deposit)

    def _accept(self, path: Path, data: bytes) -> Deposit:
        connection = self._connection(path)
        key = f"{SOURCE}/{hashlib.sha256(data).hexdigest()}"
        new = NewDeposit(connection.id, data, path.name, idempotency_key=key, author=SOURCE, source=SOURCE)
        return self._gateway.outbox.accept(new).deposit

    def _connection(self, path: Path) -> Connection:
        """That of the folder in which the file was laid, else the only one there is."""
        below = path.relative_to(self._places.claimed).parts
        if len(below) > 2:
            return self._gateway.connections.find(below[1])
        enabled = [one for one in self._gateway.connections.all() if one.enabled]
        if len(enabled) == 1:
            return enabled[0]
        raise Invalid(
            "CONNEXION_A_PRECISER",
            "Plusieurs connexions existent." if enabled else "Aucune connexion à Chorus Pro n’est réglée.",
            "Déposez la facture dans « a-deposer/<nom de la connexion>/ »."
            if enabled
            else "Réglez la connexion dans Raccord, puis remettez la facture dans « a-deposer ».",
        )

    def _put_away(self, path: Path, data: bytes, deposit: Deposit) -> Outcome:
        if deposit.state is not DepositState.FAULTY:
            sentence = f"{deposit.number} : {deposit.state.label}"
            return self._file(path, data, self._places.accepted, facts_of(deposit), sentence)
        words = words_of(path.name, deposit.faults)
        return self._file(path, data, self._places.refused, facts_of(deposit), words)

    def _refuse(self, path: Path, data: bytes, refusal: RaccordError) -> Outcome:
        facts = {"etat": "refused", "code": refusal.code, "phrase": refusal.sentence, "remede": refusal.cure}
        words = f"{path.name}\n\n{refusal.sentence}\n{refusal.cure}\n\n[{refusal.code}]\n"
        return self._file(path, data, self._places.refused, facts, words)

    def _file(self, path: Path, data: bytes, folder: Path, facts: Mapping[str, Any], words: str) -> Outcome:
        """Write the answers first, then move the file: where the file lies, its answers are."""
        digest = hashlib.sha256(data).hexdigest()
        name = free_name(folder, path.name, digest)
        if folder == self._places.refused:
            write_words(folder / f"{name}.erreurs.txt", words)
            self._mark("faults written")
        write_sheet(folder / f"{name}.json", {"fichier": name, "sha256": digest, **facts})
        self._mark("sheet written")
        with contextlib.suppress(FileNotFoundError):  # another worker did the same
            os.replace(path, folder / name)
        self._mark("put away")
        _clear(path.parent, self._places.claimed)
        return Outcome(path.name, folder / name, folder == self._places.accepted, words)


def free_name(folder: Path, name: str, digest: str) -> str:
    """The same name, unless another content has it already: then the name with the beginning of the digest."""
    for candidate in (name, _marked(name, digest)):
        told = read_sheet(folder / f"{candidate}.json").get("sha256")
        if told == digest or (told is None and not (folder / candidate).exists()):
            return candidate
    return _marked(name, digest)


def _marked(name: str, digest: str) -> str:
    stem, dot, suffix = name.rpartition(".")
    return f"{stem}-{digest[:8]}.{suffix}" if dot and stem else f"{name}-{digest[:8]}"


def facts_of(deposit: Deposit) -> dict[str, Any]:
    """The sheet of a deposit, the words of the domain in French."""
    return {
        "depot": deposit.id,
        "etat": deposit.state.value,
        "libelle_etat": deposit.state.label,
        "numero": deposit.number,
        "date": deposit.issue_date,
        "fournisseur": deposit.supplier_siret,
        "destinataire": deposit.recipient_siret,
        "montant_ttc": deposit.amount_total,
        "flux": deposit.numero_flux,
        "id_facture": deposit.id_facture,
        "statut_chorus": deposit.platform_status,
        "commentaire_chorus": deposit.platform_comment,
        "anomalies": [
            {"code": one.code, "gravite": one.severity.value, "chemin": one.path, "phrase": one.sentence,
             "remede": one.cure}
            for one in deposit.faults
        ],
    }  # fmt: skip


def words_of(name: str, faults: tuple[Fault, ...]) -> str:
    """What is wrong with an invoice, for the person who opens the file beside it."""
    lines = [f"{name} : cette facture n’est pas partie. Corrigez-la, puis remettez-la dans « a-deposer ».", ""]
    for fault in sorted(faults, key=lambda one: not one.is_error):
        lines.append(f"- {fault.severity.label} : {fault.sentence}")
        lines += [f"  À faire : {fault.cure}"] if fault.cure else []
        lines.append(f"  [{fault.code}]{' ' + fault.path if fault.path else ''}")
    return "\n".join(lines) + "\n"


def _clear(folder: Path, root: Path) -> None:
    """Remove the empty folders up to the root."""
    while folder != root:
        try:
            folder.rmdir()
        except FileNotFoundError:
            pass
        except OSError:
            return
        folder = folder.parent
