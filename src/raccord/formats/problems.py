"""What a reader says when it cannot read: one exception with a code for programs and a sentence for people."""

from __future__ import annotations

from raccord.domain.errors import Unavailable


class ReadError(ValueError):
    """A file that cannot be read as an invoice.

    ``code``: permanent name, the same as the fault's that the checks report. ``sentence``: French, what is
    wrong. ``cure``: French, what to do. ``path``: where in the file, when known. ``sentence_en``: the
    sentence in English.
    """

    def __init__(self, code: str, sentence: str, cure: str, *, path: str = "", sentence_en: str = "") -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence
        self.cure = cure
        self.path = path
        self.sentence_en = sentence_en


def not_an_invoice(what: str) -> ReadError:
    """The file is readable, but it is no invoice that we know. ``what`` describes what was found."""
    return ReadError(
        "CP-FMT-01",
        f"Ce fichier n’est pas une facture que Raccord sait lire ({what}).",
        "Déposez une facture Factur-X (PDF), CII ou UBL, ou un PDF accompagné de ses données.",
        sentence_en="This file is not an invoice in a known format.",
    )


class NotDrawable(Unavailable):
    """The page of an invoice could not be drawn within the bounds of memory and time; its data are whole."""

    def __init__(self) -> None:
        super().__init__(
            "DESSIN_IMPOSSIBLE",
            "La page de cette facture n’a pas pu être dessinée : le dessin demandait trop de mémoire ou de temps.",
            "Les données de la facture sont intactes : téléchargez le fichier d’origine, ou réessayez plus tard.",
        )
