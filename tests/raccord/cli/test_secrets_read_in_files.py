"""A secret given in a file: kept byte for byte, and a wrong encoding told before anything is made of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raccord.cli.exits import Exit
from raccord.cli.main import run
from raccord.cli.secret_files import first_line


@given(
    st.text(st.characters(exclude_characters="\r\n", exclude_categories=("Cs",))), st.sampled_from(["", "\n", "\r\n"])
)
def test_a_secret_comes_out_as_it_is_without_the_line_end_of_the_editor(secret: str, end: str) -> None:
    assert first_line((secret + end).encode()) == secret


@pytest.mark.parametrize("option", ["--client-secret-file", "--password-file"])
def test_a_secret_file_of_another_encoding_is_refused_with_a_cure(
    option: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RACCORD_DATA_DIR", str(tmp_path / "maison"))
    (tmp_path / "secret").write_bytes("mot-de-passe-accentué".encode("latin-1"))
    (tmp_path / "bon").write_text("un-secret")
    others = ["--client-secret-file", "bon"] if option == "--password-file" else []
    words = ["connect", "A", "--environment", "simulator", "--base-url", "http://127.0.0.1:9", "--client-id", "a"]
    code = run([*words, *others, option, "secret", "--login", "TECH_1@cpro.fr"])
    told = capsys.readouterr().err
    assert code == Exit.REFUSED
    assert "UTF-8" in told
    assert "accentu" not in told
