"""The archive in a bucket that speaks S3 (AWS, Scaleway, OVHcloud, MinIO...): written once by a conditional PUT.

The lock of the bucket itself (object lock, versions) belongs to whoever runs it: see docs/guides/archive.md.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from urllib.parse import urlsplit

import obstore
from obstore.exceptions import AlreadyExistsError, BaseError
from obstore.store import S3Store

from raccord.domain.errors import Misconfigured
from raccord.domain.secrets import Secret
from raccord.store.side_by_side import SideBySide

_NAME = re.compile(r"[0-9a-f]{64}")
_REQUESTS = 8
"""Requests under way at once."""
Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Bucket:
    """Where the bucket is and who asks. What is empty is taken from the machine's own AWS settings."""

    url: str
    """`s3://bucket/prefix`."""
    endpoint: str = ""
    """Address of the service, for others than AWS."""
    region: str = ""
    access_key: str = ""
    secret_key: Secret | None = None


class S3Shelf:
    """The bucket of the originals. Objects are named as in a folder: `prefix/ab/cd/abcd...`."""

    def __init__(self, bucket: Bucket) -> None:
        self._store = _open(bucket)
        self._together = SideBySide(_REQUESTS, "raccord-bucket")

    def keep(self, files: Mapping[str, bytes]) -> None:
        """See `Shelf.keep`: `If-None-Match: *`, so that two workers never write over one another."""
        self._together.run(self._keep, files.items())

    def _keep(self, file: tuple[str, bytes]) -> None:
        sha256, data = file
        try:
            obstore.put(self._store, _key(sha256), data, mode="create")
        except AlreadyExistsError:
            return
        except BaseError as error:
            raise _refused(error) from error

    def read(self, sha256: str) -> bytes:
        """See `Shelf.read`."""
        return _asked(lambda: bytes(obstore.get(self._store, _key(sha256)).bytes()))

    def drop(self, sha256: str, before: datetime) -> bool:
        """See `Shelf.drop`. A bucket keeps the hour of the first writing: bytes given again do not refresh it."""
        try:
            if _asked(lambda: obstore.head(self._store, _key(sha256)))["last_modified"] >= before:
                return False
        except FileNotFoundError:
            return True
        _asked(lambda: obstore.delete(self._store, _key(sha256)))
        return True

    def names(self) -> Iterator[str]:
        """See `Shelf.names`."""
        try:
            for some in obstore.list(self._store):
                names = (str(entry["path"]).rpartition("/")[2] for entry in some)
                yield from (name for name in names if _NAME.fullmatch(name))
        except BaseError as error:
            raise _refused(error) from error


def _open(bucket: Bucket) -> S3Store:
    address = urlsplit(bucket.url)
    if address.scheme != "s3" or not address.netloc:
        raise Misconfigured(
            "ARCHIVE_ADRESSE",
            f"RACCORD_ARCHIVE_URL vaut « {bucket.url} » : ce n’est pas l’adresse d’un espace de stockage S3.",
            "Écrivez par exemple s3://archives-mairie/raccord, ou laissez vide pour archiver dans un dossier.",
        )
    given = {
        "endpoint": bucket.endpoint,
        "region": bucket.region,
        "access_key_id": bucket.access_key,
        "secret_access_key": bucket.secret_key.reveal() if bucket.secret_key else "",
    }
    config: Any = {name: value for name, value in given.items() if value}
    return S3Store(
        address.netloc,
        prefix=address.path.strip("/") or None,
        config=config,
        client_options={"allow_http": bucket.endpoint.startswith("http://")},
    )


def _key(sha256: str) -> str:
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256}"


def _asked(question: Callable[[], Answer]) -> Answer:
    try:
        return question()
    except BaseError as error:
        raise _refused(error) from error


def _refused(error: BaseError) -> OSError:
    """A short sentence: the library's own text tells the whole exchange."""
    return OSError(f"{type(error).__name__}: {str(error).splitlines()[0][:200]}")
