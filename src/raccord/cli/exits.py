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
    INTERRUPTED = 130


MEANINGS: dict[Exit, str] = {
    Exit.OK: "c’est fait",
    Exit.REFUSED: "refusé : facture à corriger, objet inconnu, ou action qui contredit ce qui existe",
    Exit.USAGE: "commande mal écrite, ou réglage faux",
    Exit.CONNECTION_RED: "connexion avec Chorus Pro non établie",
    Exit.UNAVAILABLE: "indisponible pour l’instant (disque, base, réseau) : recommencer plus tard, sans rien changer",
    Exit.NOT_YET: "pas encore terminé à la fin de l’attente demandée ; le travail continue",
    Exit.INTERRUPTED: "interrompu par Ctrl-C",
}


def exit_of(error: errors.RaccordError) -> Exit:
    """The code of an error of ours."""
    if isinstance(error, errors.Misconfigured):
        return Exit.USAGE
    return Exit.UNAVAILABLE if isinstance(error, errors.Unavailable) else Exit.REFUSED
