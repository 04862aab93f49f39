"""Which structures a person or a program may be limited to, and how the journal writes it."""

import sqlalchemy as sa

from raccord.domain.errors import Invalid
from raccord.domain.reach import Reach
from raccord.domain.roles import Role
from raccord.store import structures

EVERY_STRUCTURE = "toutes les structures"
"""In the journal: a reach without limit."""


def told(reach: Reach) -> str:
    """A reach as the journal writes it."""
    return EVERY_STRUCTURE if reach.sirets is None else ", ".join(sorted(reach.sirets))


def check_reach(conn: sa.Connection, reach: Reach, role: Role | None = None) -> None:
    """Raises `Invalid`: PERIMETRE_SUPERVISEUR, PERIMETRE_VIDE, PERIMETRE_INCONNU."""
    if reach.sirets is None:
        return
    if role is Role.SUPERVISEUR:
        raise Invalid(
            "PERIMETRE_SUPERVISEUR",
            "Un Superviseur règle Raccord en entier : il voit toutes les structures.",
            "Choisissez « toutes les structures », ou donnez à cette personne un autre rôle.",
        )
    if not reach.sirets:
        raise Invalid(
            "PERIMETRE_VIDE",
            "Aucune structure n’est choisie : aucune facture ne serait visible.",
            "Cochez au moins une structure, ou choisissez « toutes les structures ».",
        )
    unknown = sorted(reach.sirets - structures.named(conn).keys())
    if unknown:
        raise Invalid(
            "PERIMETRE_INCONNU",
            f"Aucune connexion ne sert la structure {unknown[0][:20]}.",
            "Recopiez son SIRET de la page de la connexion, ou lancez-y la recherche des structures.",
        )
