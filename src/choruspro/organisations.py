"""The Référentiel des organisations: an ordinary REST directory (specifications/api/organisations.md).

No `codeRetour`; a refusal is an HTTP 4xx with a JSON array of objects holding `error`, read as `Refused.libelle`.
`siren/recherche` (inactive) and the creation of a service (path unknown) are left out.
"""

from __future__ import annotations

from typing import Any

import msgspec

from choruspro.models import organisations as m
from choruspro.models.commun import SansCritere
from choruspro.operation import AsyncFace, Face, Operation

__all__ = ["AsyncOrganisations", "Organisations", "OrganisationsOperations"]


def search_body(request: msgspec.Struct) -> dict[str, Any]:
    """Lay a search flat: one member per filtered field, then `_sort`, `_desc`, `_fields`."""
    assert isinstance(request, m.RechercheParam)
    options = {"_sort": request.tri, "_desc": request.tri_descendant, "_fields": request.champs}
    return {**request.criteres, **{name: value for name, value in options.items() if value}}


class OrganisationsOperations:
    """The operations, in the order of the specification."""

    famille = "organisations"

    healthcheck = Operation(
        "healthcheck",
        SansCritere,
        m.SansReponse,
        method="GET",
        envelope=False,
        doc="""Ask whether the directory is alive; the answer is empty.""",
    )
    structure = Operation(
        "structures/{uuid}",
        m.ParUuid,
        m.OrganisationStructure,
        method="GET",
        envelope=False,
        doc="""Read one structure, by its `uuid`.""",
    )
    structure_services = Operation(
        "structures/{uuid}/services",
        m.ParUuid,
        list[m.OrganisationService],
        method="GET",
        envelope=False,
        doc="""List the services of a structure.""",
    )
    structure_pieces_jointes = Operation(
        "structures/{uuid}/pieces_jointes",
        m.ParUuid,
        list[m.PieceJointeOrganisation],
        method="GET",
        envelope=False,
        doc="""List the attachments of a structure, without their data.""",
    )
    structure_piece_jointe = Operation(
        "structures/{uuid}/pieces_jointes/{uuidPj}",
        m.ParUuidEtPieceJointe,
        m.PieceJointeOrganisation,
        method="GET",
        envelope=False,
        doc="""Fetch one attachment, with its data.""",
    )
    structure_parametres_edi = Operation(
        "structures/{uuid}/parametres-edi",
        m.ParametresEdiParam,
        m.SansReponse,
        method="PATCH",
        writes=True,
        envelope=False,
        doc="""Set whether a structure receives and connects by EDI; the answer is empty (204).""",
    )
    structures_recherche = Operation(
        "structures/recherche",
        m.RechercheParam,
        list[m.OrganisationStructure],
        envelope=False,
        body=search_body,
        doc="""Search structures by filters on their fields.""",
    )
    service = Operation(
        "services/{uuid}",
        m.ParUuid,
        m.OrganisationService,
        method="GET",
        envelope=False,
        doc="""Read one service, by its `uuid`.""",
    )
    services_recherche = Operation(
        "services/recherche",
        m.RechercheParam,
        list[m.OrganisationService],
        envelope=False,
        body=search_body,
        doc="""Search services by filters on their fields.""",
    )


class Organisations(OrganisationsOperations, Face):
    """The Référentiel des organisations, waited for."""


class AsyncOrganisations(OrganisationsOperations, AsyncFace):
    """The Référentiel des organisations, awaited."""
