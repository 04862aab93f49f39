"""One PDF drawn at a time, then eight asked at once: eight must not cost more than one after the other."""

import time
from concurrent.futures import ThreadPoolExecutor

from benchmarks.report import Row
from raccord.domain.invoice import Invoice
from raccord.formats.render import render_pdf
from raccord.formats.sample import make_invoice

COUNT = 24


def run() -> list[Row]:
    """The rows of this benchmark."""
    invoices = [make_invoice(seed) for seed in range(COUNT)]
    render_pdf(invoices[0])  # the first reads the files from the disk
    one = _mean(1, invoices)
    eight = _mean(8, invoices)
    return [
        Row("a PDF, one at a time", one, "ms"),
        Row("a PDF, eight at once", eight, "ms", eight / one, "one at a time"),
    ]


def _mean(threads: int, invoices: list[Invoice]) -> float:
    with ThreadPoolExecutor(threads) as pool:
        start = time.perf_counter()
        list(pool.map(render_pdf, invoices))
        return (time.perf_counter() - start) / len(invoices) * 1000
