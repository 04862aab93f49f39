"""The Utilisateurs API: the one operation known (specifications/api/utilisateurs.md)."""

from __future__ import annotations

from choruspro.models import utilisateurs as m
from choruspro.models.commun import RechercheParams
from choruspro.operation import AsyncFace, Face, Search
from choruspro.paging import Paging

__all__ = ["AsyncUtilisateurs", "Utilisateurs", "UtilisateursOperations"]


class UtilisateursOperations:
    """The operations."""

    famille = "utilisateurs"

    mon_compte_recuperer_rattachements = Search(
        "monCompte/recuperer/rattachements",
        m.RattachementsMonCompteParam,
        m.RetourRattachementsMonCompte,
        m.StructureRattachement,
        no_result=(20000,),
        paging=Paging("parametresRecherche", RechercheParams, "listeStructureRattachement"),
        doc="""List the structures to which the account of `cpro-account` has at least one active attachment.""",
    )


class Utilisateurs(UtilisateursOperations, Face):
    """The Utilisateurs API, waited for."""


class AsyncUtilisateurs(UtilisateursOperations, AsyncFace):
    """The Utilisateurs API, awaited."""
