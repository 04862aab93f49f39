"""Whatever the source says to a person in French has its English, whichever room says it.

The sentences are collected from the source itself: a new refusal, step or status without its English fails here,
with the sentence to add to `src/raccord/<room>/locale/en.po` (a hole for each value, named as you like).
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import raccord
from raccord.checks.registry import catalogue as rules
from raccord.language import catalogue

SOURCE = Path(raccord.__file__).parent
ROOMS = ("api", "checks", "doctor", "domain", "engine", "formats", "store", "vault", "web", "wiring")
FRENCH = re.compile(
    r"[éèêàçùôîûœÉÀ’«»]|\b(le|la|les|un|une|des|du|ce|cette|pour|est|votre|vous|sans|avec|aucun|aucune|par)\b", re.I
)
ONE_WORD = re.compile(r"[A-ZÀ-Ý][\w’-]{3,}\.")
NOT_SAID = {
    "doctor/causes": "each cause carries its own English",
    "doctor/reference.py": "writes a page of the French documentation",
    "engine/archiving/dossier.py": "documents of an archive that is French by law",
    "formats/render": "draws a French invoice",
    "formats/sample.py": "sample invoices",
    "store/directory/sample.py": "a sample directory",
    "store/directory/words.py": "words that a search leaves aside",
    "store/migrations": "SQL",
    "web/i18n.py": "rules of typography",
    "domain/errors.py": "joins a code, a sentence and its cure",
}
NOT_SENTENCES = {one.title for one in rules()} | {
    " » ou « ", "deja depose une demande de paiement avec ce numero", "« {} »", "« {}",
    "« {} » is asked in plain SQL, where no rule of reach can be added",
}  # fmt: skip
ENGLISH_BESIDE = ("english", "sentence_en", "title", "source")


def _sentences() -> Iterator[tuple[str, str]]:
    for room in ROOMS:
        for path in sorted((SOURCE / room).rglob("*.py")) if (SOURCE / room).is_dir() else [SOURCE / room]:
            place = path.relative_to(SOURCE).as_posix()
            if not any(place.startswith(one) for one in NOT_SAID):
                for line, said in _said(ast.parse(path.read_text("utf-8"))):
                    yield f"{place}:{line}", said


def _said(tree: ast.Module) -> Iterator[tuple[int, str]]:
    silent = set(_silent(tree))
    for node in ast.walk(tree):
        said = _text(node) if node not in silent else None
        if (
            said
            and (ONE_WORD.fullmatch(said) or (" " in said and FRENCH.search(said)))
            and not re.search(r"\\|\.\*|\|", said)
        ):
            yield node.lineno, said


def _text(node: ast.AST) -> str | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return re.sub(r"\{\w+\}", "{}", node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
    return None


def _silent(tree: ast.Module) -> Iterator[ast.AST]:
    """Docstrings, pieces of a longer sentence, and what has its English in the same breath."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr):
            yield node.value
        if isinstance(node, ast.JoinedStr):
            yield from (inner for part in node.values for inner in ast.walk(part) if inner in _literal_parts(node))
        if isinstance(node, ast.Call):
            yield from (word.value for word in node.keywords if word.arg in ENGLISH_BESIDE)
            if isinstance(node.func, ast.Name) and node.func.id == "Finding" and len(node.args) > 3:
                yield from (node.args[1], node.args[3])
            if isinstance(node.func, ast.Name) and node.func.id == "rule":
                yield from node.args
            if isinstance(node.func, ast.Attribute) and node.func.attr in ("warning", "error", "info", "debug"):
                yield from node.args


def _literal_parts(node: ast.JoinedStr) -> Iterator[ast.AST]:
    for part in node.values:
        yield part
        if isinstance(part, ast.FormattedValue) and part.format_spec:
            yield part.format_spec
            yield from ast.walk(part.format_spec)


def _shape(sentence: str) -> str:
    return re.sub(r"\{\w+\}", "{}", sentence)


@pytest.fixture(scope="module")
def said() -> dict[str, str]:
    return {sentence: place for place, sentence in _sentences()}


def test_the_collector_sees_the_house(said: dict[str, str]) -> None:
    assert len(said) > 700
    assert "Cette facture n’existe pas dans Raccord." in said
    assert "Le motif compte {} caractères : Chorus Pro en accepte 255." in said


def test_every_sentence_of_the_source_is_in_english_too(said: dict[str, str]) -> None:
    known = {_shape(sentence) for sentence in catalogue("en")}
    missing = {one: place for one, place in said.items() if one not in known and one not in NOT_SENTENCES}
    assert missing == {}


def test_no_value_is_lost_on_the_way_to_english() -> None:
    holes = re.compile(r"\{(\w+)\}")
    lost = {
        french: english
        for french, english in catalogue("en").items()
        if set(holes.findall(french)) != set(holes.findall(english))
    }
    assert lost == {}
