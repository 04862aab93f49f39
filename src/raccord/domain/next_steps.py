"""What a supplier has to do next, in plain French, from where its invoice stands at Chorus Pro.

Source: specifications/life-cycle.md §1, §5, §6. A status that asks for nothing, or that nobody knows, gives no step.
"""

NEXT_STEPS: dict[str, str] = {
    "SUSPENDUE": "Le destinataire attend une pièce ou une précision. Lisez son motif, puis complétez la facture : "
    "joignez la pièce demandée ou répondez par un commentaire. Ne déposez pas de nouvelle facture.",
    "REJETEE": "Cette facture ne sera pas payée et son numéro ne peut plus servir. Lisez le motif, annulez la facture "
    "dans votre comptabilité, déclarez le rejet traité, puis déposez une nouvelle facture avec un nouveau numéro.",
    "A_RECYCLER": "La facture n’est pas arrivée au bon service. Ouvrez-la sur le portail Chorus Pro pour corriger le "
    "destinataire, le service ou l’engagement, et renvoyez-la sous le même numéro.",
    "A_VALIDER_1": "Le titulaire du marché ou le mandataire doit valider cette demande. Sans réponse de sa part, elle "
    "passe au destinataire au bout de 15 jours.",
    "A_VALIDER_2": "Le second valideur doit se prononcer. Sans réponse de sa part, la demande passe au destinataire au "
    "bout de 15 jours.",
    "REFUSEE_1": "Le premier valideur a refusé : la demande est tout de même transmise au destinataire. "
    "Rapprochez-vous du titulaire du marché.",
    "REFUSEE_2": "Le second valideur a refusé : la demande est tout de même transmise au destinataire. "
    "Rapprochez-vous de lui.",
    "ERREUR_FOURNISSEUR_SUR_VALIDEUR": "Le valideur désigné n’est pas le bon. Corrigez le valideur sur le portail "
    "Chorus Pro, ou déposez de nouveau la demande avec le bon SIRET.",
    "ERREUR_COTRAITANT_SUR_VALIDEUR": "Le valideur désigné par le cotraitant n’est pas le bon : c’est à lui de le "
    "corriger sur le portail Chorus Pro.",
}


def next_step(status: str) -> str:
    """The sentence for the supplier; "" when there is nothing to do but wait."""
    return NEXT_STEPS.get(status, "")
