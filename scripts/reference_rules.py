"""Write the reference pages made from the code: docs/reference/regles.md and docs/reference/facture.schema.json.

Run without argument to write them, with ``--check`` to fail when they are stale (what CI does).
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from raccord.checks import Channel, Rule, catalogue
from raccord.checks.sheets import SHEETS, sheet_version
from raccord.formats import invoice_json

REFERENCE = Path(__file__).resolve().parents[1] / "docs" / "reference"

_INTRODUCTION = """\
# Les règles

Page produite par `scripts/reference_rules.py` à partir du code : ne la modifiez pas à la main.

Un code est donné à une règle pour toujours : une règle peut disparaître, son numéro ne sert jamais à une autre.
Les codes `CP-` sont ceux de Raccord (ce que Chorus Pro exige, qu’aucune feuille officielle ne couvre), les codes
`BR-` ceux de la norme européenne EN 16931. Une **erreur** retient la facture ; un **avertissement** la laisse
partir. L’exploitant peut changer le poids d’une règle, code par code.

Avant ces règles viennent la porte (`CP-FIC`, `CP-XML`, `CP-FMT`), le contenant PDF (`CP-PDF`), le schéma
(`CP-XSD-01`) et la lecture (`CP-DATE-01`, `CP-MNT-01`, `CP-PJ-01`, `CP-JSON`) ; après elles, les feuilles
officielles (`CP-OFF-01` quand elles n’ont pas pu être appliquées) et l’annuaire (`CP-DEST`, `CP-UNI`).
"""
_BEFORE = """\
## Avant lecture

| Code | Ce qui est vérifié |
|---|---|
| `CP-FIC-01` | le fichier n’est pas vide |
| `CP-FIC-02` | 10 Mo au plus par fichier |
| `CP-FIC-03`, `CP-FIC-04` | le nom du fichier (avertissement : Raccord l’envoie sous un nom sûr) |
| `CP-FMT-01` | le fichier est une facture d’un format connu |
| `CP-XML-01` | le XML est entier et bien formé |
| `CP-XML-02` | pas de DOCTYPE |
| `CP-XML-03`, `CP-XML-04`, `CP-XML-06` | l’encodage est UTF-8, et c’est vrai |
| `CP-XML-05` | 100 niveaux d’éléments au plus |
| `CP-PDF-01`, `CP-PDF-02` | le PDF est entier, sans mot de passe |
| `CP-PDF-03` | aucun contenu actif (JavaScript, lancement, formulaire…) |
| `CP-PDF-04` | aucun fichier joint démesuré une fois décompressé |
| `CP-PDF-05`, `CP-PDF-06` | le PDF est un PDF/A-3 |
| `CP-PDF-07` à `CP-PDF-11` | le XML est joint comme Factur-X le demande, les métadonnées s’accordent avec lui |
| `CP-XSD-01` | le XML respecte son schéma |
| `CP-DATE-01`, `CP-MNT-01`, `CP-PJ-01` | les dates, les montants et les pièces jointes sont lisibles |
| `CP-JSON-01` à `CP-JSON-03` | les données JSON sont lisibles, complètes et sans champ inconnu |
"""


def rules_page() -> str:
    """The page, whole."""
    own = [entry for entry in catalogue() if entry.code.startswith("CP-")]
    norm = [entry for entry in catalogue() if not entry.code.startswith("CP-")]
    parts = [
        _INTRODUCTION,
        _BEFORE,
        _table("Ce que Chorus Pro exige", own),
        _table("La norme EN 16931", norm),
        _sheets(),
    ]
    return "\n".join(parts)


def _table(title: str, rules: list[Rule]) -> str:
    rows = [f"## {title}\n", "| Code | Règle | Champ | Poids | Canal | Source |", "|---|---|---|---|---|---|"]
    rows += [_row(entry) for entry in rules]
    return "\n".join(rows) + "\n"


def _row(entry: Rule) -> str:
    channel = "tous" if entry.channels == frozenset(Channel) else ", ".join(sorted(entry.channels))
    return f"| `{entry.code}` | {entry.title} | {entry.bt} | {entry.severity.label} | {channel} | {entry.source} |"


def _sheets() -> str:
    rows = [
        "## Les feuilles officielles\n",
        "Appliquées par SaxonC dans des processus à part ; elles viennent du paquet `factur-x`.\n",
        "| Nom | Version |",
        "|---|---|",
    ]
    rows += [f"| `{name}` | {sheet_version(name)} |" for name in SHEETS]
    return "\n".join(rows) + "\n"


def pages() -> dict[str, str]:
    """File name -> contents."""
    schema = json.dumps(invoice_json.schema(), ensure_ascii=False, indent=2) + "\n"
    return {"regles.md": rules_page(), "facture.schema.json": schema}


def main(arguments: list[str]) -> int:
    """Write the pages, or say which are stale."""
    stale = [name for name, text in pages().items() if not _is_fresh(REFERENCE / name, text)]
    if "--check" in arguments:
        for name in stale:
            print(f"docs/reference/{name} n’est plus à jour : lancez scripts/reference_rules.py", file=sys.stderr)
        return 1 if stale else 0
    REFERENCE.mkdir(parents=True, exist_ok=True)
    for name in stale:
        (REFERENCE / name).write_text(pages()[name], encoding="utf-8")
        print(f"docs/reference/{name}")
    return 0


def _is_fresh(path: Path, text: str) -> bool:
    return path.exists() and path.read_text(encoding="utf-8") == text


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
