"""Code lists: the same for every account (specifications/api/transverses.md §4, §5).

Where a list is not public (VAT codes beyond TVA1 and TVA5, exemption reasons, types of attachment) a short
plausible one is served and marked G in COVERAGE.md.
"""

from __future__ import annotations

from decimal import Decimal

from chorus_simulator import deposits, fields, lifecycle, values
from chorus_simulator.operations import OK, Answer, Call
from chorus_simulator.writing import counters, instant, page_of, paging

DEVISES = {"EUR": ("Euro européen", "Euro"), "XPF": ("Franc CFP", "CFP franc"), "USD": ("Dollar", "US dollar")}
PAYS = {
    "FR": ("France", "France"),
    "BE": ("Belgique", "Belgium"),
    "CH": ("Suisse", "Switzerland"),
    "DE": ("Allemagne", "Germany"),
    "ES": ("Espagne", "Spain"),
    "IT": ("Italie", "Italy"),
    "LU": ("Luxembourg", "Luxembourg"),
    "MU": ("Maurice", "Mauritius"),
    "NL": ("Pays-Bas", "Netherlands"),
    "PT": ("Portugal", "Portugal"),
    "RE": ("La Réunion", "Réunion"),
}
EXONERATIONS = {
    "EXO1": "Exonération : article 261 du code général des impôts",
    "EXO2": "Exonération : livraison intracommunautaire",
    "EXO3": "Exonération : exportation",
    "EXO4": "Autoliquidation",
}
TYPES_PJ = {
    "DOCUMENT_ANNEXE": "Document annexe",
    "BON_COMMANDE": "Bon de commande",
    "BON_LIVRAISON": "Bon de livraison",
    "RIB": "Relevé d'identité bancaire",
    "FACTURE": "Facture",
}
WORKS_ONLY = (
    "_MOE",
    "_MOA",
    "A_ASSOCIER",
    "ASSOCIEE",
    "REMPLACEE_PAR_A22",
    "DUPLIQUE_APRES_REFUS",
    "REFUSEE_FOURNISSEUR",
)


def _language(call: Call) -> int:
    return 1 if fields.text(call.body, "codeLangue").upper() == "EN" else 0


def devises(call: Call) -> Answer:
    """`recuperer/devises` (api/transverses.md §4), in the language asked for; a short list."""
    rank = _language(call)
    return {**OK, "listeDevises": [{"codeDevise": c, "libelleDevise": names[rank]} for c, names in DEVISES.items()]}


def pays(call: Call) -> Answer:
    """`recuperer/pays` (api/transverses.md §4), in the language asked for; a short list."""
    rank = _language(call)
    return {**OK, "listePays": [{"codePays": code, "libellePays": names[rank]} for code, names in PAYS.items()]}


def taux_tva(_: Call) -> Answer:
    """`recuperer/tauxtva` (api/transverses.md §4): rates in percent; TVA1 and TVA5 are real codes, the others
    invented."""
    rows = [
        {"codeTauxTva": code, "libelleTauxTva": label, "valeurTauxTva": Decimal(value)}
        for code, label, value in values.TAUX_TVA
    ]
    return {**OK, "listeTauxTva": rows}


def exonerations(_: Call) -> Answer:
    """`recuperer/motifs/exonerationtva` (api/transverses.md §4): invented values."""
    rows = [
        {"codeMotifExonerationTva": code, "libelleMotifExonerationTva": label} for code, label in EXONERATIONS.items()
    ]
    return {**OK, "listeMotifsExonerationTva": rows}


def mode_reglements(_: Call) -> Answer:
    """`recuperer/modereglements` (api/transverses.md §4)."""
    return {**OK, "listeModePaiement": [{"modePaiement": value} for value in values.MODES_PAIEMENT]}


def mode_depot(_: Call) -> Answer:
    """`recuperer/modedepot` (api/transverses.md §4)."""
    return {**OK, "listeModeDepot": [{"modeDepot": value} for value in values.MODES_DEPOT]}


def format_flux(_: Call) -> Answer:
    """`recuperer/formatflux` (api/transverses.md §4)."""
    return {**OK, "listeFormatFlux": [{"formatFlux": value} for value in values.FORMATS_FLUX]}


def syntaxe_flux(call: Call) -> Answer:
    """`recuperer/syntaxeflux` (api/transverses.md §4), of one format when given; without those withdrawn, as
    `deposer/flux`."""
    wanted = fields.choice(call, call.body, "formatFlux", values.FORMATS_FLUX)
    withdrawn = () if call.world.switches.on("syntaxes_retirees") else deposits.WITHDRAWN
    names = [name for name in deposits.INTERFACES if name not in withdrawn and _format_of(name).startswith(wanted)]
    return {**OK, "listeSyntaxeFlux": [{"syntaxeFlux": name} for name in names]}


def _format_of(syntaxe: str) -> str:
    if syntaxe.endswith("FACTURX"):
        return "IN_DP_E2_FACTURX"
    return "IN_DP_E2_MIXTE" if "_E2_" in syntaxe else "IN_DP_E1_STRUCT"


