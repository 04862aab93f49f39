"""Backup and restore: one `.tar.gz` that any Raccord of that version or of a later one takes back, on either database.

Inside: `manifest.json`, `tables/<name>.jsonl`, `search.jsonl`, `originals/<sha256>`, and `secrets.sealed` only when a
passphrase was given. Without it nothing in the file opens anything: passwords are typed again after a restore.
"""

import base64
import io
import json
import os
import tarfile
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import sqlalchemy as sa

from raccord.domain.clock import Clock
from raccord.domain.errors import Conflict, Invalid, NotFound, Unavailable
from raccord.domain.journal import NewEvent
from raccord.domain.machine import why
from raccord.domain.secrets import Secret
from raccord.store import ageing, dumping, journal, migrating
from raccord.store.archive import rows as archive_rows
from raccord.store.archive.room import Archive
from raccord.store.database import Store
from raccord.vault import Vault
from raccord.vault.passphrase import check_passphrase, open_with_passphrase, seal_with_passphrase

FORM = 1
_MANIFEST, _SECRETS, _TABLES, _ORIGINALS = "manifest.json", "secrets.sealed", "tables/", "originals/"
_WORDS = "search.jsonl"
_PLACE = "backup|secrets"


@dataclass(frozen=True)
class BackupReport:
    """What went into a backup, or came out of it."""

    rows: int
    originals: int
    missing: tuple[str, ...]
    """Originals that the archive should hold and does not."""
    secrets: int
    """0 without a passphrase."""
    made_at: str = ""
    """The instant of the backup that was taken back."""


class Backups:
    """Gives this house out as one file, and takes such a file back in an empty house."""

    def __init__(self, store: Store, archive: Archive, vault: Vault, clock: Clock) -> None:
        self._store, self._archive, self._vault, self._clock = store, archive, vault, clock

    def write(
        self, path: Path, actor: str, passphrase: Secret | None = None, *, originals: bool = True
    ) -> BackupReport:
        """Write a backup at `path`, readable by its owner alone, complete or not at all.

        Raises `Invalid` PHRASE_TROP_COURTE, `Conflict` SAUVEGARDE_EXISTE, `Unavailable` SAUVEGARDE_NON_ECRITE.
        """
        if passphrase is not None:
            check_passphrase(passphrase)
        if path.exists():
            raise Conflict("SAUVEGARDE_EXISTE", f"Le fichier {path} existe déjà.", "Donnez un autre nom.")
        draft = path.with_name(path.name + ".part")
        try:
            with _private(draft) as file, tarfile.open(fileobj=file, mode="w:gz") as box:
                report = self._fill(box, passphrase, originals=originals)
            os.replace(draft, path)
        except OSError as error:
            raise Unavailable(
                "SAUVEGARDE_NON_ECRITE",
                f"La sauvegarde ne peut pas être écrite dans {path.parent} : {why(error)}.",
                "Vérifiez la place libre et les droits de ce dossier.",
            ) from error
        finally:
            draft.unlink(missing_ok=True)
        self._note("backup.written", actor, rows=report.rows, secrets=report.secrets > 0)
        return report

    def read(self, path: Path, actor: str, passphrase: Secret | None = None) -> BackupReport:
        """Take a backup in; everything that leaves is held until a person lets it go.

        Raises `Invalid` SAUVEGARDE_ILLISIBLE, PHRASE_FAUSSE, PHRASE_DEMANDEE; `Conflict` BASE_DEJA_UTILISEE.
        """
        try:
            with tarfile.open(path, mode="r:gz") as box:
                report = self._empty_box(box, passphrase)
        except (tarfile.TarError, EOFError, KeyError, ValueError, OSError) as error:
            raise Invalid(
                "SAUVEGARDE_ILLISIBLE",
                f"{path} n’est pas une sauvegarde entière de Raccord. Rien n’a été restauré.",
                "Reprenez le fichier à sa source.",
            ) from error
        facts = {"rows": report.rows, "secrets": report.secrets > 0, "made_at": report.made_at}
        self._note("backup.restored", actor, **facts)
        return report

    def _fill(self, box: tarfile.TarFile, passphrase: Secret | None, *, originals: bool) -> BackupReport:
        with dumping.still(self._store) as conn:
            tables = dumping.tables()
            manifest = {
                "form": FORM,
                "revision": dumping.revision(conn),
                "made_at": self._clock().isoformat(),
                "tables": {table.name: [column.name for column in table.columns] for table in tables},
                "originals": originals,
                "secrets": passphrase is not None,
            }
            _add(box, _MANIFEST, json.dumps(manifest, indent=1).encode())
            rows = sum(_add_lines(box, f"{_TABLES}{table.name}.jsonl", dumping.lines(conn, table)) for table in tables)
            _add_lines(box, _WORDS, dumping.words(conn))
            kept = self._seal_secrets(box, conn, passphrase) if passphrase is not None else 0
            taken, missing = self._add_originals(box, conn) if originals else (0, ())
        return BackupReport(rows, taken, missing, kept)

    def _seal_secrets(self, box: tarfile.TarFile, conn: sa.Connection, passphrase: Secret) -> int:
        secrets: dict[str, str] = {}
        for name in self._vault.names():
            with self._vault.open(name) as credential:
                secrets[name] = base64.b64encode(credential.reveal_bytes()).decode()
        content = json.dumps({"secrets": secrets, "doors": dumping.doors(conn)}).encode()
        _add(box, _SECRETS, seal_with_passphrase(passphrase, _PLACE, content))
        return len(secrets)

    def _add_originals(self, box: tarfile.TarFile, conn: sa.Connection) -> tuple[int, tuple[str, ...]]:
        taken, missing, after = 0, [], ""
        while names := archive_rows.referenced(conn, after):
            for name in names:
                try:
                    _add(box, _ORIGINALS + name, self._archive.get(name))
                    taken += 1
                except (NotFound, Unavailable):
                    missing.append(name)
            after = names[-1]
        return taken, tuple(missing)

    def _empty_box(self, box: tarfile.TarFile, passphrase: Secret | None) -> BackupReport:
        manifest = json.loads(_content(box, _MANIFEST))
        opened = _opened_secrets(box, manifest, passphrase)
        rows = taken = 0
        with self._store.begin() as conn:
            _admit(conn, manifest)
            dumping.empty_out(conn)
            with _written(conn, box, manifest) as tables:
                for table in dumping.tables():
                    columns, lines = tables(table)
                    rows += dumping.take_in(conn, table, columns, lines)
            _take_words(conn, box)
            dumping.open_doors(conn, opened["doors"])
            for name, content in opened["secrets"].items():
                self._vault.seal(conn, name, base64.b64decode(content))
            dumping.hold_everything(conn)
            for member in box.getmembers():
                if member.name.startswith(_ORIGINALS):
                    taken += self._take_original(box, member)
        return BackupReport(rows, taken, (), len(opened["secrets"]), str(manifest.get("made_at") or ""))

    def _take_original(self, box: tarfile.TarFile, member: tarfile.TarInfo) -> bool:
        data = _content(box, member.name)
        if self._archive.put(data) != member.name.removeprefix(_ORIGINALS):
            raise ValueError(member.name)
        return True

    def _note(self, kind: str, actor: str, **data: object) -> None:
        with self._store.begin() as conn:
            journal.append(conn, NewEvent("house", kind, self._clock(), actor, data))


