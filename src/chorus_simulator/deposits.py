"""Taking a flux in: its number, its first state, the bytes put aside; nothing is read yet.

The platform answers a deposit at once and judges later (specifications/flux.md §3, §4): so does the simulator,
when the clock says so or somebody looks (`happenings`).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from chorus_simulator.memory import Memory
from chorus_simulator.model import Flux

INTERFACES = {
    "IN_DP_E1_UBL_INVOICE": "FSO1100A",
    "IN_DP_E1_CII_16B": "FSO1106A",
    "IN_DP_E1_CII": "FSO1102A",
    "IN_DP_E1_XCBL": "FSO1103A",
    "IN_DP_E1_PES_FACTURE": "FSO1104A",
    "IN_DP_E2_UBL_INVOICE_MIN": "FSO1110A",
    "IN_DP_E2_CII_MIN_16B": "FSO1116A",
    "IN_DP_E2_CII_MIN": "FSO1112A",
    "IN_DP_E2_PES_FACTURE_MIN": "FSO1114A",
    "IN_DP_E2_CPP_FACTURE_MIN": "FSO1113A",
    "IN_DP_E2_CII_FACTURX": "FSO1117A",
    "IN_DP_PDFARCHIVE_UBL_INVOICE_MUG": "FSO1120A",
    "IN_DP_PDFARCHIVE_CII_MUG": "FSO1122A",
    "IN_DP_E3_UBL_INVOICE": "FSO1105A",
}
WITHDRAWN = (
    "IN_DP_E1_CII",
    "IN_DP_E1_XCBL",
    "IN_DP_E1_PES_FACTURE",
    "IN_DP_E2_CII_MIN",
    "IN_DP_E2_PES_FACTURE_MIN",
    "IN_DP_PDFARCHIVE_UBL_INVOICE_MUG",
    "IN_DP_PDFARCHIVE_CII_MUG",
)
STATES = (
    "IN_DEPOT_PORTAIL_EN_ATTENTE_TRAITEMENT_SE_CPP",
    "IN_RECU",
    "IN_TRAITE_SE_CPP",
    "IN_EN_COURS_TRAITEMENT_CPP",
)


def deposit_flux(
    world: Memory, data: bytes, name: str, syntaxe: str, account: str, *, delay: float | None = None, stuck: str = ""
) -> Flux:
    """Put a flux in the queue. `delay` replaces the seconds before its final state; `stuck` names a state in which
    it ends without being judged (an incident of the exchange system)."""
    now = world.now()
    interface = INTERFACES[syntaxe]
    numero = f"CPP001{interface[3:7]}{world.next_id('flux'):015d}"
    steps = [float(step) for step in world.switches.text("flux_delais").split()]
    if delay is not None:
        steps = [delay / len(STATES)] * len(STATES)
    steps = (steps + [0.0] * len(STATES))[: len(STATES)]
    when, etapes = now, [(STATES[0], now)]
    for state, step in zip(STATES[1:], steps, strict=False):
        when += timedelta(seconds=step)
        etapes.append((state, when))
    due = when + timedelta(seconds=steps[-1])
    flux = Flux(numero, syntaxe, name, interface, world.spool.add(data), account, now, due, etapes)
    world.flux[numero] = flux
    world.ledger.deposited("deposer/flux", numero, now, account, name)
    if stuck:
        flux.final = stuck
    else:
        world.schedule(due, "flux", numero)
    world.touch()
    return flux


def state_of(world: Memory, flux: Flux) -> tuple[str, datetime]:
    """The present state of a flux and since when (aware datetime)."""
    now = world.now()
    if flux.final is not None and now >= flux.due:
        return flux.final, flux.due
    for state, when in reversed(flux.etapes):
        if when <= now:
            return state, when
    return flux.etapes[0]
