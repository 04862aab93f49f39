"""The page `docs/reference/diagnostics.md`, made from the catalogue, so that it never says anything else."""

import re

from raccord.doctor.catalogue import CATALOGUE
from raccord.domain.verdict import Cause

_FAMILIES = {
    "NET": "Réseau",
    "PST": "PISTE",
    "CFG": "Réglages",
    "TEC": "Compte technique",
    "STR": "Droits et structures",
    "DST": "Destinataires",
    "DEP": "Dépôt",
    "FLX": "Suivi des flux",
    "FAC": "Suivi des factures",
    "REC": "Réception",
}
_SEEN = {
    "certain": "certaine",
    "probable": "probable, jugée d’après l’histoire de la connexion",
    "explained": "expliquée, sans test de la connexion",
}
_HEAD = """# Diagnostics : les {count} causes

<!-- Page produite par scripts/reference_diagnostics.py : ne pas la modifier à la main. -->

Ce que Raccord sait nommer, avec ses mots et son remède. Les codes ne changent jamais. « … » tient la place de ce que
Raccord remplit (identifiant, date, SIRET). L’anglais suit chaque remède.
"""


def reference_page() -> str:
    """The whole page."""
    parts = [_HEAD.format(count=len(CATALOGUE))]
    for family, title in _FAMILIES.items():
        parts.append(f"## {title}\n")
        parts += [_entry(cause) for cause in CATALOGUE.values() if cause.family == family]
    return "\n".join(parts)


def _entry(cause: Cause) -> str:
    steps = "\n".join(f"{number}. {step}" for number, step in enumerate(cause.steps, start=1))
    english = " ".join(cause.steps_en)
    return (
        f"### {cause.code} — {cause.title}\n\n"
        f"> {_plain(cause.sentence)}\n\n"
        f"{steps}\n\n"
        f"*Détection : {_SEEN[cause.detection]}. Source : {cause.source}.*\n\n"
        f"*English: {_plain(cause.sentence_en)} {english}*\n"
    )


def _plain(sentence: str) -> str:
    return re.sub(r"\{\w+\}", "…", sentence).strip()
