"""A secret read in a file: its first line, byte for byte, without the line end that editors add by themselves."""

from raccord.domain.errors import Invalid


def first_line(data: bytes) -> str:
    """The first line of a file of one secret. Raises `Invalid` (`FICHIER_SECRET_ENCODAGE`) when it is not UTF-8."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Invalid(
            "FICHIER_SECRET_ENCODAGE",
            "Le fichier du secret n’est pas en UTF-8 : Raccord ne peut pas le lire sans risquer de le changer.",
            "Enregistrez-le de nouveau en choisissant l’encodage UTF-8, puis relancez la commande.",
        ) from error
    return text.split("\n", 1)[0].removesuffix("\r")
