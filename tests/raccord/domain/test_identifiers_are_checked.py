"""Whoever holds a Siret holds fourteen digits; whoever typed something else is told what to type."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raccord.domain.identifiers import (
    CommitmentNumber,
    InvalidIdentifier,
    InvoiceNumber,
    ServiceCode,
    Siren,
    Siret,
    french_vat_number,
    luhn,
    luhn_ok,
)


def test_a_siret_typed_with_blanks_is_the_same_siret() -> None:
    assert Siret.parse("110 002 011 00044") == Siret.parse("11000201100044")
    assert Siret.parse("110\u00a0002\u202f011 00044").siren == "110002011"
    assert Siret.parse("11000201100044").nic == "00044"


def test_a_siren_in_place_of_a_siret_is_named_as_such() -> None:
    with pytest.raises(InvalidIdentifier, match="SIREN"):
        Siret.parse("110002011")


def test_a_vat_number_in_place_of_a_siret_is_named_as_such() -> None:
    with pytest.raises(InvalidIdentifier, match="numéro de TVA"):
        Siret.parse("FR17110002011")


@pytest.mark.parametrize("text", ["", "1234", "1100020110004O", "١١٠٠٠٢٠١١٠٠٠٤٤", "110002011000445"])
def test_what_is_not_fourteen_ascii_digits_is_no_siret(text: str) -> None:
    with pytest.raises(InvalidIdentifier) as refused:
        Siret.parse(text)
    assert refused.value.kind == "siret"
    assert "14 chiffres" in refused.value.sentence


def test_the_key_of_a_siret_is_asked_apart() -> None:
    assert luhn_ok(Siret.parse("11000201100044"))
    assert not luhn_ok(Siret.parse("45251785100010")), "the altered SIRET of the help page is built, and fails its key"


@pytest.mark.parametrize("siret", ["35600000009075", "35600000010866", "35600000000048"])
def test_la_poste_has_a_rule_of_its_own(siret: str) -> None:
    assert luhn_ok(Siret.parse(siret))


def test_la_postes_exception_is_for_la_poste_alone() -> None:
    assert not luhn_ok(Siret.parse("35600000009076"))
    assert not luhn_ok(Siret.parse("35600100009074"))


def test_an_invoice_number_has_twenty_characters_at_most() -> None:
    assert InvoiceNumber.parse("M1A156109_1234567890") == "M1A156109_1234567890"
    with pytest.raises(InvalidIdentifier, match="21 caractères"):
        InvoiceNumber.parse("M1A156109_12345678901")


@pytest.mark.parametrize("number", ["FA 2026", "FA2026é", "FA#1", "FA\n1", ""])
def test_an_invoice_number_is_never_trimmed_nor_mended(number: str) -> None:
    with pytest.raises(InvalidIdentifier):
        InvoiceNumber.parse(number)


def test_references_of_the_buyer_are_bounded() -> None:
    assert ServiceCode.parse(" SERV-1 ") == "SERV-1"
    assert len(CommitmentNumber.parse("E" * 50)) == 50
    with pytest.raises(InvalidIdentifier, match="51 caractères"):
        CommitmentNumber.parse("E" * 51)
    with pytest.raises(InvalidIdentifier, match="vide"):
        ServiceCode.parse("   ")


def test_the_vat_number_follows_from_the_siren() -> None:
    assert french_vat_number(Siren.parse("732829320")) == "FR44732829320"


@given(st.text(alphabet="0123456789", min_size=1, max_size=20))
def test_exactly_one_key_completes_any_digits(digits: str) -> None:
    assert sum(luhn(digits + str(key)) for key in range(10)) == 1


@given(st.text(max_size=30))
def test_parsing_any_text_gives_a_siret_or_a_sentence(text: str) -> None:
    siret, sentence = _parsed(text)
    assert sentence or (len(siret) == 14 and siret.isdigit() and siret.isascii())


def _parsed(text: str) -> tuple[str, str]:
    try:
        return Siret.parse(text), ""
    except InvalidIdentifier as refused:
        return "", refused.sentence
