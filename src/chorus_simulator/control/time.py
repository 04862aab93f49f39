"""Clock, switches, faults, reset: what bears on the whole bench."""

from __future__ import annotations

from dataclasses import asdict, fields
from datetime import timedelta
from typing import Any

from chorus_simulator import seeds
from chorus_simulator.control.room import Endpoint, Order, moment, number
from chorus_simulator.faults import KINDS, Fault
from chorus_simulator.switches import SWITCHES

LONGEST_REFUSAL = 600
FAULT_FIELDS = {field.name for field in fields(Fault)} - {"struck", "_random"}


def read_clock(order: Order) -> object:
    """The bench's present, ISO in UTC, and how it runs."""
    clock = order.bench.clock
    return {"now": clock.now().isoformat(), "frozen": clock.frozen, "speed": clock.speed}


def turn_clock(order: Order) -> object:
    """Frost first, then the hour: asked together they stop the clock exactly there."""
    clock, body = order.bench.clock, order.body
    if "freeze" in body:
        clock.freeze(body["freeze"] is True)
    if "set" in body:
        clock.set(moment(body, "set"))
    if "advance" in body:
        clock.advance(timedelta(seconds=number(body, "advance")))
    if "speed" in body:
        clock.run_at(number(body, "speed"))
    return read_clock(order)


def list_switches(order: Order) -> object:
    """Every guess of the simulator with its sentence, its source and its present value."""
    present = order.bench.switches.as_dict()
    return [{**asdict(switch), "value": present[switch.name]} for switch in SWITCHES]


def set_switches(order: Order) -> object:
    """Change some switches, name to value; all of them as they are then. Raises `ValueError` on the first that is
    unknown or out of its choices; those before it have changed."""
    for name, value in order.body.items():
        order.bench.switches.set(name, value)
    return order.bench.switches.as_dict()


def list_faults(order: Order) -> object:
    """The faults in wait, and the kinds that exist."""
    return {"waiting": [_shown(fault) for fault in order.bench.faults.waiting], "kinds": KINDS}


def add_fault(order: Order) -> object:
    """Have a failure lie in wait; as it was understood. Raises `ValueError` for an unknown field, kind or moment."""
    unknown = set(order.body) - FAULT_FIELDS
    if unknown:
        raise ValueError(f"Champ inconnu : {', '.join(sorted(unknown))}. Champs : {', '.join(sorted(FAULT_FIELDS))}.")
    try:
        fault = Fault(**order.body)
    except TypeError:
        raise ValueError("« kind » est obligatoire.") from None
    order.bench.faults.add(fault)
    return _shown(fault)


def clear_faults(order: Order) -> object:
    """Nothing fails any more."""
    order.bench.faults.clear()
    return list_faults(order)


def refuse(order: Order) -> object:
    """Close the port for real `seconds`, this room's too. Raises `ValueError` out of bounds, or in process."""
    seconds = number(order.body, "seconds", 2)
    if not 0 <= seconds <= LONGEST_REFUSAL:
        raise ValueError(f"« seconds » va de 0 à {LONGEST_REFUSAL}.")
    if order.bench.refuse is None:
        raise ValueError("Ce serveur ne sait pas fermer son port.")
    order.bench.refuse(seconds)
    return {"seconds": seconds}


def _shown(fault: Fault) -> dict[str, Any]:
    return {name: value for name, value in vars(fault).items() if not name.startswith("_")}


def reset(order: Order) -> object:
    """Both environments, switches and faults back to the first morning; the clock runs again at 1, set to `clock` if
    given."""
    order.bench.clock.run_at(1)
    order.bench.clock.freeze(False)
    if order.body.get("clock"):
        order.bench.clock.set(moment(order.body, "clock"))
    # After the clock: the accounts of the first morning are as old as that hour says, never born in its future.
    order.bench.reset(int(number(order.body, "seed")) if "seed" in order.body else None)
    return read_clock(order)


def add_structures(order: Order) -> object:
    """Add that many public structures to this environment, for load (`seeds.many`)."""
    seeds.many(order.world, int(number(order.body, "structures")))
    return {"structures": len(order.world.structures)}


ENDPOINTS = (
    Endpoint("GET", "/clock", "L’heure du banc.", read_clock),
    Endpoint(
        "POST",
        "/clock",
        "Régler l’heure.",
        turn_clock,
        {
            "set": "instant ISO avec fuseau",
            "advance": "secondes à ajouter",
            "freeze": "true arrête, false repart",
            "speed": "secondes simulées par seconde réelle",
        },
    ),
    Endpoint("GET", "/switches", "Les choix faits où le contrat se tait, et leur valeur.", list_switches),
    Endpoint("PUT", "/switches", "Changer des choix.", set_switches, {"<nom>": "valeur"}),
    Endpoint("GET", "/faults", "Les pannes en attente, et celles qui existent.", list_faults),
    Endpoint(
        "POST",
        "/faults",
        "Préparer une panne.",
        add_fault,
        {
            "kind": "nom de la panne, voir GET /faults",
            "pattern": "motif de chemin, par exemple */deposer/flux",
            "count": "nombre d’appels touchés (1), null sans fin",
            "probability": "de 0 à 1, au lieu de count",
            "seed": "graine du tirage",
            "when": "before ou after : avant ou après le travail",
            "seconds": "durée",
            "retry_after": "secondes, pour 429",
            "state": "état du flux, pour internal_state",
            "damage": "cut, base64, noise, zip ou missing, pour damaged_pivot",
            "most": "factures par téléchargement (1), pour too_large",
            "facture": "identifiant : les seuls téléchargements qui la demandent, pour too_large et damaged_pivot",
        },
    ),
    Endpoint("DELETE", "/faults", "Oublier les pannes.", clear_faults),
    Endpoint(
        "POST",
        "/refuse",
        "Fermer le port : les connexions sont refusées, celle-ci comprise.",
        refuse,
        {"seconds": "durée réelle, 2 par défaut"},
    ),
    Endpoint(
        "POST", "/reset", "Tout remettre au premier matin.", reset, {"seed": "graine", "clock": "instant ISO de départ"}
    ),
    Endpoint("POST", "/seed", "Ajouter des structures publiques fictives.", add_structures, {"structures": "combien"}),
)
