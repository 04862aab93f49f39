"""What a row of the supplier's search says of a deposit."""

from typing import Any

from choruspro.models.factures_emises import RetourRechercherFactureParFournisseur as Row


def status_columns(row: Row) -> dict[str, Any]:
    """The columns of a deposit that tell where it stands at Chorus Pro."""
    columns: dict[str, Any] = {
        "platform_status": str(row.statut or "")[:60],
        "platform_status_at": row.dateHeureEtatCourant,
        "platform_comment": (row.commentaireEtatCourant or "")[:2000],
    }
    if row.identifiantFactureCPP:
        columns["id_facture"] = row.identifiantFactureCPP
    return columns
