"""The road of a works document (facture de travaux): supplier, MOE, MOA, financial service.

Public documents give the actors and the names of the statuses, not the road itself: it is our reading
(specifications/api/factures-travaux.md §3, mark G). A document of a contract whose MOE is known goes to the desk of
the MOE, then of the MOA; each sends it on by submitting a document of its own that names the former, which becomes
ASSOCIEE. Without a known MOE a document goes straight to its recipient.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from datetime import datetime

from chorus_simulator import lifecycle, validation
from chorus_simulator.memory import Memory
from chorus_simulator.model import Facture
from chorus_simulator.refusals import Refusal, incoherent_status

WORKS = "FACTURE_TRAVAUX"
TYPES = {
    "A4": "PROJET_DECOMPTE_MENSUEL",
    "A5": "ETAT_ACOMPTE",
    "A6": "ETAT_ACOMPTE_VALIDE",
    "A7": "PROJET_DECOMPTE_FINAL",
    "A8": "DECOMPTE_GENERAL_SIGNE",
    "A10": "DP_DE_SOUSTRAITANT_TRAVAUX",
    "A11": "PROJET_DECOMPTE_FINAL",
    "A13": "PROJET_DECOMPTE_MENSUEL",
    "A14": "PROJET_DECOMPTE_FINAL",
    "A15": "ETAT_ACOMPTE",
    "A16": "ETAT_ACOMPTE_VALIDE",
    "A17": "PROJET_DECOMPTE_GENERAL",
    "A18": "DECOMPTE_GENERAL",
    "A19": "ETAT_ACOMPTE_VALIDE",
    "A20": "DECOMPTE_GENERAL",
    "A22": "PROJET_DECOMPTE_GENERAL_PROCEDURE_TACITE",
    "A23": "DECOMPTE_GENERAL_DEFINITIF_TACITE",
    "A24": "DECOMPTE_GENERAL_DEFINITIF_TACITE",
    "A25": "DECOMPTE_GENERAL_DEFINITIF_PROCEDURE_TACITE",
}
CADRES = tuple(TYPES)
TO_MOE = ("A4", "A5", "A7", "A10", "A11", "A13", "A14", "A22")
TO_MOA = ("A8", "A15", "A16", "A17", "A18", "A23", "A24")
ON_DESK = {
    "MOE": ("MISE_A_DISPOSITION_MOE", "PRISE_EN_COMPTE_MOE"),
    "MOA": ("MISE_A_DISPOSITION_MOA", "PRISE_EN_COMPTE_MOA"),
    "DESTINATAIRE": ("MISE_A_DISPOSITION", "COMPLETEE"),
    "FOURNISSEUR": ("A_COMPLETER", "EN_ATTENTE_RECYCLAGE_FOURNISSEUR", "REFUSEE_MOE", "REFUSEE_MOA"),
}
REFUSED = {"MOE": "REFUSEE_MOE", "MOA": "REFUSEE_MOA", "DESTINATAIRE": "REJETEE"}
Reach = AbstractSet[int]
ENTRIES = ("MISE_A_DISPOSITION_MOE", "MISE_A_DISPOSITION_MOA", "MISE_A_DISPOSITION")


def demand(cadre: str) -> str:
    """The `typeDemandePaiement` of a cadre."""
    return WORKS if cadre in CADRES else "FACTURE"


def join_contract(world: Memory, facture: Facture) -> None:
    """Give a works document its MOE and its MOA, from the recipient's record of its contracts."""
    recipient = world.structures[facture.idDestinataire]
    facture.idMoe = recipient.marches.get(facture.numeroMarche) if facture.numeroMarche else None
    facture.idMoa = recipient.idStructureCPP if recipient.getaMoa else None


def set_out(world: Memory, facture: Facture, when: datetime) -> None:
    """Send a new document to its first desk; the one it answers is ASSOCIEE."""
    former = _answered(world, facture)
    if former is not None:
        lifecycle.set_status(world, former, "ASSOCIEE", facture.par, facture.numero, when=when)
    if facture.idMoe is None or not (facture.cadre in TO_MOE or (facture.cadre in TO_MOA and facture.idMoa)):
        validation.route(world, facture, when)
        return
    desk = "MOE" if facture.cadre in TO_MOE else "MOA"
    lifecycle.set_status(world, facture, ON_DESK[desk][0], when=when)


