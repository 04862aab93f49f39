"""Writes docs/reference/cli.md from the code."""

from pathlib import Path

from raccord.cli.reference import page

PAGE = Path(__file__).parent.parent / "docs" / "reference" / "cli.md"

if __name__ == "__main__":
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text(page(), encoding="utf-8")
    print(PAGE.relative_to(PAGE.parents[2]))
