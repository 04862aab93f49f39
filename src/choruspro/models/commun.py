"""What several APIs share: the counters of a search, the request that says nothing."""

from __future__ import annotations

from choruspro.base import Demande, Objet

__all__ = ["ParametresRetour", "RechercheParams", "SansCritere", "SansCritereLangue"]


class ParametresRetour(Objet, kw_only=True, frozen=True):
    """Counters of a search (specifications/api/conventions.md §6); each may be null."""

    pageCourante: int | None = None
    pages: int | None = None
    nbResultatsParPage: int | None = None
    total: int | None = None


class RechercheParams(Demande, kw_only=True, frozen=True):
    """Paging of the Transverses, Utilisateurs, works and commitments searches
    (specifications/api/conventions.md §6).
    """

    nbResultatsParPage: int | None = None  # the platform gives 10 when nothing is asked
    pageResultatDemandee: int | None = None  # from 1
    triColonne: str | None = None
    triSens: str | None = None  # Ascendant or Descendant
    nbResultatsMaximum: int | None = None


class SansCritere(Demande, kw_only=True, frozen=True):
    """A request with nothing to say: `{}`."""


class SansCritereLangue(Demande, kw_only=True, frozen=True):
    """A request that only chooses the language of labels."""

    codeLangue: str | None = None  # FR (default) or EN
