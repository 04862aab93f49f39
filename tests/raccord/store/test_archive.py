"""The archive keeps bytes under their own hash: whole, once, verified."""

import hashlib
import os
import resource
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from raccord.domain.errors import NotFound, Unavailable
from raccord.store.archive.files import FileShelf
from raccord.store.archive.room import Archive


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


class Killed(BaseException):
    """The process dies there."""


@pytest.mark.parametrize("step", ["fsync", "link"])
@pytest.mark.parametrize("nth", [1, 2, 3, 4])
def test_a_death_while_several_files_are_kept_leaves_none_half_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, nth: int
) -> None:
    files, left, true = [bytes([number]) * 50_000 for number in range(4)], [nth], getattr(os, step)

    def dies(*arguments: object) -> None:
        left[0] -= 1
        if left[0] == 0:
            raise Killed
        true(*arguments)

    with monkeypatch.context() as patch:
        patch.setattr(os, step, dies)
        with pytest.raises(Killed):
            Archive(tmp_path).put_all(files)
    archive = Archive(tmp_path)
    kept = set(archive.shelf.names())
    assert len(kept) == (0 if step == "fsync" else nth - 1)  # nothing has its name before all bytes are on the disk
    assert all(archive.get(name) for name in kept)
    assert archive.put_all(files) == [hashlib.sha256(data).hexdigest() for data in files]
    assert [archive.get(name) for name in archive.put_all(files)] == files


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="asks Linux which file a descriptor is")
def test_every_folder_above_a_new_file_is_flushed_after_it_has_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[tuple[str, str]] = []
    fsync, link = os.fsync, os.link

    def flushes(descriptor: int) -> None:
        steps.append(("flush", os.readlink(f"/proc/self/fd/{descriptor}")))
        fsync(descriptor)

    def links(draft: Path, target: Path) -> None:
        steps.append(("link", str(target)))
        link(draft, target)

    monkeypatch.setattr(os, "fsync", flushes)
    monkeypatch.setattr(os, "link", links)
    root = tmp_path / "archives"
    for digest in Archive(root).put_all([b"une", b"deux", b"trois"]):
        path = FileShelf(root).path(digest)
        named = steps.index(("link", str(path)))
        for folder in (path.parent, path.parent.parent, root):
            assert ("flush", str(folder)) in steps[named:]
    drafts = [rank for rank, (what, where) in enumerate(steps) if what == "flush" and Path(where).name[0] == "."]
    assert max(drafts) < min(rank for rank, (what, _) in enumerate(steps) if what == "link")
    assert len(drafts) == 3
