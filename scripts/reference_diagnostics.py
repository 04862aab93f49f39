"""Writes docs/reference/diagnostics.md from the doctor's catalogue."""

from pathlib import Path

from raccord.doctor.reference import reference_page

PAGE = Path(__file__).parent.parent / "docs" / "reference" / "diagnostics.md"

if __name__ == "__main__":
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text(reference_page(), encoding="utf-8")
    print(PAGE.relative_to(PAGE.parents[2]))
