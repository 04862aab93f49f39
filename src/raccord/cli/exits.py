"""The exit codes of every command, and the errors that lead to them."""

from enum import IntEnum

from raccord.domain import errors


class Exit(IntEnum):
    """What a script reads in `$?`."""

    OK = 0
    REFUSED = 1
    USAGE = 2
    CONNECTION_RED = 3
    UNAVAILABLE = 4
    NOT_YET = 5
    NETWORK = 11
    PISTE = 12
    ACCOUNT = 13
    RIGHTS = 14
    SETTINGS = 15
    INTERRUPTED = 130


MEANINGS: dict[Exit, str] = {
    Exit.OK: "c’est fait",
    Exit.REFUSED: "refusé : facture à corriger, objet inconnu, ou action qui contredit ce qui existe",
    Exit.USAGE: "commande mal écrite, ou réglage faux",
    Exit.CONNECTION_RED: "connexion avec Chorus Pro non établie",
    Exit.UNAVAILABLE: "indisponible pour l’instant (disque, base, réseau) : recommencer plus tard, sans rien changer",
    Exit.NOT_YET: "pas encore terminé à la fin de l’attente demandée ; le travail continue",
    Exit.NETWORK: "raccord doctor : le réseau ou Chorus Pro lui-même (causes NET)",
    Exit.PISTE: "raccord doctor : l’application PISTE ou son jeton (causes PST)",
    Exit.ACCOUNT: "raccord doctor : le compte technique (causes TEC)",
    Exit.RIGHTS: "raccord doctor : les droits ou les structures (causes STR)",
    Exit.SETTINGS: "raccord doctor : les réglages de Raccord (causes CFG)",
    Exit.INTERRUPTED: "interrompu par Ctrl-C",
}


_FAMILIES = {
    "NET": Exit.NETWORK,
    "PST": Exit.PISTE,
    "TEC": Exit.ACCOUNT,
    "STR": Exit.RIGHTS,
    "CFG": Exit.SETTINGS,
}


def exit_of_cause(family: str) -> Exit:
    """The code of a red light, by the family of its likeliest cause."""
    return _FAMILIES.get(family, Exit.CONNECTION_RED)


def exit_of(error: errors.RaccordError) -> Exit:
    """The code of an error of ours."""
    if isinstance(error, errors.Misconfigured):
        return Exit.USAGE
    return Exit.UNAVAILABLE if isinstance(error, errors.Unavailable) else Exit.REFUSED
