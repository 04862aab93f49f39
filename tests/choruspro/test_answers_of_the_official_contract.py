"""Any answer that the official Swaggers allow is read, whole and exact, with the liberties seen in the field."""

from __future__ import annotations

import base64
import contextlib
import json
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from choruspro.base import Enumeration
from choruspro.dates import read_instant
from choruspro.decoding import decode
from choruspro.models import (
    factures_demandes,
    factures_depot,
    factures_emises,
    factures_historique,
    factures_recues,
    factures_suites,
    factures_valideur,
    structures,
)

MODULES = (
    factures_demandes,
    factures_depot,
    factures_emises,
    factures_historique,
    factures_recues,
    factures_suites,
    factures_valideur,
    structures,
)
JSON = msgspec.json.Encoder(decimal_format="number")
FILES = {"fichierResultat", "fichierFlux", "fichierFacture"}

texts = st.text(max_size=12)
dates = st.sampled_from(
    [
        "2026-11-21",
        "2016-05-24 15:02",
        "2019-03-27T11:12:24.777+01:00",
        "2022-01-07T10:11:47.823Z",
        "2022-07-07T10:11:47+0200",
        "2026-11-21T23:59:59",
    ]
)
amounts = st.decimals(-(10**13), 10**13, places=6, allow_nan=False)
scalars = {
    "integer": st.integers(-(2**63), 2**63 - 1),
    "number": amounts,
    "boolean": st.booleans(),
}


def value_of(schema: dict[str, Any], definitions: dict[str, Any], name: str = "") -> st.SearchStrategy[Any]:
    if "$ref" in schema:
        return object_of(schema["$ref"].split("/")[-1], definitions)
    if schema["type"] == "array":
        return st.lists(value_of(schema["items"], definitions), max_size=2)
    if schema["type"] == "string":
        if name in FILES:
            return st.binary(max_size=9).map(lambda content: base64.b64encode(content).decode())
        return dates if schema.get("format") == "date-time" else texts
    return scalars[schema["type"]]


def object_of(name: str, definitions: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    properties = definitions[name].get("properties", {})
    members = {key: value_of(schema, definitions, key) for key, schema in properties.items()}
    nullable = {key: member | st.none() for key, member in members.items()}
    return st.fixed_dictionaries({}, optional=nullable)


def answer_types() -> dict[str, type[msgspec.Struct]]:
    return {name: getattr(module, name) for module in MODULES for name in module.__all__ if name.startswith("WsRetour")}


@pytest.mark.parametrize("name", sorted(answer_types()))
def test_whatever_the_contract_allows_is_read(name: str, specifications: Path) -> None:
    kind = answer_types()[name]
    family = "structures" if kind.__module__.endswith(".structures") else "factures"
    definitions = json.loads((specifications / "swagger" / f"{family}.json").read_text())["definitions"]

    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    @given(content=object_of(name, definitions))
    def promise(content: dict[str, Any]) -> None:
        body = JSON.encode(content)
        assert_same(content, decode(kind, body))

    promise()


def assert_same(sent: Any, read: Any) -> None:
    if isinstance(sent, dict):
        for key, value in sent.items():
            assert_same(value, getattr(read, key))
    elif isinstance(sent, list):
        assert len(sent) == len(read)
        for one, other in zip(sent, read, strict=True):
            assert_same(one, other)
    elif isinstance(read, bytes):
        assert base64.b64encode(read).decode() == sent
    elif isinstance(read, datetime):
        assert read == read_instant(sent)
        assert read.tzinfo is not None
    elif isinstance(read, date):
        assert read.isoformat() in sent
    elif sent is None:
        assert read in (None, [])
    else:
        assert read == sent


def test_every_definition_of_the_contract_has_its_class(specifications: Path) -> None:
    ours = {name for module in Path(structures.__file__).parent.glob("*.py") for name in _classes(module)}
    theirs: set[str] = set()
    for family in ("factures", "structures"):
        theirs |= set(json.loads((specifications / "swagger" / f"{family}.json").read_text())["definitions"])
    assert theirs - ours == {"TriColonne"}  # an empty definition, a leftover of the platform's code


def test_every_field_of_the_contract_has_its_attribute(specifications: Path) -> None:
    leftovers = {"champsDeTri", "ordreTriGenerique", "taillePageGenerique", "indexPageGenerique"}
    for family in ("factures", "structures"):
        definitions = json.loads((specifications / "swagger" / f"{family}.json").read_text())["definitions"]
        for module in MODULES:
            for name in set(module.__all__) & set(definitions):
                fields = set(getattr(module, name).__struct_fields__)
                assert set(definitions[name].get("properties", {})) - leftovers <= fields, name


def _classes(module: Path) -> set[str]:
    return {line[6:].split("(")[0] for line in module.read_text().splitlines() if line.startswith("class ")}


@given(value=st.text(min_size=1))
def test_an_unknown_value_is_kept_as_it_came(value: str) -> None:
    body = json.dumps({"codeRetour": 0, "libelle": "", "statutFacture": value}).encode()
    status = decode(factures_depot.WsRetourSoumettreFacture, body).statutFacture
    assert isinstance(status, Enumeration)
    assert str(status) == value
    assert status.connue == (value in type(status).valeurs)


def test_the_liberties_of_the_platform_are_understood() -> None:
    from choruspro.models.transverses_flux import RetourConsulterCRDetaille

    body = b"""{"codeRetour": "0", "libelle": 3, "dateDepotFlux": "hier", "etatCourantDepotFlux": "IN_REJETE",
                "listeErreurDP": {"numeroDP": 20230305, "libelleErreurDP": "non"}, "listeErreurTechnique": null}"""
    answer = decode(RetourConsulterCRDetaille, body)
    assert (answer.codeRetour, answer.libelle) == (0, "3")
    assert [error.numeroDP for error in answer.listeErreurDP] == ["20230305"]
    assert answer.listeErreurTechnique == []
    assert answer.etatCourantDepotFlux is not None
    assert answer.etatCourantDepotFlux.final
    assert answer.dateDepotFlux is None
    assert [(text.texte, text.attendu) for text in answer.illisibles] == [("hier", "instant")]


def test_a_folded_base64_and_a_list_for_an_object_are_understood() -> None:
    folded = base64.encodebytes(b"x" * 100).decode()
    body = json.dumps({"codeRetour": 0, "fichierResultat": folded}).encode()
    assert decode(factures_recues.WsRetourTelechargerGroupeFacture, body).fichierResultat == b"x" * 100
    listed = b'{"codeRetour": 0, "parametresRetour": [{"total": "3"}], "listeStructures": []}'
    counters = decode(structures.WsRetourRechercherStructure, listed).parametresRetour
    assert counters is not None
    assert counters.total == 3


@given(amount=amounts)
def test_an_amount_stays_exact_even_beside_a_liberty(amount: Decimal) -> None:
    body = f'{{"listeFactures": {{"montantTTC": {amount:f}, "statut": 7}}}}'.encode()
    (row,) = decode(factures_emises.WsRetourRechercherFactureParFournisseur, body).listeFactures
    assert (row.montantTTC, row.statut) == (amount, "7")


@given(body=st.binary(max_size=60))
def test_any_other_bytes_are_a_decode_error_or_an_answer(body: bytes) -> None:
    with contextlib.suppress(msgspec.DecodeError):
        assert isinstance(decode(factures_recues.WsRetourTraiterFacture, body), factures_recues.WsRetourTraiterFacture)
