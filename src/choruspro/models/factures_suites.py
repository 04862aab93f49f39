"""What a supplier does after sending: complete, recycle, answer a rejection, correct the validator."""

from __future__ import annotations

from choruspro.base import Demande, Instant, Jour, Retour
from choruspro.enumerations import StatutFacture
from choruspro.models.factures_depot import SoumettreFactureDestinataire, SoumettreFactureReferences

__all__ = [
    "CompleterFactureParam",
    "CorrigerValideurFactureParam",
    "PieceJointeComplementaire",
    "RecyclerFactureParam",
    "TraiterFacturesRejeteesListeDemandePaiement",
    "TraiterFacturesRejeteesParam",
    "WsRetour",
    "WsRetourCompleterFacture",
    "WsRetourCorrigerValideurFacture",
    "WsRetourRecyclerFacture",
]


class PieceJointeComplementaire(Demande, kw_only=True, frozen=True):
    """Part of a request (specifications/api/factures.md)."""

    pieceJointeComplementaireDesignation: str  # ≤ 100
    pieceJointeComplementaireType: str  # ≤ 30; code of `recuperer/typespj`
    pieceJointeComplementaireId: int  # from `ajouter/fichier` or a `rechercher/pj/…`
    pieceJointeComplementaireNumeroLigneFacture: int | None = None  # invoice line it refers to, if any


class CompleterFactureParam(Demande, kw_only=True, frozen=True):
    """Request of `completer` (specifications/api/factures.md §7)."""

    identifiantFactureCPP: int
    idUtilisateurCourant: int | None = None
    pieceJointeComplementaire: list[PieceJointeComplementaire] | None = None
    commentaire: str | None = None  # ≤ 2000


class WsRetourCompleterFacture(Retour, kw_only=True, frozen=True):
    """Answer of `completer` (specifications/api/factures.md §7)."""

    pageCourante: int | None = None
    pages: int | None = None
    nbResultatsParPage: int | None = None  # default 10
    total: int | None = None
    identifiantFactureCPP: int | None = None
    numeroFacture: str | None = None  # ≤ 20; letters, digits, `- _ / +`
    dateTraitement: Instant | None = None


class RecyclerFactureParam(Demande, kw_only=True, frozen=True):
    """Request of `recycler` (specifications/api/factures.md §8)."""

    identifiantFactureCPP: int
    idUtilisateurCourant: int | None = None
    destinataire: SoumettreFactureDestinataire | None = None
    commentaire: str | None = None  # ≤ 2000
    reference: SoumettreFactureReferences | None = None


class WsRetourRecyclerFacture(Retour, kw_only=True, frozen=True):
    """Answer of `recycler` (specifications/api/factures.md §8)."""

    identifiantFactureCPP: int | None = None
    numeroFacture: str | None = None  # ≤ 20; letters, digits, `- _ / +`
    statutFacture: StatutFacture | None = None  # DEPOSEE in the official sample
    dateDepot: Jour | None = None


class TraiterFacturesRejeteesListeDemandePaiement(Demande, kw_only=True, frozen=True):
    """Part of a request (specifications/api/factures.md)."""

    idDemandePaiement: int | None = None


class TraiterFacturesRejeteesParam(Demande, kw_only=True, frozen=True):
    """Request of `traiterRejet` (specifications/api/factures.md §9)."""

    listeDemandePaiement: list[TraiterFacturesRejeteesListeDemandePaiement] | None = None
    # The two next are in the contract of 2023 only.
    motifRejet: str | None = None
    cpltInfos: str | None = None


class CorrigerValideurFactureParam(Demande, kw_only=True, frozen=True):
    """Request of `corriger/valideur/facture` (specifications/api/factures.md §10)."""

    idFacture: int | None = None
    idStructure: int | None = None
    typeIdentifiantStructure: str | None = None  # TypeIdentifiant
    identifiantStructure: str | None = None


class WsRetourCorrigerValideurFacture(Retour, kw_only=True, frozen=True):
    """Answer of `corriger/valideur/facture` (specifications/api/factures.md §10)."""

    idFacture: int | None = None


class WsRetour(Retour, kw_only=True, frozen=True):
    """Answer of `traiterRejet` (specifications/api/factures.md §9)."""
