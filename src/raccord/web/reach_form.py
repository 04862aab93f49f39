"""The choice of the structures that a person or a key sees, as a form writes it: all, or those ticked and typed."""

import re
from typing import Any

from raccord.domain.reach import EVERYTHING, Reach
from raccord.engine.gateway import Gateway
from raccord.web.forms import Form

MOST_SHOWN = 50
"""Structures that a form shows at once; beyond, a search finds the others."""
SOME = "certaines"


def reach_of(form: Form) -> Reach:
    """What was chosen; everything when the form asks nothing of structures."""
    if form.text("perimetre") != SOME:
        return EVERYTHING
    typed = re.split(r"[\s,;]+", form.text("sirets"))
    return Reach.of([*form.many("structure"), *filter(None, typed)])


def reach_facts(gateway: Gateway, reach: Reach, text: str = "") -> dict[str, Any]:
    """What the form shows: the structures that answer to `text`, those already chosen first, and how many are left."""
    named = gateway.users.structures()
    chosen = [siret for siret in named if siret in (reach.sirets or ())]
    wanted = text.casefold().replace(" ", "")
    found = [
        siret
        for siret, label in named.items()
        if siret not in chosen and (wanted in siret or text.casefold() in label.casefold())
    ]
    shown = [*chosen, *found[:MOST_SHOWN]]
    return {
        "reach": reach,
        "structures": [(siret, named[siret], siret in chosen) for siret in shown],
        "structures_left": len(found) - min(len(found), MOST_SHOWN),
        "many_structures": len(named) > MOST_SHOWN,
    }
