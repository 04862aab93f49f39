"""Reading a file whose size nobody vouches for: what no platform would take is refused before a byte is read."""

from pathlib import Path

from raccord.domain.errors import Invalid

LARGEST = 64 * 1024 * 1024
"""Twice what a whole flux may hold (specifications/flux.md §6): up to there the checks say what is too large."""


def read_file(path: Path, largest: int = LARGEST) -> bytes:
    """The bytes of a file. Raises `Invalid` (`FICHIER_TROP_VOLUMINEUX`) beyond `largest` bytes, or OSError."""
    size = path.stat().st_size
    if size > largest:
        raise too_large(path.name, size)
    with path.open("rb") as file:
        data = file.read(largest + 1)
    if len(data) > largest:  # it grew, or is no plain file
        raise too_large(path.name, len(data))
    return data


def too_large(name: str, size: int) -> Invalid:
    """The refusal of a file of that many bytes."""
    return Invalid(
        "FICHIER_TROP_VOLUMINEUX",
        f"« {name} » pèse {size / 1024 / 1024:.0f} Mo : Chorus Pro ne prend aucun fichier de cette taille.",
        "Une facture compte 10 Mo au plus, pièces jointes comprises : réduisez les images du PDF.",
    )
