"""Requests and answers of the Transverses API about structures and recipients."""

from __future__ import annotations

from msgspec import field

from choruspro.base import Demande, Objet, Retour
from choruspro.enumerations import TypeIdentifiant
from choruspro.models.commun import ParametresRetour, RechercheParams

__all__ = [
    "ConsulterInformationSiretParam",
    "CoordBancValidesParam",
    "CoordonneeBancaire",
    "DestinataireTrouve",
    "RechercherDestinataireParam",
    "RechercherServiceExecutantParam",
    "RetourCoordBancValides",
    "RetourInformationSiret",
    "RetourRechercherDestinataire",
    "RetourRechercherServiceExecutant",
    "RetourServicesExecutantEtat",
    "RetourStructuresActives",
    "RetourStructuresPourUtilisateur",
    "RetourTelechargerAnnuaire",
    "ServiceExecutant",
    "StructureActive",
    "StructurePourUtilisateur",
    "StructuresPourUtilisateurParam",
]


class StructureActive(Objet, kw_only=True, frozen=True):
    """A structure that the account may act for (specifications/api/transverses.md §3)."""

    idStructureCPP: int | None = None
    identifiant: str | None = None
    designationStructure: str | None = None


class RetourStructuresActives(Retour, kw_only=True, frozen=True):
    """Answer of `recuperer/structures/actives/*` (specifications/api/transverses.md §3)."""

    listeStructures: list[StructureActive] = field(default_factory=list)


class StructuresPourUtilisateurParam(Demande, kw_only=True, frozen=True):
    """Request of `recuperer/structuresPourUtilisateur`, deprecated (specifications/api/transverses.md §3)."""

    espaceFo: int


class StructurePourUtilisateur(Objet, kw_only=True, frozen=True):
    """Part of an answer (specifications/api/transverses.md §3)."""

    idStructure: int | None = None
    identifiantStructure: str | None = None
    designationStructure: str | None = None
    typeIdentifiantStructure: TypeIdentifiant | None = None


class RetourStructuresPourUtilisateur(Retour, kw_only=True, frozen=True):
    """Answer of `recuperer/structuresPourUtilisateur` (specifications/api/transverses.md §3)."""

    listeStructures: list[StructurePourUtilisateur] = field(default_factory=list)


class RechercherDestinataireParam(Demande, kw_only=True, frozen=True):
    """Request of `rechercher/destinataire` (specifications/api/transverses.md §3)."""

    identifiant: str | None = None
    nomVilleCodePostal: str | None = None
    typeStructure: str | None = None  # TypeStructure
    parametresRecherche: RechercheParams | None = None


class DestinataireTrouve(Objet, kw_only=True, frozen=True):
    """A public structure (specifications/api/transverses.md §3)."""

    idStructureCPP: int | None = None
    siret: str | None = None
    nomDestinataire: str | None = None
    adresseCodePostal: str | None = None
    adresseVille: str | None = None


class RetourRechercherDestinataire(Retour, kw_only=True, frozen=True):
    """Answer of `rechercher/destinataire` (specifications/api/transverses.md §3)."""

    listeDestinataires: list[DestinataireTrouve] = field(default_factory=list)
    parametresRetour: ParametresRetour | None = None


class RechercherServiceExecutantParam(Demande, kw_only=True, frozen=True):
    """Request of `rechercher/serviceexecutant`, deprecated (specifications/api/transverses.md §3)."""

    idDestinataireCPP: int
    codeServiceExecutant: str | None = None
    nomServiceExecutant: str | None = None
    actif: bool | None = None
    parametresRecherche: RechercheParams | None = None


class ServiceExecutant(Objet, kw_only=True, frozen=True):
    """Part of an answer (specifications/api/transverses.md §3)."""

    idServicesCPP: int | None = None
    codeServiceExecutant: str | None = None
    nomServiceExecutant: str | None = None


class RetourRechercherServiceExecutant(Retour, kw_only=True, frozen=True):
    """Answer of `rechercher/serviceexecutant` (specifications/api/transverses.md §3)."""

    listeServices: list[ServiceExecutant] = field(default_factory=list)
    parametresRetour: ParametresRetour | None = None


class RetourServicesExecutantEtat(Retour, kw_only=True, frozen=True):
    """Answer of `recuperer/services/executantetat`, deprecated; its fields are not documented
    (specifications/api/transverses.md §3).
    """

    listeServices: list[ServiceExecutant] = field(default_factory=list)


class ConsulterInformationSiretParam(Demande, kw_only=True, frozen=True):
    """Request of `consulter/information/siret` (specifications/api/transverses.md §3)."""

    siretStructure: str


class RetourInformationSiret(Retour, kw_only=True, frozen=True):
    """Answer of `consulter/information/siret`: INSEE data (specifications/api/transverses.md §3). Dates are
    texts here.
    """

    siren: str | None = None
    siret: str | None = None
    siege: str | None = None
    raisonSociale: str | None = None
    civilite: str | None = None
    adresse: str | None = None
    categorieEntreprise: str | None = None
    categorieJuridique: str | None = None
    dateCreationEntreprise: str | None = None
    dateCreationEtablissement: str | None = None
    dateReactivationEtablissement: str | None = None
    estActif: bool | None = None
    localisationSiege: str | None = None
    nonDiffusibleInsee: bool | None = None
    numeroInterneClassement: str | None = None
    siretPredecesseurSuccesseur: str | None = None


class CoordBancValidesParam(Demande, kw_only=True, frozen=True):
    """Request of `recuperer/coordbanc/valides` (specifications/api/transverses.md §3)."""

    idStructure: int


class CoordonneeBancaire(Objet, kw_only=True, frozen=True):
    """A bank account; its id goes into `fournisseur.codeCoordonneesBancairesFournisseur`
    (specifications/api/transverses.md §3).
    """

    idCoordonneeBancaire: int | None = None
    nomCoordonneeBancaire: str | None = None


class RetourCoordBancValides(Retour, kw_only=True, frozen=True):
    """Answer of `recuperer/coordbanc/valides` (specifications/api/transverses.md §3)."""

    listeCoordonneeBancaire: list[CoordonneeBancaire] = field(default_factory=list)


class RetourTelechargerAnnuaire(Retour, kw_only=True, frozen=True):
    """Answer of `telecharger/annuaire/destinataire` (specifications/api/transverses.md §3)."""

    fichierResultat: bytes | None = None  # a ZIP
