"""Requests and answers of the recipient: searches, one received invoice, its treatment, the download."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from msgspec import field

from choruspro.base import Demande, Instant, Jour, Objet, Retour
from choruspro.enumerations import StatutFacture, TypeDemandePaiement, TypeFacture, TypeFactureTravaux, TypeIdentifiant
from choruspro.models.commun import ParametresRetour
from choruspro.models.factures_detail import (
    FactureCpp,
    ParamRechercheLigneRecapTva,
    ParamRechercheLignesPoste,
    ParamRechercheListePiecesJointes,
)

__all__ = [
    "ConsulterFactureParRecipiendaireParam",
    "CritereFournisseurPojo",
    "FactureRechercheRecipiendaire",
    "IdFactureInput",
    "ParamRechercheDemandeRecipiendaire",
    "ParametreRechercheFactureATraiterParRecipiendaire",
    "RechercherFactureATraiterParRecipiendaireParam",
    "RechercherFactureRecipiendaireParam",
    "TelechargerGroupeFactureParam",
    "TraiterUneFactureRecueParam",
    "WsRetourFacturesRecues",
    "WsRetourRechercheFactureRecipiendaire",
    "WsRetourRechercheFactureRecipiendaireRest",
    "WsRetourTelechargerGroupeFacture",
    "WsRetourTraiterFacture",
]


class CritereFournisseurPojo(Demande, kw_only=True, frozen=True):
    """Part of a request (specifications/api/factures.md)."""

    idFournisseur: int | None = None
    listeIdService: list[int] | None = None


class ParamRechercheDemandeRecipiendaire(Demande, kw_only=True, frozen=True):
    """Part of a request (specifications/api/factures.md)."""

    nbResultatsMaximum: int | None = None  # default 200
    pageResultatDemandee: int | None = None  # 1-based; default first page
    nbResultatsParPage: int | None = None  # default 10
    triSens: str | None = None  # TriSens; default `Descendant`
    triColonne: str | None = None  # ColRecipiendaire


class RechercherFactureRecipiendaireParam(Demande, kw_only=True, frozen=True):
    """Request of `rechercher/recipiendaire` (specifications/api/factures.md §12)."""

    idUtilisateurCourant: int | None = None
    typeDemandePaiement: str | None = None  # TypeDemandePaiement
    idDestinataire: int | None = None
    idServiceExecutant: int | None = None
    numeroFacture: str | None = None  # ≤ 20; letters, digits, `- _ / +`
    periodeDateDepotDu: date | None = None
    periodeDateDepotAu: date | None = None
    listeTypeFacture: list[str] | None = None  # TypeFacture
    listeTypeFactureTravaux: list[str] | None = None  # TypeFactureTravaux
    listeFournisseurs: list[CritereFournisseurPojo] | None = None
    rechercheSirenFournisseur: bool | None = None
    idStructureValideur: int | None = None
    cadreFacturation: str | None = None  # CadreFacturation
    # StatutFacture; array here, plain string in the official sample: accept both
    statutCourant: list[str] | None = None
    periodeDateFactureDu: date | None = None
    periodeDateFactureAu: date | None = None
    montantHTMin: Decimal | None = None
    montantHTMax: Decimal | None = None
    montantTTCMin: Decimal | None = None
    montantTTCMax: Decimal | None = None
    montantApayerMin: Decimal | None = None
    montantApayerMax: Decimal | None = None
    numeroMarche: str | None = None  # ≤ 50
    numeroBonCommande: str | None = None  # ≤ 50; the commitment number (EJ)
    factureTelechargeeParDestinataire: bool | None = None  # `false` = not yet downloaded
    paramRecherche: ParamRechercheDemandeRecipiendaire | None = None
    recupererTaille: bool | None = None  # fills `taille`
    periodeDateHeureEtatCourantDu: date | datetime | None = None
    periodeDateHeureEtatCourantAu: date | datetime | None = None


class FactureRechercheRecipiendaire(Objet, kw_only=True, frozen=True):
    """Part of an answer (specifications/api/factures.md)."""

    idFacture: int | None = None
    devise: str | None = None
    typeDemandePaiement: TypeDemandePaiement | None = None
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
    typeFactureTravaux: TypeFactureTravaux | None = None  # null for a FACTURE
    numeroFacture: str | None = None  # ≤ 20; letters, digits, `- _ / +`
    dateFacture: Jour | None = None
    dateDepot: Jour | None = None
    montantHT: Decimal | None = None  # after discount
    montantTTC: Decimal | None = None  # after discount
    montantAPayer: Decimal | None = None  # after discount
    statut: StatutFacture | None = None
    numeroMarche: str | None = None  # ≤ 50
    numeroBonCommande: str | None = None  # ≤ 50; the commitment number (EJ)
    taille: int | None = None  # if `recupererTaille`
    factureTelechargeeParDestinataire: bool | None = None
    codeMOE: str | None = None
    typeIdentifiantMOE: str | None = None
    designationMOE: str | None = None
    codeMOA: str | None = None
    typeIdentifiantMOA: str | None = None
    designationMOA: str | None = None
    dateHeureEtatCourant: Instant | None = None
    commentaireEtatCourant: str | None = None


class WsRetourRechercheFactureRecipiendaireRest(Retour, kw_only=True, frozen=True):
    """Answer of `rechercher/recipiendaire` (specifications/api/factures.md §12)."""

    listeFactures: list[FactureRechercheRecipiendaire] = field(default_factory=list)
    pageCourante: int | None = None
    pages: int | None = None
    nbResultatsParPage: int | None = None  # default 10
    total: int | None = None


class ParametreRechercheFactureATraiterParRecipiendaire(Demande, kw_only=True, frozen=True):
    """Part of a request (specifications/api/factures.md)."""

    getnbResultatsMaximum: int | None = None  # serialiser artefact for `nbResultatsMaximum`: accept both
    triColonne: str | None = None  # ColATraiterRecipiendaire
    triSens: str | None = None  # TriSens; default `Descendant`
    nbResultatsParPage: int | None = None  # default 10
    pageResultatDemandee: int | None = None  # 1-based; default first page


class RechercherFactureATraiterParRecipiendaireParam(Demande, kw_only=True, frozen=True):
    """Request of `rechercher/atraiter/recipiendaire` (specifications/api/factures.md §13)."""

    idUtilisateurCourant: int | None = None
    idStructure: int | None = None  # absent = every structure of the user
    recupererTaille: bool | None = None
    parametreRechercheFactureATraiterParRecipiendaire: ParametreRechercheFactureATraiterParRecipiendaire | None = None


class WsRetourRechercheFactureRecipiendaire(Retour, kw_only=True, frozen=True):
    """Answer of `rechercher/atraiter/recipiendaire` (specifications/api/factures.md §13)."""

    listeFactures: list[FactureRechercheRecipiendaire] = field(default_factory=list)
    parametresRetour: ParametresRetour | None = None


class ConsulterFactureParRecipiendaireParam(Demande, kw_only=True, frozen=True):
    """Request of `consulter/recipiendaire` (specifications/api/factures.md §14)."""

    identifiantFactureCPP: int
    idUtilisateurCourant: int | None = None
    codeLangue: str | None = None  # `FR` (default) or `EN`, see specifications/api/conventions.md
    rechercheligneTvaRecap: ParamRechercheLigneRecapTva | None = None  # lower-case l
    recherchePj: ParamRechercheListePiecesJointes | None = None
    rechercheLignePoste: ParamRechercheLignesPoste | None = None


class WsRetourFacturesRecues(Retour, kw_only=True, frozen=True):
    """Answer of `consulter/recipiendaire` (specifications/api/factures.md §14)."""

    facture: FactureCpp | None = None


class TraiterUneFactureRecueParam(Demande, kw_only=True, frozen=True):
    """Request of `traiter/recue` (specifications/api/factures.md §15)."""

    idFacture: int
    nouveauStatut: str  # StatutFacture; the accepted subset is in specifications/life-cycle.md
    idUtilisateurCourant: int | None = None
    # ≤ 255; sent even when empty, because the platform wants no null
    motif: str = field(default_factory=str)
    numeroDPMandat: str | None = None  # only with MANDATEE


class WsRetourTraiterFacture(Retour, kw_only=True, frozen=True):
    """Answer of `traiter/recue` (specifications/api/factures.md §15)."""

    idFacture: int | None = None
    numeroFacture: str | None = None  # ≤ 20; letters, digits, `- _ / +`
    dateTraitement: Jour | None = None
    nouveauStatut: StatutFacture | None = None


class IdFactureInput(Demande, kw_only=True, frozen=True):
    """Part of a request (specifications/api/factures.md)."""

    idFacture: int | None = None


class TelechargerGroupeFactureParam(Demande, kw_only=True, frozen=True):
    """Request of `telecharger/groupe` (specifications/api/factures.md §16)."""

    format: str  # `PDF` or `PIVOT`
    listeFacture: list[IdFactureInput]
    idUtilisateurCourant: int | None = None
    idEspace: int | None = None  # 8 in the official sample
    # `OUI` / `NON` (`Oui` / `Non` in the 2017 annex); for `PDF` only, PIVOT always carries all
    # attachments
    avecPiecesJointesComplementaires: str | None = None


class WsRetourTelechargerGroupeFacture(Retour, kw_only=True, frozen=True):
    """Answer of `telecharger/groupe` (specifications/api/factures.md §16)."""

    fichierResultat: bytes | None = None
