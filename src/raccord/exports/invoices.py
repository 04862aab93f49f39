"""The tables of invoices: what was sent, what was received."""

from collections.abc import Callable, Iterable
from typing import TypeVar

from raccord.domain.deadlines import Standing, told
from raccord.domain.deposit import Deposit
from raccord.domain.reception import Reception
from raccord.domain.statuses import AFNOR, label
from raccord.exports.tables import Table, Value

Invoice = TypeVar("Invoice")

_DEPOSIT: dict[str, Callable[[Deposit], Value]] = {
    "Numéro": lambda one: one.number,
    "Date de facture": lambda one: one.issue_date,
    "Type": lambda one: one.type_code,
    "Cadre": lambda one: one.cadre,
    "SIRET fournisseur": lambda one: one.supplier_siret,
    "Fournisseur": lambda one: one.supplier_name,
    "SIRET destinataire": lambda one: one.recipient_siret,
    "Destinataire": lambda one: one.recipient_name,
    "Service": lambda one: one.service_code,
    "Engagement": lambda one: one.commitment,
    "Devise": lambda one: one.currency,
    "Montant TTC": lambda one: one.amount_total,
    "Montant à payer": lambda one: one.amount_due,
    "État": lambda one: one.state.label,
    "Statut Chorus Pro": lambda one: label(one.platform_status),
    "Statut AFNOR": lambda one: AFNOR.get(one.platform_status, ""),
    "Statut depuis le": lambda one: one.platform_status_at,
    "Commentaire": lambda one: one.platform_comment,
    "Anomalies": lambda one: " | ".join(f"[{fault.code}] {fault.sentence}" for fault in one.faults if fault.is_error),
    "Flux": lambda one: one.numero_flux,
    "Identifiant Chorus Pro": lambda one: one.id_facture,
    "Fichier": lambda one: one.filename,
    "Déposée dans Raccord le": lambda one: one.created_at,
    "Identifiant Raccord": lambda one: one.id,
}

_RECEPTION: dict[str, Callable[[Reception], Value]] = {
    "Numéro": lambda one: one.number,
    "Date de facture": lambda one: one.issue_date,
    "Date de dépôt": lambda one: one.deposit_date,
    "Type": lambda one: one.type_code,
    "Identifiant fournisseur": lambda one: one.supplier_siret,
    "Fournisseur": lambda one: one.supplier_name,
    "SIRET destinataire": lambda one: one.recipient_siret,
    "Service": lambda one: one.service_code,
    "Nom du service": lambda one: one.service_name,
    "Engagement": lambda one: one.commitment,
    "Marché": lambda one: one.market,
    "Devise": lambda one: one.currency,
    "Montant TTC": lambda one: one.amount_total,
    "Montant à payer": lambda one: one.amount_due,
    "Statut Chorus Pro": lambda one: label(one.platform_status),
    "Statut AFNOR": lambda one: AFNOR.get(one.platform_status, ""),
    "Statut depuis le": lambda one: one.platform_status_at,
    "Commentaire": lambda one: one.platform_comment,
    "Récupération": lambda one: one.state.label,
    "Identifiant Chorus Pro": lambda one: one.id_facture,
    "Identifiant Raccord": lambda one: one.id,
}

_STANDING: dict[str, Callable[[Standing], Value]] = {
    "Échéance": lambda stands: stands.due,
    "Jours restants": lambda stands: stands.days_left if stands.open else None,
    "Délai de paiement": told,
    "Intérêts de retard": lambda stands: stands.interest or None,
    "Indemnité de retard": lambda stands: stands.indemnity or None,
}


def deposit_table(deposits: Iterable[tuple[Deposit, Standing | None]]) -> Table:
    """The invoices that we sent, each with where it stands in its payment period; None before Chorus Pro has it."""
    return Table("Dépôts", (*_DEPOSIT, *_STANDING), ([*_read(_DEPOSIT, one), *_due(due)] for one, due in deposits))


def reception_table(receptions: Iterable[tuple[Reception, Standing | None]]) -> Table:
    """The invoices that public bodies received, each with where it stands in its payment period."""
    rows = ([*_read(_RECEPTION, one), *_due(due)] for one, due in receptions)
    return Table("Factures reçues", (*_RECEPTION, *_STANDING), rows)


def _read(columns: dict[str, Callable[[Invoice], Value]], invoice: Invoice) -> list[Value]:
    return [read(invoice) for read in columns.values()]


def _due(stands: Standing | None) -> list[Value]:
    return [None] * len(_STANDING) if stands is None else [read(stands) for read in _STANDING.values()]
