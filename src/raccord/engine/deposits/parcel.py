"""The parcel: one file for one flux. A single invoice travels as it is, several as a `.tar.gz` of one syntax."""

import gzip
import io
import re
import tarfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from raccord.domain.deposit import Deposit

_FORBIDDEN = re.compile(r"[^A-Za-z0-9._-]+")
_NAME_MAX = 50
"""Characters, extension included (specifications/flux.md §6)."""


@dataclass(frozen=True)
class Parcel:
    """What `deposer/flux` receives."""

    filename: str
    data: bytes


def choose(ready: Sequence[tuple[Deposit, bool]], *, max_bytes: int, max_invoices: int) -> tuple[Deposit, ...]:
    """Which of these deposits travel together: those of the first one's syntax, up to the limits.

    Each comes with whether it must travel alone. A supplier's invoices leave in this order: where one cannot join,
    those of the same supplier behind it wait for the next flux, whatever their syntax.
    """
    if not ready:
        return ()
    first, alone = ready[0]
    if alone:
        return (first,)
    chosen, size, held = [first], first.size, set[str]()
    for deposit, apart in ready[1:]:
        if len(chosen) >= max_invoices:
            break
        other = apart or deposit.syntaxe_flux != first.syntaxe_flux or size + deposit.size > max_bytes
        if other or deposit.supplier_siret in held:
            held.add(deposit.supplier_siret)
            continue
        chosen.append(deposit)
        size += deposit.size
    return tuple(chosen)


def pack(files: Sequence[tuple[Deposit, bytes]], reference: str) -> Parcel:
    """The file of a flux; `reference` names it when it holds several invoices."""
    if len(files) == 1:
        deposit, data = files[0]
        return Parcel(safe_name(deposit.filename), data)
    return Parcel(f"raccord_{_FORBIDDEN.sub('', reference)[:24]}.tar.gz", _tar(_named(files)))


def safe_name(filename: str) -> str:
    """A file name without path, without forbidden characters, of 50 characters at most, its extension kept."""
    base = _FORBIDDEN.sub("_", filename.replace("\\", "/").rsplit("/", 1)[-1]).strip("._") or "facture.xml"
    stem, dot, extension = base.rpartition(".")
    if not dot:
        return base[:_NAME_MAX]
    return f"{stem[: _NAME_MAX - len(extension) - 1]}.{extension}"


def _named(files: Iterable[tuple[Deposit, bytes]]) -> Iterator[tuple[str, bytes]]:
    for rank, (deposit, data) in enumerate(files, start=1):
        yield safe_name(f"{rank:03d}_{deposit.filename}"), data


def _tar(files: Iterable[tuple[str, bytes]]) -> bytes:
    raw = io.BytesIO()
    squeezed = gzip.GzipFile(fileobj=raw, mode="wb", mtime=0, compresslevel=6)
    with squeezed, tarfile.open(fileobj=squeezed, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name, data in files:
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    return raw.getvalue()
