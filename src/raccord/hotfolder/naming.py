"""How received invoices are named: a template of fields between braces, each made safe for any disk."""

import re
import string
import unicodedata
from dataclasses import dataclass

from raccord.domain.connection import Structure
from raccord.domain.errors import Misconfigured
from raccord.domain.handover import Layout, Taking
from raccord.domain.reception import Reception

FIELDS: dict[str, str] = {
    "siret": "SIRET de la structure publique",
    "structure": "nom de la structure publique",
    "numero": "numéro de la facture",
    "id_facture": "identifiant Chorus Pro de la facture",
    "id": "identifiant Raccord de la facture",
    "fournisseur": "nom du fournisseur",
    "siret_fournisseur": "identifiant du fournisseur",
    "date": "date de la facture, AAAA-MM-JJ",
    "service": "code du service",
    "engagement": "numéro d’engagement",
}
_MOST = 60
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?$")


@dataclass(frozen=True)
class Naming:
    """A template such as `{siret}/{numero}_{id_facture}`. Raises `Misconfigured` for a field that does not exist.

    The layout says whether the last part names a folder or begins the names of files laid side by side. It must tell
    two invoices apart.
    """

    template: str = "{siret}/{numero}_{id_facture}"
    layout: Layout = Layout.FOLDER
    taking: Taking = Taking.MOVED

    def __post_init__(self) -> None:
        asked = {name for _, name, _, _ in _parts(self.template) if name is not None}
        if asked - set(FIELDS) or not asked & {"id", "id_facture"} or "" in self.template.split("/"):
            raise Misconfigured(
                "DOSSIER_NOMMAGE",
                f"Le réglage RACCORD_HOTFOLDER_NAMING vaut « {self.template} » : ce nommage ne convient pas.",
                "Employez les champs " + ", ".join(f"{{{name}}}" for name in FIELDS)
                + ", dont {id_facture} ou {id}, qui distinguent deux factures.",
            )  # fmt: skip

    def path(self, reception: Reception, structure: Structure) -> str:
        """The path of a reception below the folder of what is to be taken, `/` between its parts."""
        values = {
            "siret": structure.siret,
            "structure": structure.label,
            "numero": reception.number,
            "id_facture": str(reception.id_facture),
            "id": reception.id,
            "fournisseur": reception.supplier_name,
            "siret_fournisseur": reception.supplier_siret,
            "date": reception.issue_date.isoformat() if reception.issue_date else "sans-date",
            "service": reception.service_code,
            "engagement": reception.commitment,
        }
        safe = {name: safe_name(value) or "sans-" + name.replace("_", "-") for name, value in values.items()}
        return "/".join(safe_name(part.format_map(safe)) or "_" for part in self.template.split("/"))


def safe_name(text: str) -> str:
    """Letters without accents, digits, `-`, `_` and points inside: a name that every disk takes; may be empty."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    name = re.sub(r"[^A-Za-z0-9._-]+", "-", plain).strip("-. ")[: 2 * _MOST].rstrip("-. ")
    return f"_{name}" if _RESERVED.match(name) else name


def _parts(template: str) -> list[tuple[str, str | None, str | None, str | None]]:
    try:
        return list(string.Formatter().parse(template))
    except ValueError:
        return [("", "accolade", None, None)]
