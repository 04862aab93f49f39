"""The reference page of the seeds keeps its word: every id has a row, every test that it names exists."""

import re
from pathlib import Path

HERE = Path(__file__).resolve().parent
PAGE = HERE.parents[2] / "docs" / "reference" / "graines.md"
ROW = re.compile(r"\| (S[12]-\d\d) \| .* \| (portail|passerelle) : .* \| (.*) \|")
ROWS = [row.groups() for row in map(ROW.fullmatch, PAGE.read_text("utf-8").splitlines()) if row]


def test_every_item_of_the_two_pages_has_a_row():
    wanted = {f"S1-{n:02d}" for n in range(1, 47)} | {f"S2-{n:02d}" for n in range(1, 75)}
    assert {number for number, _, _ in ROWS} == wanted


def test_no_row_is_told_twice():
    places = [(number, where) for number, where, _ in ROWS]
    assert len(places) == len(set(places))


def test_the_tests_of_the_portal_rows_exist():
    sources = "".join(file.read_text("utf-8") for file in HERE.glob("test_*.py"))
    portal = [(number, tests) for number, where, tests in ROWS if where == "portail"]
    assert {number for number, _ in portal} == set(re.findall(r'^    "(S[12]-\d\d)": seed\(', sources, re.MULTILINE))
    for number, tests in portal:
        assert f"`test_portal_seeds.py[{number}]`" in tests
        for name in re.findall(r"`(test_\w+)`", tests):
            assert f"def {name}(" in sources


def test_every_mark_in_the_pages_is_a_seed():
    templates = HERE.parents[2] / "src" / "chorus_simulator" / "portal"
    texts = "".join(file.read_text("utf-8") for file in templates.rglob("*.html"))
    marks = {mark for group in re.findall(r'data-graine="([S\d -]+)"', texts) for mark in group.split()}
    assert marks <= {number for number, where, _ in ROWS if where == "portail"}
