"""Requests and answers of the supplier who follows: searches and one issued invoice."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from msgspec import field

from choruspro.base import Demande, Instant, Jour, Objet, Retour
from choruspro.enumerations import StatutFacture, TypeFacture, TypeIdentifiant
from choruspro.models.commun import ParametresRetour
from choruspro.models.factures_detail import (
    FactureCppEmise,
    ParamRechercheLigneRecapTva,
    ParamRechercheLignesPoste,
    ParamRechercheListePiecesJointes,
)

__all__ = [
    "ConsulterFactureParFournisseurParam",
    "CritereDestinatairePojo",
    "FactureRechercherATraiterFournisseur",
    "ParamRechercheFactureATraiterParFournisseur",
    "ParametresRechercherFactureParFournisseur",
    "RechercherFactureATraiterParFournisseurParam",
    "RechercherFactureParFournisseurParam",
    "RetourRechercherFactureParFournisseur",
    "WsRetourFacturesEmises",
    "WsRetourRechercherFactureATraiterParFournisseur",
    "WsRetourRechercherFactureParFournisseur",
]


class CritereDestinatairePojo(Demande, kw_only=True, frozen=True):
    """Part of a request (specifications/api/factures.md)."""

    idDestinataire: int | None = None
    listeIdServiceExecutant: list[int] | None = None
    raisonSocialeStuctDmd: str | None = None


class ParametresRechercherFactureParFournisseur(Demande, kw_only=True, frozen=True):
    """Part of a request (specifications/api/factures.md)."""

    nbResultatsMaximum: int | None = None  # default 200
    pageResultatDemandee: int | None = None  # 1-based; default first page
    nbResultatsParPage: int | None = None  # default 10
    triSens: str | None = None  # TriSens; default `Descendant`
    triColonne: str | None = None  # ColFournisseur


class RechercherFactureParFournisseurParam(Demande, kw_only=True, frozen=True):
    """Request of `rechercher/fournisseur` (specifications/api/factures.md §4)."""

    idUtilisateurCourant: int | None = None
    listeDestinataire: list[CritereDestinatairePojo] | None = None
    rechercheSirenDestinataire: bool | None = None
    numeroFacture: str | None = None  # ≤ 20; letters, digits, `- _ / +`
    periodeDateDepotDu: date | None = None
    periodeDateDepotAu: date | None = None
    typeFacture: str | None = None  # TypeFacture
    idFournisseur: int | None = None
    idServiceFournisseur: int | None = None
    idStructureValideur: int | None = None
    cadreFacturation: str | None = None  # CadreFacturation
    statutCourant: list[str] | None = None
    periodeDateFactureDu: date | None = None
    periodeDateFactureAu: date | None = None
    montantHTMin: Decimal | None = None
    montantHTMax: Decimal | None = None
    montantTTCMin: Decimal | None = None
    montantTTCMax: Decimal | None = None
    montantApayerMin: Decimal | None = None
    montantApayerMax: Decimal | None = None
    coordonneeBancaire: int | None = None
    idUtilisateurCreateur: list[int] | None = None
    numeroMarche: str | None = None  # ≤ 50
    numeroBonCommande: str | None = None  # ≤ 50; the commitment number (EJ)
    numeroFactureOrigine: str | None = None  # ≤ 20
    modeDepot: str | None = None  # ModeDepot
    numeroFluxDepot: str | None = None  # the usual single criterion
    rechercheFactureParFournisseur: ParametresRechercherFactureParFournisseur | None = None
    recupererTaille: bool | None = None
    periodeDateHeureEtatCourantDu: date | datetime | None = None
    periodeDateHeureEtatCourantAu: date | datetime | None = None
    rejetTraite: bool | None = None


class RetourRechercherFactureParFournisseur(Objet, kw_only=True, frozen=True):
    """Part of an answer (specifications/api/factures.md)."""

    identifiantFactureCPP: int | None = None
    typeDemandePaiement: str | None = None
    codeFournisseur: str | None = None  # ≤ 18
    typeIdentifiantFournisseur: TypeIdentifiant | None = None
    designationFournisseur: str | None = None
    codeServiceFournisseur: str | None = None  # ≤ 100
    nomServiceFournisseur: str | None = None  # ≤ 255
    idDestinataire: int | None = None
    codeDestinataire: str | None = None  # SIRET, ≤ 14
    designationDestinataire: str | None = None  # ≤ 201: company name, or last + first name
    idServiceExecutant: int | None = None
    codeServiceExecutant: str | None = None  # ≤ 100
    nomServiceExecutant: str | None = None
    typeFacture: TypeFacture | None = None
    numeroFacture: str | None = None  # ≤ 20; letters, digits, `- _ / +`
    dateFacture: Jour | None = None
    dateDepot: Jour | None = None
    montantHT: Decimal | None = None  # after discount
    montantTTC: Decimal | None = None  # after discount
    montantAPayer: Decimal | None = None  # after discount
    devise: str | None = None
    statut: StatutFacture | None = None
    numeroMarche: str | None = None  # ≤ 50
    numeroBonCommande: str | None = None  # ≤ 50; the commitment number (EJ)
    numeroFluxDepot: str | None = None
    typeIdentifiantValideur1: str | None = None
    codeValideur1: str | None = None
    raisonSocialeValideur1: str | None = None
    nomValideur1: str | None = None
    prenomValideur1: str | None = None
    dateValidation1: Jour | None = None
    typeIdentifiantValideur2: str | None = None
    codeValideur2: str | None = None
    raisonSocialeValideur2: str | None = None
    nomValideur2: str | None = None
    prenomValideur2: str | None = None
    dateValidation2: Jour | None = None
    numeroFactureOrigine: str | None = None  # ≤ 20
    modeDepot: str | None = None
    coordBancairesFournisseurCleIban: str | None = None
    coordBancairesFournisseurCleRib: str | None = None
    coordBancairesFournisseurCodeBanque: str | None = None
    coordBancairesFournisseurCodePays: str | None = None
    coordBancairesFournisseurCompteBancaire: str | None = None
    coordBancairesFournisseurNomCb: str | None = None
    affactureurCode: str | None = None
    affactureurTypeIdentifiant: str | None = None
    affactureurRaisonSociale: str | None = None
    nomPrenomUtilisateurCreateur: str | None = None
    taille: int | None = None
    dateHeureEtatCourant: Instant | None = None
    commentaireEtatCourant: str | None = None
    rejetTraite: bool | None = None


class WsRetourRechercherFactureParFournisseur(Retour, kw_only=True, frozen=True):
    """Answer of `rechercher/fournisseur` (specifications/api/factures.md §4)."""

    parametresRetour: ParametresRetour | None = None
    listeFactures: list[RetourRechercherFactureParFournisseur] = field(default_factory=list)


class ParamRechercheFactureATraiterParFournisseur(Demande, kw_only=True, frozen=True):
    """Part of a request (specifications/api/factures.md)."""

    nbResultatsMaximum: int | None = None  # default 200
    pageResultatDemandee: int | None = None  # 1-based; default first page
    nbResultatsParPage: int | None = None  # default 10
    triSens: str | None = None  # TriSens; default `Descendant`
    triColonne: str | None = None  # ColATraiterFournisseur


class RechercherFactureATraiterParFournisseurParam(Demande, kw_only=True, frozen=True):
    """Request of `rechercher/atraiter/fournisseur` (specifications/api/factures.md §5)."""

    idUtilisateurCourant: int | None = None
    idStructure: int | None = None  # absent = every structure of the user
    masquerRejetee: bool | None = None  # hides rejected invoices
    rechercheFactureATraiterParFournisseur: ParamRechercheFactureATraiterParFournisseur | None = None
    recupererTaille: bool | None = None


class FactureRechercherATraiterFournisseur(Objet, kw_only=True, frozen=True):
    """Part of an answer (specifications/api/factures.md)."""

    identifiantFactureCPP: int | None = None
    typeDemandePaiement: str | None = None
    codeFournisseur: str | None = None  # ≤ 18
    typeIdentifiantFournisseur: TypeIdentifiant | None = None
    designationFournisseur: str | None = None
    codeServiceFournisseur: str | None = None  # ≤ 100
    nomServiceFournisseur: str | None = None  # ≤ 255
    idDestinataire: int | None = None
    codeDestinataire: str | None = None  # SIRET, ≤ 14
    designationDestinataire: str | None = None  # ≤ 201: company name, or last + first name
    idServiceExecutant: int | None = None
    codeServiceExecutant: str | None = None  # ≤ 100
    nomServiceExecutant: str | None = None
    typeFacture: TypeFacture | None = None
    numeroFacture: str | None = None  # ≤ 20; letters, digits, `- _ / +`
    dateFacture: Jour | None = None
    dateDepot: Jour | None = None
    montantHT: Decimal | None = None  # after discount
    montantTTC: Decimal | None = None  # after discount
    montantAPayer: Decimal | None = None  # after discount
    devise: str | None = None
    statut: StatutFacture | None = None
    numeroMarche: str | None = None  # ≤ 50
    numeroBonCommande: str | None = None  # ≤ 50; the commitment number (EJ)
    taille: int | None = None


class WsRetourRechercherFactureATraiterParFournisseur(Retour, kw_only=True, frozen=True):
    """Answer of `rechercher/atraiter/fournisseur` (specifications/api/factures.md §5)."""

    parametresRetour: ParametresRetour | None = None
    listeFactures: list[FactureRechercherATraiterFournisseur] = field(default_factory=list)


class ConsulterFactureParFournisseurParam(Demande, kw_only=True, frozen=True):
    """Request of `consulter/fournisseur` (specifications/api/factures.md §6)."""

    identifiantFactureCPP: int
    idUtilisateurCourant: int | None = None
    codeLangue: str | None = None  # `FR` (default) or `EN`, see specifications/api/conventions.md
    getpLigneRecapTva: ParamRechercheLigneRecapTva | None = None  # `pLigneRecapTva` in 2023: accept both
    # `pListePiecesJointes` in 2023: accept both
    getpListePiecesJointes: ParamRechercheListePiecesJointes | None = None
    getpLignesPoste: ParamRechercheLignesPoste | None = None  # `pLignesPoste` in 2023: accept both


class WsRetourFacturesEmises(Retour, kw_only=True, frozen=True):
    """Answer of `consulter/valideur`, `consulter/fournisseur` (specifications/api/factures.md §6)."""

    facture: FactureCppEmise | None = None
