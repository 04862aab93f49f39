"""Requests and answers of the Structures API."""

from __future__ import annotations

from msgspec import field

from choruspro.base import Demande, Instant, Objet, Retour
from choruspro.enumerations import (
    EtatEspace,
    StatutRattachement,
    StatutStructure,
    TypeHabilitation,
    TypeIdentifiant,
    TypeStructure,
)
from choruspro.models.commun import ParametresRetour

__all__ = [
    "AdressePostale",
    "ConsulterServiceStructureParam",
    "ConsulterStructureAvecTVAIntraComParam",
    "InformationsGeneralesStructureCompleteTVAIntraCom",
    "ListerRattachementsStructureUtilisateurParam",
    "ParamListerRattachementsStructureUtilisateur",
    "ParamModifierServiceInfoGeneral",
    "ParamModifierStructure",
    "ParamParametre",
    "ParametresRechercherEspacesFo",
    "ParametresRechercherServicesStructure",
    "ParametresRechercherStructure",
    "ParametresStructureRechercherEspacesFo",
    "RechercherEspacesParam",
    "RechercherServicesStructureParam",
    "RechercherStructureInput",
    "RechercherStructureParam",
    "ServiceExpose",
    "ServiceOutputListerRattachementsStructureUtilisateur",
    "StructureAAfficher",
    "StructureDupliquee",
    "WsRetourConsulterServiceStructure",
    "WsRetourConsulterStructureTVAIntraCom",
    "WsRetourEspaceFoServiceSxp",
    "WsRetourListerRattachementsStructureUtilisateur",
    "WsRetourRechercherEspacesFo",
    "WsRetourRechercherServicesStructure",
    "WsRetourRechercherStructure",
]


class ParametresRechercherStructure(Demande, kw_only=True, frozen=True):
    """Part of a request (specifications/api/structures.md)."""

    nbResultatsParPage: int | None = None  # default 10
    pageResultatDemandee: int | None = None  # 1-based; default first page
    triColonne: str | None = None  # ColStructures
    triSens: str | None = None  # TriSens; default `Descendant`


class RechercherStructureInput(Demande, kw_only=True, frozen=True):
    """Part of a request (specifications/api/structures.md)."""

    adresseCodePays: str | None = None
    adresseCodePostal: str | None = None
    adresseVille: str | None = None
    estMOA: bool | None = None
    estMOAUniquement: bool | None = None
    identifiantStructure: str | None = None  # SIRET in nearly every call
    libelleStructure: str | None = None
    nomStructure: str | None = None
    prenomStructure: str | None = None
    raisonSocialeStructure: str | None = None
    # StatutStructureRecherche; ACTIF / INACTIF here, ACTIVE / INACTIVE in the answer
    statutStructure: str | None = None
    typeIdentifiantStructure: str | None = None  # TypeIdentifiant
    typeStructure: str | None = None  # TypeStructure


class RechercherStructureParam(Demande, kw_only=True, frozen=True):
    """Request of `rechercher` (specifications/api/structures.md §1)."""

    parametres: ParametresRechercherStructure | None = None
    # absent or true: all public structures and only the private ones the user belongs to; false: all
    # private ones too. One client sends an empty string: tolerate
    restreindreStructuresPrivees: bool | None = None
    structure: RechercherStructureInput | None = None


class StructureAAfficher(Objet, kw_only=True, frozen=True):
    """Part of an answer (specifications/api/structures.md)."""

    designationStructure: str | None = None
    idStructureCPP: int | None = None
    identifiantStructure: str | None = None
    statut: StatutStructure | None = None
    typeIdentifiantStructure: TypeIdentifiant | None = None


class WsRetourRechercherStructure(Retour, kw_only=True, frozen=True):
    """Answer of `rechercher` (specifications/api/structures.md §1)."""

    listeStructures: list[StructureAAfficher] = field(default_factory=list)
    parametresRetour: ParametresRetour | None = None


class ConsulterStructureAvecTVAIntraComParam(Demande, kw_only=True, frozen=True):
    """Request of `consulter` (specifications/api/structures.md §2)."""

    idStructureCPP: int  # one client sends `idStructure`
    codeLangue: str | None = None  # `FR` (default) or `EN`, see specifications/api/conventions.md


class AdressePostale(Objet, kw_only=True, frozen=True):
    """Part of an answer (specifications/api/structures.md)."""

    adresse: str | None = None
    codePostal: str | None = None
    complementAdresse1: str | None = None
    complementAdresse2: str | None = None
    fax: str | None = None
    indicatifFax: str | None = None
    indicatifTelephone: str | None = None
    pays: str | None = None
    telephone: str | None = None
    ville: str | None = None


