"""The watched folder: a face for software that knows files only, on a local disk or a network share (SMB).

    a-deposer/    the software lays invoices here (a-deposer/<connexion>/ names the connection that carries them);
                  data and their PDF are a pair, F1.json and F1.pdf
    en-cours/     taken by Raccord, being accepted; nothing to do here
    deposees/     accepted, each with <name>.json that says where it stands
    a-corriger/   refused, each with <name>.erreurs.txt in French and <name>.json
    recues/       received invoices, each with its documents and a JSON sheet
    traitees/     the software moves there what it has taken from recues/
    statuts/      the software lays <id>.statut.json here; envoyes/ and refuses/ hold the answers

No notification of the system is used (a network share gives none): the folder is looked at, and a file is taken once
two looks in a row saw the same size and date. Every step is a rename or a write under another name followed by one,
and may be done again: a stop at any point loses nothing and doubles nothing.
"""

from raccord.hotfolder.naming import Naming
from raccord.hotfolder.profiles import naming_of
from raccord.hotfolder.watched import Look, WatchedFolder

__all__ = ["Look", "Naming", "WatchedFolder", "naming_of"]
