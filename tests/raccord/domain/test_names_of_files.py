"""A file is kept under a name that hides nothing."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raccord.domain.file_names import LONGEST, as_kept


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("Facture n° 12.pdf", "Facture n° 12.pdf"),
        ("../../etc/passwd.xml", "passwd.xml"),
        ("C:\\Compta\\F1.xml", "F1.xml"),
        ("a\nb\r\nSet-Cookie: x.xml", "abSet-Cookie: x.xml"),
        ("fac\u202elmx.exe.xml", "faclmx.exe.xml"),
        ("a\x00b.xml", "ab.xml"),
        ("", "facture"),
        ("é" * 300 + ".xml", "é" * 196 + ".xml"),
    ],
)
def test_what_a_name_hides_is_left_out(given_name: str, kept: str) -> None:
    assert as_kept(given_name) == kept


@given(st.text())
def test_a_kept_name_stays_as_it_is(name: str) -> None:
    kept = as_kept(name)
    assert 0 < len(kept) <= LONGEST
    assert not any(unicodedata.category(sign) in ("Cc", "Cf", "Cs") or sign in "/\\" for sign in kept)
    assert as_kept(kept) == kept
