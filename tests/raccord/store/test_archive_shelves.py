"""One promise on two shelves: a folder, and a bucket of a real S3 server (moto's)."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import boto3
import pytest
from moto.server import ThreadedMotoServer

from raccord.domain.errors import Misconfigured, NotFound, Unavailable
from raccord.domain.secrets import Secret
from raccord.settings import load_settings
from raccord.store.archive.files import FileShelf
from raccord.store.archive.room import Archive, Condition, Shelf
from raccord.store.archive.s3 import Bucket, S3Shelf
from raccord.wiring import open_archive

SECRET = "cle-tres-secrete"


@pytest.fixture(scope="module")
def s3() -> Iterator[str]:
    """The address of an S3 server."""
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


def _client(endpoint: str):  # type: ignore[no-untyped-def]  # boto3 gives no types
    return boto3.client(
        "s3", endpoint_url=endpoint, region_name="eu-west-3", aws_access_key_id="k", aws_secret_access_key=SECRET
    )


@pytest.fixture(params=["folder", "bucket"])
def shelf(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Shelf, Callable[[str, bytes], None]]:
    """A shelf, and a way to spoil what lies on it behind its back."""
    if request.param == "folder":
        files = FileShelf(tmp_path)

        def spoil_file(name: str, data: bytes) -> None:
            files.path(name).chmod(0o640)
            files.path(name).write_bytes(data)

        return files, spoil_file
    endpoint = request.getfixturevalue("s3")
    name = f"archives-{uuid.uuid4().hex[:8]}"
    client = _client(endpoint)
    client.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-west-3"})

    def spoil_object(sha256: str, data: bytes) -> None:
        client.put_object(Bucket=name, Key=f"mairie/{sha256[:2]}/{sha256[2:4]}/{sha256}", Body=data)

    return S3Shelf(Bucket(f"s3://{name}/mairie", endpoint, "eu-west-3", "k", Secret(SECRET))), spoil_object


Spoilt = tuple[Shelf, Callable[[str, bytes], None]]


def test_what_is_kept_comes_back_and_is_named(shelf: Spoilt) -> None:
    archive = Archive(shelf[0])
    names = {archive.put(data) for data in (b"", b"facture", bytes(range(256)) * 40_000)}
    assert archive.get(hashlib.sha256(b"facture").hexdigest()) == b"facture"
    assert set(archive.shelf.names()) == names


def test_nothing_is_written_over(shelf: Spoilt) -> None:
    archive, (_, spoil) = Archive(shelf[0]), shelf
    name = archive.put(b"facture")
    spoil(name, b"autre chose")
    archive.put(b"facture")
    assert archive.shelf.read(name) == b"autre chose"  # the second put left what it found: the alteration shows


def test_an_examination_tells_sound_missing_and_corrupt(shelf: Spoilt) -> None:
    archive, (_, spoil) = Archive(shelf[0]), shelf
    name = archive.put(b"1000,00")
    assert archive.examine(name) is Condition.SOUND
    spoil(name, b"9000,00")
    assert archive.examine(name) is Condition.CORRUPT
    assert archive.examine("0" * 64) is Condition.MISSING
    with pytest.raises(Unavailable, match="ARCHIVE_ALTEREE"):
        archive.get(name)
    with pytest.raises(NotFound, match="ARCHIVE_ABSENTE"):
        archive.get("0" * 64)


def test_what_was_given_lately_is_not_destroyed(shelf: Spoilt) -> None:
    archive = Archive(shelf[0])
    name, now = archive.put(b"conditions generales de vente"), datetime.now(UTC)
    assert not archive.drop(name, now - timedelta(days=1))
    assert archive.examine(name) is Condition.SOUND
    assert archive.drop(name, now + timedelta(days=1))
    assert archive.examine(name) is Condition.MISSING
    assert archive.drop(name, now + timedelta(days=1))  # a second destruction finds nothing to do


def test_bytes_given_again_are_counted_on(tmp_path: Path) -> None:
    files = FileShelf(tmp_path)
    name = Archive(files).put(b"annexe commune")
    import os

    os.utime(files.path(name), (0, 0))
    Archive(files).put(b"annexe commune")
    assert not files.drop(name, datetime.now(UTC) - timedelta(hours=1))


def test_a_bucket_that_is_absent_or_refuses_says_so(s3: str) -> None:
    archive = Archive(S3Shelf(Bucket("s3://inconnu-au-bataillon", s3, "eu-west-3", "k", Secret(SECRET))))
    with pytest.raises(Unavailable, match="ARCHIVE_INDISPONIBLE") as refusal:
        archive.put(b"facture")
    assert SECRET not in str(refusal.value)


@pytest.mark.parametrize("url", ["http://exemple.fr", "s3://", "archives"])
def test_an_address_that_is_none_stops_the_start(url: str) -> None:
    with pytest.raises(Misconfigured, match="RACCORD_ARCHIVE_URL"):
        S3Shelf(Bucket(url))


def test_the_settings_choose_the_shelf(s3: str, tmp_path: Path) -> None:
    _client(s3).create_bucket(Bucket="choisi", CreateBucketConfiguration={"LocationConstraint": "eu-west-3"})
    environ = {
        "RACCORD_DATA_DIR": str(tmp_path),
        "RACCORD_ARCHIVE_URL": "s3://choisi/raccord",
        "RACCORD_ARCHIVE_ENDPOINT": s3,
        "RACCORD_ARCHIVE_REGION": "eu-west-3",
        "RACCORD_ARCHIVE_ACCESS_KEY": "k",
        "RACCORD_ARCHIVE_SECRET_KEY": SECRET,
    }
    archive = open_archive(load_settings(environ, env_file=None))
    name = archive.put(b"facture")
    listed = _client(s3).list_objects_v2(Bucket="choisi")["Contents"]
    assert [entry["Key"] for entry in listed] == [f"raccord/{name[:2]}/{name[2:4]}/{name}"]
    folder = open_archive(load_settings({"RACCORD_DATA_DIR": str(tmp_path)}, env_file=None))
    assert isinstance(folder.shelf, FileShelf)
