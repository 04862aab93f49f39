"""What the doctor says of this machine: database, disk, place of the vault's key. Attention, never a failure."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from raccord.domain.verdict import Rung, RungState

LOW_DISK_BYTES = 1_000_000_000


@dataclass(frozen=True)
class Machine:
    """The facts of this machine that bear on Raccord."""

    dialect: str
    version: str
    journal_mode: str
    wal_reset_bug: bool
    data_dir: Path
    key_exposure: str = ""
    """What is wrong with the place of the vault's key, empty when nothing is."""


def local_checks(machine: Machine, free_bytes: Callable[[Path], int] | None = None) -> Callable[[], tuple[Rung, ...]]:
    """The rungs of this machine, asked at each visit."""
    free = free_bytes or _free_bytes

    def checks() -> tuple[Rung, ...]:
        return (_database(machine), _disk(machine.data_dir, free), _key(machine))

    return checks


def _database(machine: Machine) -> Rung:
    facts = f"{machine.dialect} {machine.version} {machine.journal_mode}".strip()
    if machine.dialect == "sqlite" and machine.wal_reset_bug and machine.journal_mode == "wal":
        sentence = (
            f"Cette version de SQLite ({machine.version}) peut abîmer un journal WAL : laissez Raccord choisir son "
            "mode, ou passez à SQLite 3.51.3 ou à PostgreSQL."
        )
        return _rung("database", "Base de données", RungState.ATTENTION, sentence, facts)
    if machine.dialect == "sqlite" and machine.wal_reset_bug:
        sentence = f"SQLite {machine.version}, en mode prudent : sûr, un peu plus lent."
        return _rung("database", "Base de données", RungState.PASSED, sentence, facts)
    return _rung("database", "Base de données", RungState.PASSED, f"{machine.dialect} {machine.version}.", facts)


def _disk(folder: Path, free: Callable[[Path], int]) -> Rung:
    left = free(folder)
    if left < LOW_DISK_BYTES:
        sentence = f"Il ne reste que {left // 1_000_000} Mo pour les originaux : libérez de la place."
        return _rung("disk", "Espace disque", RungState.ATTENTION, sentence, str(left))
    return _rung("disk", "Espace disque", RungState.PASSED, f"{left // 1_000_000_000} Go libres.", str(left))


def _key(machine: Machine) -> Rung:
    if machine.key_exposure:
        return _rung("vault", "Clé du coffre", RungState.ATTENTION, machine.key_exposure, "")
    return _rung("vault", "Clé du coffre", RungState.PASSED, "La clé ouvre les secrets enregistrés.", "")


def _rung(name: str, title: str, state: RungState, sentence: str, evidence: str) -> Rung:
    return Rung(name, title, state, sentence, evidence, 0.0)


def _free_bytes(folder: Path) -> int:
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return shutil.disk_usage(folder).free
