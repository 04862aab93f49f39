"""The FacturesTravaux API (specifications/api/factures-travaux.md).

Only `rechercher` is proven; the other paths are deduced from those of 2017 and their fields unknown, so they are absent
here rather than guessed.
"""

from __future__ import annotations

from choruspro.models import factures_travaux as m
from choruspro.models.commun import RechercheParams
from choruspro.operation import AsyncFace, Face, Search
from choruspro.paging import Paging

__all__ = ["AsyncFacturesTravaux", "FacturesTravaux", "FacturesTravauxOperations"]


class FacturesTravauxOperations:
    """The operations."""

    famille = "facturesTravaux"

    rechercher = Search(
        "rechercher",
        m.RechercherFactureTravauxParam,
        m.RetourRechercherFactureTravaux,
        m.FactureTravaux,
        no_result=(20007,),
        paging=Paging("rechercheFactureTravaux", RechercheParams, "listeFacturesTravaux"),
        doc="""Search works invoices under one role (§1). Nothing found (20007 `GFT_MSG_01.075`) is no error.

        `flagTelecharge` is the works equivalent of `factureTelechargeeParDestinataire`.
        """,
    )


class FacturesTravaux(FacturesTravauxOperations, Face):
    """The FacturesTravaux API, waited for."""


class AsyncFacturesTravaux(FacturesTravauxOperations, AsyncFace):
    """The FacturesTravaux API, awaited."""
