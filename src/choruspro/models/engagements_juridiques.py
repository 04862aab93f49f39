"""Requests and answers of the EngagementsJuridiques API."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from msgspec import field

from choruspro.base import Demande, Jour, Objet, Retour
from choruspro.enumerations import StatutFacture, TypeDemandePaiement
from choruspro.models.commun import ParametresRetour, RechercheParams

__all__ = [
    "ConsulterDetailEngagementParam",
    "DemandePaiementEngagement",
    "EmetteurEngagement",
    "EngagementTrouve",
    "LignePosteEngagement",
    "RecepteurEngagement",
    "RechercherEngagementParam",
    "RetourConsulterDetailEngagement",
    "RetourRechercherEngagement",
]


class RechercherEngagementParam(Demande, kw_only=True, frozen=True):
    """Request of `rechercher` (specifications/api/engagements-juridiques.md §1)."""

    structureReceptriceEngagementJuridique: str | None = None  # idStructureCPP, as a text
    numeroEngagementJuridique: str | None = None  # ≤ 50
    codeEngagementJuridique: str | None = None
    numeroMarcheEngagementJuridique: str | None = None
    etatCourantEngagementJuridique: str | None = None  # COMMANDE
    periodeDateNotificationEJDu: date | None = None
    periodeDateNotificationEJAu: date | None = None
    montantTTCMin: Decimal | None = None
    montantTTCMax: Decimal | None = None
    parametresRecherche: RechercheParams | None = None


class EngagementTrouve(Objet, kw_only=True, frozen=True):
    """One commitment (specifications/api/engagements-juridiques.md §1)."""

    idEngagementJuridique: int | None = None
    libelleTypeEngagementJuridique: str | None = None
    numeroEngagementJuridique: str | None = None
    structureReceptrice: str | None = None
    identifiantStructureReceptrice: str | None = None
    codeServiceExecutant: str | None = None
    libelleServiceExecutant: str | None = None
    dateNotificationEJ: Jour | None = None
    libelleEtatCourantEJ: str | None = None
    montantTotalTtc: Decimal | None = None
    deviseEngagement: str | None = None
    taillePJ: int | None = None


class RetourRechercherEngagement(Retour, kw_only=True, frozen=True):
    """Answer of `rechercher` (specifications/api/engagements-juridiques.md §1)."""

    listeEngagementJuridique: list[EngagementTrouve] = field(default_factory=list)
    parametresRetour: ParametresRetour | None = None


class ConsulterDetailEngagementParam(Demande, kw_only=True, frozen=True):
    """Request of `consulterDetail` (specifications/api/engagements-juridiques.md §2)."""

    numeroEngagementJuridique: str


class DemandePaiementEngagement(Objet, kw_only=True, frozen=True):
    """A payment request on a commitment (specifications/api/engagements-juridiques.md §2)."""

    dateFournisseur: Jour | None = None
    etatCourantDemandePaiement: StatutFacture | None = None
    idDemandePaiement: int | None = None
    montantTtcDemandePaiement: Decimal | None = None
    numeroDemandePaiement: str | None = None
    sousType: str | None = None
    typeDemandePaiement: TypeDemandePaiement | None = None


class EmetteurEngagement(Objet, kw_only=True, frozen=True):
    """Who committed (specifications/api/engagements-juridiques.md §2)."""

    codeServiceExecutant: str | None = None
    idServiceExecutant: int | None = None
    idStructureEmettrice: int | None = None
    identifiantStructureEmettrice: str | None = None
    nomServiceExecutant: str | None = None
    raisonSocialeStructureEmettrice: str | None = None


class RecepteurEngagement(Objet, kw_only=True, frozen=True):
    """The supplier of a commitment (specifications/api/engagements-juridiques.md §2)."""

    adresseStructureReceptriceCodePays: str | None = None
    adresseStructureReceptriceCodePostal: str | None = None
    adresseStructureReceptriceComplement1: str | None = None
    adresseStructureReceptriceComplement2: str | None = None
    adresseStructureReceptriceDetail: str | None = None
    adresseStructureReceptriceLibellePays: str | None = None
    adresseStructureReceptriceVille: str | None = None
    designationStructureReceptrice: str | None = None
    idStructureReceptrice: int | None = None
    identifiantStructureReceptrice: str | None = None


class LignePosteEngagement(Objet, kw_only=True, frozen=True):
    """A line of a commitment (specifications/api/engagements-juridiques.md §2)."""

    montantTtcPoste: Decimal | None = None
    numeroDePoste: str | None = None
    statutPoste: str | None = None


class RetourConsulterDetailEngagement(Retour, kw_only=True, frozen=True):
    """Answer of `consulterDetail` (specifications/api/engagements-juridiques.md §2)."""

    demandePaiement: list[DemandePaiementEngagement] = field(default_factory=list)
    emetteur: EmetteurEngagement | None = None
    recepteur: RecepteurEngagement | None = None
    lignePoste: list[LignePosteEngagement] = field(default_factory=list)
    etatCourantEngagement: str | None = None
    idEngagement: int | None = None
    numeroEngagementJuridique: str | None = None
