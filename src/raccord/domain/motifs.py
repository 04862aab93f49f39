"""The reasons for which a recipient suspends or rejects: Chorus Pro's repository (specifications/life-cycle.md §7).

The historic API takes a free text of 255 characters, not a code: the label opens that text, and a person completes it.
"""

MOTIFS: dict[str, str] = {
    "COORD_BANC_ERR": "Erreur de coordonnées bancaires",
    "CREANCIER_ERR": "Créancier inconnu ou différent de celui de l’EJ",
    "DOUBLE_FACT": "Double facturation",
    "EJ_ERR": "EJ incorrect ou inexistant",
    "ERREUR_DONNEE_EJ": "Erreur au niveau des données de l’engagement",
    "FACT_NON_CONFORME": "Facture non conforme à la commande",
    "LIVR_INCOMP": "Livraison incomplète / non effectuée",
    "HONORER_LA_COMMANDE": "Impossibilité d’honorer la commande",
    "MONTANT_ERR": "Montant de la facture erroné",
    "TX_TVA_ERR": "Taux de TVA erroné",
    "SE_ERR": "SE incorrect (service exécutant)",
    "ST_CT_NON_DECLAR": "Sous-traitant / cotraitant non déclaré",
    "ERR_VALIDEUR": "Mauvais valideur",
    "AUT_MOTIF_ERR_VALIDEUR": "Autre motif que « Erreur de valideur »",
    "MARCHE_TERM": "Marché terminé",
    "SUPPR_COMP_AVOIR": "Suppression pour compensation d’avoirs",
    "TRANSF_PMNT_REGIE": "Transfert pour paiement en régie",
    "RETRAIT_MAN_SERV": "Retraitement manuel par les services",
    "SUPPR_MASSE": "Suppression en masse",
    "CONTACT_ACHTR": "Autres : contacter votre acheteur",
    "AUTRE": "Autre",
}


def worded(code: str, text: str) -> str:
    """The motif that the supplier will read: the label of the code, then the free text, never cut by us.

    An unknown code adds nothing; a motif that is too long is refused by `engine/receptions/statuses.py`,
    never sent halved.
    """
    label, added = MOTIFS.get(code, ""), text.strip()
    return f"{label} : {added}" if label and added else label or added
