"""What the doctor says of this machine: attention, never a failure."""

from pathlib import Path

from raccord.doctor import Machine, local_checks
from raccord.domain.verdict import RungState


def _states(machine: Machine, free: int = 10**12) -> dict[str, RungState]:
    return {rung.name: rung.state for rung in local_checks(machine, lambda _: free)()}


def test_a_sound_machine_passes(tmp_path: Path):
    states = _states(Machine("postgresql", "18.4", "", False, tmp_path))
    assert set(states.values()) == {RungState.PASSED}


def test_a_dangerous_journal_is_told(tmp_path: Path):
    assert _states(Machine("sqlite", "3.40.1", "wal", True, tmp_path))["database"] is RungState.ATTENTION
    assert _states(Machine("sqlite", "3.40.1", "delete", True, tmp_path))["database"] is RungState.PASSED


def test_a_disk_nearly_full_is_told(tmp_path: Path):
    assert _states(Machine("sqlite", "3.53.0", "wal", False, tmp_path), 10**8)["disk"] is RungState.ATTENTION


def test_a_key_beside_the_database_is_told(tmp_path: Path):
    machine = Machine("sqlite", "3.53.0", "wal", False, tmp_path, "La clé du coffre est à côté de la base.")
    assert _states(machine)["vault"] is RungState.ATTENTION


def test_the_disk_of_a_folder_not_made_yet_is_that_of_its_parent(tmp_path: Path):
    rungs = local_checks(Machine("sqlite", "3.53.0", "wal", False, tmp_path / "a" / "b"))()
    assert next(rung for rung in rungs if rung.name == "disk").evidence
