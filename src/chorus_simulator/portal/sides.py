"""The three lists of invoices of the portal: what each holds, and what may be done there.

« Factures reçues » is the buyer's desk: statuses with motif and mandate number, by the same rules as the API
(`lifecycle`). « Factures à valider »: the validator of an A9 or A12 decides (`validation`). « Factures
émises »: the supplier completes a suspended invoice.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chorus_simulator import validation

if TYPE_CHECKING:
    from chorus_simulator.model import Facture
    from chorus_simulator.portal.desk import Visit
    from chorus_simulator.portal.paging import Sized
    from chorus_simulator.world import World

ACCEPTED, REFUSED = ("VALIDEE_1", "VALIDEE_2"), ("REFUSEE_1", "REFUSEE_2")
WRONG = {"1": "ERREUR_FOURNISSEUR_SUR_VALIDEUR", "2": "ERREUR_COTRAITANT_SUR_VALIDEUR"}
BEFORE = ("DEPOSEE", *validation.AWAITING, *ACCEPTED, *REFUSED, *WRONG.values())
AT_RECIPIENT = (
    "MISE_A_DISPOSITION",
    "COMPLETEE",
    "SUSPENDUE",
    "REJETEE",
    "A_RECYCLER",
    "SERVICE_FAIT",
    "MANDATEE",
    "MISE_A_DISPOSITION_COMPTABLE",
    "COMPTABILISEE",
    "MISE_EN_PAIEMENT",
)


@dataclass(frozen=True)
class Side:
    """One of the three lists: its address, its words, what it holds, what may be done there."""

    path: str
    heading: str
    lead: str
    seed: str
    other: str
    desk_heading: str
    motif_label: str
    motif_hint: str
    listed: Callable[[World, list[int]], Sized[Facture]]
    statuses: Sequence[str]
    targets: Callable[[World, Facture], Sequence[str]]
    apply: Callable[[Visit, Facture, str], None]


def _treat(visit: Visit, facture: Facture, statut: str) -> None:
    mandate = visit.field("mandat") if statut == "MANDATEE" else ""
    visit.world.treat(facture, statut, visit.person.login, motif=visit.field("motif"), mandat=mandate)


def _validation_targets(_: World, facture: Facture) -> Sequence[str]:
    if facture.statut not in validation.AWAITING:
        return ()
    rank = facture.statut[-1]
    return (f"VALIDEE_{rank}", f"REFUSEE_{rank}", WRONG[rank])


def _decide(visit: Visit, facture: Facture, statut: str) -> None:
    motif = validation.WRONG_VALIDATOR if statut in WRONG.values() else visit.field("motif")
    validation.decide(visit.world, facture, statut in ACCEPTED, visit.person.login, motif)


def _supplier_targets(_: World, facture: Facture) -> Sequence[str]:
    return ("COMPLETEE",) if facture.statut == "SUSPENDUE" else ()


def _complete(visit: Visit, facture: Facture, _: str) -> None:
    visit.world.complete(facture, visit.person.login, visit.field("motif"))


RECEIVED = Side(
    "/factures/recues",
    "Factures reçues",
    "Les factures adressées à vos structures, les plus récentes d’abord.",
    "S2-12",
    "Fournisseur",
    "Traiter la facture",
    "Motif",
    "Obligatoire pour suspendre ou rejeter, 255 caractères au plus.",
    lambda world, mine: world.received_by(mine),
    AT_RECIPIENT,
    lambda world, facture: world.targets(facture),
    _treat,
)
TO_VALIDATE = Side(
    "/factures/a-valider",
    "Factures à valider",
    "Les factures de vos sous-traitants et cotraitants. Sans réponse dans les quinze jours, l’accord est tacite.",
    "S2-13",
    "Fournisseur",
    "Se prononcer",
    "Motif",
    "Obligatoire pour refuser, 255 caractères au plus.",
    lambda world, mine: world.to_validate_by(mine),
    validation.AWAITING,
    _validation_targets,
    _decide,
)
ISSUED = Side(
    "/factures/emises",
    "Factures émises",
    "Les factures envoyées par vos structures, les plus récentes d’abord.",
    "S2-14",
    "Destinataire",
    "Compléter la facture",
    "Commentaire",
    "",
    lambda world, mine: world.issued_by(mine),
    (*BEFORE, *AT_RECIPIENT),
    _supplier_targets,
    _complete,
)
SIDES = (RECEIVED, TO_VALIDATE, ISSUED)


def owners(side: Side, facture: Facture) -> set[int | None]:
    """The structures that find this invoice on this side."""
    if side is ISSUED:
        return {facture.idFournisseur}
    if side is TO_VALIDATE:
        return {facture.idValideur1, facture.idValideur2}
    return {facture.idDestinataire}


def may_close(side: Side, facture: Facture) -> bool:
    """The supplier « traite le rejet » of an invoice, once (life-cycle.md §3)."""
    return side is ISSUED and facture.statut == "REJETEE" and not facture.rejetTraite


def may_decide(mine: list[int], side: Side, facture: Facture) -> bool:
    """Whether one of `mine` may act now: the second validator waits for the first."""
    return side is not TO_VALIDATE or validation.awaited(facture) in mine
