"""Eight people read a page at the same time: each gets the page of their own invoice."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from raccord.domain.invoice import Invoice
from raccord.formats.render import render_pdf
from raccord.formats.sample import make_invoice


def test_eight_threads_draw_at_once_what_one_thread_draws() -> None:
    invoices = [make_invoice(seed) for seed in range(1, 9)]
    alone = [render_pdf(invoice) for invoice in invoices]
    together = Barrier(8)

    def thrice(invoice: Invoice) -> list[bytes]:
        together.wait(timeout=60)
        return [render_pdf(invoice) for _ in range(3)]

    with ThreadPoolExecutor(8) as threads:
        drawn = list(threads.map(thrice, invoices))
    assert drawn == [[page] * 3 for page in alone]
