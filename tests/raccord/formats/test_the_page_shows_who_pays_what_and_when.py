"""The page for people shows the EXTENDED terms that change who pays, how much and when."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date
from decimal import Decimal

from pypdf import PdfReader

from raccord.domain.invoice import (
    ExchangeRate,
    Extended,
    Identifier,
    Instalment,
    Invoice,
    LineExtended,
    Party,
    PaymentCondition,
    Prepayment,
    Reference,
)
from raccord.formats.render import render_pdf
from raccord.formats.sample import make_invoice


def page_of(invoice: Invoice) -> str:
    """The words of its pages, blanks made one, as a person copies them."""
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(render_pdf(invoice))).pages)
    return " ".join(text.split())


def test_a_page_names_the_payer_the_instalments_and_the_documents() -> None:
    payer = Party(name="RÉGIE INVENTÉE", identifiers=(Identifier(value="00000100200012", scheme="0009"),))
    discount = PaymentCondition(percent=Decimal("2.00"), period=Decimal(10), period_unit="DAY")
    told = Extended(
        payer=payer,
        delivery_note=Reference(number="BL-77", day=date(2026, 10, 30)),
        instalments=(
            Instalment(due_date=date(2026, 11, 30), amount=Decimal("100.00"), discount=discount),
            Instalment(due_date=date(2026, 12, 31), amount=Decimal("50.50")),
        ),
        prepayments=(Prepayment(amount=Decimal("12.00"), day=date(2026, 10, 1)),),
        exchange=ExchangeRate(source="EUR", target="USD", rate=Decimal("1.1000"), day=date(2026, 10, 2)),
    )
    invoice = make_invoice(3)
    line = replace(invoice.lines[0], extended=LineExtended(batches=("L-42",)))
    page = page_of(replace(invoice, extended=told, lines=(line, *invoice.lines[1:])))
    for words in (
        "Payeur RÉGIE INVENTÉE – 00000100200012",
        "Bon de livraison BL-77 du 30/10/2026",
        "Échéance : 30/11/2026 – 100,00",
        "Escompte : 2 % si payé sous 10 jours",
        "Échéance : 31/12/2026 – 50,50",
        "Acompte reçu : 12,00",
        "1 EUR = 1,1 USD le 02/10/2026",
        "lot L-42",
    ):
        assert words in page


def test_a_test_is_never_taken_for_an_invoice_to_pay() -> None:
    invoice = make_invoice(3)
    assert "ESSAI, à ne pas payer" in page_of(replace(invoice, extended=Extended(is_test=True)))
    assert "ESSAI" not in page_of(replace(invoice, extended=Extended(is_test=False)))
    assert "ESSAI" not in page_of(invoice)
