"""An invoice in another format, with the list of what was lost: on reading, and on writing."""

from dataclasses import dataclass

from raccord.domain.errors import Invalid
from raccord.formats import Syntax, facturx, invoice_json, read_invoice
from raccord.formats.convert import Loss, convert, unread
from raccord.formats.detect import detect
from raccord.formats.problems import ReadError

_MADE = {
    Syntax.FACTURX: (".pdf", "application/pdf"),
    Syntax.CII: (".xml", "application/xml"),
    Syntax.UBL_INVOICE: (".xml", "application/xml"),
    Syntax.JSON: (".json", "application/json"),
}


@dataclass(frozen=True)
class Conversion:
    """A file made from another, and every piece of data that did not pass."""

    data: bytes
    filename: str
    mime: str
    syntax: Syntax
    losses: tuple[Loss, ...]


def converted(data: bytes, filename: str, to: Syntax) -> Conversion:
    """`data` in another format (CII, UBL, Factur-X, JSON). Raises `Invalid` (`FICHIER_ILLISIBLE`)."""
    extension, mime = _MADE[to]
    try:
        invoice = read_invoice(data, filename)
        made, lost = (invoice_json.write(invoice), ()) if to is Syntax.JSON else convert(invoice, to)
        losses = (*_unread(data, filename), *lost)
    except ReadError as error:
        raise Invalid("FICHIER_ILLISIBLE", error.sentence, error.cure) from error
    stem = filename.rpartition(".")[0] or filename
    return Conversion(made, f"{stem}{extension}", mime, to, losses)


def _unread(data: bytes, filename: str) -> tuple[Loss, ...]:
    """What the source says that our vocabulary has no term for; data in JSON hold nothing else."""
    syntax = detect(data, filename).syntax
    if syntax is Syntax.FACTURX:
        return unread(facturx.extract_xml(data))
    return () if syntax is Syntax.JSON else unread(data)
