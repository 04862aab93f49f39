"""The files inside a pivot: base64, often of a ZIP of one file under another name (specifications/recipient.md §3).

Nothing here writes to a disk; a name never carries a path; a ZIP is opened only when what comes out is bounded.
"""

import io
import re
import unicodedata
import zipfile
import zlib

MOST = 200 * 1024 * 1024
"""Bytes that one unpacked file may weigh."""
SMALL = 20 * 1024 * 1024
"""Below, any compression is believed; above, a file that swells beyond `RATIO` stays packed: it is a bomb or no
invoice."""
RATIO = 200

_ZIP = ".zip"
_EXTENSION = re.compile(r"\.[A-Za-z0-9]{1,5}$")
_FORBIDDEN = re.compile(r'[<>:"|?*\x00-\x1f\x7f]')
_TURNING = {"Cf", "Cc"}
"""Unicode categories that hide or turn what follows: `facture\u202efdp.exe` shows as a PDF."""


def safe_name(name: str) -> str:
    """The last part of a name, without what a file system or a screen could be fooled by; never empty."""
    last = name.replace("\\", "/").rpartition("/")[2]
    shown = "".join(char for char in last if unicodedata.category(char) not in _TURNING)
    kept = _FORBIDDEN.sub("_", shown).strip(" .")
    stem, dot, extension = kept.rpartition(".")
    if dot and len(extension) <= 10:
        return f"{stem[: 200 - len(extension)]}.{extension}" if stem else extension
    return kept[:200] or "document"


def opened(name: str, content: bytes) -> tuple[str, bytes]:
    """The name and the bytes of a file that came under that name: those of the one file inside, when it came zipped.

    A ZIP of several files, encrypted, damaged, or that would swell beyond reason stays as it came: a text or a sheet
    of an office program is a ZIP of many. So does a ZIP meant to be one, unless it holds another. A name without
    an extension takes that of the file inside, without which nobody could open it.
    """
    inside = _inside(content) if content[:4] == b"PK\x03\x04" else None
    if inside is None or (name.lower().endswith(_ZIP) and not inside[0].lower().endswith(_ZIP)):
        return name, content
    found = _EXTENSION.search(inside[0])
    return name + (found[0] if found and not _EXTENSION.search(name) else ""), inside[1]


def _inside(content: bytes) -> tuple[str, bytes] | None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            if len(entries) != 1 or not _reasonable(entries[0], len(content)):
                return None
            with archive.open(entries[0]) as file:  # reads no further than the size announced, and checks the CRC
                return entries[0].filename, file.read(MOST)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, OSError, EOFError):
        return None


def _reasonable(entry: zipfile.ZipInfo, packed: int) -> bool:
    return entry.file_size <= SMALL or entry.file_size <= min(MOST, RATIO * packed)
