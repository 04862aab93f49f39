"""A row of Chorus Pro's list of received invoices, as the columns of a reception."""

from datetime import datetime
from typing import Any

from choruspro.models.factures_recues import FactureRechercheRecipiendaire as Row
from raccord.domain.connection import Structure
from raccord.domain.processing import Intake
from raccord.domain.reception import Family, ReceptionState


def wanted(intake: Intake | None, row: Row) -> bool:
    """Whether the choice of the first retrieval takes this invoice."""
    return intake is None or intake.wants(
        str(row.statut or ""), row.dateHeureEtatCourant, row.codeServiceExecutant or ""
    )


def status_of(row: Row) -> dict[str, Any]:
    """Its status at Chorus Pro, in columns."""
    return {
        "platform_status": str(row.statut or "")[:60],
        "platform_status_at": row.dateHeureEtatCourant,
        "platform_comment": (row.commentaireEtatCourant or "")[:2000],
    }


def columns_of(new_id: str, structure: Structure, family: Family, row: Row, now: datetime) -> dict[str, Any]:
    """The columns of a reception that was just seen."""
    return {
        "id": new_id,
        "connection_id": structure.connection_id,
        "structure_id": structure.id,
        "state": ReceptionState.SEEN.value,
        "family": family.value,
        "id_facture": row.idFacture,
        "number": (row.numeroFacture or "")[:60],
        "issue_date": row.dateFacture,
        "deposit_date": row.dateDepot,
        "supplier_siret": (row.codeFournisseur or "")[:30],
        "supplier_name": (row.designationFournisseur or "")[:200],
        "recipient_siret": (row.codeDestinataire or structure.siret)[:18],
        "service_code": (row.codeServiceExecutant or "")[:100],
        "service_name": (row.nomServiceExecutant or "")[:200],
        "commitment": (row.numeroBonCommande or "")[:60],
        "market": (row.numeroMarche or "")[:60],
        "type_code": str(row.typeFacture or row.typeFactureTravaux or "")[:20],
        "currency": (row.devise or "")[:3],
        "amount_total": row.montantTTC,
        "amount_due": row.montantAPayer,
        **status_of(row),
        "created_at": now,
        "updated_at": now,
    }
