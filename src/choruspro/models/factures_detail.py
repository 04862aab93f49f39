"""What an invoice holds, as `consulter/*` shows it: references, lines, VAT, attachments."""

from __future__ import annotations

from decimal import Decimal

from msgspec import field

from choruspro.base import Demande, Instant, Jour, Objet
from choruspro.enumerations import (
    CadreFacturation,
    ModeDepot,
    ModePaiement,
    StatutFacture,
    TypeFacture,
    TypeFactureTravaux,
    TypeIdentifiant,
    TypeTva,
)
from choruspro.models.factures_parties import (
    Destinataire,
    DestinataireFactureEmise,
    Fournisseur,
    FournisseurFactureEmise,
)

__all__ = [
    "CadreDeFacturationOutput",
    "FactureCpp",
    "FactureCppEmise",
    "LignePoste",
    "LigneTva",
    "LignesPostes",
    "LignesTva",
    "MontantTotal",
    "PJointe",
    "ParamRechercheLigneRecapTva",
    "ParamRechercheLignesPoste",
    "ParamRechercheListePiecesJointes",
    "PiecePrecedente",
    "PiecePrecedenteConsulterFactureRecipiendaireOutput",
    "PieceSuivante",
    "PieceSuivanteConsulterFactureRecipiendaireOutput",
    "PiecejointePrincipale",
    "PiecesJointes",
    "References",
]


class CadreDeFacturationOutput(Objet, kw_only=True, frozen=True):
    """Part of an answer (specifications/api/factures.md)."""

    codeCadreFacturation: CadreFacturation | None = None
    idValideur1: int | None = None
    typeIdentifiantValideur1: TypeIdentifiant | None = None
    codeValideur1: str | None = None
    raisonSocialeValideur1: str | None = None
    nomValideur1: str | None = None
    prenomValideur1: str | None = None
    dateValidation1: Jour | None = None
    idValideur2: int | None = None
    typeIdentifiantValideur2: TypeIdentifiant | None = None
    codeValideur2: str | None = None
    raisonSocialeValideur2: str | None = None
    nomValideur2: str | None = None
    prenomValideur2: str | None = None
    dateValidation2: Jour | None = None
    idMoe: int | None = None
    typeIdentifiantMoe: TypeIdentifiant | None = None
    identifiantMoe: str | None = None
    raisonSocialeMoe: str | None = None
    nomMoe: str | None = None
    prenomMoe: str | None = None
    idServiceMoe: int | None = None
    codeServiceMoe: str | None = None
    nomServiceMoe: str | None = None
    idMoa: int | None = None
    typeIdentifiantMoa: TypeIdentifiant | None = None
    identifiantMoa: str | None = None
    raisonSocialeMoa: str | None = None
    idServiceMoa: int | None = None
    codeServiceMoa: str | None = None
    nomServiceMoa: str | None = None
    designationValideur2: str | None = None
    designationMoe: str | None = None
    designationMoa: str | None = None


class References(Objet, kw_only=True, frozen=True):
    """Part of an answer (specifications/api/factures.md)."""

    dateFacture: Jour | None = None
    dateDepot: Jour | None = None
    codeDeviseFacture: str | None = None  # 3 letters
    libelleDeviseFacture: str | None = None
    typeFacture: TypeFacture | None = None
    typeFactureTravaux: TypeFactureTravaux | None = None
    typeTva: TypeTva | None = None
    motifExonerationTva: str | None = None
    libelleMotifExonerationTva: str | None = None
    numeroMarche: str | None = None  # ≤ 50
    numeroBonCommande: str | None = None  # ≤ 50; the commitment number (EJ)
    numeroFactureOrigine: str | None = None  # ≤ 20
    modePaiement: ModePaiement | None = None
    dateCreationFacture: Instant | None = None
    dateEcheancePaiement: Jour | None = None
    tailleTotalePiecesJointes: Decimal | None = None
    numeroDpMandat: str | None = None


class LigneTva(Objet, kw_only=True, frozen=True):
    """Part of an answer (specifications/api/factures.md)."""

    ligneTvaTauxRefId: int | None = None
    ligneTvaTauxRefCode: str | None = None
    ligneTvaTauxRefLibelle: str | None = None
    ligneTvaTauxRefValeur: Decimal | None = None
    ligneTvaTauxManuel: Decimal | None = None
    ligneTvaMontantBaseHtParTaux: Decimal | None = None
    ligneTvaMontantTvaParTaux: Decimal | None = None


