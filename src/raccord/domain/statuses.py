"""The statuses of an invoice at Chorus Pro: labels, what a recipient may set, the AFNOR vocabulary.

Source: specifications/life-cycle.md §1, §4, §8. Keyed on the names, never on the numbers (§2); an unknown status is
shown as it came.
"""

LABELS: dict[str, str] = {
    "BROUILLON": "Brouillon",
    "INTERPRETEE_OCR": "Interprétée OCR",
    "DEPOSEE": "Déposée",
    "EN_COURS_ACHEMINEMENT": "En cours d’acheminement",
    "MISE_A_DISPOSITION": "Mise à disposition du destinataire",
    "A_RECYCLER": "À recycler",
    "REJETEE": "Rejetée",
    "SUSPENDUE": "Suspendue",
    "COMPLETEE": "Complétée",
    "SERVICE_FAIT": "Service fait",
    "MANDATEE": "Mandatée",
    "MISE_A_DISPOSITION_COMPTABLE": "Mise à disposition du comptable",
    "COMPTABILISEE": "Comptabilisée",
    "MISE_EN_PAIEMENT": "Mise en paiement",
    "A_VALIDER_1": "À valider par le premier valideur",
    "A_VALIDER_2": "À valider par le second valideur",
    "VALIDEE_1": "Validée par le premier valideur",
    "VALIDEE_2": "Validée par le second valideur",
    "REFUSEE_1": "Refusée par le premier valideur",
    "REFUSEE_2": "Refusée par le second valideur",
    "ABSENCE_VALIDATION_1_HORS_DELAI": "Validation tacite du premier valideur",
    "ABSENCE_VALIDATION_2_HORS_DELAI": "Validation tacite du second valideur",
    "ERREUR_FOURNISSEUR_SUR_VALIDEUR": "Valideur à corriger par le fournisseur",
    "ERREUR_COTRAITANT_SUR_VALIDEUR": "Valideur à corriger par le cotraitant",
    "ABANDONNEE": "Abandonnée",
    "SUPPRIMEE": "Supprimée",
}

WORKS_LABELS: dict[str, str] = {
    "MISE_A_DISPOSITION_MOE": "Mise à disposition du maître d’œuvre",
    "PRISE_EN_COMPTE_MOE": "Prise en compte par le maître d’œuvre",
    "A_VALIDER_MOE": "À valider par le maître d’œuvre",
    "A_ASSOCIER_MOE": "À associer par le maître d’œuvre",
    "REFUSEE_MOE": "Refusée par le maître d’œuvre",
    "ERREUR_DE_MOE": "Maître d’œuvre à corriger",
    "ERREUR_FOURNISSEUR_SUR_MOE": "Maître d’œuvre à corriger par le fournisseur",
    "ERREUR_MOE_SUR_FOURNISSEUR": "Fournisseur à corriger par le maître d’œuvre",
    "MISE_A_DISPOSITION_MOA": "Mise à disposition du maître d’ouvrage",
    "PRISE_EN_COMPTE_MOA": "Prise en compte par le maître d’ouvrage",
    "TRANSMISE_MOA": "Transmise au maître d’ouvrage",
    "A_ASSOCIER_MOA": "À associer par le maître d’ouvrage",
    "REFUSEE_MOA": "Refusée par le maître d’ouvrage",
    "ERREUR_DE_MOA": "Maître d’ouvrage à corriger",
    "ERREUR_FOURNISSEUR_SUR_MOA": "Maître d’ouvrage à corriger par le fournisseur",
    "ERREUR_MOE_SUR_MOA": "Maître d’ouvrage à corriger par le maître d’œuvre",
    "ERREUR_MOA_SUR_FOURNISSEUR": "Fournisseur à corriger par le maître d’ouvrage",
    "A_ASSOCIER_FOURNISSEUR": "À associer par le fournisseur",
    "REFUSEE_FOURNISSEUR": "Refusée par le fournisseur",
    "A_COMPLETER": "À compléter par le fournisseur",
    "EN_ATTENTE_RECYCLAGE_FOURNISSEUR": "À renvoyer par le fournisseur",
    "PRISE_EN_COMPTE_DESTINATAIRE": "Prise en compte par le destinataire",
    "ASSOCIEE": "Associée au document suivant du marché",
    "REMPLACEE_PAR_A22": "Remplacée par un projet de décompte général tacite",
    "DUPLIQUE_APRES_REFUS": "Reprise après un refus",
}
"""The chain of a works contract: supplier, MOE, MOA, financial service (specifications/life-cycle.md §1, mark G)."""

FINAL: frozenset[str] = frozenset(
    {"REJETEE", "MISE_EN_PAIEMENT", "ABANDONNEE", "SUPPRIMEE", "ASSOCIEE", "REMPLACEE_PAR_A22"}
)
"""Nothing more is expected after these; a works document that is ASSOCIEE lives on in the one that follows it."""

ON_THE_WAY: frozenset[str] = frozenset({"", "DEPOSEE", "INTERPRETEE_OCR", "EN_COURS_ACHEMINEMENT"}) | (
    WORKS_LABELS.keys() - FINAL - {"PRISE_EN_COMPTE_DESTINATAIRE"}
)
"""Before the recipient has it: minutes, at Chorus Pro; what follows takes days.

A works document is on its way from desk to desk until then, and the firm may have to act at each of them.
"""

NEEDS_MOTIF: frozenset[str] = frozenset({"REJETEE", "SUSPENDUE"})
MOTIF_MAX = 255
"""Characters (specifications/recipient.md §4)."""

_OPEN_FOR_RECIPIENT = frozenset(
    {
        "MISE_A_DISPOSITION",
        "COMPLETEE",
        "SERVICE_FAIT",
        "MANDATEE",
        "MISE_A_DISPOSITION_COMPTABLE",
        "COMPTABILISEE",
    }
)
TARGETS: tuple[str, ...] = (
    "MISE_A_DISPOSITION",
    "SUSPENDUE",
    "REJETEE",
    "SERVICE_FAIT",
    "MANDATEE",
    "MISE_A_DISPOSITION_COMPTABLE",
    "COMPTABILISEE",
    "MISE_EN_PAIEMENT",
)
"""What a recipient may set; A_RECYCLER is being withdrawn (specifications/life-cycle.md §6)."""

AFNOR: dict[str, str] = {
    "DEPOSEE": "202 Reçue de la plateforme",
    "MISE_A_DISPOSITION": "203 Mise à disposition",
    "SERVICE_FAIT": "204 Prise en charge",
    "MANDATEE": "204 Prise en charge",
    "MISE_A_DISPOSITION_COMPTABLE": "204 Prise en charge",
    "COMPTABILISEE": "204 Prise en charge",
    "SUSPENDUE": "208 Suspendue",
    "COMPLETEE": "209 Complétée",
    "REJETEE": "210 Refusée",
    "MISE_EN_PAIEMENT": "211 Paiement transmis",
}


def label(status: str) -> str:
    """The French label, or the status as it came when it is unknown."""
    return LABELS.get(status) or WORKS_LABELS.get(status, status)


def targets_from(status: str) -> tuple[str, ...]:
    """What a recipient may set from here; empty when the status is final or not in the recipient's hands."""
    if status in _OPEN_FOR_RECIPIENT:
        return tuple(target for target in TARGETS if target != status)
    return ("MISE_A_DISPOSITION",) if status == "SUSPENDUE" else ()
