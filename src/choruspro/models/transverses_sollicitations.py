"""Requests and answers of the Transverses API about solicitations."""

from __future__ import annotations

from msgspec import field

from choruspro.base import Demande, Instant, Objet, Retour
from choruspro.models.commun import ParametresRetour, RechercheParams

__all__ = [
    "CategorieEtSousCategories",
    "CategorieSollicitation",
    "RechercherCategorieParam",
    "RechercherSousCategorieParam",
    "RetourRechercherCategorie",
    "RetourRechercherSousCategorie",
    "SousCategorieSollicitation",
]


class RechercherCategorieParam(Demande, kw_only=True, frozen=True):
    """Request of `rechercher/categorieSollicitation` (specifications/api/transverses.md §6)."""

    codeCategorie: str | None = None
    libelleCategorie: str | None = None
    estActif: bool | None = None
    pagination: RechercheParams | None = None


class CategorieSollicitation(Objet, kw_only=True, frozen=True):
    """A category (specifications/api/transverses.md §6)."""

    idTechniqueCategorie: int | None = None
    codeCategorie: str | None = None
    libelleCategorie: str | None = None


class RetourRechercherCategorie(Retour, kw_only=True, frozen=True):
    """Answer of `rechercher/categorieSollicitation` (specifications/api/transverses.md §6)."""

    listeCategories: list[CategorieSollicitation] = field(default_factory=list)
    parametresRetour: ParametresRetour | None = None


class RechercherSousCategorieParam(Demande, kw_only=True, frozen=True):
    """Request of `rechercher/sousCategorieSollicitation` (specifications/api/transverses.md §6)."""

    code: str | None = None
    libelle: str | None = None
    estActif: bool | None = None
    idTechniqueCategorie: int | None = None
    pagination: RechercheParams | None = None


class SousCategorieSollicitation(Objet, kw_only=True, frozen=True):
    """A sub-category (specifications/api/transverses.md §6)."""

    code: str | None = None
    libelle: str | None = None
    idTechniqueCategorie: int | None = None
    estActif: bool | None = None
    dateCreation: Instant | None = None
    dateDerniereModification: Instant | None = None


class CategorieEtSousCategories(Objet, kw_only=True, frozen=True):
    """Categories and their sub-categories (specifications/api/transverses.md §6)."""

    categorie: list[CategorieSollicitation] = field(default_factory=list)
    ssCategorie: list[SousCategorieSollicitation] = field(default_factory=list)


class RetourRechercherSousCategorie(Retour, kw_only=True, frozen=True):
    """Answer of `rechercher/sousCategorieSollicitation` (specifications/api/transverses.md §6)."""

    listeSousCategories: list[CategorieEtSousCategories] = field(default_factory=list)
    parametresRetour: ParametresRetour | None = None
