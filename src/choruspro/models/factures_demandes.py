"""The search of payment requests under any role, live or archived."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from msgspec import field

from choruspro.base import Demande, Instant, Jour, Objet, Retour

__all__ = [
    "RechercherDemandePaiementOutputListeDemandePaiement",
    "RechercherDemandePaiementParam",
    "RechercherDemandePaiementStructureDestinataireInput",
    "RechercherDemandePaiementStructureFournisseurInput",
    "RechercherDemandePaiementStructureMoaInput",
    "RechercherDemandePaiementStructureMoeInput",
    "RechercherDemandePaiementStructureValideurInput",
    "WsRetourRechercherDemandePaiement",
]


class RechercherDemandePaiementStructureFournisseurInput(Demande, kw_only=True, frozen=True):
    """Part of a request (specifications/api/factures.md)."""

    idStructureFournisseur: int | None = None
    typeIdentifiantStructureFournisseur: str | None = None  # TypeIdentifiant
    identifiantStructureFournisseur: str | None = None


class RechercherDemandePaiementStructureMoeInput(Demande, kw_only=True, frozen=True):
    """Part of a request (specifications/api/factures.md)."""

    idStructureMoe: int | None = None
    typeIdentifiantStructureMoe: str | None = None  # TypeIdentifiant
    identifiantStructureMoe: str | None = None


class RechercherDemandePaiementStructureMoaInput(Demande, kw_only=True, frozen=True):
    """Part of a request (specifications/api/factures.md)."""

    idStructureMoa: int | None = None
    typeIdentifiantStructureMoa: str | None = None  # TypeIdentifiant
    identifiantStructureMoa: str | None = None


class RechercherDemandePaiementStructureValideurInput(Demande, kw_only=True, frozen=True):
    """Part of a request (specifications/api/factures.md)."""

    idStructureValideur: int | None = None
    typeIdentifiantStructureValideur: str | None = None  # TypeIdentifiant
    identifiantStructureValideur: str | None = None


class RechercherDemandePaiementStructureDestinataireInput(Demande, kw_only=True, frozen=True):
    """Part of a request (specifications/api/factures.md)."""

    idStructureDestinataire: int | None = None
    typeIdentifiantStructureDestinataire: str | None = None  # TypeIdentifiant
    identifiantStructureDestinataire: str | None = None


class RechercherDemandePaiementParam(Demande, kw_only=True, frozen=True):
    """Request of `rechercher/demandePaiement` (specifications/api/factures.md §22)."""

    roleUtilisateur: str | None = None  # RoleUtilisateur
    numeroFacture: str | None = None  # ≤ 20; letters, digits, `- _ / +`
    typeDemandePaiement: str | None = None  # TypeDemandePaiement
    typeFacture: str | None = None  # TypeFacture
    typeFactureTravaux: str | None = None  # TypeFactureTravaux
    cadreFacturation: str | None = None  # CadreFacturation
    statutCourant: list[str] | None = None  # StatutFacture
    periodeDateHeureEtatCourantDu: date | datetime | None = None
    periodeDateHeureEtatCourantAu: date | datetime | None = None
    periodeDateFournisseurDu: date | None = None
    periodeDateFournisseurAu: date | None = None
    periodeDateDepotDu: date | None = None
    periodeDateDepotAu: date | None = None
    montantHTMin: Decimal | None = None
    montantHTMax: Decimal | None = None
    montantTTCMin: Decimal | None = None
    montantTTCMax: Decimal | None = None
    montantAPayerMin: Decimal | None = None
    montantAPayerMax: Decimal | None = None
    numeroMarche: str | None = None  # ≤ 50
    numeroBonCommande: str | None = None  # ≤ 50; the commitment number (EJ)
    numeroFactureOrigine: str | None = None  # ≤ 20
    structureFournisseur: RechercherDemandePaiementStructureFournisseurInput | None = None
    rechercheSirenFournisseur: bool | None = None
    idServiceFournisseur: int | None = None
    structureMoe: RechercherDemandePaiementStructureMoeInput | None = None
    idServiceMoe: int | None = None
    structureMoa: RechercherDemandePaiementStructureMoaInput | None = None
    idServiceMoa: int | None = None
    structureValideur: RechercherDemandePaiementStructureValideurInput | None = None
    structureDestinataire: RechercherDemandePaiementStructureDestinataireInput | None = None
    rechercheSirenDestinataire: bool | None = None
    idServiceDestinataire: int | None = None
    dpOuDpArchive: str | None = None  # DpOuArchive
    numeroDossierFacturation: str | None = None
    numeroFactureMemoire: str | None = None
    numeroDpMandat: str | None = None


class RechercherDemandePaiementOutputListeDemandePaiement(Objet, kw_only=True, frozen=True):
    """Part of an answer (specifications/api/factures.md)."""

    idDemandePaiement: int | None = None
    numeroDemandePaiement: str | None = None
    typeDemandePaiement: str | None = None
    typeFacture: str | None = None
    typeFactureTravaux: str | None = None
    cadreFacturation: str | None = None
    etatCourant: str | None = None
    dateHeureEtatCourant: Instant | None = None
    dateFournisseur: Jour | None = None
    dateDepot: Jour | None = None
    montantHT: Decimal | None = None  # after discount
    montantTTC: Decimal | None = None  # after discount
    montantAPayer: Decimal | None = None  # after discount
    numeroMarche: str | None = None  # ≤ 50
    numeroBonCommande: str | None = None  # ≤ 50; the commitment number (EJ)
    numeroFactureOrigine: str | None = None  # ≤ 20
    idStructureFournisseur: int | None = None
    idServiceFournisseur: int | None = None
    idStructureMoe: int | None = None
    idServiceMoe: int | None = None
    idStructureMoa: int | None = None
    idServiceMoa: int | None = None
    idStructureValideur1: int | None = None
    idStructureValideur2: int | None = None
    idStructureDestinataire: int | None = None
    idServiceDestinataire: int | None = None
    dpOuDpArchive: str | None = None
    numeroDossierFacturation: str | None = None
    idDossierFacturation: int | None = None
    commentaireEtatCourant: str | None = None
    numeroDpMandat: str | None = None
    siretFournisseurQualif: str | None = None
    siretDestinataireQualif: str | None = None
    nombreResultatTotal: str | None = None  # a string, not a number
    codeServiceDestinataire: str | None = None
    nomServiceDestinataire: str | None = None
    identifiantStructureFournisseur: str | None = None
    identifiantStructureDestinataire: str | None = None


class WsRetourRechercherDemandePaiement(Retour, kw_only=True, frozen=True):
    """Answer of `rechercher/demandePaiement` (specifications/api/factures.md §22)."""

    listeDemandePaiement: list[RechercherDemandePaiementOutputListeDemandePaiement] = field(default_factory=list)
    total: int | None = None