def _admit(conn: sa.Connection, manifest: dict[str, Any]) -> None:
    if not dumping.is_new(conn):
        raise Conflict(
            "BASE_DEJA_UTILISEE",
            "Cette base contient déjà des connexions, des personnes ou un journal : une restauration les mêlerait.",
            "Restaurez dans une base neuve (RACCORD_DATA_DIR ou RACCORD_DATABASE_URL).",
        )
    if manifest["form"] != FORM or not migrating.knows(manifest["revision"]):
        raise Conflict(
            "SAUVEGARDE_AUTRE_VERSION",
            "Cette sauvegarde vient d’une version de Raccord plus récente que celle-ci. Rien n’a été restauré.",
            "Installez la version qui l’a écrite, ou une plus récente encore, puis restaurez.",
        )


Written = Callable[[sa.Table], tuple[Sequence[str], Iterable[str]]]
"""The columns and the lines of a table of today."""


@contextmanager
def _written(conn: sa.Connection, box: tarfile.TarFile, manifest: dict[str, Any]) -> Iterator[Written]:
    """The rows of a backup as they are written today: as they stand, or brought up from an older version."""
    columns: dict[str, list[str]] = manifest["tables"]

    def stored(name: str) -> Iterator[str]:
        return _lines(box, f"{_TABLES}{name}.jsonl")

    if manifest["revision"] == dumping.revision(conn):
        yield lambda table: (columns[table.name], stored(table.name))
        return
    with ageing.brought_up(manifest["revision"], columns, stored) as passing:
        yield lambda table: ([column.name for column in table.columns], dumping.lines(passing, table))


def _take_words(conn: sa.Connection, box: tarfile.TarFile) -> None:
    if _WORDS in box.getnames():
        dumping.take_words(conn, _lines(box, _WORDS))
    else:
        dumping.find_by_heads(conn)


def _opened_secrets(box: tarfile.TarFile, manifest: dict[str, Any], passphrase: Secret | None) -> dict[str, Any]:
    if passphrase is None:
        return {"secrets": {}, "doors": {}}
    if not manifest["secrets"]:
        raise Invalid(
            "SAUVEGARDE_SANS_SECRETS", "Cette sauvegarde ne contient pas de secrets.", "Restaurez-la sans phrase."
        )
    opened: dict[str, Any] = json.loads(open_with_passphrase(passphrase, _PLACE, _content(box, _SECRETS)))
    return opened


def _private(path: Path) -> IO[bytes]:
    path.unlink(missing_ok=True)
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def _add(box: tarfile.TarFile, name: str, content: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = len(content), 0o600
    box.addfile(entry, io.BytesIO(content))


def _add_lines(box: tarfile.TarFile, name: str, lines: Iterable[str]) -> int:
    """A table may be large: its lines pass through a file, not through memory."""
    count = 0
    with tempfile.TemporaryFile() as passing:
        for line in lines:
            passing.write(line.encode() + b"\n")
            count += 1
        entry = tarfile.TarInfo(name)
        entry.size, entry.mode = passing.tell(), 0o600
        passing.seek(0)
        box.addfile(entry, passing)
    return count


def _content(box: tarfile.TarFile, name: str) -> bytes:
    with _opened(box, name) as file:
        return file.read()


def _lines(box: tarfile.TarFile, name: str) -> Iterator[str]:
    with _opened(box, name) as file:
        for line in file:
            yield line.decode()


def _opened(box: tarfile.TarFile, name: str) -> IO[bytes]:
    file = box.extractfile(name)
    if file is None:
        raise ValueError(name)
    return file
