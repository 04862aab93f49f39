"""A benchmark answers rows; here they become a table for people and a file for programs."""

import json
import platform
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table

RESULTS = Path(__file__).parent / "results"


@dataclass(frozen=True)
class Row:
    """One figure: what was measured, its value with its unit, and its ratio to another figure of the same run."""

    what: str
    value: float
    unit: str
    ratio: float | None = None
    against: str = ""


def show(name: str, rows: Iterable[Row]) -> None:
    """Prints the table of one benchmark and writes `results/<name>.json`."""
    rows = list(rows)
    table = Table(title=name, title_justify="left")
    for column, justify in (("measure", "left"), ("value", "right"), ("unit", "left"), ("ratio", "right")):
        table.add_column(column, justify=justify)  # type: ignore[arg-type]  # rich's literal type
    for row in rows:
        ratio = "" if row.ratio is None else f"{row.ratio:.2f} x {row.against}"
        table.add_row(row.what, f"{row.value:,.2f}", row.unit, ratio)
    Console(width=120).print(table)
    RESULTS.mkdir(exist_ok=True)
    record = {
        "benchmark": name,
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "machine": platform.machine(),
        "rows": [asdict(row) for row in rows],
    }
    (RESULTS / f"{name}.json").write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")