class LignesTva(Objet, kw_only=True, frozen=True):
    """Part of an answer (specifications/api/factures.md)."""

    ligneTva: list[LigneTva] = field(default_factory=list)
    pageCouranteLignesRecapitulativesTVA: int | None = None
    pagesLignesRecapitulativesTVA: int | None = None
    nbResultatsParPageLignesRecapitulativesTVA: int | None = None
    totalLignesRecapitulativesTVA: int | None = None


class MontantTotal(Objet, kw_only=True, frozen=True):
    """Part of an answer (specifications/api/factures.md)."""

    montantHtTotal: Decimal | None = None  # after discount
    montantTVA: Decimal | None = None  # after discount
    montantTtcAvantRemiseGlobalTTC: Decimal | None = None  # before discount
    montantRemiseGlobaleTTC: Decimal | None = None
    motifRemiseGlobaleTTC: str | None = None
    montantTtcTotal: Decimal | None = None
    montantAPayer: Decimal | None = None  # after discount


class PiecejointePrincipale(Objet, kw_only=True, frozen=True):
    """Part of an answer (specifications/api/factures.md)."""

    idLiaisonPieceJointePrincipale: int | None = None
    idPieceJointePrincipale: int | None = None


class PJointe(Objet, kw_only=True, frozen=True):
    """Part of an answer (specifications/api/factures.md)."""

    pieceJointeTypeCode: str | None = None
    pieceJointeTypeLibelle: str | None = None
    pieceJointeDesignation: str | None = None
    pieceJointeNumeroLigneFacture: int | None = None
    pieceJointeIdLiaison: int | None = None
    pieceJointeId: int | None = None
    pieceJointeExtension: str | None = None


class PiecesJointes(Objet, kw_only=True, frozen=True):
    """Part of an answer (specifications/api/factures.md)."""

    pieceJointe: list[PJointe] = field(default_factory=list)
    pageCouranteListePiecesJointe: int | None = None
    pagesListePiecesJointe: int | None = None
    nbResultatsParPageListePiecesJointe: int | None = None
    totalListePiecesJointe: int | None = None


class PiecePrecedente(Objet, kw_only=True, frozen=True):
    """Part of an answer (specifications/api/factures.md)."""

    cadreFacturationPiecePrecedente: str | None = None
    idPiecePrecedente: int | None = None
    numeroPiecePrecedente: str | None = None
    idDestinatairePiecePrecedente: int | None = None
    identifiantDestinatairePiecePrecedente: str | None = None
    raisonSocialeDestinatairePiecePrecedente: str | None = None
    idServiceExecutantPiecePrecedente: int | None = None
    codeServiceExecutantPiecePrecedente: str | None = None
    nomServiceExecutantPiecePrecedente: str | None = None


class PieceSuivante(Objet, kw_only=True, frozen=True):
    """Part of an answer (specifications/api/factures.md)."""

    cadreFacturationPieceSuivante: str | None = None
    idPieceSuivante: int | None = None
    # misspelt in the official file (supplier variant only); `numeroPieceSuivante` in GO: accept both
    numeroPieceSuiante: str | None = None
    numeroPieceSuivante: str | None = None  # the same, spelt right in the contract of 2023


class LignePoste(Objet, kw_only=True, frozen=True):
    """Part of an answer (specifications/api/factures.md)."""

    lignePosteNumero: int | None = None
    lignePosteReference: str | None = None
    lignePosteDenomination: str | None = None
    lignePosteQuantite: Decimal | None = None
    lignePosteUniteCode: int | None = None
    lignePosteUniteLibelle: str | None = None
    lignePosteMontantUnitaireHT: Decimal | None = None
    lignePosteMontantRemiseHT: Decimal | None = None
    lignePosteTauxTva: str | None = None
    lignePosteTauxTvaManuel: Decimal | None = None
    lignePosteMontantHtApresRemise: Decimal | None = None
    lignePosteMontantTva: Decimal | None = None
    lignePosteMontantTtcApresRemise: Decimal | None = None


class LignesPostes(Objet, kw_only=True, frozen=True):
    """Part of an answer (specifications/api/factures.md)."""

    lignePoste: list[LignePoste] = field(default_factory=list)
    pageCouranteLignesPoste: int | None = None
    pagesLignesPoste: int | None = None
    nbResultatsParPageLignesPoste: int | None = None
    totalLignesPoste: int | None = None


