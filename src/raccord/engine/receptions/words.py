"""The words by which an invoice just downloaded will be found."""

from raccord.engine.receptions.pivot import PivotInvoice
from raccord.formats import ReadError, read_invoice
from raccord.store.search import index as search_index


def words_of(invoice: PivotInvoice) -> tuple[str, ...]:
    """The words of an invoice just downloaded: those of its original when it can be read, and of its pivot.

    Whatever cannot be read adds nothing: an invoice is stored before it is understood.
    """
    words: dict[str, None] = {}
    for file in invoice.files:
        if file.kind == "original":
            words.update(dict.fromkeys(_words_in(file.data)))
    if invoice.terms is not None:
        words.update(dict.fromkeys(search_index.of_invoice(invoice.terms)))
    return tuple(words)


def _words_in(original: bytes) -> tuple[str, ...]:
    try:
        return search_index.of_invoice(read_invoice(original))
    except ReadError:
        return ()
