"""What the Factures API answers when it finds nothing or may not.

Sources: specifications/errors.md, simulator-decisions.md §4.
"""

from __future__ import annotations

from chorus_simulator.operations import Call
from chorus_simulator.refusals import Refusal, not_suspended, not_yours, unknown_invoice

__all__ = ["file_too_large", "not_submittable", "not_suspended", "not_yours", "nothing_received", "unknown_invoice"]


def nothing_received() -> Refusal:
    """An empty search of received invoices, seen in production."""
    return Refusal(20000, "TRA_MSG_00.015")


def file_too_large(call: Call) -> Refusal:
    """20001 `GDP_MSG_11.022`, for a flux above the switch `flux_mo` (errors.md §2)."""
    megabytes = int(call.world.switches.number("flux_mo"))
    return Refusal(20001, f"GDP_MSG_11.022 : Le fichier dépasse la taille maximale autorisée de {megabytes} Mo.")


def not_submittable() -> Refusal:
    """`GDP_MSG_11.001`: only a draft, a wrong validator or a recycling is submitted again (errors.md §2; the code is
    a guess)."""
    return Refusal(20000, "GDP_MSG_11.001 : L'état de la demande de paiement ne permet pas de la soumettre.")


def refused_amounts(libelle: str) -> Refusal:
    """20013 exists for the amount rules of `soumettre`; its label is not public (saisie.md §5)."""
    return Refusal(20013, libelle)
