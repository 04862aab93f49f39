"""What the Transverses API refuses (specifications/errors.md §2, simulator-decisions.md §3)."""

from __future__ import annotations

from chorus_simulator.operations import Call
from chorus_simulator.refusals import Refusal


def unknown_flux(call: Call) -> Refusal:
    """No such flux for this account; the code is the switch `flux_inconnu_code` (simulator-decisions.md §3)."""
    code = int(call.world.switches.number("flux_inconnu_code"))
    return Refusal(code, "Le numéro de flux de dépôt n'existe pas ou n'est pas visible par l'utilisateur.")


def file_too_large() -> Refusal:
    """20003, above 10 MB (errors.md §2)."""
    return Refusal(20003, "La taille de la pièce jointe dépasse la taille maximale autorisée de 10 Mo.")


def unknown_object(what: str) -> Refusal:
    """A file, structure or commitment that is not there or not the account's; the code is a guess."""
    return Refusal(20000, f"{what} n'existe pas ou n'est pas visible par l'utilisateur.")


def unknown_siret() -> Refusal:
    """A SIRET that this world does not hold; the code is a guess."""
    return Refusal(20000, "Le SIRET demandé est inconnu.")
