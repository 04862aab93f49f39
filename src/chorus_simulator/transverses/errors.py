"""What the Transverses API refuses (specifications/errors.md §2, simulator-decisions.md §3)."""

from __future__ import annotations

from chorus_simulator.operations import Call
from chorus_simulator.refusals import Refusal


def unknown_flux(call: Call) -> Refusal:
    code = int(call.world.switches.number("flux_inconnu_code"))
    return Refusal(code, "Le numéro de flux de dépôt n'existe pas ou n'est pas visible par l'utilisateur.")


def file_too_large() -> Refusal:
    return Refusal(20003, "La taille de la pièce jointe dépasse la taille maximale autorisée de 10 Mo.")


def unknown_object(what: str) -> Refusal:
    return Refusal(20000, f"{what} n'existe pas ou n'est pas visible par l'utilisateur.")


def unknown_siret() -> Refusal:
    return Refusal(20000, "Le SIRET demandé est inconnu.")
