"""Requests and answers of the validator."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from msgspec import field

from choruspro.base import Demande, Jour, Objet, Retour
from choruspro.enumerations import StatutFacture, TypeDemandePaiement, TypeFacture, TypeFactureTravaux, TypeIdentifiant
from choruspro.models.commun import ParametresRetour
from choruspro.models.factures_detail import (
    ParamRechercheLigneRecapTva,
    ParamRechercheLignesPoste,
    ParamRechercheListePiecesJointes,
)

__all__ = [
    "ConsulterFactureParValideurParam",
    "FactureRechercheValideur",
    "ParametresRechercherFactureATraiterParValideur",
    "ParametresRechercherFactureParValideur",
    "RechercherFactureATraiterParValideurParam",
    "RechercherFactureParValideurParam",
    "RecupererStatutsFactureVisiblesParValideurOutput",
    "RecupererStatutsFactureVisiblesParValideurParam",
    "TraiterFactureAValiderParam",
    "WsRetourRechercherFactureATraiterParValideur",
    "WsRetourRechercherFactureParValideur",
    "WsRetourRecupererStatutsFactureVisiblesParValideur",
    "WsRetourTraiterFactureAValider",
]


class ParametresRechercherFactureParValideur(Demande, kw_only=True, frozen=True):
    """Part of a request (specifications/api/factures.md)."""

    pageResultatDemandee: int | None = None  # 1-based; default first page
    nbResultatsParPage: int | None = None  # default 10
    triSens: str | None = None  # TriSens; default `Descendant`
    triColonne: str | None = None  # ColValideur


class RechercherFactureParValideurParam(Demande, kw_only=True, frozen=True):
    """Request of `rechercher/valideur` (specifications/api/factures.md §17)."""

    idUtilisateurCourant: int | None = None
    typeDemandePaiement: str | None = None  # TypeDemandePaiement
    idDestinataire: int | None = None
    rechercheSirenDestinataire: bool | None = None
    idServiceExecutant: int | None = None
    numeroFacture: str | None = None  # ≤ 20; letters, digits, `- _ / +`
    periodeDateDepotDu: date | None = None
    periodeDateDepotAu: date | None = None
    listeTypeFacture: list[str] | None = None  # TypeFacture
    listeTypeFactureTravaux: list[str] | None = None  # TypeFactureTravaux
    idFournisseur: int | None = None
    rechercheSirenFournisseur: bool | None = None
    idServiceFournisseur: int | None = None
    idStructureValideur: int | None = None
    idStructureMoe: int | None = None
    idStructureMoa: int | None = None
    cadreFacturation: str | None = None  # CadreFacturation
    statutCourant: list[str] | None = None  # StatutFacture
    periodeDateFactureDu: date | None = None
    periodeDateFactureAu: date | None = None
    montantHTMin: Decimal | None = None
    montantHTMax: Decimal | None = None
    montantTTCMin: Decimal | None = None
    montantTTCMax: Decimal | None = None
    montantAPayerMin: Decimal | None = None
    montantAPayerMax: Decimal | None = None
    numeroMarche: str | None = None  # ≤ 50
    numeroEngagement: str | None = None  # ≤ 50
    pagination: ParametresRechercherFactureParValideur | None = None


class FactureRechercheValideur(Objet, kw_only=True, frozen=True):
    """Part of an answer (specifications/api/factures.md)."""

    idFacture: int | None = None
    typeDemandePaiement: TypeDemandePaiement | None = None
    idFournisseur: int | None = None
    identifiantFournisseur: str | None = None
    typeIdentifiantFournisseur: TypeIdentifiant | None = None
    designationFournisseur: str | None = None
    codeServiceFournisseur: str | None = None  # ≤ 100
    nomServiceFournisseur: str | None = None  # ≤ 255
    idMoe: int | None = None
    typeIdentifiantMoe: TypeIdentifiant | None = None
    identifiantMoe: str | None = None
    designationMoe: str | None = None
    idServiceMoe: int | None = None
    codeServiceMoe: str | None = None
    nomServiceMoe: str | None = None
    idMoa: int | None = None
    typeIdentifiantMoa: TypeIdentifiant | None = None
    identifiantMoa: str | None = None
    designationMoa: str | None = None
    idServiceMoa: int | None = None
    codeServiceMoa: str | None = None
    nomServiceMoa: str | None = None
    idDestinataire: int | None = None
    typeIdentifiantDestinataire: TypeIdentifiant | None = None
    identifiantDestinataire: str | None = None
    designationDestinataire: str | None = None  # ≤ 201: company name, or last + first name
    idServiceExecutant: int | None = None
    codeServiceExecutant: str | None = None  # ≤ 100
    nomServiceExecutant: str | None = None
    idValideur: int | None = None
    typeIdentifiantValideur: TypeIdentifiant | None = None
    identifiantValideur: str | None = None
    designationValideur: str | None = None
    typeFacture: TypeFacture | None = None
    typeFactureTravaux: TypeFactureTravaux | None = None
    numeroFacture: str | None = None  # ≤ 20; letters, digits, `- _ / +`
    dateFacture: Jour | None = None
    dateDepot: Jour | None = None
    montantHT: Decimal | None = None  # after discount; the contract of 2020 says int64, an amount has cents
    montantTTC: Decimal | None = None  # after discount
    montantAPayer: Decimal | None = None  # after discount
    devise: str | None = None
    statut: StatutFacture | None = None
    numeroMarche: str | None = None  # ≤ 50
    numeroEngagement: str | None = None  # ≤ 50


class WsRetourRechercherFactureParValideur(Retour, kw_only=True, frozen=True):
    """Answer of `rechercher/valideur` (specifications/api/factures.md §17)."""

    parametresRetour: ParametresRetour | None = None
    listeFactures: list[FactureRechercheValideur] = field(default_factory=list)


class ParametresRechercherFactureATraiterParValideur(Demande, kw_only=True, frozen=True):
    """Part of a request (specifications/api/factures.md)."""

    pageResultatDemandee: int | None = None  # 1-based; default first page
    nbResultatsParPage: int | None = None  # default 10
    triSens: str | None = None  # TriSens; default `Descendant`
    triColonne: str | None = None  # ColATraiterValideur


class RechercherFactureATraiterParValideurParam(Demande, kw_only=True, frozen=True):
    """Request of `rechercher/aTraiter/valideur` (specifications/api/factures.md §18)."""

    idUtilisateurCourant: int | None = None
    idStructure: int | None = None
    typeIdentifiantStructure: str | None = None  # TypeIdentifiant
    identifiantStructure: str | None = None
    pagination: ParametresRechercherFactureATraiterParValideur | None = None


class WsRetourRechercherFactureATraiterParValideur(Retour, kw_only=True, frozen=True):
    """Answer of `rechercher/aTraiter/valideur` (specifications/api/factures.md §18)."""

    parametresRetour: ParametresRetour | None = None
    listeFactures: list[FactureRechercheValideur] = field(default_factory=list)


class ConsulterFactureParValideurParam(Demande, kw_only=True, frozen=True):
    """Request of `consulter/valideur` (specifications/api/factures.md §19)."""

    identifiantFactureCPP: int
    idUtilisateurCourant: int | None = None
    codeLangue: str | None = None  # `FR` (default) or `EN`, see specifications/api/conventions.md
    # capital L, unlike the recipient operation
    rechercheLigneTvaRecap: ParamRechercheLigneRecapTva | None = None
    recherchePj: ParamRechercheListePiecesJointes | None = None
    rechercheLignePoste: ParamRechercheLignesPoste | None = None


class TraiterFactureAValiderParam(Demande, kw_only=True, frozen=True):
    """Request of `traiter/factureAValider` (specifications/api/factures.md §20)."""

    idFacture: int | None = None
    # one client lists VALIDATION, REFUS, SUSPENSION, REJET, MISE_EN_RECYCLAGE, MISE_EN_PAIEMENT
    action: str | None = None
    typeValideur: str | None = None  # values unknown
    idValideur: int | None = None
    motifRefus: str | None = None  # code of `recuperer/motifs/refus/Facture/AValider`
    complementInfo: str | None = None
    idPieceJointe: int | None = None  # contract of 2023


class WsRetourTraiterFactureAValider(Retour, kw_only=True, frozen=True):
    """Answer of `traiter/factureAValider` (specifications/api/factures.md §20)."""

    idFacture: int | None = None
    numeroFacture: str | None = None  # ≤ 20; letters, digits, `- _ / +`
    dateTraitement: Jour | None = None
    statutFacture: str | None = None


class RecupererStatutsFactureVisiblesParValideurParam(Demande, kw_only=True, frozen=True):
    """Request of `recuperer/statutsFactureVisibles/valideur` (specifications/api/factures.md §21)."""

    idUtilisateurCourant: int | None = None


class RecupererStatutsFactureVisiblesParValideurOutput(Objet, kw_only=True, frozen=True):
    """Part of an answer (specifications/api/factures.md)."""

    codeStatutFacture: str | None = None


class WsRetourRecupererStatutsFactureVisiblesParValideur(Retour, kw_only=True, frozen=True):
    """Answer of `recuperer/statutsFactureVisibles/valideur` (specifications/api/factures.md §21)."""

    listeStatutFacture: list[RecupererStatutsFactureVisiblesParValideurOutput] = field(default_factory=list)
