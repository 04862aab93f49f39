"""The history of an invoice: statuses, events, user actions."""

from __future__ import annotations

from msgspec import field

from choruspro.base import Demande, Instant, Objet, Retour
from choruspro.enumerations import ActionUtilisateur, ModeDepot, StatutFacture

__all__ = [
    "ConsulterHistoriqueFactureParam",
    "DerniereAction",
    "HistoriqueActionUtilisateur",
    "HistoriqueEvenement",
    "HistoriqueStatus",
    "HistoriquesActionsUtilisateurs",
    "HistoriquesEvenements",
    "HistoriquesStatus",
    "ParamRechercheHistoActionsUtilisateurs",
    "ParamRechercheHistoEvenementsComplementaires",
    "ParamRechercheHistoStatuts",
    "WsRetourConsulterHistoriqueFacture",
]


class ParamRechercheHistoStatuts(Demande, kw_only=True, frozen=True):
    """Part of a request (specifications/api/factures.md)."""

    pageResultatDemandeeListeHistoStatut: int | None = None
    nbResultatsParPageListeHistoStatut: int | None = None
    triSensListeHistoStatut: str | None = None  # TriSens
    triColonneListeHistoStatut: str | None = None  # ColHistoStatut


class ParamRechercheHistoEvenementsComplementaires(Demande, kw_only=True, frozen=True):
    """Part of a request (specifications/api/factures.md)."""

    pageResultatDemandeeListeHistoEvenement: int | None = None
    nbResultatsParPageListeHistoEvenement: int | None = None
    triSensListeHistoEvenement: str | None = None  # TriSens
    triColonneListeHistoEvenement: str | None = None  # ColHistoEvenement


class ParamRechercheHistoActionsUtilisateurs(Demande, kw_only=True, frozen=True):
    """Part of a request (specifications/api/factures.md)."""

    pageResultatDemandeeListeHistoAction: int | None = None
    triSensListeHistoAction: str | None = None  # TriSens
    triColonneListeHistoAction: str | None = None  # ColHistoAction
    nbResultatsParPageListeHistoAction: int | None = None


class ConsulterHistoriqueFactureParam(Demande, kw_only=True, frozen=True):
    """Request of `consulter/historique` (specifications/api/factures.md §11)."""

    idFacture: int
    idUtilisateurCourant: int | None = None
    idEspace: int | None = None  # default 7 = received invoices
    nbResultatsMaximum: int | None = None  # 50 in one client (PAS); default 200
    paramRechercheHistoStatuts: ParamRechercheHistoStatuts | None = None
    paramRechercheHistoEvenementsComplementaires: ParamRechercheHistoEvenementsComplementaires | None = None
    paramRechercheHistoActionsUtilisateurs: ParamRechercheHistoActionsUtilisateurs | None = None


class HistoriqueStatus(Objet, kw_only=True, frozen=True):
    """Part of an answer (specifications/api/factures.md)."""

    histoStatutId: int | None = None
    histoStatutCode: StatutFacture | None = None
    histoStatutDatePassage: Instant | None = None
    histoStatutCommentaire: str | None = None  # the reason the recipient typed
    histoStatutUtilisateurPrenom: str | None = None
    histoStatutUtilisateurNom: str | None = None
    histoStatutUtilisateurEmail: str | None = None
    histoStatutUtilisateurTelephone: str | None = None


class HistoriquesStatus(Objet, kw_only=True, frozen=True):
    """Part of an answer (specifications/api/factures.md)."""

    histoStatut: list[HistoriqueStatus] = field(default_factory=list)
    pageCouranteHistoStatut: int | None = None
    pagesHistoStatut: int | None = None
    nbResultatsParPageHistoStatut: int | None = None
    totalHistoStatut: int | None = None


class HistoriqueEvenement(Objet, kw_only=True, frozen=True):
    """Part of an answer (specifications/api/factures.md)."""

    evenementId: int | None = None
    evenementLibelle: str | None = None
    evenementQui: str | None = None
    evenementDateHeure: Instant | None = None


class HistoriquesEvenements(Objet, kw_only=True, frozen=True):
    """Part of an answer (specifications/api/factures.md)."""

    evenement: list[HistoriqueEvenement] = field(default_factory=list)
    pageCouranteEvenement: int | None = None
    pagesEvenement: int | None = None
    nbResultatsParPageEvenement: int | None = None
    totalEvenement: int | None = None


class HistoriqueActionUtilisateur(Objet, kw_only=True, frozen=True):
    """Part of an answer (specifications/api/factures.md)."""

    histoActionId: int | None = None
    histoActionCode: ActionUtilisateur | None = None
    histoActionDateHeure: Instant | None = None
    histoActionUtilisateurPrenom: str | None = None
    histoActionUtilisateurNom: str | None = None
    histoActionUtilisateurEmail: str | None = None
    histoActionUtilisateurTelephone: str | None = None


class HistoriquesActionsUtilisateurs(Objet, kw_only=True, frozen=True):
    """Part of an answer (specifications/api/factures.md)."""

    histoAction: list[HistoriqueActionUtilisateur] = field(default_factory=list)
    pageCouranteHistoAction: int | None = None
    pagesHistoAction: int | None = None
    nbResultatsParPageHistoAction: int | None = None
    totalHistoAction: int | None = None


class DerniereAction(Objet, kw_only=True, frozen=True):
    """Part of an answer (specifications/api/factures.md)."""

    derniereActionId: int | None = None
    derniereActionCode: ActionUtilisateur | None = None


class WsRetourConsulterHistoriqueFacture(Retour, kw_only=True, frozen=True):
    """Answer of `consulter/historique` (specifications/api/factures.md §11)."""

    idFacture: int | None = None
    numeroFacture: str | None = None  # ≤ 20; letters, digits, `- _ / +`
    modeDepot: ModeDepot | None = None
    statutCourantCode: StatutFacture | None = None  # what pollers read
    historiquesDesStatuts: HistoriquesStatus | None = None
    historiquesDesEvenementsComplementaires: HistoriquesEvenements | None = None
    historiquesDesActionsUtilisateurs: HistoriquesActionsUtilisateurs | None = None
    derniereAction: DerniereAction | None = None
