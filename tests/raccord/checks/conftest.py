"""The official rule sheets; the shared samples, read from beside the checkout; tests that need them skip
visibly where they are absent.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from raccord.checks.schematron import Schematron

SAMPLES = Path(__file__).resolve().parents[4] / "shared" / "samples"


@pytest.fixture(scope="session")
def samples() -> Path:
    if not SAMPLES.is_dir():
        pytest.skip("les factures d’exemple (../shared/samples) ne sont pas là")
    return SAMPLES


@pytest.fixture(scope="session")
def sample_rows(samples: Path) -> list[dict[str, str]]:
    """The rows of index.csv."""
    with (samples / "index.csv").open(encoding="utf-8", newline="") as index:
        return list(csv.DictReader(index))


@pytest.fixture(scope="session")
def sample_bytes(samples: Path) -> Callable[[str], bytes]:
    return lambda name: (samples / name).read_bytes()


@pytest.fixture(scope="session")
def official() -> Iterator[Schematron]:
    """The official rule sheets in one worker process."""
    with Schematron(workers=1) as schematron:
        yield schematron