def cadre_facturation(call: Call) -> Answer:
    """`recuperer/cadrefacturation` (api/transverses.md §4) for a kind of request, plain invoices by default."""
    kind = fields.choice(call, call.body, "typeDemandePaiement", values.TYPES_DEMANDE) or "FACTURE"
    works = [values.CADRES[f"A{n}"] for n in (4, 5, 6, 7, 8, 10, 13, 14, 22)]
    cadres = {
        "FACTURE": list(values.CADRES_SOUMETTRE),
        "FACTURE_TRAVAUX": works,
        "MEMOIRE_JUSTICE": [values.CADRES["A3"]],
        "DEMANDE_REMBOURSEMENT": [values.CADRES["A21"]],
    }
    return {**OK, "listeCadreFacturation": [{"codeCadreFacturation": code} for code in cadres[kind]]}


def type_dp(_: Call) -> Answer:
    """`recuperer/typedp` (api/transverses.md §4)."""
    return {**OK, "listeTypeDemandePaiement": [{"typeDemandePaiement": value} for value in values.TYPES_DEMANDE]}


def type_facture_travaux(_: Call) -> Answer:
    """`recuperer/typefacturetravaux` (api/transverses.md §4)."""
    return {**OK, "listeTypeFactureTravaux": [{"typeFactureTravaux": value} for value in values.TYPES_TRAVAUX]}


def type_identifiant(_: Call) -> Answer:
    """`recuperer/typeidentifiant/structure` (api/transverses.md §4)."""
    return {**OK, "listeTypeIdentifiant": [{"typeIdentifiantStructure": v} for v in values.TYPES_IDENTIFIANT]}


def motifs_refus(call: Call) -> Answer:
    """`recuperer/motifs/refus/Facture/AValider` (api/transverses.md §4): the codes of life-cycle.md §7, whatever the
    cadre (G)."""
    fields.text(call.body, "codeCadreFacturationAValider")
    rows = [
        {"idMotif": rank, "codeMotif": code, "libelleMotif": label}
        for rank, (code, label) in enumerate(values.MOTIFS.items(), 1)
    ]
    return {**OK, "listeMotifRefusFactureAValider": rows}


def types_pj(call: Call) -> Answer:
    """`recuperer/typespj` (api/transverses.md §2) for a kind of object, invoices by default; invented values."""
    kind = fields.choice(call, call.body, "typeObjet", values.TYPES_OBJET) or "FACTURE"
    rows = [
        {"idTypePieceJointe": rank, "codeTypePieceJointe": code, "libelleTypePieceJointe": label, "typeObjet": kind}
        for rank, (code, label) in enumerate(TYPES_PJ.items(), 1)
    ]
    return {**OK, "listeTypePieceJointe": rows}


def etat_typedp(call: Call) -> Answer:
    """`recuperer/etat/typedp` (api/transverses.md §5): every status a kind of request may take; works ones for works
    alone."""
    kind = fields.choice(call, call.body, "typeDemandePaiement", values.TYPES_DEMANDE) or "FACTURE"
    states = [
        state for state in values.STATUTS if kind == "FACTURE_TRAVAUX" or not any(part in state for part in WORKS_ONLY)
    ]
    return {**OK, "listeEtatDemandePaiement": [{"etatDemandePaiement": state} for state in states]}


def etats_traitement(call: Call) -> Answer:
    """`recuperer/etats/traitement` (api/transverses.md §5): what a recipient may set from `statutCourant`
    (life-cycle.md §4)."""
    statut = fields.choice(call, call.body, "statutCourant", values.STATUTS, needed=True)
    rows = [{"statutPossiblePourTraitement": target} for target in lifecycle.targets(call.world, statut)]
    return {**OK, "listeStatutsPossiblesPourTraitement": rows}


def categories(call: Call) -> Answer:
    """`rechercher/categorieSollicitation` (api/transverses.md §6): invented values."""
    asked = paging(fields.record(call.body, "pagination"))
    wanted = fields.text(call.body, "codeCategorie")
    rows = [row for row in CATEGORIES if not wanted or row["codeCategorie"] == wanted]
    return {**OK, "listeCategories": page_of(rows, asked), "parametresRetour": counters(asked, len(rows))}


CATEGORIES: list[Answer] = [
    {"idTechniqueCategorie": 1, "codeCategorie": "FACTURATION", "libelleCategorie": "Facturation"},
    {"idTechniqueCategorie": 2, "codeCategorie": "RACCORDEMENT", "libelleCategorie": "Raccordement"},
]


def sous_categories(call: Call) -> Answer:
    """`rechercher/sousCategorieSollicitation` (api/transverses.md §6): one invented entry per category."""
    asked = paging(fields.record(call.body, "pagination"))
    category = fields.number(call.body, "idTechniqueCategorie")
    created = instant(call.world, call.world.now())
    rows = [
        {
            "categorie": [row],
            "ssCategorie": [
                {
                    "code": f"{row['codeCategorie']}_AUTRE",
                    "libelle": "Autre question",
                    "idTechniqueCategorie": row["idTechniqueCategorie"],
                    "estActif": True,
                    "dateCreation": created,
                    "dateDerniereModification": created,
                }
            ],
        }
        for row in CATEGORIES
        if category in (None, row["idTechniqueCategorie"])
    ]
    return {**OK, "listeSousCategories": page_of(rows, asked), "parametresRetour": counters(asked, len(rows))}
