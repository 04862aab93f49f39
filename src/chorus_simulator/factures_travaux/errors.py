"""What the works API answers when it finds nothing (specifications/api/factures-travaux.md §1)."""

from __future__ import annotations

from chorus_simulator.refusals import Refusal


def nothing_found() -> Refusal:
    """An empty search, seen in production; not an error."""
    return Refusal(20007, "GFT_MSG_01.075")


def not_works() -> Refusal:
    """An invoice that exists but is no works document; the wording is a guess."""
    return Refusal(20000, "GFT_MSG_01.001 : La facture de travaux n'existe pas.")
