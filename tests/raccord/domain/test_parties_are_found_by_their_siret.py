"""Where Chorus Pro looks for a SIRET, and what it finds there."""

from __future__ import annotations

from datetime import date

import pytest

from raccord.domain.faults import Fault, Severity, has_errors
from raccord.domain.invoice import Identifier, Invoice, Party

SIRET = "73282932000074"


@pytest.mark.parametrize("scheme", ["0009", "1", "SIRET"])
def test_a_siret_is_known_by_its_scheme(scheme: str) -> None:
    party = Party(identifiers=(Identifier(value="X", scheme="0088"), Identifier(value=SIRET, scheme=scheme)))
    assert party.siret == SIRET
    assert party.siren == "732829320"


def test_a_siret_in_the_legal_identifier_counts() -> None:
    assert Party(legal_id=Identifier(value=SIRET, scheme="0002")).siret == SIRET
    assert Party(identifiers=(Identifier(value=SIRET),)).siret == SIRET


def test_fourteen_digits_of_another_scheme_are_no_siret() -> None:
    """A GLN has thirteen digits, a GTIN fourteen: the scheme tells."""
    assert Party(identifiers=(Identifier(value="12345678901234", scheme="0088"),)).siret is None


def test_a_siren_alone_is_no_siret_but_names_the_company() -> None:
    party = Party(legal_id=Identifier(value="732829320", scheme="0002"))
    assert party.siret is None
    assert party.siret_text == ""
    assert party.siren == "732829320"


def test_a_bad_siret_is_shown_but_not_given() -> None:
    party = Party(identifiers=(Identifier(value="7328293200007X", scheme="0009"),))
    assert party.siret_text == "7328293200007X"
    assert party.siret is None


def test_credit_notes_are_told_by_their_type() -> None:
    def invoice(type_code: str) -> Invoice:
        return Invoice(
            number="1", issue_date=date(2026, 1, 31), type_code=type_code, currency="EUR", seller=Party(), buyer=Party()
        )

    assert [code for code in ("380", "381", "384", "386", "396", "393") if invoice(code).is_credit_note] == [
        "381",
        "396",
    ]
    assert invoice("380").issue_year == 2026


def test_warnings_alone_do_not_stop_an_invoice() -> None:
    advice = Fault("CP-X", Severity.WARNING, "", "s", "c", "raccord")
    assert not has_errors([advice])
    assert has_errors((advice, Fault("CP-Y", Severity.ERROR, "", "s", "c", "raccord")))
    assert Severity.ERROR.label == "Erreur"