class FactureCppEmise(Objet, kw_only=True, frozen=True):
    """Part of an answer (specifications/api/factures.md)."""

    identifiantFactureCPP: int | None = None
    numeroFacture: str | None = None  # ≤ 20; letters, digits, `- _ / +`
    statutFacture: StatutFacture | None = None
    modeDepot: ModeDepot | None = None
    rejetTraite: bool | None = None
    destinataire: DestinataireFactureEmise | None = None
    fournisseur: FournisseurFactureEmise | None = None
    cadreDeFacturation: CadreDeFacturationOutput | None = None
    references: References | None = None
    recapitulatifDeTva: LignesTva | None = None
    montantTotal: MontantTotal | None = None
    pieceJointePrincipale: PiecejointePrincipale | None = None
    listeDesPiecesJointes: PiecesJointes | None = None
    piecePrecedente: PiecePrecedente | None = None
    pieceSuivante: PieceSuivante | None = None
    lignesDePoste: LignesPostes | None = None
    commentaire: str | None = None  # ≤ 2000


class PiecePrecedenteConsulterFactureRecipiendaireOutput(Objet, kw_only=True, frozen=True):
    """Part of an answer (specifications/api/factures.md)."""

    cadreFacturationPiecePrecedente: CadreFacturation | None = None
    idPiecePrecedente: int | None = None
    numeroPiecePrecedente: str | None = None
    idDestinatairePiecePrecedente: int | None = None
    identifiantDestinatairePiecePrecedente: str | None = None
    raisonSocialeDestinatairePiecePrecedente: str | None = None
    idServiceExecutantPiecePrecedente: int | None = None
    codeServiceExecutantPiecePrecedente: str | None = None
    nomServiceExecutantPiecePrecedente: str | None = None


class PieceSuivanteConsulterFactureRecipiendaireOutput(Objet, kw_only=True, frozen=True):
    """Part of an answer (specifications/api/factures.md)."""

    cadreFacturationPieceSuivante: CadreFacturation | None = None
    idPieceSuivante: int | None = None
    numeroPieceSuivante: str | None = None


class FactureCpp(Objet, kw_only=True, frozen=True):
    """Part of an answer (specifications/api/factures.md)."""

    identifiantFactureCPP: int | None = None
    numeroFacture: str | None = None  # ≤ 20; letters, digits, `- _ / +`
    statutFacture: StatutFacture | None = None
    modeDepot: ModeDepot | None = None
    destinataire: Destinataire | None = None
    fournisseur: Fournisseur | None = None
    cadreDeFacturation: CadreDeFacturationOutput | None = None
    piecePrecedente: PiecePrecedenteConsulterFactureRecipiendaireOutput | None = None
    pieceSuivante: PieceSuivanteConsulterFactureRecipiendaireOutput | None = None
    references: References | None = None
    recapitulatifDeTva: LignesTva | None = None
    montantTotal: MontantTotal | None = None
    pieceJointePrincipale: PiecejointePrincipale | None = None
    listeDesPiecesJointes: PiecesJointes | None = None
    lignesDePoste: LignesPostes | None = None
    commentaire: str | None = None  # ≤ 2000


class ParamRechercheLigneRecapTva(Demande, kw_only=True, frozen=True):
    """Part of a request (specifications/api/factures.md)."""

    pageResultatDemandeeListeRecapitulatifTVA: int | None = None
    nbResultatsParPageListeListeRecapitulatifTVA: int | None = None
    triSensListeRecapitulatifTVA: str | None = None  # TriSens
    triColonneListeRecapitulatifTVA: str | None = None  # ColRecapTVA


class ParamRechercheListePiecesJointes(Demande, kw_only=True, frozen=True):
    """Part of a request (specifications/api/factures.md)."""

    pageResultatDemandeeListePieceJointe: int | None = None
    nbResultatsParPageListePieceJointe: int | None = None
    triSensListePiecesJointes: str | None = None  # TriSens
    triColonneListePiecesJointes: str | None = None  # ColPJ


class ParamRechercheLignesPoste(Demande, kw_only=True, frozen=True):
    """Part of a request (specifications/api/factures.md)."""

    pageResultatDemandeeLignesPoste: int | None = None
    nbResultatsParPageLignesPoste: int | None = None
    triSensListeLignesPoste: str | None = None  # TriSens
    triColonneListeLignesPoste: str | None = None  # ColLignePoste
