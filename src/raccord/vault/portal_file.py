"""Reads the file that the portal's save button gives (seed S2-72): login and password, nothing to retype.

Taken: text with `Identifiant : …` and `Mot de passe : …`, a two-column CSV `login;password`, a PDF holding that text.
The password is what stands after the label and its one space, to the end of the line, byte for byte.
"""

import io
import re
from dataclasses import dataclass
from datetime import datetime

from raccord.domain.clock import PARIS
from raccord.domain.errors import Invalid
from raccord.domain.secrets import Secret

_MAX_BYTES = 1_000_000
_LOGIN = re.compile(
    r"^[^\S\n]*(?:identifiant|login|compte technique|utilisateur)(?: [^:\n]*)?[ \u00a0]?:[ \u00a0]?(.*)$", re.I | re.M
)
_PASSWORD = re.compile(r"^[^\S\n]*(?:mot de passe|password)[ \u00a0]?:[ \u00a0]?(.*)$", re.I | re.M)
_EXPIRY = re.compile(r"(?:date exp|expir)[^:\n]{0,80}:\s*(\d\d/\d\d/\d{4})(?: (\d\d:\d\d:\d\d))?", re.I)


@dataclass(frozen=True)
class PortalAccount:
    """A technical account as its save file tells it."""

    login: str
    password: Secret
    expires_at: datetime | None = None


def read_portal_file(data: bytes) -> PortalAccount:
    """Read a save file. Raises `Invalid` FICHIER_PORTAIL_ILLISIBLE, whose sentence never quotes the content."""
    text = _text(data).replace("\r\n", "\n").replace("\r", "\n")
    login, password = _LOGIN.search(text), _PASSWORD.search(text)
    if login and password and login[1].strip() and password[1]:
        return PortalAccount(login[1].strip(), Secret(password[1]), _expiry(text))
    return _from_columns(text)


def _from_columns(text: str) -> PortalAccount:
    for line in text.split("\n"):
        login, sign, password = line.partition(";")
        if sign and password and "@" in login and " " not in login.strip():
            return PortalAccount(login.strip(), Secret(password))
    raise _unreadable()


def _text(data: bytes) -> str:
    if len(data) > _MAX_BYTES:
        raise _unreadable()
    if data.startswith(b"%PDF-"):
        return _pdf_text(data)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _pdf_text(data: bytes) -> str:
    """The text shown by a simple PDF: one line for each text operator, in the encoding of the standard fonts."""
    import pikepdf

    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            return "\n".join(
                _shown(step) for page in pdf.pages for step in pikepdf.parse_content_stream(page, "Tj TJ '")
            )
    except (pikepdf.PdfError, pikepdf.PasswordError, TypeError, ValueError, IndexError, RuntimeError):
        raise _unreadable() from None  # what pikepdf says of a file locked, cut short or rearranged


def _shown(step: object) -> str:
    operands = step.operands[0]  # type: ignore[attr-defined]  # pikepdf ships no types for its instructions
    pieces = [operands] if not hasattr(operands, "__iter__") or hasattr(operands, "unparse") else list(operands)
    return "".join(bytes(piece).decode("cp1252", "replace") for piece in pieces if hasattr(piece, "__bytes__"))


def _expiry(text: str) -> datetime | None:
    found = _EXPIRY.search(text)
    if not found:
        return None
    try:
        written = f"{found[1]} {found[2] or '00:00:00'}"
        return datetime.strptime(written, "%d/%m/%Y %H:%M:%S").replace(tzinfo=PARIS)
    except ValueError:  # « 00/08/2022 » (seed S1-46): the account is still good to take
        return None


def _unreadable() -> Invalid:
    return Invalid(
        "FICHIER_PORTAIL_ILLISIBLE",
        "Ce fichier n’est pas celui que Chorus Pro enregistre : ni identifiant ni mot de passe n’y ont été trouvés.",
        "Choisissez le fichier enregistré depuis la page « Récapitulatif de création de compte utilisateur "
        "technique », ou collez l’identifiant et le mot de passe.",
    )
