"""Whatever an outsider sends, its page is drawn, small, and says what it does not show."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from pypdf import PdfReader

from raccord.domain.invoice import Invoice, Note
from raccord.formats import typst_drawing
from raccord.formats.problems import NotDrawable
from raccord.formats.render import _page, render_pdf
from raccord.formats.render_bounds import MAX_LINES, MAX_ROWS, drawable
from raccord.formats.sample import make_invoice

MOMENT = datetime(2026, 12, 1, tzinfo=UTC)


def page_of(invoice: Invoice) -> str:
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(render_pdf(invoice))).pages)
    return " ".join(text.split())


def test_a_page_that_shows_everything_does_not_speak_of_cuts() -> None:
    assert "ne montre pas tout" not in page_of(make_invoice(3))


@pytest.mark.parametrize("text", ["M" * 16_384, "W" * 4_000_000, "mot " * 2_500_000, "\n" * 3_000_000])
def test_a_text_of_any_length_is_cut_and_the_page_says_so(text: str) -> None:
    page = page_of(replace(make_invoice(3), notes=(Note(text=text),)))
    assert "Cette page ne montre pas tout" in page
    assert "Le reste est dans les données de la facture" in page
    assert len(page) < 20_000


def test_the_lists_are_bounded() -> None:
    invoice = make_invoice(3)
    last = replace(invoice.lines[0], item=replace(invoice.lines[0].item, name="DERNIÈRE LIGNE"))
    noted = replace(invoice, notes=(*[Note(text="n")] * MAX_ROWS, Note(text="DERNIÈRE NOTE")))
    lined = replace(invoice, lines=(*[invoice.lines[0]] * MAX_LINES, last))
    for page in (page_of(noted), page_of(lined)):
        assert "Cette page ne montre pas tout" in page
        assert "DERNIÈRE" not in page


def test_a_name_without_a_blank_in_a_line_is_cut() -> None:
    invoice = make_invoice(3)
    line = replace(invoice.lines[0], item=replace(invoice.lines[0].item, name="M" * 16_384))
    assert "Cette page ne montre pas tout" in page_of(replace(invoice, lines=(line,)))


def test_a_drawing_that_dies_leaves_a_page_of_the_totals(monkeypatch: pytest.MonkeyPatch) -> None:
    draw, asked = typst_drawing.draw, []

    def dies_once(data: str, timestamp: datetime, *, tagged: bool) -> bytes:
        asked.append(data)
        if len(asked) == 1:
            raise typst_drawing.DrawingError("killed")
        return draw(data, timestamp, tagged=tagged)

    monkeypatch.setattr("raccord.formats.render.draw", dies_once)
    invoice = make_invoice(3)
    page = page_of(invoice)
    assert len(asked) == 2
    for words in (invoice.number, "Net à payer", "Cette page ne montre pas tout"):
        assert words in page


def test_a_page_that_cannot_be_drawn_at_all_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(typst_drawing.sys, "executable", "/nowhere/python")
    with pytest.raises(NotDrawable, match="fichier d’origine"):
        render_pdf(make_invoice(3))


def test_a_drawing_beyond_its_time_is_stopped() -> None:
    with pytest.raises(typst_drawing.DrawingError):
        typst_drawing.draw("{}", MOMENT, tagged=False, seconds=0)


def test_data_that_cannot_be_drawn_end_the_child_alone() -> None:
    with pytest.raises(typst_drawing.DrawingError, match="exit 1"):
        typst_drawing.draw("{}", MOMENT, tagged=False)


@pytest.mark.skipif(not hasattr(__import__("os"), "fork"), reason="memory is bounded on POSIX alone")
def test_a_drawing_beyond_its_memory_ends_the_child_alone() -> None:
    page = json.dumps(drawable(_page(make_invoice(3))))
    assert typst_drawing.draw(page, MOMENT, tagged=False).startswith(b"%PDF")
    with pytest.raises(typst_drawing.DrawingError):
        typst_drawing.draw(page, MOMENT, tagged=False, memory=32 * 1024 * 1024)
