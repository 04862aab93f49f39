"""Every cause of the specification is in the catalogue, in words a person understands, and on the reference page."""

import re
from pathlib import Path

import pytest

from raccord.doctor import CATALOGUE, cause
from raccord.doctor.reference import reference_page
from raccord.domain.errors import NotFound

ROOT = Path(__file__).parents[3]
SPECIFICATION = ROOT.parent / "shared" / "specifications" / "diagnosis.md"


OURS = {"CFG-03", "NET-05"}
"""Causes that this house named itself: the ladder of the specification (§1) only says « clock » and « proxy »."""


def test_sixty_seven_causes():
    assert len(CATALOGUE) == 67


def test_the_catalogue_holds_the_causes_of_the_specification():
    if not SPECIFICATION.exists():
        pytest.skip("le dossier des spécifications n’est pas à côté de ce dépôt")
    told = set(re.findall(r"^\| \*\*([A-Z]{3}-\d\d)\*\*", SPECIFICATION.read_text(encoding="utf-8"), re.M))
    assert told == set(CATALOGUE) - OURS


@pytest.mark.parametrize("code", sorted(CATALOGUE))
def test_each_cause_speaks_both_languages_and_gives_a_cure(code: str):
    one = cause(code)
    assert one.code == code
    assert one.title
    assert one.sentence.rstrip().endswith((".", "?", "}"))
    assert one.steps
    assert all(step.endswith(".") for step in one.steps)
    assert one.sentence_en
    assert one.steps_en
    assert one.detection in ("certain", "probable", "explained")
    assert "'" not in " ".join((one.title, one.sentence, *one.steps)), "l’apostrophe typographique"


def test_the_cure_of_an_expired_password_names_the_screens_of_the_portal():
    text = " ".join(cause("TEC-01").steps)
    for label in ("Raccordements", "Compte technique", "Soumettre", "Réinitialisation du mot de passe", "Valider"):
        assert label in text


def test_an_unknown_code_is_refused():
    with pytest.raises(NotFound, match="CAUSE_INCONNUE"):
        cause("XXX-99")


def test_the_reference_page_is_fresh():
    page = ROOT / "docs" / "reference" / "diagnostics.md"
    assert page.read_text(encoding="utf-8") == reference_page(), "lancez scripts/reference_diagnostics.py"