class StructureDupliquee(Objet, kw_only=True, frozen=True):
    """Part of an answer (specifications/api/structures.md)."""

    structureDupliquee: int | None = None


class InformationsGeneralesStructureCompleteTVAIntraCom(Objet, kw_only=True, frozen=True):
    """Part of an answer (specifications/api/structures.md)."""

    dateExpirationMotPasseCompteTech: Instant | None = None
    emailStructure: str | None = None
    estValideurDeleguee: bool | None = None
    idStructureCPP: int | None = None
    idStructureOrigine: int | None = None
    identifiantStructure: str | None = None
    libelleStructure: str | None = None
    listeStructureDupliquees: list[StructureDupliquee] = field(default_factory=list)
    nomStructure: str | None = None
    numeroRcsStructure: str | None = None
    numeroTVA: str | None = None
    prenomStructure: str | None = None
    raisonSocialeStructure: str | None = None
    structurePriveePublique: TypeStructure | None = None
    typeIdentifiantStructure: TypeIdentifiant | None = None


class ParamModifierStructure(Objet, kw_only=True, frozen=True):
    """Part of an answer (specifications/api/structures.md)."""

    codeServiceDoitEtreRenseigne: bool | None = None  # service code required on invoices
    connexionEDI: bool | None = None  # connected by EDI (sending)
    estMoaUniquement: bool | None = None
    estValideurDelegue: bool | None = None
    gestionNumeroEJOuCodeService: bool | None = None  # at least one of the two required
    getaMoa: bool | None = None  # serialiser artefact: the structure has a MOA role
    nonDiffusibleInsee: bool | None = None  # INSEE non-diffusible
    numeroEJDoitEtreRenseigne: bool | None = None  # commitment number required on invoices
    recevoirDonneesViaEDI: bool | None = None  # receives by EDI
    statutMiseEnPaiementNestPasRemonte: bool | None = None  # MISE_EN_PAIEMENT will not be reported


class WsRetourConsulterStructureTVAIntraCom(Retour, kw_only=True, frozen=True):
    """Answer of `consulter` (specifications/api/structures.md §2)."""

    adressePostaleDuSiege: AdressePostale | None = None
    informationGenerales: InformationsGeneralesStructureCompleteTVAIntraCom | None = None
    parametres: ParamModifierStructure | None = None


class ParametresRechercherServicesStructure(Demande, kw_only=True, frozen=True):
    """Part of a request (specifications/api/structures.md)."""

    nbResultatsParPage: int | None = None  # default 10
    pageResultatDemandee: int | None = None  # 1-based; default first page
    triColonne: str | None = None  # ColServices
    triSens: str | None = None  # TriSens; default `Descendant`


class RechercherServicesStructureParam(Demande, kw_only=True, frozen=True):
    """Request of `rechercher/services` (specifications/api/structures.md §3)."""

    idStructure: int
    parametresRechercherServicesStructure: ParametresRechercherServicesStructure | None = None


class ServiceExpose(Objet, kw_only=True, frozen=True):
    """Part of an answer (specifications/api/structures.md)."""

    codeService: str | None = None
    estActif: bool | None = None
    idService: int | None = None
    libelleService: str | None = None
    # official samples show `dateDbtService` / `dateFinService` (`YYYY-MM-DD HH:MM`) beside it
    statutService: str | None = None
    # In official samples, not in the Swagger.
    dateDbtService: Instant | None = None
    dateFinService: Instant | None = None


class WsRetourRechercherServicesStructure(Retour, kw_only=True, frozen=True):
    """Answer of `rechercher/services` (specifications/api/structures.md §3)."""

    listeServices: list[ServiceExpose] = field(default_factory=list)
    parametresRetour: ParametresRetour | None = None


class ConsulterServiceStructureParam(Demande, kw_only=True, frozen=True):
    """Request of `consulter/service` (specifications/api/structures.md §4)."""

    idService: int
    idStructure: int
    codeLangue: str | None = None  # `FR` (default) or `EN`, see specifications/api/conventions.md


class ParamModifierServiceInfoGeneral(Objet, kw_only=True, frozen=True):
    """Part of an answer (specifications/api/structures.md)."""

    codeService: str | None = None
    descriptionService: str | None = None
    nomService: str | None = None


