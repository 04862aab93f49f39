"""COVERAGE.md from the code: what the simulator serves, how well each thing is known, and what it guesses.

`python -m chorus_simulator.coverage > src/chorus_simulator/COVERAGE.md`; a test keeps the file fresh.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from chorus_simulator.deposits import INTERFACES, WITHDRAWN
from chorus_simulator.faults import KINDS
from chorus_simulator.operations import Operation
from chorus_simulator.rules import RULES
from chorus_simulator.surface import OPERATIONS
from chorus_simulator.switches import SWITCHES

HEAD = """# Ce que couvre le simulateur de Chorus Pro

Page produite par `python -m chorus_simulator.coverage` : ne la modifiez pas à la main.

Le simulateur répond comme les documents publics décrivent Chorus Pro et PISTE. Il n’est pas un service de l’État
et n’a pas été comparé à la plateforme réelle. Chaque ligne dit d’où vient la réponse et quelle confiance elle mérite :
**O** texte officiel · **Cn** vu dans *n* clients indépendants · **L** mesuré par un tiers · **F** vu dans un jeu
d’essai · **G** supposé. Les sources sont les fichiers de `specifications/`.
"""
GUESSES = (
    (
        "Codes de TVA hors TVA1 et TVA5, motifs d’exonération, types de pièces jointes, catégories de sollicitation",
        "api/transverses.md §4, §6",
    ),
    ("codeRetour de la famille Structures, et de `soumettre` hors 20013 et 20303", "errors.md §2, §5"),
    ("Libellés de rejet autres que ceux de flux.md §5", "flux.md §5"),
    ("Interfaces des syntaxes autres que UBL, CII 16B, CPP_FACTURE_MIN et FACTURX", "flux.md §2"),
    ("Éléments de CPP_FACTURE_MIN, lus sous les noms du pivot", "flux.md §2, recipient.md §3"),
    (
        "Espace de noms du pivot (aucun), contenu de l’enveloppe et du ZIP de l’annuaire",
        "recipient.md §3, directory.md §6",
    ),
    (
        "Valideur d’un flux A9 ou A12 : représentant fiscal du fichier, sinon titulaire connu de la structure",
        "life-cycle.md §5",
    ),
    (
        "Circuit des travaux : le MOE vient du numéro de marché connu de la structure destinataire, chacun transmet "
        "par une pièce qui nomme la précédente (numeroFactureOrigine) ; chemins, champs et enchaînement déduits",
        "api/factures-travaux.md §2, §3",
    ),
    ("Reconnaissance de caractères : rien n’est lu, sauf les données d’un Factur-X", "saisie.md §2"),
    ("Numéro donné en SAISIE_API : année et seize chiffres", "saisie.md §4"),
    (
        "Fiche d’un SIRET (`consulter/information/siret`) remplie depuis l’annuaire du simulateur",
        "api/transverses.md §3",
    ),
)
ABSENT = (
    ("`recupererTypeStructure`", "chemin inconnu"),
    ("API G2B de 2026 (Annuaire, Flux, Factures)", "schémas non publics"),
    ("Signature XAdES et PAdES", "acceptée sans être vérifiée"),
    ("Règles de la norme EN 16931 et de l’AFNOR", "le circuit historique ne juge pas par elles"),
    ("Services jamais portés sur PISTE", "api/inventory.md"),
)


def page() -> str:
    """The whole page, in Markdown."""
    families = dict.fromkeys(operation.family for operation in OPERATIONS)
    parts = [HEAD, f"## Opérations : {len(OPERATIONS)}\n"]
    parts += [_family(family, [op for op in OPERATIONS if op.family == family]) for family in families]
    parts += [_switches(), _syntaxes(), _rules(), _faults()]
    parts.append("## Supposé, sans interrupteur\n\n" + _table(("Quoi", "Où le contrat se tait"), GUESSES))
    parts.append("## Absent\n\n" + _table(("Quoi", "Pourquoi"), ABSENT))
    return "\n".join(parts)


def _family(name: str, operations: list[Operation]) -> str:
    rows = [(f"`{op.method} {op.path.split('/v1/')[1]}`", op.mark, op.source, op.note) for op in operations]
    return f"### {name} : {len(operations)}\n\n" + _table(("Opération", "Marque", "Source", "Remarque"), rows)


def _switches() -> str:
    rows = [(f"`{s.name}`", f"`{s.default}`", s.mark, s.sentence, s.source) for s in SWITCHES]
    title = "## Choix réglables : chacun se change par `PUT /_control/switches`\n\n"
    return title + _table(("Nom", "Défaut", "Marque", "Sens", "Source"), rows)


def _syntaxes() -> str:
    rows = [
        (f"`{name}`", interface, "retirée : refusée, sauf `syntaxes_retirees`" if name in WITHDRAWN else "acceptée")
        for name, interface in INTERFACES.items()
    ]
    return "## Syntaxes de flux\n\n" + _table(("Syntaxe", "Interface", "État"), rows)


def _rules() -> str:
    rows = [(f"`{rule.__name__}`", (rule.__doc__ or "").strip().replace("\n", " ")) for rule in RULES]
    return "## Contrôles d’une facture déposée\n\n" + _table(("Règle", "Ce qu’elle demande (en anglais)"), rows)


def _faults() -> str:
    rows = [(f"`{kind}`", sentence) for kind, sentence in KINDS.items()]
    refused = "\nConnexion refusée : `POST /_control/refuse` ferme le port pendant quelques secondes.\n"
    return "## Pannes à la demande : `POST /_control/faults`\n\n" + _table(("Panne", "Effet"), rows) + refused


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    lines = [" | ".join(head), " | ".join("---" for _ in head)]
    lines += [" | ".join(cell.replace("|", "\\|") for cell in row) for row in rows]
    return "\n".join(f"| {line} |" for line in lines) + "\n"


if __name__ == "__main__":
    sys.stdout.write(page())
