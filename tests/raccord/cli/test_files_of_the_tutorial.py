"""The invoices that the tutorial deposits pass the checks of today."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from raccord import checks
from raccord.checks import Facts

FILES = sorted((Path(__file__).parents[3] / "examples" / "tutoriel").iterdir())


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_nothing_stops_it(file: Path) -> None:
    report = checks.check(file.read_bytes(), file.name, today=date(2026, 11, 22), facts=Facts())
    assert report.ok, [fault.sentence for fault in report.errors]


def test_the_tutorial_names_each() -> None:
    page = (Path(__file__).parents[3] / "docs" / "tutoriel" / "premiers-pas.md").read_text()
    assert FILES
    assert [file.name for file in FILES if f"examples/tutoriel/{file.name}" not in page] == []
