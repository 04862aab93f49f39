"""The Structures API: 6 operations (specifications/api/structures.md, specifications/directory.md)."""

from __future__ import annotations

from choruspro.models import structures as m
from choruspro.operation import AsyncFace, Face, Operation, Search
from choruspro.paging import Paging

__all__ = ["AsyncStructures", "Structures", "StructuresOperations"]


class StructuresOperations:
    """The operations, in the order of the specification."""

    famille = "structures"

    rechercher = Search(
        "rechercher",
        m.RechercherStructureParam,
        m.WsRetourRechercherStructure,
        m.StructureAAfficher,
        no_result=(20000,),
        paging=Paging("parametres", m.ParametresRechercherStructure, "listeStructures"),
        doc="""Search structures (§1). At least one criterion of `structure` is required.

        The usual question: `structure=RechercherStructureInput(identifiantStructure=siret,
        typeIdentifiantStructure="SIRET")`. Requests say ACTIF, answers ACTIVE.
        """,
    )
    consulter = Operation(
        "consulter",
        m.ConsulterStructureAvecTVAIntraComParam,
        m.WsRetourConsulterStructureTVAIntraCom,
        doc="""Read one structure, by `idStructureCPP` (§2).

        `parametres` says what an invoice must carry (specifications/directory.md §3).
        `informationGenerales.dateExpirationMotPasseCompteTech`, an instant, is the only trace of technical accounts in
        the whole API; it may be empty.
        """,
    )
    rechercher_services = Search(
        "rechercher/services",
        m.RechercherServicesStructureParam,
        m.WsRetourRechercherServicesStructure,
        m.ServiceExpose,
        no_result=(20000,),
        paging=Paging(
            "parametresRechercherServicesStructure", m.ParametresRechercherServicesStructure, "listeServices"
        ),
        doc="""Search the services of a structure, by `idStructure` (§3). Some structures have hundreds:
        `iter_rows`.
        """,
    )
    consulter_service = Operation(
        "consulter/service",
        m.ConsulterServiceStructureParam,
        m.WsRetourConsulterServiceStructure,
        doc="""Read one service (§4).

        `parametres.numeroEngagement` True makes the commitment number compulsory for this service, whatever the
        structure says.
        """,
    )
    lister_rattachementsutilisateur = Search(
        "lister/rattachementsutilisateur",
        m.ListerRattachementsStructureUtilisateurParam,
        m.WsRetourListerRattachementsStructureUtilisateur,
        m.ServiceOutputListerRattachementsStructureUtilisateur,
        no_result=(20000,),
        paging=Paging(
            "parametresListerRattachementsStructureUtilisateur",
            m.ParamListerRattachementsStructureUtilisateur,
            "listeServices",
        ),
        doc="""List the attachments of a user to the services of a structure (§5), as its manager.""",
    )
    rechercher_espaces = Search(
        "rechercher/espaces",
        m.RechercherEspacesParam,
        m.WsRetourRechercherEspacesFo,
        m.WsRetourEspaceFoServiceSxp,
        no_result=(20000,),
        paging=Paging("parametresRechercherEspaces", m.ParametresRechercherEspacesFo, "listeEspace"),
        doc="""Search the spaces of a structure or of a service (§6). Deprecated in the official file.""",
    )


class Structures(StructuresOperations, Face):
    """The Structures API, waited for."""


class AsyncStructures(StructuresOperations, AsyncFace):
    """The Structures API, awaited."""
