"""Searches are read to their last row, whatever the name of their paging object, and a short count is never silent."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from choruspro import Truncated
from choruspro.models.factures_emises import ParametresRechercherFactureParFournisseur
from choruspro.operation import Search

EMISES = "/cpro/factures/v1/rechercher/fournisseur"
RECUES = "/cpro/factures/v1/rechercher/recipiendaire"


def rows(first: int, count: int) -> list[dict[str, Any]]:
    return [{"identifiantFactureCPP": first + n, "montantTTC": 1.1} for n in range(count)]


def page(number: int, pages: int | None, total: int | None, found: list[dict[str, Any]]) -> dict[str, Any]:
    counters = {"pageCourante": number, "pages": pages, "nbResultatsParPage": 500, "total": total}
    return {"codeRetour": 0, "libelle": "", "parametresRetour": counters, "listeFactures": found}


def test_all_pages_are_read_in_order(face: Any, desk: Any, reply: Any) -> None:
    pages = [page(1, 3, 5, rows(1, 2)), page(2, 3, 5, rows(3, 2)), page(3, 3, 5, rows(5, 1))]
    desk.answers(EMISES, *[reply(body=content) for content in pages])
    found = face.rows(lambda chorus: chorus.factures.rechercher_fournisseur.iter_rows(numeroFluxDepot="CPP1"))
    assert [row.identifiantFactureCPP for row in found] == [1, 2, 3, 4, 5]
    assert {row.montantTTC for row in found} == {Decimal("1.1")}
    asked = [call.json for call in desk.calls(EMISES)]
    assert [call["rechercheFactureParFournisseur"]["pageResultatDemandee"] for call in asked] == [1, 2, 3]
    assert {call["rechercheFactureParFournisseur"]["nbResultatsMaximum"] for call in asked} == {999_999}
    assert {call["numeroFluxDepot"] for call in asked} == {"CPP1"}


def test_counters_at_the_top_level_are_read_too(face: Any, desk: Any, reply: Any) -> None:
    first = {"codeRetour": 0, "libelle": "", "pages": 2, "total": 2, "listeFactures": [{"idFacture": 1}]}
    second = first | {"listeFactures": [{"idFacture": 2}]}
    desk.answers(RECUES, reply(body=first), reply(body=second))
    found = face.rows(lambda chorus: chorus.factures.rechercher_recipiendaire.iter_rows())
    assert [row.idFacture for row in found] == [1, 2]


def test_nothing_found_gives_no_row(face: Any, desk: Any, reply: Any) -> None:
    desk.answers(RECUES, reply(body={"codeRetour": 20000, "libelle": "TRA_MSG_00.015"}))
    assert face.rows(lambda chorus: chorus.factures.rechercher_recipiendaire.iter_rows()) == []


def test_null_counters_end_at_the_first_short_page(face: Any, desk: Any, reply: Any) -> None:
    paging = ParametresRechercherFactureParFournisseur(nbResultatsParPage=2, triSens="Ascendant")
    desk.answers(EMISES, *[reply(body=page(1, None, None, rows(n, count))) for n, count in ((1, 2), (3, 2), (5, 1))])
    found = face.rows(
        lambda chorus: chorus.factures.rechercher_fournisseur.iter_rows(rechercheFactureParFournisseur=paging)
    )
    assert len(found) == 5
    assert {call.json["rechercheFactureParFournisseur"]["triSens"] for call in desk.calls(EMISES)} == {"Ascendant"}


def test_a_short_count_is_an_error_after_the_rows_received(face: Any, desk: Any, reply: Any) -> None:
    desk.answers(EMISES, reply(body=page(1, 1, 30, rows(1, 10))))
    received: list[Any] = []

    with pytest.raises(Truncated) as caught:
        face.rows(lambda chorus: noted(chorus.factures.rechercher_fournisseur.iter_rows(), received, face.kind))
    assert (caught.value.received, caught.value.total, len(received)) == (10, 30, 10)


def noted(found: Any, into: list[Any], kind: str) -> Any:
    return noted_sync(found, into) if kind == "sync" else noted_async(found, into)


def noted_sync(found: Any, into: list[Any]) -> Any:
    for row in found:
        into.append(row)
        yield row


async def noted_async(found: Any, into: list[Any]) -> Any:
    async for row in found:
        into.append(row)
        yield row


def test_starting_at_a_later_page_counts_the_pages_skipped(face: Any, desk: Any, reply: Any) -> None:
    paging = ParametresRechercherFactureParFournisseur(nbResultatsParPage=2, pageResultatDemandee=2)
    desk.answers(EMISES, reply(body=page(2, 2, 3, rows(3, 1))))
    found = face.rows(
        lambda chorus: chorus.factures.rechercher_fournisseur.iter_rows(rechercheFactureParFournisseur=paging)
    )
    assert len(found) == 1


@pytest.fixture
def searches(families: Callable[[], dict[str, Any]]) -> list[Search[Any, Any, Any]]:
    return [operation for operation in families().values() if isinstance(operation, Search)]


def test_every_search_names_fields_that_exist(searches: list[Search[Any, Any, Any]]) -> None:
    assert len(searches) > 15
    for search in searches:
        paging = search.paging
        assert paging.objet in search.request.__struct_fields__, search  # type: ignore[attr-defined]  # of msgspec
        assert paging.liste in search.answer.__struct_fields__, search
        assert {"nbResultatsParPage", "pageResultatDemandee"} <= set(paging.kind.__struct_fields__), search
        assert not paging.maximum or paging.maximum in paging.kind.__struct_fields__, search
        holder = paging.compteurs or "pages"
        assert holder in search.answer.__struct_fields__, search
