"""Files joined to an invoice at Chorus Pro: sent one by one to the account, then named by `soumettre` or `completer`.

A file that no call names stays on the account and changes nothing (specifications/saisie.md §3): sending it again
after a crash does no harm.
"""

import mimetypes
from collections.abc import Sequence
from dataclasses import dataclass

from choruspro import ChorusPro
from choruspro.enumerations import TypeObjet
from raccord.engine.deposits.parcel import safe_name

_FALLBACK_TYPE = "DOCUMENT_ANNEXE"
_PLAIN_WORDS = ("annexe", "autre", "justificatif")
"""The codes of types are not public: the most general label is chosen."""


@dataclass(frozen=True)
class Parked:
    """A file that Chorus Pro holds for the account, ready to be named."""

    id: int
    designation: str
    kind: str


def park(chorus: ChorusPro, files: Sequence[tuple[str, str, bytes]]) -> list[Parked]:
    """Send these files (name, designation, bytes). Raises the client's errors."""
    if not files:
        return []
    kind = _kind(chorus)
    return [Parked(upload(chorus, name, data), (designation or name)[:100], kind) for name, designation, data in files]


def upload(chorus: ChorusPro, name: str, data: bytes) -> int:
    """Send one file; gives its `pieceJointeId`."""
    short = safe_name(name)
    extension = short.rpartition(".")[2].lower() if "." in short else "pdf"
    mime = mimetypes.guess_type(short)[0] or "application/octet-stream"
    answer = chorus.transverses.ajouter_fichier(
        pieceJointeFichier=data, pieceJointeNom=short, pieceJointeTypeMime=mime, pieceJointeExtension=extension
    )
    return answer.pieceJointeId or 0


def _kind(chorus: ChorusPro) -> str:
    known = chorus.transverses.recuperer_typespj(typeObjet=TypeObjet.FACTURE).listeTypePieceJointe
    labels = {one.codeTypePieceJointe: (one.libelleTypePieceJointe or "").lower() for one in known}
    for word in _PLAIN_WORDS:
        for code, label in labels.items():
            if code and word in label:
                return code
    return next((code for code in labels if code), _FALLBACK_TYPE)
