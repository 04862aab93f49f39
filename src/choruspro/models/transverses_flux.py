"""Requests and answers of the Transverses API about flux, their attachments, and the API's health."""

from __future__ import annotations

from datetime import date, datetime

from msgspec import field

from choruspro.base import Demande, Instant, Objet, Retour
from choruspro.enumerations import EtatFlux
from choruspro.models.commun import ParametresRetour, RechercheParams

__all__ = [
    "AjouterFichierParam",
    "ConsulterCRDetailleParam",
    "ConsulterCRParam",
    "DemandePaiementATelecharger",
    "DetacherPieceJointeParam",
    "EngagementATelecharger",
    "ErreurDP",
    "ErreurTechnique",
    "FactureATelecharger",
    "PieceJointeTrouvee",
    "RechercherPJMonCompteParam",
    "RechercherPJStructureParam",
    "RetourAjouterFichier",
    "RetourConsulterCR",
    "RetourConsulterCRDetaille",
    "RetourHealthCheck",
    "RetourRechercherPJ",
    "RetourTelechargerPieceJointe",
    "SollicitationATelecharger",
    "StructureATelecharger",
    "TelechargerPieceJointeParam",
]


class ConsulterCRDetailleParam(Demande, kw_only=True, frozen=True):
    """Request of `consulterCRDetaille` (specifications/api/transverses.md §1)."""

    numeroFluxDepot: str
    syntaxeFlux: str | None = None  # SyntaxeFlux; the number suffices


class ErreurDP(Objet, kw_only=True, frozen=True):
    """One refused invoice of a flux (specifications/api/transverses.md §1)."""

    identifiantFournisseur: str | None = None
    identifiantDestinataire: str | None = None
    numeroDP: str | None = None  # the invoice number
    libelleErreurDP: str | None = None  # French sentence, cut at about 200 characters


class ErreurTechnique(Objet, kw_only=True, frozen=True):
    """Why a flux is inadmissible (specifications/api/transverses.md §1)."""

    codeErreur: str | None = None
    libelleErreur: str | None = None
    natureErreur: str | None = None


class RetourConsulterCRDetaille(Retour, kw_only=True, frozen=True):
    """Answer of `consulterCRDetaille` (specifications/api/transverses.md §1). It does not repeat the number of
    the flux.
    """

    codeInterfaceDepotFlux: str | None = None  # FSO1113A for instance
    dateDepotFlux: Instant | None = None
    dateHeureEtatCourantFlux: Instant | None = None
    etatCourantDepotFlux: EtatFlux | None = None
    nomFichier: str | None = None  # name given by the platform
    listeErreurDP: list[ErreurDP] = field(default_factory=list)
    listeErreurTechnique: list[ErreurTechnique] = field(default_factory=list)


class ConsulterCRParam(Demande, kw_only=True, frozen=True):
    """Request of `consulterCR` (specifications/api/transverses.md §1)."""

    numeroFluxDepot: str
    dateDepot: date | datetime | None = None
    syntaxeFlux: str | None = None


class RetourConsulterCR(Retour, kw_only=True, frozen=True):
    """Answer of `consulterCR` (specifications/api/transverses.md §1)."""

    codeAppliPartenaire: str | None = None
    codeInterfaceFlux: str | None = None
    dateDepotFlux: Instant | None = None
    dateHeureEtatCourantFlux: Instant | None = None
    designationPartenaire: str | None = None
    etatCourantFlux: EtatFlux | None = None
    fichierCR: bytes | None = None  # the report, as PDF
    nomFichierFlux: str | None = None
    numeroFluxDepot: str | None = None


class AjouterFichierParam(Demande, kw_only=True, frozen=True):
    """Request of `ajouter/fichier` (specifications/api/transverses.md §2)."""

    pieceJointeFichier: bytes  # 10 MB at most
    pieceJointeNom: str  # ≤ 50
    pieceJointeTypeMime: str
    pieceJointeExtension: str  # without dot: pdf
    idUtilisateurCourant: int | None = None


class RetourAjouterFichier(Retour, kw_only=True, frozen=True):
    """Answer of `ajouter/fichier` (specifications/api/transverses.md §2)."""

    pieceJointeId: int | None = None


