"""Lines in groups (Factur-X EXTENDED): the totals count the details, the page shows which line details which."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date
from decimal import Decimal

from pypdf import PdfReader

from raccord.checks.context import Context
from raccord.checks.en_amounts import sum_of_lines
from raccord.domain.invoice import Invoice, Line, LineExtended
from raccord.formats import cii
from raccord.formats.render import render_pdf
from raccord.formats.sample import make_invoice
from raccord.formats.totals import computed, vat_bases


def grouped() -> Invoice:
    """A lot of 1 000, its two details of 600 and 400, and a line for information."""
    invoice = make_invoice(1)

    def line(number: str, name: str, net: str, **told: str) -> Line:
        first = invoice.lines[0]
        amount = Decimal(net)
        price = replace(first.price, net=amount, gross=None, discount=None, base_quantity=None, base_unit="")
        extended = LineExtended(**told) if told else None
        item = replace(first.item, name=name)
        return replace(
            first,
            id=number,
            item=item,
            quantity=Decimal(1),
            price=price,
            net=amount,
            allowances_charges=(),
            vat_category="S",
            vat_rate=Decimal(20),
            extended=extended,
        )

    lines = (
        line("1", "Lot", "1000.00", subtype="GROUP"),
        line("2", "Murs", "600.00", subtype="DETAIL", parent_line="1"),
        line("3", "Toit", "400.00", subtype="DETAIL", parent_line="1"),
        line("4", "Plan", "50.00", subtype="INFORMATION"),
        line("5", "Clé", "5.00"),
    )  # fmt: skip
    return computed(replace(invoice, lines=lines, allowances_charges=()))


def test_a_group_and_an_information_are_not_summed() -> None:
    invoice = grouped()
    assert invoice.totals.lines == Decimal("1005.00")
    assert vat_bases(invoice) == {("S", Decimal(20)): Decimal("1005.00")}


def test_the_rule_of_the_sum_takes_what_the_details_make() -> None:
    invoice, context = grouped(), Context(today=date(2026, 12, 1))
    assert list(sum_of_lines(invoice, context)) == []
    wrong = replace(invoice, totals=replace(invoice.totals, lines=Decimal("2055.00")))
    assert [finding.path for finding in sum_of_lines(wrong, context)] == ["totals.lines"]


def test_groups_go_through_cii() -> None:
    back = cii.read(cii.write(grouped()))
    assert [line.is_summed for line in back.lines] == [False, True, True, False, True]
    assert computed(back).totals.lines == Decimal("1005.00")


def test_the_page_shows_which_line_details_which() -> None:
    pages = PdfReader(io.BytesIO(render_pdf(grouped()))).pages
    text = " ".join(" ".join(page.extract_text() for page in pages).split())
    for words in ("Ensemble : Lot", "– Murs", "– Toit", "Pour information : Plan"):
        assert words in text
