"""The archive keeps bytes under their own hash: whole, once, verified."""

import hashlib
import os
import resource
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from raccord.domain.errors import NotFound, Unavailable
from raccord.store.archive import Archive
from raccord.store.archive_files import FileShelf


@given(data=st.binary(max_size=4096))
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_what_is_put_comes_back(tmp_path: Path, data: bytes) -> None:
    archive = Archive(tmp_path)
    digest = archive.put(data)
    assert digest == hashlib.sha256(data).hexdigest()
    assert archive.get(digest) == data
    assert FileShelf(tmp_path).path(digest).parent == tmp_path / digest[:2] / digest[2:4]


def test_the_same_bytes_are_one_file(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    assert archive.put(b"facture") == archive.put(b"facture")
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 1


def test_a_changed_file_is_refused(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    path = FileShelf(tmp_path).path(archive.put(b"1000,00"))
    path.chmod(0o640)
    path.write_bytes(b"9000,00")
    with pytest.raises(Unavailable) as refusal:
        archive.get(path.name)
    assert refusal.value.code == "ARCHIVE_ALTEREE"


def test_a_lost_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        Archive(tmp_path).get("0" * 64)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_full_disk_leaves_nothing_half_written(tmp_path: Path) -> None:
    child = os.fork()
    if child == 0:  # a process of its own, whose files may not exceed 4 kB
        import signal

        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
        try:
            Archive(tmp_path).put(b"x" * 100_000)
        except Unavailable as refusal:
            os._exit(0 if refusal.code == "ARCHIVE_INDISPONIBLE" else 2)
        os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
