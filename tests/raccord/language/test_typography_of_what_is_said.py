"""What is said in French carries the typographic apostrophe, in every room, page and catalogue."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import raccord

SOURCE = Path(raccord.__file__).parent
ELISION = re.compile(r"\b(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|quelqu|aujourd)'[a-zà-ÿœ«]", re.I)
READ_NOT_SAID = ("checks/platform_errors.py", "formats/pdf.py", "store/search/words.py")
"""Words of Chorus Pro, of files or of persons, recognised as they come."""


def _straight(text: str) -> list[str]:
    return [text[max(0, found.start() - 20) : found.end() + 20] for found in ELISION.finditer(text)]


def _said_in_code() -> Iterator[tuple[str, str]]:
    for path in sorted(SOURCE.rglob("*.py")):
        place = path.relative_to(SOURCE).as_posix()
        if place not in READ_NOT_SAID:
            tree = ast.parse(path.read_text("utf-8"))
            docstrings = {node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)}
            for node in ast.walk(tree):
                if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in docstrings:
                    yield f"{place}:{node.lineno}", node.value


def _said_in_pages() -> Iterator[tuple[str, str]]:
    for kind in ("*.html", "*.js", "*.po"):
        for path in sorted(SOURCE.rglob(kind)):
            for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
                yield f"{path.relative_to(SOURCE).as_posix()}:{number}", line


def test_the_eye_sees_a_straight_apostrophe_and_leaves_english_alone() -> None:
    assert _straight("Création d'un compte, l'identifiant, jusqu'à « l'autre »") != []
    assert _straight("Création d’un compte ; the seller's name, it doesn't, don't") == []


def test_code_says_no_straight_apostrophe() -> None:
    assert {place: found for place, said in _said_in_code() if (found := _straight(said))} == {}


def test_pages_and_catalogues_say_no_straight_apostrophe() -> None:
    places = list(_said_in_pages())
    assert len(places) > 1000
    assert {place: found for place, said in places if (found := _straight(said))} == {}
