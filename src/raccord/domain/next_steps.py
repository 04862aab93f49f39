"""What a supplier has to do next, in plain French, from where its invoice stands at Chorus Pro.

Source: specifications/life-cycle.md §1, §5, §6; for works, specifications/api/factures-travaux.md §3. A status that
nobody knows, or that speaks for itself, gives no step.
"""

NEXT_STEPS: dict[str, str] = {
    "SUSPENDUE": "Le destinataire attend une pièce ou une précision. Lisez son motif, puis complétez la facture : "
    "joignez la pièce demandée ou répondez par un commentaire. Ne déposez pas de nouvelle facture.",
    "REJETEE": "Cette facture ne sera pas payée et son numéro ne peut plus servir. Lisez le motif, annulez la "
    "facture dans votre comptabilité, déclarez le rejet traité, puis déposez une nouvelle facture avec un nouveau "
    "numéro.",
    "A_RECYCLER": "La facture n’est pas arrivée au bon service. Ouvrez-la sur le portail Chorus Pro pour corriger le "
    "destinataire, le service ou l’engagement, et renvoyez-la sous le même numéro.",
    "A_VALIDER_1": "Le titulaire du marché ou le mandataire doit valider cette demande. Sans réponse de sa part, "
    "elle passe au destinataire au bout de 15 jours.",
    "A_VALIDER_2": "Le second valideur doit se prononcer. Sans réponse de sa part, la demande passe au destinataire "
    "au bout de 15 jours.",
    "REFUSEE_1": "Le premier valideur a refusé : la demande est tout de même transmise au destinataire. "
    "Rapprochez-vous du titulaire du marché.",
    "REFUSEE_2": "Le second valideur a refusé : la demande est tout de même transmise au destinataire. "
    "Rapprochez-vous de lui.",
    "ERREUR_FOURNISSEUR_SUR_VALIDEUR": "Le valideur désigné n’est pas le bon. Corrigez le valideur sur le portail "
    "Chorus Pro, ou déposez de nouveau la demande avec le bon SIRET.",
    "ERREUR_COTRAITANT_SUR_VALIDEUR": "Le valideur désigné par le cotraitant n’est pas le bon : c’est à lui de le "
    "corriger sur le portail Chorus Pro.",
    "MISE_A_DISPOSITION_MOE": "Votre document est sur le bureau du maître d’œuvre : il le vérifie et établit l’état "
    "d’acompte. Rien à faire pour l’instant.",
    "PRISE_EN_COMPTE_MOE": "Le maître d’œuvre examine votre document. Rien à faire pour l’instant.",
    "MISE_A_DISPOSITION_MOA": "Votre document est sur le bureau du maître d’ouvrage. Rien à faire pour l’instant.",
    "PRISE_EN_COMPTE_MOA": "Le maître d’ouvrage examine votre document. Rien à faire pour l’instant.",
    "ASSOCIEE": "Le document suivant du marché (état d’acompte, décompte) a été établi à partir du vôtre : c’est lui "
    "qui mène au paiement. Suivez-le sur le portail, dans le dossier de facturation du marché.",
    "A_COMPLETER": "Une pièce ou une précision manque à ce document de travaux. Ouvrez-le sur le portail Chorus Pro, "
    "espace « Factures de travaux », lisez le motif et complétez-le : il revient au bureau qui l’a demandé.",
    "EN_ATTENTE_RECYCLAGE_FOURNISSEUR": "Ce document de travaux vous est rendu pour correction. Ouvrez-le sur le "
    "portail Chorus Pro, espace « Factures de travaux », corrigez-le et renvoyez-le sous le même numéro.",
    "REFUSEE_MOE": "Le maître d’œuvre a refusé ce document. Lisez son motif, accordez-vous avec lui, puis déposez un "
    "nouveau document avec un nouveau numéro.",
    "REFUSEE_MOA": "Le maître d’ouvrage a refusé ce document. Lisez son motif, accordez-vous avec lui, puis déposez "
    "un nouveau document avec un nouveau numéro.",
    "A_ASSOCIER_FOURNISSEUR": "Ce document attend que vous le rattachiez à un document du marché : faites-le sur le "
    "portail Chorus Pro, espace « Factures de travaux ».",
    "ERREUR_FOURNISSEUR_SUR_MOE": "Le maître d’œuvre désigné n’est pas le bon. Corrigez-le sur le portail Chorus Pro.",
    "ERREUR_FOURNISSEUR_SUR_MOA": "Le maître d’ouvrage désigné n’est pas le bon. Corrigez-le sur le portail Chorus "
    "Pro.",
}


SUPPLIER_ACTS: frozenset[str] = frozenset(
    {
        "SUSPENDUE", "REJETEE", "A_RECYCLER", "ERREUR_FOURNISSEUR_SUR_VALIDEUR", "A_COMPLETER",
        "EN_ATTENTE_RECYCLAGE_FOURNISSEUR", "REFUSEE_MOE", "REFUSEE_MOA", "A_ASSOCIER_FOURNISSEUR",
        "ERREUR_FOURNISSEUR_SUR_MOE", "ERREUR_FOURNISSEUR_SUR_MOA",
    }
)  # fmt: skip
"""The statuses that wait for an act of the supplier; after the others there is only to wait."""


def next_step(status: str) -> str:
    """The sentence for the supplier; "" when there is nothing to do but wait."""
    return NEXT_STEPS.get(status, "")
