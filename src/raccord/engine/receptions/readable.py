"""An invoice that a person can read, always: the supplier's PDF, else the copy made by Chorus Pro, else one drawn here.

And the same invoice as the plain model: from the structured original, else from the pivot, else from its list row.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from raccord.domain.identifiers import IdScheme
from raccord.domain.invoice import Identifier, Invoice, Party, Totals
from raccord.domain.reception import Document, Reception
from raccord.engine.foundation.ground import Ground
from raccord.formats import ReadError, pivot, read_invoice
from raccord.formats.render import render_pdf
from raccord.store import receptions

_PDF = b"%PDF"


@dataclass(frozen=True)
class Readable:
    """A PDF and its name; `drawn` when Raccord made it from the data, as no PDF came with the invoice."""

    name: str
    data: bytes
    drawn: bool


class Reading:
    """Reads receptions."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    def invoice(self, reception_id: str) -> Invoice:
        """The terms of a reception. Raises `NotFound` (`RECEPTION_INCONNUE`)."""
        reception = self._get(reception_id)
        return next(self._readings(reception), None) or from_row(reception)

    def readable(self, reception_id: str) -> Readable:
        """The PDF of a reception. Raises `NotFound` (`RECEPTION_INCONNUE`), `Unavailable`."""
        reception = self._get(reception_id)
        for name, data in self._candidates(reception):
            if data.startswith(_PDF):
                return Readable(_pdf_name(name), data, drawn=False)
        invoice = next(self._readings(reception), None) or from_row(reception)
        return Readable(_pdf_name(reception.number or "facture"), render_pdf(invoice), drawn=True)

    def _get(self, reception_id: str) -> Reception:
        with self._ground.store.read() as conn:
            return receptions.get(conn, reception_id)

    def _candidates(self, reception: Reception) -> Iterator[tuple[str, bytes]]:
        """The files that may be the invoice for people; an attachment is one only when its category says so."""
        for document in reception.documents:
            if document.kind in ("original", "pdf"):
                yield document.name, self._ground.archive.get(document.sha256)
        for document in reception.documents:
            if document.kind == "pivot":
                yield from self._copies(document)

    def _copies(self, document: Document) -> Iterator[tuple[str, bytes]]:
        try:
            for piece in pivot.pieces(self._ground.archive.get(document.sha256)):
                if piece.is_readable_copy:
                    yield piece.name, piece.data
        except ReadError:
            return

    def _readings(self, reception: Reception) -> Iterator[Invoice]:
        """Each way of reading that works, the richest first."""
        readers: dict[str, Callable[[bytes], Invoice]] = {"original": read_invoice, "pivot": pivot.read}
        for kind, read in readers.items():
            for document in reception.documents:
                if document.kind == kind:
                    try:
                        yield read(self._ground.archive.get(document.sha256))
                    except ReadError:
                        continue


def from_row(reception: Reception) -> Invoice:
    """What the platform's list says of an invoice: better than nothing when no file can be read."""
    seller = Identifier(value=reception.supplier_siret, scheme=IdScheme.SIRET.value)
    buyer = Identifier(value=reception.recipient_siret, scheme=IdScheme.SIRET.value)
    gross: Decimal | None = reception.amount_total
    return Invoice(
        number=reception.number,
        issue_date=reception.issue_date,
        type_code="381" if "AVOIR" in reception.type_code else "380",
        currency=reception.currency or "EUR",
        seller=Party(name=reception.supplier_name, identifiers=(seller,)),
        buyer=Party(identifiers=(buyer,)),
        totals=Totals(gross=gross, payable=reception.amount_due),
        service=reception.service_code,
        contract=reception.market,
        commitment=reception.commitment,
    )


def _pdf_name(name: str) -> str:
    return name if name.lower().endswith(".pdf") else f"{name.rpartition('.')[0] or name}.pdf"
