"""Requests and answers of the Utilisateurs API."""

from __future__ import annotations

from msgspec import field

from choruspro.base import Demande, Instant, Objet, Retour
from choruspro.enumerations import StatutRattachement, TypeIdentifiant
from choruspro.models.commun import ParametresRetour, RechercheParams

__all__ = ["RattachementsMonCompteParam", "RetourRattachementsMonCompte", "ServiceRattache", "StructureRattachement"]


class RattachementsMonCompteParam(Demande, kw_only=True, frozen=True):
    """Request of `monCompte/recuperer/rattachements` (specifications/api/utilisateurs.md)."""

    parametresRecherche: RechercheParams | None = None


class ServiceRattache(Objet, kw_only=True, frozen=True):
    """A service to which the account is attached (specifications/api/utilisateurs.md)."""

    idRattachementService: int | None = None
    idService: int | None = None
    codeService: str | None = None
    libelleService: str | None = None
    statutService: str | None = None
    statutRattachementService: StatutRattachement | None = None
    estActif: bool | None = None
    dateDbtService: Instant | None = None
    dateFinService: Instant | None = None


class StructureRattachement(Objet, kw_only=True, frozen=True):
    """A structure to which the account is attached (specifications/api/utilisateurs.md)."""

    idRattachementStructure: int | None = None
    idStructure: int | None = None
    identifiantStructure: str | None = None
    typeIdentifiantStructure: TypeIdentifiant | None = None
    designationStructure: str | None = None
    roleUtilisateur: str | None = None
    statutRattachementStructure: StatutRattachement | None = None
    statutUtilisateur: str | None = None
    listeServicesRattache: list[ServiceRattache] = field(default_factory=list)


class RetourRattachementsMonCompte(Retour, kw_only=True, frozen=True):
    """Answer of `monCompte/recuperer/rattachements` (specifications/api/utilisateurs.md)."""

    listeStructureRattachement: list[StructureRattachement] = field(default_factory=list)
    parametresRetour: ParametresRetour | None = None
