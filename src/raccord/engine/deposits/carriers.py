"""Which connection carries an invoice for which none was named: the only one, else the one that serves its supplier."""

from collections.abc import Sequence

import sqlalchemy as sa

from raccord.domain.connection import Connection
from raccord.domain.errors import Invalid
from raccord.domain.invoice import Invoice
from raccord.store import connections, structures

_BY_NAME = (
    "Vérifiez le SIRET du fournisseur sur la facture, ou nommez la connexion voulue (pour un dossier surveillé, posez "
    "le fichier dans « a-deposer/<nom de la connexion>/ »)."
)


def enabled_ones(conn: sa.Connection) -> list[Connection]:
    """The connections that a person has not switched off, by label."""
    return [one for one in connections.all_connections(conn) if one.enabled]


def able(conn: sa.Connection) -> list[Connection]:
    """The connections that may send, by label: those of a supplier, and those whose structures are not known yet."""
    enabled = enabled_ones(conn)
    known = {one.id: structures.of_connection(conn, one.id) for one in enabled}
    return [one for one in enabled if not known[one.id] or any(structure.is_supplier for structure in known[one.id])]


def first(among: Sequence[Connection]) -> Connection:
    """One that may send, whichever. Raises `Invalid` (`CONNEXION_ABSENTE`)."""
    if among:
        return among[0]
    raise Invalid(
        "CONNEXION_ABSENTE",
        "Aucune connexion à Chorus Pro ne peut prendre ce dépôt.",
        "Demandez à votre Superviseur de la régler dans Options > Paramètres > Système > Chorus Pro.",
    )


def serving(conn: sa.Connection, among: Sequence[Connection], invoice: Invoice) -> Connection:
    """The one of several that serves the supplier of this invoice. Raises `Invalid` (`CONNEXION_A_PRECISER`)."""
    siret = str(invoice.supplier_siret or "")
    if not siret:
        raise _unclear("Plusieurs connexions existent, et la facture ne porte pas le SIRET de son fournisseur.")
    found = [one for one in among if siret in structures.suppliers_of(conn, one.id)]
    if not found:
        raise _unclear(f"Aucune connexion ne sert le fournisseur {siret}.")
    if len(found) > 1:
        labels = ", ".join(f"« {one.label} »" for one in found)
        raise _unclear(f"Plusieurs connexions servent le fournisseur {siret} : {labels}.")
    return found[0]


def _unclear(sentence: str) -> Invalid:
    return Invalid("CONNEXION_A_PRECISER", sentence, _BY_NAME)
