"""Requests and answers of the FacturesTravaux API; only `rechercher` is proven."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from msgspec import field

from choruspro.base import Demande, Instant, Jour, Objet, Retour
from choruspro.enumerations import (
    CadreFacturation,
    StatutFacture,
    TypeDemandePaiement,
    TypeFactureTravaux,
    TypeIdentifiant,
)
from choruspro.models.commun import ParametresRetour, RechercheParams

__all__ = ["FactureTravaux", "RechercherFactureTravauxParam", "RetourRechercherFactureTravaux"]


class RechercherFactureTravauxParam(Demande, kw_only=True, frozen=True):
    """Request of `rechercher` (specifications/api/factures-travaux.md §1)."""

    roleUtilisateur: str  # RoleUtilisateur
    listeStatutCourant: list[str] | None = None  # StatutFacture
    idDestinataire: int | None = None
    idServiceExecutant: int | None = None
    periodeDateHeureEtatCourantDu: date | datetime | None = None
    periodeDateHeureEtatCourantAu: date | datetime | None = None
    flagTelecharge: bool | None = None  # false = not yet downloaded
    avecSansService: str | None = None  # meaning and type unknown
    rechercheFactureTravaux: RechercheParams | None = None


class FactureTravaux(Objet, kw_only=True, frozen=True):
    """A row of `rechercher`; its fields are those of the neighbouring searches, a guess
    (specifications/api/factures-travaux.md §1).
    """

    idFacture: int | None = None
    numeroFacture: str | None = None
    typeDemandePaiement: TypeDemandePaiement | None = None
    typeFactureTravaux: TypeFactureTravaux | None = None
    cadreFacturation: CadreFacturation | None = None
    statut: StatutFacture | None = None
    dateFacture: Jour | None = None
    dateDepot: Jour | None = None
    dateHeureEtatCourant: Instant | None = None
    montantHT: Decimal | None = None
    montantTTC: Decimal | None = None
    montantAPayer: Decimal | None = None
    devise: str | None = None
    codeFournisseur: str | None = None
    typeIdentifiantFournisseur: TypeIdentifiant | None = None
    designationFournisseur: str | None = None
    idDestinataire: int | None = None
    codeDestinataire: str | None = None
    designationDestinataire: str | None = None
    idServiceExecutant: int | None = None
    codeServiceExecutant: str | None = None
    nomServiceExecutant: str | None = None
    codeMOE: str | None = None
    designationMOE: str | None = None
    codeMOA: str | None = None
    designationMOA: str | None = None
    numeroMarche: str | None = None
    numeroBonCommande: str | None = None
    flagTelecharge: bool | None = None


class RetourRechercherFactureTravaux(Retour, kw_only=True, frozen=True):
    """Answer of `rechercher` (specifications/api/factures-travaux.md §1)."""

    listeFacturesTravaux: list[FactureTravaux] = field(default_factory=list)
    parametresRetour: ParametresRetour | None = None
