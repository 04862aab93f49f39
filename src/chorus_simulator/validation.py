"""Validators of subcontracted and co-contracted invoices, cadres A9 and A12 (specifications/life-cycle.md §5).

The holder of the contract (A9) or the agent (A12) approves, refuses, or stays silent for fifteen days; in every
case the request goes on to the public recipient.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from chorus_simulator import lifecycle
from chorus_simulator.clock import PARIS
from chorus_simulator.memory import Memory
from chorus_simulator.model import Evenement, Facture
from chorus_simulator.refusals import Refusal, incoherent_status

WITH_VALIDATOR = ("A9", "A12")
AWAITING = ("A_VALIDER_1", "A_VALIDER_2")
WRONG_VALIDATOR = "ERR_VALIDEUR"
SILENCE = "Accord tacite : le valideur ne s’est pas prononcé dans le délai de {days} jours."


def awaited(facture: Facture) -> int | None:
    """The structure whose answer the invoice waits for; None when it waits for no validator."""
    return {"A_VALIDER_1": facture.idValideur1, "A_VALIDER_2": facture.idValideur2}.get(facture.statut)


def await_validators(world: Memory, facture: Facture, when: datetime, rank: int = 1) -> None:
    """Put the invoice before its first or second validator and set the date of the tacit consent."""
    lifecycle.set_status(world, facture, f"A_VALIDER_{rank}", facture.par, when=when)
    due = when + timedelta(days=world.switches.number("validation_tacite_jours"))
    world.schedule(due, "tacite", f"{facture.id}:{rank}")


def consent_by_silence(world: Memory, key: str, when: datetime) -> None:
    """The delay of a validator has run out: `key` is `<id>:<rank>`. Nothing happens when it decided meanwhile."""
    number, _, rank = key.partition(":")
    facture = world.factures.get(int(number))
    if facture is None or facture.statut != f"A_VALIDER_{rank}":
        return
    lifecycle.set_status(world, facture, f"ABSENCE_VALIDATION_{rank}_HORS_DELAI", when=when)
    days = int(world.switches.number("validation_tacite_jours"))
    facture.evenements.append(Evenement(SILENCE.format(days=days), "Chorus Pro", when))
    _go_on(world, facture, int(rank), when)


def decide(world: Memory, facture: Facture, accepted: bool, by: str, motif: str = "") -> None:
    """The present validator speaks. Raises `Refusal` 20002 when nobody waits for a validator."""
    if facture.statut not in AWAITING:
        raise incoherent_status()
    rank = int(facture.statut[-1])
    if not accepted and not motif:
        raise Refusal(20003, "Le motif est obligatoire pour refuser une facture à valider.")
    if motif == WRONG_VALIDATOR and not accepted:
        who = "FOURNISSEUR" if rank == 1 else "COTRAITANT"
        lifecycle.set_status(world, facture, f"ERREUR_{who}_SUR_VALIDEUR", by, motif)
        lifecycle.changed(world, "traiter/factureAValider", facture, by)
        return
    lifecycle.set_status(world, facture, f"{'VALIDEE' if accepted else 'REFUSEE'}_{rank}", by, motif)
    day = world.now().astimezone(PARIS).date()
    if rank == 1:
        facture.dateValidation1 = day
    else:
        facture.dateValidation2 = day
    _go_on(world, facture, rank, world.now())
    lifecycle.changed(world, "traiter/factureAValider", facture, by)


def _go_on(world: Memory, facture: Facture, rank: int, when: datetime) -> None:
    if rank == 1 and facture.idValideur2 is not None:
        await_validators(world, facture, when, 2)
    else:
        route(world, facture, when)


def route(world: Memory, facture: Facture, when: datetime) -> None:
    """From acceptance to the recipient's desk; a body that receives by EDI sees it pass on the road."""
    recipient = world.structure(facture.idDestinataire)
    if recipient and recipient.recevoirDonneesViaEDI:
        lifecycle.set_status(world, facture, "EN_COURS_ACHEMINEMENT", when=when)
    lifecycle.set_status(world, facture, "MISE_A_DISPOSITION", when=when)
