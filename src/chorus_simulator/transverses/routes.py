"""The operations of the Transverses API (specifications/api/transverses.md, api/inventory.md)."""

from __future__ import annotations

from chorus_simulator.operations import Answer, Call, Handler, Operation
from chorus_simulator.transverses import attachments, directory, lists, reports

BASE = "/cpro/transverses/v1"


def health_check(_: Call) -> Answer:
    """`GET health-check` (api/transverses.md §7)."""
    return {"body": "OK", "statusCodeValue": 200, "statusCode": "OK"}


def _operation(
    tail: str, handler: Handler, mark: str, section: int, *, method: str = "POST", settles: bool = False, note: str = ""
) -> Operation:
    source = f"api/transverses.md §{section}"
    return Operation(f"{BASE}/{tail}", handler, mark, source, method, settles, note)


OPERATIONS = (
    _operation("consulterCRDetaille", reports.consulter_cr_detaille, "C8", 1, settles=True),
    _operation("consulterCR", reports.consulter_cr, "C4", 1, settles=True),
    _operation("ajouter/fichier", attachments.ajouter_fichier, "C5", 2),
    _operation("telecharger/pieceJointe", attachments.telecharger, "C1", 2, settles=True),
    _operation("detacherPieceJointe", attachments.detacher, "C1", 2, note="dépréciée"),
    _operation("rechercher/pj/structure", attachments.pj_structure, "C3", 2),
    _operation("rechercher/pj/moncompte", attachments.pj_moncompte, "C2", 2),
    _operation("recuperer/typespj", lists.types_pj, "C2", 2, note="valeurs inventées"),
    _operation("recuperer/structures/actives/fournisseur", directory.actives_fournisseur, "C3", 3),
    _operation("recuperer/structures/actives/destinataire", directory.actives_destinataire, "C3", 3),
    _operation("recuperer/structures/actives/facturetravaux", directory.actives_facturetravaux, "C1", 3),
    _operation("recuperer/structuresPourUtilisateur", directory.structures_utilisateur, "C1", 3, note="dépréciée"),
    _operation("rechercher/destinataire", directory.rechercher_destinataire, "C2", 3),
    _operation("rechercher/serviceexecutant", directory.rechercher_service, "C2", 3, note="dépréciée"),
    _operation("recuperer/services/executantetat", directory.services_etat, "C1", 3, note="forme inventée"),
    _operation("consulter/information/siret", directory.information_siret, "C2", 3),
    _operation("recuperer/coordbanc/valides", directory.coordonnees_bancaires, "C4", 3),
    _operation(
        "telecharger/annuaire/destinataire", directory.telecharger_annuaire, "C4", 3, note="contenu du ZIP inventé"
    ),
    _operation("recuperer/devises", lists.devises, "C4", 4, note="liste abrégée"),
    _operation("recuperer/pays", lists.pays, "C3", 4, note="liste abrégée"),
    _operation("recuperer/tauxtva", lists.taux_tva, "C4", 4, note="codes inventés, sauf TVA1 et TVA5"),
    _operation("recuperer/motifs/exonerationtva", lists.exonerations, "C4", 4, note="valeurs inventées"),
    _operation("recuperer/modereglements", lists.mode_reglements, "C3", 4),
    _operation("recuperer/modedepot", lists.mode_depot, "C3", 4),
    _operation("recuperer/formatflux", lists.format_flux, "C2", 4),
    _operation("recuperer/syntaxeflux", lists.syntaxe_flux, "C1", 4),
    _operation("recuperer/cadrefacturation", lists.cadre_facturation, "C3", 4),
    _operation("recuperer/typedp", lists.type_dp, "C3", 4),
    _operation("recuperer/typefacturetravaux", lists.type_facture_travaux, "C2", 4),
    _operation("recuperer/typeidentifiant/structure", lists.type_identifiant, "C3", 4),
    _operation("recuperer/motifs/refus/Facture/AValider", lists.motifs_refus, "C1", 4),
    _operation("recuperer/etat/typedp", lists.etat_typedp, "C4", 5),
    _operation("recuperer/etats/traitement", lists.etats_traitement, "C4", 5),
    _operation("rechercher/categorieSollicitation", lists.categories, "C2", 6, note="valeurs inventées"),
    _operation("rechercher/sousCategorieSollicitation", lists.sous_categories, "C2", 6, note="valeurs inventées"),
    _operation("health-check", health_check, "C4", 7, method="GET"),
)
