"""Whatever an outsider sends, its page is drawn, small, and says what it does not show."""

from __future__ import annotations

import io
import json
import os
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
from raccord.formats.typst_drawing import MAX_KEPT_MEMORY, MAX_MEMORY

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
    typst_drawing.close_idle()
    monkeypatch.setattr(typst_drawing.sys, "executable", "/nowhere/python")
    with pytest.raises(NotDrawable, match="fichier d’origine"):
        render_pdf(make_invoice(3))


def test_a_drawing_beyond_its_time_is_stopped() -> None:
    with pytest.raises(typst_drawing.DrawingError):
        typst_drawing.draw(
            "{}", MOMENT, tagged=False, seconds=0, memory=MAX_MEMORY + 1
        )  # a child that must first start


def test_data_that_cannot_be_drawn_end_the_child_alone() -> None:
    with pytest.raises(typst_drawing.DrawingError, match="exit 1"):
        typst_drawing.draw("{}", MOMENT, tagged=False)


@pytest.mark.skipif(not hasattr(__import__("os"), "fork"), reason="memory is bounded on POSIX alone")
def test_a_drawing_beyond_its_memory_ends_the_child_alone() -> None:
    page = json.dumps(drawable(_page(make_invoice(3))))
    assert typst_drawing.draw(page, MOMENT, tagged=False).startswith(b"%PDF")
    with pytest.raises(typst_drawing.DrawingError):
        typst_drawing.draw(page, MOMENT, tagged=False, memory=32 * 1024 * 1024)


def test_a_child_draws_again_and_again_even_for_a_large_parent() -> None:
    large = bytearray(MAX_KEPT_MEMORY)
    large[::4096] = b"x" * len(large[::4096])  # held for true
    page = json.dumps(drawable(_page(make_invoice(3))))
    typst_drawing.close_idle()
    first = typst_drawing.draw(page, MOMENT, tagged=False)
    (child,) = typst_drawing._idle._children
    assert typst_drawing.draw(page, MOMENT, tagged=False) == first
    assert typst_drawing._idle._children == [child]
    assert len(large) == MAX_KEPT_MEMORY


def test_a_child_that_ended_while_it_waited_is_replaced() -> None:
    page = json.dumps(drawable(_page(make_invoice(3))))
    typst_drawing.close_idle()
    first = typst_drawing.draw(page, MOMENT, tagged=False)
    (child,) = typst_drawing._idle._children
    process = child._process
    assert process.stdin is not None
    process.stdin.close()  # it ends as when nothing comes
    assert process.wait() == 0
    process.stdin = open(os.devnull, "wb")  # noqa: SIM115  # closed with the child
    assert typst_drawing.draw(page, MOMENT, tagged=False) == first
    assert child not in typst_drawing._idle._children


def test_a_child_sees_no_secret_of_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    typst_drawing.close_idle()
    monkeypatch.setenv("RACCORD_MASTER_KEY", "secret-of-the-settings")
    seen: list[dict[str, str]] = []
    popen = typst_drawing.subprocess.Popen
    monkeypatch.setattr(
        typst_drawing.subprocess, "Popen", lambda *a, env, **k: (seen.append(env), popen(*a, env=env, **k))[1]
    )
    page_of(make_invoice(3))
    assert seen
    assert "secret-of-the-settings" not in seen[0].values()
