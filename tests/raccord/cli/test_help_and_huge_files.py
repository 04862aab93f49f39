"""The help of every command is in French, and no command swallows a huge file before it says no."""

from __future__ import annotations

import re
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from raccord.cli.exits import Exit
from raccord.cli.main import COMMANDS, cli, run

ENGLISH = re.compile(
    r"\b(Usage:|Options:|Commands:|Show this|and exit|\[default|required\]|(?:INTEGER|FLOAT|TEXT|DIRECTORY|RANGE)\b)"
)
PLANS = 80 * 1024 * 1024


def _every_command(command: click.Command, path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    yield path
    if isinstance(command, click.Group):
        for name in command.list_commands(click.Context(command)):
            below = command.get_command(click.Context(command), name)
            assert below is not None
            yield from _every_command(below, (*path, name))


def test_every_help_is_in_french_and_the_first_tells_the_exit_codes() -> None:
    seen = list(_every_command(cli, ()))
    assert len(seen) > len(COMMANDS)
    for path in seen:
        if path == ("simulator",):  # it hands its help over to the simulator's own
            continue
        shown = CliRunner().invoke(cli, [*path, "--help"]).output
        assert "Usage : " in shown, path
        assert not ENGLISH.search(shown), (path, ENGLISH.search(shown))
    first = CliRunner().invoke(cli, ["--help"]).output
    assert all(re.search(rf"^\s+{int(code)}\s", first, re.MULTILINE) for code in Exit)


@pytest.fixture
def plans(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file of 80 MB that nobody wrote: a hole."""
    monkeypatch.setenv("RACCORD_DATA_DIR", str(tmp_path / "var"))
    monkeypatch.setenv("RACCORD_SCHEMATRON_WORKERS", "0")
    path = tmp_path / "plans.pdf"
    with path.open("wb") as file:
        file.truncate(PLANS)
    return path


def test_a_huge_file_is_refused_without_being_read_and_the_others_are_checked(
    plans: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    small = tmp_path / "note.xml"
    small.write_bytes(b"<note/>")
    tracemalloc.start()
    code = run(["check", str(plans), str(small)])
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    shown = capsys.readouterr().out
    assert code == Exit.REFUSED
    assert "FICHIER_TROP_VOLUMINEUX" in shown
    assert "80 Mo" in shown
    assert "note.xml : à corriger" in shown
    assert peak < PLANS


def test_an_invoice_is_converted_beside_the_first_and_nothing_is_overwritten(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from raccord.formats import read_invoice
    from raccord.formats.sample import make_invoice, write_sample

    source = tmp_path / "F-1.xml"
    source.write_bytes(write_sample(make_invoice(3, number="F-1"), "cii"))
    assert run(["convert", str(source), "--to", "facturx"]) == Exit.OK
    assert read_invoice((tmp_path / "F-1.pdf").read_bytes()).number == "F-1"
    assert "0 donnée(s) sans place" in capsys.readouterr().out
    assert run(["convert", str(source), "--to", "facturx"]) == Exit.REFUSED
    assert "FICHIER_EXISTANT" in capsys.readouterr().err
    wanted = tmp_path / "autre.xml"
    assert run(["convert", str(source), "--to", "ubl", "--output", str(wanted), "--json"]) == Exit.OK
    assert read_invoice(wanted.read_bytes()).number == "F-1"
