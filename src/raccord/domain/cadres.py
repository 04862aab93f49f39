"""The cadres de facturation: in what capacity a demand for payment is made, and which ones travel in a flux.

Source: specifications/api/enumerations.md §3 (meanings), specifications/api/factures-travaux.md §4 (works by flux).
"""

CADRES: dict[str, str] = {
    "A1": "facture de fournisseur",
    "A2": "facture déjà payée",
    "A3": "mémoire de frais de justice",
    "A4": "travaux : projet de décompte mensuel du titulaire",
    "A5": "travaux : état d’acompte du titulaire",
    "A6": "travaux : état d’acompte validé, transmis au service financier",
    "A7": "travaux : projet de décompte final du titulaire",
    "A8": "travaux : décompte général et définitif",
    "A9": "demande de paiement d’un sous-traitant",
    "A10": "travaux : projet de décompte mensuel d’un sous-traitant",
    "A11": "travaux : projet de décompte final d’un sous-traitant",
    "A12": "demande de paiement d’un cotraitant",
    "A13": "travaux : projet de décompte mensuel d’un cotraitant",
    "A14": "travaux : projet de décompte final d’un cotraitant",
    "A15": "travaux : état d’acompte du maître d’œuvre",
    "A16": "travaux : état d’acompte validé par le maître d’œuvre",
    "A17": "travaux : projet de décompte général du maître d’œuvre",
    "A18": "travaux : décompte général du maître d’œuvre",
    "A19": "travaux : état d’acompte validé par le maître d’ouvrage",
    "A20": "travaux : décompte général du maître d’ouvrage",
    "A21": "remboursement de la TIC",
    "A22": "travaux : projet de décompte général du titulaire, procédure tacite",
    "A23": "travaux : décompte général et définitif tacite du titulaire",
    "A24": "travaux : décompte général et définitif tacite du maître d’œuvre",
    "A25": "travaux : décompte général et définitif, procédure tacite",
}
WORKS_BY_FLUX: tuple[str, ...] = ("A4", "A5", "A6", "A7", "A8", "A10", "A13", "A14", "A22")
"""The works documents that the platform takes in a flux; the others are made on the portal."""


def is_works(cadre: str) -> bool:
    """Whether this cadre is one of a works contract."""
    return CADRES.get(cadre, "").startswith("travaux")


def cadre_label(cadre: str) -> str:
    """« A4 : travaux, … »; the code as it came when it is unknown, "" without one."""
    words = CADRES.get(cadre)
    return f"{cadre} : {words.replace(' :', ',')}" if words else cadre