def _answered(world: Memory, facture: Facture) -> Facture | None:
    """The document on the desk of the sender that the new one names by `numeroFactureOrigine`."""
    if facture.idMoe is None or not facture.numeroFactureOrigine:
        return None
    for number in world.invoices.by_number.get(facture.numeroFactureOrigine, ()):
        other = world.factures[number]
        same = (other.idDestinataire, other.numeroMarche) == (facture.idDestinataire, facture.numeroMarche)
        if same and desk_of(other, {facture.idFournisseur}) in ("MOE", "MOA"):
            return other
    return None


def desk_of(facture: Facture, reach: Reach) -> str:
    """On whose desk the document lies (`MOE`, `MOA`, `DESTINATAIRE`), if that is one of `reach`; else empty."""
    owners = {"MOE": facture.idMoe, "MOA": facture.idMoa, "DESTINATAIRE": facture.idDestinataire}
    for desk, owner in owners.items():
        if owner is not None and owner in reach and facture.statut in ON_DESK[desk]:
            return desk
    return ""


def take_up(world: Memory, facture: Facture, reach: Reach, by: str) -> None:
    """Whoever reads a document on the desk of the MOE or the MOA takes it up, when the switch says so."""
    desk = desk_of(facture, reach)
    waiting, taken = ON_DESK.get(desk, ("", ""))
    if desk in ("MOE", "MOA") and facture.statut == waiting and world.switches.on("travaux_prise_en_compte"):
        lifecycle.set_status(world, facture, taken, by)


def refuse(world: Memory, facture: Facture, reach: Reach, by: str, motif: str) -> None:
    """The desk that holds the document refuses it. Raises `Refusal` 20002 elsewhere, 20003 for a total rejection
    for its amount, impossible since February 2025."""
    desk = desk_of(facture, reach)
    if not desk:
        raise incoherent_status()
    if "MONTANT" in motif.upper():
        raise Refusal(20003, "Un rejet total pour montant est impossible sur une facture de travaux.")
    _step(world, facture, REFUSED[desk], by, motif)


def ask_complement(world: Memory, facture: Facture, reach: Reach, by: str, comment: str) -> None:
    """The desk that holds the document asks its supplier to complete it. Raises `Refusal` 20002 elsewhere."""
    if not desk_of(facture, reach):
        raise incoherent_status()
    _step(world, facture, "A_COMPLETER", by, comment)


def ask_recycling(world: Memory, facture: Facture, reach: Reach, by: str, comment: str) -> None:
    """The desk that holds the document wants it sent again. Raises `Refusal` 20002 elsewhere."""
    if not desk_of(facture, reach):
        raise incoherent_status()
    _step(world, facture, "EN_ATTENTE_RECYCLAGE_FOURNISSEUR", by, comment)


def complete(world: Memory, facture: Facture, by: str, comment: str) -> None:
    """The supplier answers: back to the desk that asked. Raises `Refusal` 20002 when nobody did."""
    if facture.statut != "A_COMPLETER":
        lifecycle.complete(world, facture, by, comment)
        return
    back = next(step.statut for step in reversed(facture.historique) if step.statut in ENTRIES)
    facture.commentaire = comment or facture.commentaire
    lifecycle.set_status(world, facture, "COMPLETEE" if back == "MISE_A_DISPOSITION" else back, by, comment)
    lifecycle.changed(world, "travaux:completer", facture, by)


def send_again(world: Memory, facture: Facture, by: str, comment: str) -> None:
    """The supplier sends again what waits for it. Raises `Refusal` 20004 when nothing does."""
    if facture.statut != "EN_ATTENTE_RECYCLAGE_FOURNISSEUR":
        raise Refusal(20004, "La facture de travaux n'est pas en attente de recyclage.")
    lifecycle.set_status(world, facture, "DEPOSEE", by, comment)
    set_out(world, facture, lifecycle.changed(world, "travaux:recycler", facture, by))


def _step(world: Memory, facture: Facture, statut: str, by: str, comment: str) -> None:
    lifecycle.set_status(world, facture, statut, by, comment)
    lifecycle.changed(world, f"travaux:{statut}", facture, by)
