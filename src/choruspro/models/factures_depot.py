"""Requests and answers of the supplier who sends: `deposer/flux`, `deposer/pdf`, `soumettre`."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from msgspec import field

from choruspro.base import Demande, Jour, Retour
from choruspro.enumerations import StatutFacture, SyntaxeFlux, TypeFacture, TypeTva

__all__ = [
    "DeposerFluxFactureParam",
    "DeposerPdfFactureParam",
    "LignePosteSoumettreInput",
    "LigneTvaSoumettreInput",
    "PieceJointeComplentaireSoumettreInput",
    "SoumettreFactureCadreDeFacturation",
    "SoumettreFactureDestinataire",
    "SoumettreFactureFournisseur",
    "SoumettreFactureMontantTotal",
    "SoumettreFactureParam",
    "SoumettreFacturePieceJointePrincipale",
    "SoumettreFactureReferences",
    "WsRetourDeposerFluxFacture",
    "WsRetourDeposerPdfFacture",
    "WsRetourSoumettreFacture",
]


class DeposerFluxFactureParam(Demande, kw_only=True, frozen=True):
    """Request of `deposer/flux` (specifications/api/factures.md §1)."""

    fichierFlux: bytes  # flux of 30 MB at most
    nomFichier: str  # ≤ 200, with extension, no path
    syntaxeFlux: str  # SyntaxeFlux
    idUtilisateurCourant: int | None = None
    # true if XAdES / PAdES signed; every client sends false
    avecSignature: bool = field(default_factory=bool)


class WsRetourDeposerFluxFacture(Retour, kw_only=True, frozen=True):
    """Answer of `deposer/flux` (specifications/api/factures.md §1)."""

    numeroFluxDepot: str | None = None  # 25 characters, see specifications/flux.md
    dateDepot: Jour | None = None
    syntaxeFlux: SyntaxeFlux | None = None


class DeposerPdfFactureParam(Demande, kw_only=True, frozen=True):
    """Request of `deposer/pdf` (specifications/api/factures.md §2)."""

    fichierFacture: bytes  # PDF, 10 MB at most
    nomFichier: str  # ≤ 200, with extension, no path
    formatDepot: str  # FormatDepotPdf
    idUtilisateurCourant: int | None = None


class WsRetourDeposerPdfFacture(Retour, kw_only=True, frozen=True):
    """Answer of `deposer/pdf` (specifications/api/factures.md §2)."""

    numeroFacture: str | None = None  # ≤ 20; letters, digits, `- _ / +`
    dateFacture: Jour | None = None
    codeDestinataire: str | None = None  # SIRET, ≤ 14
    codeServiceExecutant: str | None = None  # ≤ 100
    codeFournisseur: str | None = None  # ≤ 18
    codeDeviseFacture: str | None = None  # 3 letters
    typeFacture: TypeFacture | None = None
    typeTva: TypeTva | None = None
    numeroBonCommande: str | None = None  # ≤ 50; the commitment number (EJ)
    montantTtcAvantRemiseGlobalTTC: Decimal | None = None  # before discount
    montantAPayer: Decimal | None = None  # after discount
    montantHtTotal: Decimal | None = None  # after discount
    montantTVA: Decimal | None = None  # after discount
    pieceJointeId: int | None = None


class SoumettreFactureDestinataire(Demande, kw_only=True, frozen=True):
    """Part of a request (specifications/api/factures.md)."""

    codeDestinataire: str  # SIRET, ≤ 14
    codeServiceExecutant: str | None = None  # ≤ 100; required if the structure says so


class SoumettreFactureFournisseur(Demande, kw_only=True, frozen=True):
    """Part of a request (specifications/api/factures.md)."""

    idFournisseur: int  # `idStructureCPP` of the supplier
    idServiceFournisseur: int | None = None
    codeCoordonneesBancairesFournisseur: int | None = None  # id from `recuperer/coordbanc/valides`


class SoumettreFactureCadreDeFacturation(Demande, kw_only=True, frozen=True):
    """Part of a request (specifications/api/factures.md)."""

    codeCadreFacturation: str  # CadreFacturation
    codeStructureValideur: str | None = None  # SIRET of the contract holder (A9) or agent (A12)
    codeServiceValideur: str | None = None


class SoumettreFactureReferences(Demande, kw_only=True, frozen=True):
    """Part of a request (specifications/api/factures.md)."""

    deviseFacture: str  # 3 letters, `EUR`
    typeFacture: str  # TypeFacture
    typeTva: str  # TypeTva
    modePaiement: str  # ModePaiement
    motifExonerationTva: str | None = None  # code of `recuperer/motifs/exonerationtva`
    numeroMarche: str | None = None  # ≤ 50
    numeroBonCommande: str | None = None  # ≤ 50; the commitment number (EJ)
    numeroFactureOrigine: str | None = None  # ≤ 20


class LignePosteSoumettreInput(Demande, kw_only=True, frozen=True):
    """Part of a request (specifications/api/factures.md)."""

    lignePosteNumero: int | None = None
    lignePosteReference: str | None = None
    lignePosteDenomination: str | None = None
    lignePosteQuantite: Decimal | None = None  # ≤ 4 decimals
    lignePosteUnite: str | None = None
    lignePosteMontantUnitaireHT: Decimal | None = None
    lignePosteMontantRemiseHT: Decimal | None = None
    lignePosteTauxTva: str | None = None  # code, e.g. `TVA5`; or the next one
    lignePosteTauxTvaManuel: Decimal | None = None  # number, e.g. 2.1 or 20


class LigneTvaSoumettreInput(Demande, kw_only=True, frozen=True):
    """Part of a request (specifications/api/factures.md)."""

    ligneTvaTaux: str | None = None  # code, or `ligneTvaTauxManuel`
    ligneTvaMontantBaseHtParTaux: Decimal | None = None
    ligneTvaMontantTvaParTaux: Decimal | None = None
    ligneTvaTauxManuel: Decimal | None = None


class SoumettreFactureMontantTotal(Demande, kw_only=True, frozen=True):
    """Part of a request (specifications/api/factures.md)."""

    montantHtTotal: Decimal | None = None  # after discount
    montantTVA: Decimal | None = None  # after discount
    montantTtcTotal: Decimal | None = None
    montantRemiseGlobaleTTC: Decimal | None = None
    motifRemiseGlobaleTTC: str | None = None
    montantAPayer: Decimal | None = None  # after discount


class SoumettreFacturePieceJointePrincipale(Demande, kw_only=True, frozen=True):
    """Part of a request (specifications/api/factures.md)."""

    pieceJointePrincipaleDesignation: str | None = None
    pieceJointePrincipaleId: int | None = None


class PieceJointeComplentaireSoumettreInput(Demande, kw_only=True, frozen=True):
    """Part of a request (specifications/api/factures.md)."""

    pieceJointeComplementaireDesignation: str | None = None  # ≤ 100
    pieceJointeComplementaireType: str | None = None  # ≤ 30; code of `recuperer/typespj`
    pieceJointeComplementaireNumeroLigneFacture: int | None = None  # invoice line it refers to, if any
    pieceJointeComplementaireId: int | None = None  # from `ajouter/fichier` or a `rechercher/pj/…`
    pieceJointeComplementaireIdLiaison: int | None = None


class SoumettreFactureParam(Demande, kw_only=True, frozen=True):
    """Request of `soumettre` (specifications/api/factures.md §3)."""

    modeDepot: str  # ModeDepot
    destinataire: SoumettreFactureDestinataire
    fournisseur: SoumettreFactureFournisseur
    cadreDeFacturation: SoumettreFactureCadreDeFacturation
    references: SoumettreFactureReferences
    montantTotal: SoumettreFactureMontantTotal
    idUtilisateurCourant: int | None = None
    numeroFactureSaisi: str | None = None  # ≤ 20; null in SAISIE_API, the platform gives the number
    dateFacture: date | None = None  # do not send in SAISIE_API (one client met a 500)
    lignePoste: list[LignePosteSoumettreInput] | None = None  # at least one in SAISIE_API
    ligneTva: list[LigneTvaSoumettreInput] | None = None
    # object here; an array of it in a vendor documentation and two clients: accept both
    pieceJointePrincipale: SoumettreFacturePieceJointePrincipale | None = None
    pieceJointeComplementaire: list[PieceJointeComplentaireSoumettreInput] | None = None
    commentaire: str | None = None  # ≤ 2000


class WsRetourSoumettreFacture(Retour, kw_only=True, frozen=True):
    """Answer of `soumettre` (specifications/api/factures.md §3)."""

    identifiantFactureCPP: int | None = None
    numeroFacture: str | None = None  # ≤ 20; letters, digits, `- _ / +`
    statutFacture: StatutFacture | None = None  # DEPOSEE; A_VALIDER_1 with a validator
    dateDepot: Jour | None = None
    identifiantStructure: str | None = None  # SIRET of the supplier
    empreinteCertificatDepot: str | None = None
