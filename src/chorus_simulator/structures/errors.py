"""What the Structures API refuses. Its codes are not public: these numbers are ours (G)."""

from __future__ import annotations

from chorus_simulator.refusals import Refusal


def criterion_required() -> Refusal:
    """A search without a criterion, seen in a client's notes (errors.md §2)."""
    return Refusal(20001, "Au moins un critère de recherche doit être renseigné.")


def unknown_structure() -> Refusal:
    """A structure that does not exist, or whose attachments are asked for by another's account."""
    return Refusal(20000, "La structure n'existe pas ou n'est pas visible par l'utilisateur.")


def unknown_service() -> Refusal:
    """No service of this id in the structure named."""
    return Refusal(20002, "Le service n'existe pas dans cette structure.")
