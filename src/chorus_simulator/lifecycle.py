"""The life of an invoice: which status may follow which, and who may give it.

The matrix is our reading of specifications/life-cycle.md §4, where the sources stop; two switches loosen it
(`ordre_libre`, `recyclage`). Called by the operations of `factures`, by the portal's buyer's desk and by the
control room, so that all three obey the same table.
"""

from __future__ import annotations

from datetime import datetime

from chorus_simulator.ledger import Change
from chorus_simulator.memory import Memory
from chorus_simulator.model import Facture, HistoAction
from chorus_simulator.refusals import Refusal, incoherent_status, not_suspended

RECIPIENT_TARGETS = (
    "MISE_A_DISPOSITION",
    "SUSPENDUE",
    "REJETEE",
    "MANDATEE",
    "MISE_EN_PAIEMENT",
    "COMPTABILISEE",
    "MISE_A_DISPOSITION_COMPTABLE",
    "SERVICE_FAIT",
)
OPEN_TO_RECIPIENT = (
    "MISE_A_DISPOSITION",
    "COMPLETEE",
    "SERVICE_FAIT",
    "MANDATEE",
    "MISE_A_DISPOSITION_COMPTABLE",
    "COMPTABILISEE",
)
FINAL = ("REJETEE", "MISE_EN_PAIEMENT", "SUPPRIMEE", "ABANDONNEE")
MOTIF_REQUIRED = ("REJETEE", "SUSPENDUE", "A_RECYCLER")
MOTIF_MAXIMUM = 255


def targets(world: Memory, statut: str) -> tuple[str, ...]:
    """What a recipient may set from `statut` (`recuperer/etats/traitement`)."""
    recycled = ("A_RECYCLER",) if world.switches.on("recyclage") else ()
    if statut in OPEN_TO_RECIPIENT or world.switches.on("ordre_libre"):
        return RECIPIENT_TARGETS + recycled
    if statut == "SUSPENDUE":
        return ("MISE_A_DISPOSITION",)
    return ()


def treat(world: Memory, facture: Facture, statut: str, by: str, *, motif: str = "", mandat: str = "") -> None:
    """The recipient gives a received invoice its new status. Raises `Refusal` 20002 on a forbidden transition,
    20003 when a reason is missing, too long, or a mandate number comes without MANDATEE."""
    if statut not in targets(world, facture.statut):
        raise incoherent_status()
    if statut in MOTIF_REQUIRED and not motif.strip():
        raise Refusal(20003, "Le motif est obligatoire pour suspendre ou rejeter une facture.")
    if len(motif) > MOTIF_MAXIMUM:
        raise Refusal(20003, f"Le motif ne doit pas dépasser {MOTIF_MAXIMUM} caractères.")
    if mandat and statut != "MANDATEE":
        raise Refusal(20003, "Le numéro de mandat n'est permis qu'avec le statut MANDATEE.")
    if mandat:
        facture.numeroDPMandat = mandat
    set_status(world, facture, statut, by, motif)
    changed(world, "traiter/recue", facture, by)


def complete(world: Memory, facture: Facture, by: str, comment: str = "") -> None:
    """The supplier answers a suspension. Raises `Refusal` 20002 when the invoice is not suspended."""
    if facture.statut != "SUSPENDUE":
        raise not_suspended()
    facture.commentaire = comment or facture.commentaire
    set_status(world, facture, "COMPLETEE", by, comment)
    changed(world, "completer", facture, by)


def close_rejection(world: Memory, facture: Facture, by: str) -> None:
    """The supplier has dealt with a rejection (« traiter le rejet »). Raises `Refusal` 20002 when there is none."""
    if facture.statut != "REJETEE":
        raise Refusal(20002, 'Le statut de la demande de paiement n\'est pas défini à "Rejetée".')
    facture.rejetTraite = True
    note(world, facture, "TRAITEMENT_REJET", by)
    changed(world, "traiterRejet", facture, by)


def note(world: Memory, facture: Facture, code: str, by: str) -> None:
    """Record what a user did in the history of the invoice."""
    author = world.author(by)
    facture.actions.append(HistoAction(code, world.now(), author.nom, author.prenom, author.email))
    world.touch()


def changed(world: Memory, operation: str, facture: Facture, by: str) -> datetime:
    """Write in the ledger that `by` changed the invoice, at the portal or by the API; returns the instant."""
    now = world.now()
    world.ledger.changes.append(Change(operation, facture.id, now, by, facture.statut))
    world.touch()
    return now


def set_status(
    world: Memory, facture: Facture, statut: str, by: str = "", motif: str = "", *, when: datetime | None = None
) -> None:
    """Write a status without asking whether it is allowed: for the platform itself and the control room.
    A payment that the recipient's flag keeps silent is dropped (directory.md §3). `when` defaults to now."""
    recipient = world.structure(facture.idDestinataire)
    if statut == "MISE_EN_PAIEMENT" and recipient and recipient.statutMiseEnPaiementNestPasRemonte:
        return
    moment = when or world.now()
    if facture.historique and facture.etat_depuis > moment:
        moment = facture.etat_depuis
    facture.historique.append(world.signed(statut, moment, by, motif))
    world.invoices.status_changed(facture)
    world.touch()
