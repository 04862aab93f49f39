"""A file of accounts that is not what it should be: refused with its line, never half read."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raccord.domain.errors import Invalid
from raccord.engine.connections.importing import read_accounts

HEAD = "nom;identifiant;mot_de_passe;date_expiration\n"


def _refusal(data: bytes) -> str:
    with pytest.raises(Invalid) as refusal:
        read_accounts(data)
    assert refusal.value.code == "IMPORT_ILLISIBLE"
    return str(refusal.value)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"Bonjour,\nvoici les comptes.\n", id="a letter"),
        pytest.param(b"PK\x03\x04" + bytes(range(256)) * 2000, id="a workbook"),
        pytest.param(b"%PDF-1.7\n\xe2\xe3", id="a PDF"),
        pytest.param(b"nom;identifiant\nA;B\n", id="no password column"),
        pytest.param(b"A;TECH_1;secret;\nB;TECH_2;secret;\n", id="no header"),
    ],
)
def test_another_file_is_refused_by_the_columns_it_lacks(data: bytes):
    assert "colonnes attendues" in _refusal(data)


def test_a_header_alone_imports_nothing_and_says_so():
    assert "0 comptes" in _refusal(HEAD.encode())


def test_a_password_that_begins_with_a_quotation_mark_does_not_swallow_the_lines_below():
    told = _refusal((HEAD + 'A;T1;p;\nB;T2;"abc;\nC;T3;x;\nD;T4;y;\n').encode())
    assert "ligne 3" in told
    assert "abc" not in told


def test_a_cell_without_end_is_refused_not_broken():
    assert "démesurée" in _refusal((HEAD + "A;T1;" + "x" * 200_000 + ";\n").encode())


def test_a_quoted_password_keeps_its_own_quotation_marks():
    (account,) = read_accounts((HEAD + 'A;T1;"a""b;c";\n').encode())
    assert account.password.reveal() == 'a"b;c'


def test_the_unicode_text_of_a_spreadsheet_is_read():
    text = HEAD.replace(";", "\t") + "Mairie d’Évry\tTECH_1\tpà\t31/12/2027\r\n"
    (account,) = read_accounts(text.encode("utf-16"))
    assert (account.label, account.password.reveal(), account.fault) == ("Mairie d’Évry", "pà", "")


@pytest.mark.parametrize("day", ["31/02/2027", "01/01/0001", "2027-12-31", "31/12/27", "demain"])
def test_a_day_that_cannot_be_is_the_fault_of_its_line_alone(day: str):
    wrong, right = read_accounts((HEAD + f"A;T1;p;{day}\nB;T2;p;31/12/2027\n").encode())
    assert "JJ/MM/AAAA" in wrong.fault
    assert not right.fault


@given(st.binary(max_size=400), st.booleans())
def test_whatever_is_given_is_read_or_refused(data: bytes, headed: bool):
    accounts = None
    with suppress(Invalid):  # any other failure is a defect
        accounts = read_accounts((HEAD.encode() if headed else b"") + data)
    assert accounts != []
