"""What a pasted password looks like: remarks for the person, never a correction. Passwords are kept as given."""

import unicodedata
from dataclasses import dataclass

_QUOTES = ('""', "''", "“”", "‘’", "«»", "``")


@dataclass(frozen=True)
class Remark:
    """Something odd, in words. `code` is for life."""

    code: str
    sentence: str


def inspect_password(text: str) -> tuple[Remark, ...]:
    """Everything odd in a pasted password, most likely mistakes first. Empty when nothing is."""
    return tuple(remark for found, remark in _rules(text) if found)


def _rules(text: str) -> tuple[tuple[bool, Remark], ...]:
    return (
        (not text, Remark("VIDE", "Le mot de passe est vide.")),
        (
            "\n" in text or "\r" in text,
            Remark(
                "FIN_DE_LIGNE", "Le mot de passe contient une fin de ligne : elle vient sans doute du copier-coller."
            ),
        ),
        (
            text[:1] in (" ", "\t"),
            Remark("ESPACE_DEBUT", "Le mot de passe commence par un espace : vérifiez qu’il en fait partie."),
        ),
        (
            text[-1:] in (" ", "\t") and len(text) > 1,
            Remark("ESPACE_FIN", "Le mot de passe finit par un espace : vérifiez qu’il en fait partie."),
        ),
        (
            any(unicodedata.category(sign) == "Zs" and sign != " " for sign in text),
            Remark("ESPACE_INSECABLE", "Le mot de passe contient un espace insécable, que Chorus Pro ne produit pas."),
        ),
        (
            any(unicodedata.category(sign) in ("Cf", "Cc") and sign not in "\r\n\t" for sign in text),
            Remark("CARACTERE_INVISIBLE", "Le mot de passe contient un caractère invisible : recopiez-le."),
        ),
        (
            len(text) > 1 and text[0] + text[-1] in _QUOTES,
            Remark("GUILLEMETS", "Le mot de passe est entouré de guillemets : vérifiez qu’ils en font partie."),
        ),
        (
            text.startswith("*") and set(text) == {"*"},
            Remark(
                "ETOILES", "Vous avez copié les étoiles qui masquent le mot de passe : affichez-le, puis recopiez-le."
            ),
        ),
    )
