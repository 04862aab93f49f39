"""The page `docs/reference/diagnostics.md`, made from the catalogue, so that it never says anything else."""

import re
from collections.abc import Sequence

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
_SHORT = {"certain": "certaine", "probable": "probable", "explained": "expliquée"}
_COUNTED = {
    "certain": "causes détectées à coup sûr",
    "probable": "jugées d’après l’histoire de la connexion",
    "explained": "expliquées là où elles se présentent",
}
_SCORE = """# Score du diagnostic

<!-- Page écrite par les essais : RACCORD_SCORE=oui pytest tests/raccord/doctor. Ne pas la modifier à la main. -->

Chaque panne que le simulateur sait produire est produite, puis le diagnostic est lancé. Il compte comme juste quand la
bonne cause est nommée **en premier**.

**{good} sur {all}**, pour {causes} causes.

| Cause | Titre | Pannes produites | Nommée |
|---|---|---|---|
"""
_HEAD = """# Diagnostics : les {count} causes

<!-- Page produite par scripts/reference_diagnostics.py : ne pas la modifier à la main. -->

Ce que Raccord sait nommer, avec ses mots et son remède. Les codes ne changent jamais. « … » tient la place de ce que
Raccord remplit (identifiant, date, SIRET). L’anglais suit chaque remède.
"""


def reference_page() -> str:
    """The whole page."""
    parts = [_HEAD.format(count=len(CATALOGUE)), _table()]
    for family, title in _FAMILIES.items():
        parts.append(f"## {title}\n")
        parts += [_entry(cause) for cause in CATALOGUE.values() if cause.family == family]
    return "\n".join(parts)


def _table() -> str:
    """One line per cause: certainly detected, probably, or only explained."""
    counts = ", ".join(f"{_count(kind)} {words}" for kind, words in _COUNTED.items())
    rows = [f"| {one.code} | {one.title} | {_SHORT[one.detection]} |" for one in CATALOGUE.values()]
    head = ["## En une page\n", f"{counts}. Les essais de chacune : [score](score-du-diagnostic.md).\n"]
    return "\n".join([*head, "| Cause | Titre | Détection |", "|---|---|---|", *rows, ""])


def _count(kind: str) -> int:
    return sum(one.detection == kind for one in CATALOGUE.values())


def score_page(named: Sequence[tuple[str, str, bool]]) -> str:
    """The page of the score: each cause that was produced on a bench (code, how, named first or not)."""
    good = sum(right for _, _, right in named)
    rows = []
    for code in dict.fromkeys(code for code, _, _ in named):
        ways = [(how, right) for found, how, right in named if found == code]
        told = ", ".join(f"`{how}`" for how, _ in ways)
        rows.append(f"| {code} | {CATALOGUE[code].title} | {told} | {sum(right for _, right in ways)}/{len(ways)} |")
    return _SCORE.format(good=good, all=len(named), causes=len(rows)) + "\n".join(rows) + "\n"


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
    return re.sub(r"…( …)+", "…", re.sub(r"\{\w+\}", "…", sentence.removesuffix("{remarks}"))).strip()
