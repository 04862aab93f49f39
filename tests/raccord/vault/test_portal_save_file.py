"""The file that the portal's button saves is read byte for byte (seed S2-72)."""

from contextlib import suppress
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raccord.domain.errors import Invalid
from raccord.vault import read_portal_file

LOGIN = "TECH_21690001800019@cpp2017.fr"
PRINTABLE = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=1, max_size=40)


def _saved(password: str, end: str = "\n") -> bytes:
    lines = (
        "Chorus Pro - Informations de connexion de l'utilisateur technique",
        f"Identifiant : {LOGIN}",
        f"Mot de passe : {password}",
        "Structure : 21690001800019 - COMMUNE DE VAL-FICTIF",
    )
    return "".join(line + end for line in lines).encode()


@given(PRINTABLE)
def test_any_generated_password_survives_the_file(password: str):
    account = read_portal_file(_saved(password))
    assert (account.login, account.password.reveal()) == (LOGIN, password)


def test_lines_may_end_as_on_windows():
    assert read_portal_file(_saved("-shvun)en7jks0P", "\r\n")).password.reveal() == "-shvun)en7jks0P"


def test_a_byte_order_mark_and_old_accents_are_no_trouble():
    assert read_portal_file(b"\xef\xbb\xbf" + _saved("a")).login == LOGIN
    assert read_portal_file(_saved("a").decode().replace("VAL", "VALÉE").encode("cp1252")).login == LOGIN


def test_two_columns_are_read_too():
    account = read_portal_file(f"{LOGIN};a;b:c[\n".encode())
    assert (account.login, account.password.reveal()) == (LOGIN, "a;b:c[")


def test_an_expiry_date_is_taken_when_the_file_tells_it():
    account = read_portal_file(_saved("a") + b"Date exp. Mot de passe : 07/08/2027 08:29:58\n")
    assert account.expires_at is not None
    assert account.expires_at.isoformat() == "2027-08-07T08:29:58+02:00"


def test_a_pdf_is_read_as_well():
    import pikepdf

    text = "(Identifiant : " + LOGIN + ") Tj T* (Mot de passe : -shvun\\)en7jks0P) Tj"
    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=(595, 842))
    page.Contents = pdf.make_stream(f"BT /F1 11 Tf 56 780 Td {text} ET".encode())
    written = BytesIO()
    pdf.save(written)
    account = read_portal_file(written.getvalue())
    assert (account.login, account.password.reveal()) == (LOGIN, "-shvun)en7jks0P")


@pytest.mark.parametrize("data", [b"", b"bonjour", b"%PDF-1.7 cass\xe9", b"\x00" * 64, b"x" * 2_000_000])
def test_another_file_is_refused_with_a_sentence(data: bytes):
    with pytest.raises(Invalid, match="FICHIER_PORTAIL_ILLISIBLE"):
        read_portal_file(data)


def test_a_refusal_never_quotes_the_content():
    with pytest.raises(Invalid) as refusal:
        read_portal_file(b"Mot de passe : tres-secret\n")
    assert "tres-secret" not in str(refusal.value)


def _pdf(content: bytes, **saving: object) -> bytes:
    import pikepdf

    pdf, written = pikepdf.new(), BytesIO()
    page = pdf.add_blank_page(page_size=(595, 842))
    page.Contents = pdf.make_stream(content)
    pdf.save(written, compress_streams=False, **saving)
    return written.getvalue()


@pytest.mark.parametrize("content", [b"Tj", b"[ [1] ] TJ", b"/N Tj", b"(a", b"BI /W 1 ID xx EI Tj", b"null Tj"])
def test_a_pdf_of_another_shape_is_refused_with_a_sentence(content: bytes):
    with pytest.raises(Invalid, match="FICHIER_PORTAIL_ILLISIBLE"):
        read_portal_file(_pdf(content))


def test_a_pdf_behind_a_password_is_refused_with_a_sentence():
    import pikepdf

    with pytest.raises(Invalid, match="FICHIER_PORTAIL_ILLISIBLE"):
        read_portal_file(_pdf(b"", encryption=pikepdf.Encryption(owner="a", user="b")))


_WHOLE = _pdf(b"BT (Identifiant : TECH_2@cpp2017.fr) Tj (Mot de passe : -shvun\\)en7) Tj [(a) -20 (b)] TJ ET")


@given(st.lists(st.tuples(st.integers(5, len(_WHOLE) - 1), st.integers(0, 255)), min_size=1, max_size=12))
def test_a_damaged_pdf_never_breaks_the_page(changes: list[tuple[int, int]]):
    data = bytearray(_WHOLE)
    for place, value in changes:
        data[place] = value
    account = None
    with suppress(Invalid):  # any other failure is a defect
        account = read_portal_file(bytes(data))
    assert account is None or account.login


def test_a_day_that_does_not_exist_leaves_the_account_readable():
    """The screen of seed 1 shows « 00/08/2022 »."""
    account = read_portal_file(_saved("a") + b"Date exp. Mot de passe : 00/08/2022 08:29:58\n")
    assert (account.login, account.expires_at) == (LOGIN, None)
