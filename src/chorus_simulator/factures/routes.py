"""The operations of the Factures API (specifications/api/factures.md)."""

from __future__ import annotations

from chorus_simulator.factures import deposit, download, history, recipient, requests, supplier, typed, validator
from chorus_simulator.operations import Handler, Operation

BASE = "/cpro/factures/v1"


def _operation(tail: str, handler: Handler, section: int, *, settles: bool = True, note: str = "") -> Operation:
    return Operation(f"{BASE}/{tail}", handler, "O", f"api/factures.md §{section}", settles=settles, note=note)


OPERATIONS = (
    _operation("deposer/flux", deposit.deposer_flux, 1, settles=False),
    _operation("deposer/pdf", deposit.deposer_pdf, 2, settles=False, note="reconnaissance de caractères absente"),
    _operation("soumettre", typed.soumettre, 3),
    _operation("rechercher/fournisseur", supplier.rechercher_fournisseur, 4),
    _operation("rechercher/atraiter/fournisseur", supplier.rechercher_a_traiter, 5),
    _operation("consulter/fournisseur", supplier.consulter_fournisseur, 6),
    _operation("completer", supplier.completer, 7),
    _operation("recycler", supplier.recycler, 8, note="interrupteur « recyclage »"),
    _operation("traiterRejet", supplier.traiter_rejet, 9),
    _operation("corriger/valideur/facture", supplier.corriger_valideur, 10),
    _operation("consulter/historique", history.consulter_historique, 11),
    _operation("rechercher/recipiendaire", recipient.rechercher_recipiendaire, 12),
    _operation("rechercher/atraiter/recipiendaire", recipient.rechercher_a_traiter, 13),
    _operation("consulter/recipiendaire", recipient.consulter_recipiendaire, 14),
    _operation("traiter/recue", recipient.traiter_recue, 15),
    _operation("telecharger/groupe", download.telecharger_groupe, 16),
    _operation("rechercher/valideur", validator.rechercher_valideur, 17),
    _operation("rechercher/aTraiter/valideur", validator.rechercher_a_traiter, 18),
    _operation("consulter/valideur", validator.consulter_valideur, 19),
    _operation("traiter/factureAValider", validator.traiter_facture_a_valider, 20),
    _operation("recuperer/statutsFactureVisibles/valideur", validator.statuts_visibles, 21),
    _operation("rechercher/demandePaiement", requests.rechercher_demande_paiement, 22),
)