class ParamParametre(Objet, kw_only=True, frozen=True):
    """Part of an answer (specifications/api/structures.md)."""

    dateCreation: Instant | None = None
    dateDebutValidite: Instant | None = None
    dateFinValidite: Instant | None = None
    dateModification: Instant | None = None
    miseEnPaiement: bool | None = None
    numeroEngagement: bool | None = None  # commitment number required for this service


class WsRetourConsulterServiceStructure(Retour, kw_only=True, frozen=True):
    """Answer of `consulter/service` (specifications/api/structures.md §4)."""

    adressePostale: AdressePostale | None = None
    informationsGenerales: ParamModifierServiceInfoGeneral | None = None
    nbResultatsParPage: int | None = None  # default 10
    pageCourante: int | None = None
    pages: int | None = None
    parametres: ParamParametre | None = None
    total: int | None = None


class ParamListerRattachementsStructureUtilisateur(Demande, kw_only=True, frozen=True):
    """Part of a request (specifications/api/structures.md)."""

    nbResultatsParPage: int | None = None  # default 10
    pageResultatDemandee: int | None = None  # 1-based; default first page
    triColonne: str | None = None  # ColRattachements
    triSens: str | None = None  # TriSens; default `Descendant`


class ListerRattachementsStructureUtilisateurParam(Demande, kw_only=True, frozen=True):
    """Request of `lister/rattachementsutilisateur` (specifications/api/structures.md §5)."""

    adresseEmailConnexionUtilisateur: str | None = None
    idStructure: int | None = None
    idUtilisateur: int | None = None
    identifiantStructure: str | None = None
    parametresListerRattachementsStructureUtilisateur: ParamListerRattachementsStructureUtilisateur | None = None
    typeIdentifiantStructure: str | None = None  # TypeIdentifiant


class ServiceOutputListerRattachementsStructureUtilisateur(Objet, kw_only=True, frozen=True):
    """Part of an answer (specifications/api/structures.md)."""

    codeService: str | None = None
    commentaire: str | None = None  # ≤ 2000
    dateDebut: Instant | None = None
    dateFin: Instant | None = None
    idRattachement: int | None = None
    idService: int | None = None
    nomService: str | None = None
    statutRattachement: StatutRattachement | None = None


class WsRetourListerRattachementsStructureUtilisateur(Retour, kw_only=True, frozen=True):
    """Answer of `lister/rattachementsutilisateur` (specifications/api/structures.md §5)."""

    designationStructure: str | None = None
    idStructure: int | None = None
    identifiantStructure: str | None = None
    listeServices: list[ServiceOutputListerRattachementsStructureUtilisateur] = field(default_factory=list)
    parametresRetour: ParametresRetour | None = None
    premierService: bool | None = None


class ParametresRechercherEspacesFo(Demande, kw_only=True, frozen=True):
    """Part of a request (specifications/api/structures.md)."""

    nbResultatsParPage: int | None = None  # default 10
    pageResultatDemandee: int | None = None  # 1-based; default first page
    triColonne: str | None = None  # ColEspaces
    triSens: str | None = None  # TriSens; default `Descendant`


class ParametresStructureRechercherEspacesFo(Demande, kw_only=True, frozen=True):
    """Part of a request (specifications/api/structures.md)."""

    idStructure: int | None = None
    identifiantStructure: str | None = None
    typeIdentifiantStructure: str | None = None  # TypeIdentifiant


class RechercherEspacesParam(Demande, kw_only=True, frozen=True):
    """Request of `rechercher/espaces` (specifications/api/structures.md §6)."""

    idService: int | None = None
    parametresRechercherEspaces: ParametresRechercherEspacesFo | None = None
    structure: ParametresStructureRechercherEspacesFo | None = None


class WsRetourEspaceFoServiceSxp(Objet, kw_only=True, frozen=True):
    """Part of an answer (specifications/api/structures.md)."""

    codeEspace: int | None = None
    codeService: str | None = None
    etatCourant: EtatEspace | None = None
    idEspaceFo: int | None = None
    idService: int | None = None
    libelleEspace: str | None = None
    libelleService: str | None = None
    typeHabilitation: TypeHabilitation | None = None


class WsRetourRechercherEspacesFo(Retour, kw_only=True, frozen=True):
    """Answer of `rechercher/espaces` (specifications/api/structures.md §6)."""

    listeEspace: list[WsRetourEspaceFoServiceSxp] = field(default_factory=list)
    parametresRetour: ParametresRetour | None = None
