"""The EngagementsJuridiques API (specifications/api/engagements-juridiques.md)."""

from __future__ import annotations

from choruspro.models import engagements_juridiques as m
from choruspro.models.commun import RechercheParams
from choruspro.operation import AsyncFace, Face, Operation, Search
from choruspro.paging import Paging

__all__ = ["AsyncEngagementsJuridiques", "EngagementsJuridiques", "EngagementsJuridiquesOperations"]


class EngagementsJuridiquesOperations:
    """The operations."""

    famille = "engagementsJuridiques"

    rechercher = Search(
        "rechercher",
        m.RechercherEngagementParam,
        m.RetourRechercherEngagement,
        m.EngagementTrouve,
        no_result=(20000,),
        paging=Paging("parametresRecherche", RechercheParams, "listeEngagementJuridique"),
        doc="""Search commitments (§1).

        An empty list means "unknown to Chorus Pro": a warning, not a refusal, when the client does not publish its
        commitments, as most but the State do not. Numbers have 50 characters at most.
        """,
    )
    consulter_detail = Operation(
        "consulterDetail",
        m.ConsulterDetailEngagementParam,
        m.RetourConsulterDetailEngagement,
        doc="""Read one commitment, by its number (§2); the path is deduced from that of the old host.""",
    )


class EngagementsJuridiques(EngagementsJuridiquesOperations, Face):
    """The EngagementsJuridiques API, waited for."""


class AsyncEngagementsJuridiques(EngagementsJuridiquesOperations, AsyncFace):
    """The EngagementsJuridiques API, awaited."""
