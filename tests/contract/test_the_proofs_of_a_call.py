"""Any Chorus Pro tells a bad application from a bad account from a closed door."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import httpx2
import pytest

from choruspro import AsyncChorusPro, ChorusPro, CredentialsRefused
from choruspro.models.structures import RechercherStructureInput

Stranger = Callable[..., ChorusPro]

NOBODY = "TECH_9_00000000000000@cpro.fr"


def test_the_connection_test_reads_the_vat_rates(fournisseur: ChorusPro) -> None:
    rates = fournisseur.transverses.recuperer_tauxtva().listeTauxTva
    assert rates
    assert all(isinstance(rate.valeurTauxTva, Decimal) for rate in rates)
    assert all(rate.codeTauxTva for rate in rates)


def test_a_wrong_secret_is_the_application_s(stranger: Stranger) -> None:
    with stranger(client_secret="wrong") as chorus, pytest.raises(CredentialsRefused) as caught:
        chorus.transverses.recuperer_tauxtva()
    assert caught.value.which == "piste"


def test_a_wrong_client_id_is_the_application_s(stranger: Stranger) -> None:
    nobody = "00000000-0000-0000-0000-000000000000"
    with stranger(client_id=nobody) as chorus, pytest.raises(CredentialsRefused) as caught:
        chorus.authenticate()
    assert caught.value.which == "piste"


def test_a_wrong_login_is_the_account_s(stranger: Stranger) -> None:
    """Asked of a login that does not exist, so that no real account is brought nearer to a lock."""
    with stranger(login=NOBODY, password="wrong") as chorus, pytest.raises(CredentialsRefused) as caught:
        chorus.transverses.recuperer_tauxtva()
    assert caught.value.which == "technical-account"
    assert caught.value.http_status == 401


def test_an_unknown_path_is_a_closed_door(fournisseur: ChorusPro) -> None:
    with pytest.raises(CredentialsRefused) as caught:
        fournisseur.call("transverses/deposer/flux", {}, writes=False)
    assert (caught.value.which, caught.value.http_status) == ("access", 403)


def test_no_bearer_is_an_invalid_request(platform: Any) -> None:
    url = f"{platform.environment.api_url}/cpro/transverses/v1/recuperer/tauxtva"
    answer = httpx2.post(url, json={}, headers={"cpro-account": "eDp5"}, timeout=60, trust_env=False)
    assert answer.status_code == 400
    assert 'error="invalid_request"' in answer.headers["www-authenticate"]


def test_one_token_serves_the_whole_session(fournisseur: ChorusPro) -> None:
    first = fournisseur.session.token()
    fournisseur.transverses.recuperer_modereglements()
    assert fournisseur.session.token() is first


async def rates_and_structures(platform: Any) -> tuple[list[Any], list[Any]]:
    async with AsyncChorusPro(platform.environment, platform.supplier.credentials) as chorus:
        rates = await chorus.transverses.recuperer_tauxtva()
        criteria = RechercherStructureInput(identifiantStructure=platform.recipient.siret)
        return rates.listeTauxTva, [row async for row in chorus.structures.rechercher.iter_rows(structure=criteria)]


def test_both_faces_read_the_same_answers(fournisseur: ChorusPro, platform: Any) -> None:
    rates, (structure,) = asyncio.run(rates_and_structures(platform))
    assert rates == fournisseur.transverses.recuperer_tauxtva().listeTauxTva
    assert structure.identifiantStructure == platform.recipient.siret


def test_each_answer_has_a_name_for_support(stranger: Stranger, platform: Any) -> None:
    with stranger(login=NOBODY) as chorus, pytest.raises(CredentialsRefused) as caught:
        chorus.transverses.recuperer_tauxtva()
    assert caught.value.request_id
