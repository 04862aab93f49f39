"""The decision of a validator on a subcontractor's or a co-contractor's invoice, cadres A9 and A12.

Source: specifications/life-cycle.md §5 (fifteen days, then tacit agreement) and §7 (the reasons).
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from raccord.domain.reception import PostState

TACIT_DAYS = 15
"""Days of silence after which the validator is held to agree (articles R.2193-12 and R.2193-13, commande publique)."""
COMMENT_MAX = 2000

AWAITING: dict[str, int] = {"A_VALIDER_1": 1, "A_VALIDER_2": 2}
"""The statuses of an invoice that waits, and the rank of the validator for whom it waits."""

MOTIFS: dict[str, str] = {
    "ERR_VALIDEUR": "Mauvais valideur",
    "MONTANT_ERR": "Montant de la facture erroné",
    "FACT_NON_CONFORME": "Facture non conforme à la commande",
    "DOUBLE_FACT": "Double facturation",
    "LIVR_INCOMP": "Livraison incomplète / non effectuée",
    "ST_CT_NON_DECLAR": "Sous-traitant / cotraitant non déclaré",
    "TX_TVA_ERR": "Taux de TVA erroné",
    "COORD_BANC_ERR": "Erreur de coordonnées bancaires",
    "CREANCIER_ERR": "Créancier inconnu ou différent de celui de l’engagement",
    "EJ_ERR": "Engagement incorrect ou inexistant",
    "ERREUR_DONNEE_EJ": "Erreur au niveau des données de l’engagement",
    "SE_ERR": "Service exécutant incorrect",
    "MARCHE_TERM": "Marché terminé",
    "HONORER_LA_COMMANDE": "Impossibilité d’honorer la commande",
    "SUPPR_COMP_AVOIR": "Suppression pour compensation d’avoirs",
    "TRANSF_PMNT_REGIE": "Transfert pour paiement en régie",
    "RETRAIT_MAN_SERV": "Retraitement manuel par les services",
    "SUPPR_MASSE": "Suppression en masse",
    "CONTACT_ACHTR": "Autres : contacter votre acheteur",
    "AUT_MOTIF_ERR_VALIDEUR": "Autre motif que « Erreur de valideur »",
    "AUTRE": "Autre",
}
"""The reasons of a refusal, those that a validator meets first."""


@dataclass(frozen=True)
class NewDecision:
    """What a person or a program asks: accept or refuse the invoice known at Chorus Pro under `id_facture`."""

    connection_id: str
    id_facture: int
    accepted: bool
    motif: str = ""
    comment: str = ""
    author: str = ""
    source: str = "api"


@dataclass(frozen=True)
class Decision:
    """A decision on its way to Chorus Pro; `rank`: first or second validator."""

    id: str
    connection_id: str
    id_facture: int
    number: str
    supplier_name: str
    rank: int
    accepted: bool
    motif: str
    comment: str
    state: PostState
    answer: str
    author: str
    created_at: datetime
    updated_at: datetime

    @property
    def outcomes(self) -> tuple[str, ...]:
        """The statuses by which Chorus Pro shows that this decision was heard."""
        if self.accepted:
            return (f"VALIDEE_{self.rank}",)
        who = "FOURNISSEUR" if self.rank == 1 else "COTRAITANT"
        return (f"REFUSEE_{self.rank}", f"ERREUR_{who}_SUR_VALIDEUR")


def tacit_on(since: date | None) -> date | None:
    """The day from which silence is agreement, for an invoice put before its validator on that day."""
    return None if since is None else since + timedelta(days=TACIT_DAYS)
