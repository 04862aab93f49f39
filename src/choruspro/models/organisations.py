"""Requests and answers of the Référentiel des organisations (specifications/api/organisations.md), ordinary REST."""

from __future__ import annotations

from typing import Any

from choruspro.base import Demande, Instant, Objet

__all__ = [
    "Critere",
    "OrganisationService",
    "OrganisationStructure",
    "ParUuid",
    "ParUuidEtPieceJointe",
    "ParametresEdiParam",
    "PieceJointeOrganisation",
    "RechercheParam",
    "SansReponse",
]


class SansReponse(Objet, kw_only=True, frozen=True):
    """An answer without body: its HTTP status says all."""


class ParUuid(Demande, kw_only=True, frozen=True):
    """An object named by its `uuid`, which goes into the path."""

    uuid: str


class ParUuidEtPieceJointe(Demande, kw_only=True, frozen=True):
    """An attachment named by the two identifiers of its path."""

    uuid: str
    uuidPj: str


class ParametresEdiParam(Demande, kw_only=True, frozen=True):
    """Body of `structures/{uuid}/parametres-edi`; each flag is optional."""

    uuid: str
    reception_edi: bool | None = None
    connexion_edi: bool | None = None


class Critere(Demande, kw_only=True, frozen=True):
    """A filter on one field: `op` among `=`, `>`, `<`, `>=`, `<=`, `IN`, `CONTAINS`."""

    op: str
    val: Any


class RechercheParam(Demande, kw_only=True, frozen=True):
    """A search: filters by field, then lists of field names to sort by, to sort by downwards, and to return."""

    criteres: dict[str, Critere]
    tri: list[str] | None = None
    tri_descendant: list[str] | None = None
    champs: list[str] | None = None


class OrganisationStructure(Objet, kw_only=True, frozen=True):
    """A structure."""

    uuid: str | None = None
    identifiant: str | None = None
    typeIdentifiant: str | None = None
    libelleOrganisation: str | None = None
    raisonSociale: str | None = None
    nomStructure: str | None = None
    prenomStructure: str | None = None
    typeOrganisation: str | None = None  # private, public
    status: str | None = None  # active, inactive, activation in progress
    numeroTvaIntracommunautaire: str | None = None
    numeroRcsStructure: str | None = None
    contactPrincipal: str | None = None
    organisationParent: str | None = None
    structureOrigine: int | None = None
    adresse: str | None = None
    complementAdresse1: str | None = None
    complementAdresse2: str | None = None
    codePostal: str | None = None
    ville: str | None = None
    pays: str | None = None
    adresseElectronique: str | None = None
    telephone: str | None = None
    gestionNumeroEJOuCodeService: bool | None = None
    numeroEjDoitEtreRenseigne: bool | None = None
    codeServiceDoitEtreRenseigne: bool | None = None
    statutMiseEnPaiementNestPasRemonte: bool | None = None
    avecMOA: bool | None = None
    estMOAUniquement: bool | None = None
    estCentreGestionAgricole: bool | None = None
    recevoirCyclesViesEdi: bool | None = None
    emetteurFluxEdi: bool | None = None
    nonDiffusibleInsee: bool | None = None
    numeroPacage: int | None = None
    categorieFournisseurMemoireId: int | None = None
    categorieBeneficiaireId: int | None = None
    categorieJuridique: str | None = None
    categorieEntreprise: str | None = None
    derniereMaj: Instant | None = None


class OrganisationService(Objet, kw_only=True, frozen=True):
    """A service."""

    uuid: str | None = None
    codeService: str | None = None
    libelle: str | None = None
    description: str | None = None
    rattachementOrganisation: str | None = None
    etatService: str | None = None  # ACTIF, INACTIF, SUPPRIME
    dateCreation: Instant | None = None
    dateDebutActivation: Instant | None = None
    dateFinActivation: Instant | None = None
    dateModification: Instant | None = None
    dateSuppression: Instant | None = None
    derniereMaj: Instant | None = None
    adresse: str | None = None
    complementAdresse1: str | None = None
    complementAdresse2: str | None = None
    codePostal: str | None = None
    ville: str | None = None
    pays: str | None = None
    telephone: str | None = None
    numeroEj: bool | None = None  # public structures only: commitment number compulsory


class PieceJointeOrganisation(Objet, kw_only=True, frozen=True):
    """An attachment; `attachmentData` comes only when one is fetched, as text."""

    uuid: str | None = None
    fileName: str | None = None
    contentType: str | None = None
    sizeBytes: int | None = None
    attachmentData: str | None = None
