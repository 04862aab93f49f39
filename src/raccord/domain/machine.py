"""What the machine refuses, in French: the operating system tells it in English, or in the tongue of its locale."""

import errno

_REASONS: dict[int, str] = {
    errno.EACCES: "l’accès est refusé",
    errno.EPERM: "l’accès est refusé",
    errno.ENOENT: "le fichier ou le dossier n’existe pas",
    errno.ENOTDIR: "un fichier se trouve là où il faudrait un dossier",
    errno.EISDIR: "un dossier se trouve là où il faudrait un fichier",
    errno.EEXIST: "ce nom existe déjà",
    errno.ENOSPC: "le disque est plein",
    errno.EDQUOT: "le quota de disque est atteint",
    errno.EFBIG: "le fichier dépasse la taille permise",
    errno.EROFS: "le disque est en lecture seule",
    errno.EIO: "le disque signale une erreur",
    errno.EMFILE: "trop de fichiers sont ouverts",
    errno.ENFILE: "trop de fichiers sont ouverts",
    errno.ENAMETOOLONG: "le nom est trop long",
    errno.ETIMEDOUT: "le délai est dépassé",
    errno.ECONNREFUSED: "la connexion est refusée",
    errno.EADDRINUSE: "le port est déjà pris",
    errno.EADDRNOTAVAIL: "cette adresse n’est pas une adresse de cette machine",
}


def why(error: OSError) -> str:
    """The reason of a refusal of the machine, in a few French words, to stand between parentheses."""
    return _REASONS.get(error.errno or 0, error.strerror or type(error).__name__)
