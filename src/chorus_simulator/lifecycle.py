"""The life of an invoice: which status may follow which, and who may give it.

The matrix is our reading of specifications/life-cycle.md §4, where the sources stop; two switches loosen it
(`ordre_libre`, `recyclage`). Called by the operations of `factures`, by the portal's buyer's desk and by the
control room, so that all three obey the same table.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from chorus_simulator.model import Facture, HistoStatut
from chorus_simulator.refusals import Refusal, incoherent_status

if TYPE_CHECKING:
    from chorus_simulator.world import World

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
BEFORE_RECIPIENT = (
    "BROUILLON",
    "INTERPRETEE_OCR",
    "DEPOSEE",
    "EN_COURS_ACHEMINEMENT",
    "A_VALIDER_1",
    "A_VALIDER_2",
    "ERREUR_FOURNISSEUR_SUR_VALIDEUR",
    "ERREUR_COTRAITANT_SUR_VALIDEUR",
    "SUPPRIMEE",
)
MOTIF_MAXIMUM = 255


def targets(world: World, statut: str) -> tuple[str, ...]:
    """What a recipient may set from `statut` (`recuperer/etats/traitement`)."""
    recycled = ("A_RECYCLER",) if world.switches.on("recyclage") else ()
    if statut in OPEN_TO_RECIPIENT or world.switches.on("ordre_libre"):
        return RECIPIENT_TARGETS + recycled
    if statut == "SUSPENDUE":
        return ("MISE_A_DISPOSITION",)
    return ()


def treat(world: World, facture: Facture, statut: str, by: str, *, motif: str = "", mandat: str = "") -> None:
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


def set_status(
    world: World, facture: Facture, statut: str, by: str = "", motif: str = "", *, when: datetime | None = None
) -> None:
    """Write a status without asking whether it is allowed: for the platform itself and the control room.
    A payment that the recipient's flag keeps silent is dropped (directory.md §3). `when` defaults to now."""
    recipient = world.structures.get(facture.idDestinataire)
    if statut == "MISE_EN_PAIEMENT" and recipient and recipient.statutMiseEnPaiementNestPasRemonte:
        return
    person = world.author(by)
    moment = when or world.now()
    if facture.historique and facture.etat_depuis > moment:
        moment = facture.etat_depuis
    facture.historique.append(
        HistoStatut(statut, moment, motif, person.nom, person.prenom, person.email, person.telephone)
    )
    world.invoices.status_changed(facture)
    world.touch()