class FactureATelecharger(Demande, kw_only=True, frozen=True):
    """One invoice of `telecharger/pieceJointe`."""

    idFacture: int


class DemandePaiementATelecharger(Demande, kw_only=True, frozen=True):
    """The object DEMANDE_PAIEMENT of `telecharger/pieceJointe` (specifications/api/transverses.md §2)."""

    format: str  # FormatTelechargement
    listeFacture: list[FactureATelecharger]
    avecPiecesJointesComplementaires: str | None = None  # OUI or NON


class EngagementATelecharger(Demande, kw_only=True, frozen=True):
    """The object ENGAGEMENT_JURIDIQUE of `telecharger/pieceJointe` (specifications/api/transverses.md §2)."""

    numeroEngagementJuridique: str


class SollicitationATelecharger(Demande, kw_only=True, frozen=True):
    """The object SOLLICITATION of `telecharger/pieceJointe` (specifications/api/transverses.md §2)."""

    idSollicitation: int
    pieceJointeSollicitation: str | None = None  # OUI or NON


class StructureATelecharger(Demande, kw_only=True, frozen=True):
    """The objects STRUCTURE_* of `telecharger/pieceJointe` (specifications/api/transverses.md §2)."""

    idStructure: int | None = None
    identifiantStructure: str | None = None
    typeIdentifiantStructure: str | None = None  # TypeIdentifiant


class TelechargerPieceJointeParam(Demande, kw_only=True, frozen=True):
    """Request of `telecharger/pieceJointe` (specifications/api/transverses.md §2): the object, and the member
    that goes with it.
    """

    objetPieceJointe: str  # ObjetPJ
    demandePaiement: DemandePaiementATelecharger | None = None
    engagementJuridique: EngagementATelecharger | None = None
    sollicitation: SollicitationATelecharger | None = None
    structure: StructureATelecharger | None = None


class RetourTelechargerPieceJointe(Retour, kw_only=True, frozen=True):
    """Answer of `telecharger/pieceJointe` (specifications/api/transverses.md §2)."""

    pieceJointe: bytes | None = None


class DetacherPieceJointeParam(Demande, kw_only=True, frozen=True):
    """Request of `detacherPieceJointe`, deprecated (specifications/api/transverses.md §2)."""

    idPieceJointeObjet: int


class RechercherPJStructureParam(Demande, kw_only=True, frozen=True):
    """Request of `rechercher/pj/structure` (specifications/api/transverses.md §2)."""

    idStructureCPP: int
    codeLangue: str | None = None
    pieceJointeDesignation: str | None = None
    pieceJointeTypeId: int | None = None
    parametresRecherche: RechercheParams | None = None


class RechercherPJMonCompteParam(Demande, kw_only=True, frozen=True):
    """Request of `rechercher/pj/moncompte` (specifications/api/transverses.md §2)."""

    codeLangue: str | None = None
    pieceJointeDesignation: str | None = None
    pieceJointeTypeId: int | None = None  # the one known client always sends it
    parametresRecherche: RechercheParams | None = None


class PieceJointeTrouvee(Objet, kw_only=True, frozen=True):
    """One attachment of a structure or of the account (specifications/api/transverses.md §2)."""

    pieceJointeDesignation: str | None = None
    pieceJointeExtension: str | None = None
    pieceJointeId: int | None = None
    pieceJointeObjetId: int | None = None
    pieceJointeTypeCode: str | None = None
    pieceJointeTypeLibelle: str | None = None
    pieceJointeUtilisateurId: int | None = None
    pieceJointeStructureCode: str | None = None
    pieceJointeStructureId: int | None = None
    pieceJointeStructureRaisonSociale: str | None = None


class RetourRechercherPJ(Retour, kw_only=True, frozen=True):
    """Answer of `rechercher/pj/*` (specifications/api/transverses.md §2)."""

    listePiecesJointes: list[PieceJointeTrouvee] = field(default_factory=list)
    parametresRetour: ParametresRetour | None = None


class RetourHealthCheck(Retour, kw_only=True, frozen=True):
    """Answer of `health-check` (specifications/api/transverses.md §7); a vendor prints `status` alone."""

    body: str | None = None
    statusCodeValue: int | None = None
    statusCode: str | None = None
    status: str | None = None
