"""Passwords survive the vault byte for byte, whatever they hold; odd ones are remarked upon, never corrected."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raccord.vault.envelope import BrokenSeal, seal, take_apart, unseal
from raccord.vault.passwords import inspect_password
from raccord.vault.vault import _bytes

KEY = bytes(range(32))


@given(st.text(st.characters()))
def test_any_text_survives_its_seal(text: str):
    sealed = seal("k", KEY, "place", _bytes(text))
    assert unseal(KEY, "place", sealed).decode("utf-8", "surrogatepass") == text


@given(st.binary())
def test_bytes_that_are_no_seal_are_refused(data: bytes):
    with pytest.raises(BrokenSeal):
        unseal(KEY, "place", data)


def test_two_seals_of_one_secret_differ():
    assert seal("k", KEY, "place", b"secret") != seal("k", KEY, "place", b"secret")
    assert take_apart(seal("k", KEY, "place", b"|")).key_id == "k"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "VIDE"),
        (" abc", "ESPACE_DEBUT"),
        ("abc ", "ESPACE_FIN"),
        ("abc\n", "FIN_DE_LIGNE"),
        ("ab\u00a0c", "ESPACE_INSECABLE"),
        ("ab\u200bc", "CARACTERE_INVISIBLE"),
        ('"abc"', "GUILLEMETS"),
        ("«abc»", "GUILLEMETS"),
        ("*****", "ETOILES"),
    ],
)
def test_an_odd_password_is_remarked_upon(text: str, code: str):
    assert code in [remark.code for remark in inspect_password(text)]


@pytest.mark.parametrize("text", ["-shvun)en7jks0P", "a:b[c]d", "é'à\"ç", "mot de passe"])
def test_the_portals_own_passwords_pass_without_remark(text: str):
    assert inspect_password(text) == ()
