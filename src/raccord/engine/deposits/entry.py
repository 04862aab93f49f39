"""An invoice given as data: JSON, with or without the PDF that people read.

Two roads: a Factur-X made here (the default), which then lives like any file; or the fields of `soumettre` with the PDF
beside (`submitting.py`). Either way the same checks speak first, and what was given is kept as it came.
"""

import hashlib
import mimetypes
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date

from raccord.checks import CheckReport
from raccord.checks.by_fields import check_fields
from raccord.domain.answers import Joined
from raccord.domain.connection import Connection
from raccord.domain.deposit import BY_FIELDS, NewDeposit, Road
from raccord.domain.errors import Invalid
from raccord.domain.file_names import as_kept
from raccord.domain.invoice import Attachment, Invoice
from raccord.engine.deposits.checking import Checker
from raccord.formats import cii, facturx, invoice_json, render
from raccord.formats.problems import ReadError
from raccord.formats.profile_fit import fitted_if_facturx
from raccord.formats.profiles import URNS, Profile

_NO_PDFA = "CP-PDF-05"


@dataclass(frozen=True)
class Given:
    """What a deposit becomes: its original, the verdict of the checks, and what was given when it was data."""

    data: bytes
    filename: str
    checked: CheckReport | None
    road: Road | None = None
    terms: bytes = b""
    pdf: bytes = b""

    @property
    def digest(self) -> str:
        """The SHA-256 of what was given: a repeat is known by it, even if Raccord draws pages otherwise one day."""
        return hashlib.sha256(b"\0".join((self.terms, self.pdf))).hexdigest()


def is_data(new: NewDeposit) -> bool:
    """Whether this deposit is data rather than an invoice file."""
    return bool(new.terms) or new.data.removeprefix(b"\xef\xbb\xbf")[:64].lstrip().startswith(b"{")


def prepare(new: NewDeposit, check: Checker, today: Callable[[], date], connection: Connection | None = None) -> Given:
    """Read, complete and check what was given. Raises `Invalid` (`FICHIER_ILLISIBLE`) when it cannot be read.

    `connection`: the one that `new` names, where it has been read.
    """
    new, through = replace(new, filename=as_kept(new.filename)), connection or new.connection_id
    if not is_data(new):
        return Given(new.data, new.filename, check(new.data, new.filename, through))
    terms, pdf = (new.terms, new.data) if new.terms else (new.data, b"")
    try:
        invoice = _completed(invoice_json.read(terms.removeprefix(b"\xef\xbb\xbf")))
        made = Given(pdf, _pdf_name(new.filename, invoice), None, new.road, terms, pdf)
        if new.road is Road.FIELDS:
            return _by_fields(through, invoice, made, check, today())
        return _as_facturx(new.filename, invoice, made, check, through)
    except ReadError as error:
        raise Invalid("FICHIER_ILLISIBLE", error.sentence, error.cure) from error


def with_attachments(terms: bytes, files: Iterable[Joined]) -> bytes:
    """The data of an invoice, these files among its attachments. Raises `Invalid` (`FICHIER_ILLISIBLE`)."""
    added = tuple(_attachment(rank, file) for rank, file in enumerate(files, 1))
    if not added:
        return terms
    try:
        invoice = invoice_json.read(terms)
    except ReadError as error:
        raise Invalid("FICHIER_ILLISIBLE", error.sentence, error.cure) from error
    return invoice_json.write(replace(invoice, attachments=(*invoice.attachments, *added)))


def _attachment(rank: int, file: Joined) -> Attachment:
    mime = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    return Attachment(
        reference=f"PJ{rank}", description=file.designation, content=file.data, mime=mime, filename=file.name
    )


def _completed(invoice: Invoice) -> Invoice:
    """Data that name no profile follow the European norm, or its extension where they say more (a validator: A9, A12).

    A profile of Factur-X that is too narrow for what they say is raised: its schema would refuse the file.
    """
    return fitted_if_facturx(invoice if invoice.profile else replace(invoice, profile=URNS[Profile.EN16931]))


def _as_facturx(filename: str, invoice: Invoice, given: Given, check: Checker, through: Connection | str) -> Given:
    made = _facturx(invoice, given.pdf, filename)
    return replace(given, data=made, checked=check(made, given.filename, through))


def _facturx(invoice: Invoice, pdf: bytes, filename: str) -> bytes:
    """A PDF/A carries the data; any other PDF travels as an attachment of a page drawn here, so that it is not lost."""
    if not pdf:
        return facturx.write(invoice)
    try:
        return facturx.write(invoice, pdf)
    except ReadError as error:
        if error.code != _NO_PDFA:
            raise
    name = filename[-50:] if filename.lower().endswith(".pdf") else "facture.pdf"
    original = Attachment(
        reference="FACTURE", description="Facture d’origine", content=pdf, mime="application/pdf", filename=name
    )
    return facturx.write(replace(invoice, attachments=(*invoice.attachments, original)))


def _by_fields(through: Connection | str, invoice: Invoice, given: Given, check: Checker, today: date) -> Given:
    page = given.pdf or render.render_pdf(invoice)
    checked = check(cii.write(invoice), "facture.xml", through)
    outside = [fault for fault in check(page, given.filename).faults if fault.code.startswith(("CP-FIC-", "CP-PDF-"))]
    faults = (*checked.faults, *outside, *check_fields(invoice, today))
    return replace(given, data=page, checked=replace(checked, faults=faults, syntaxe_flux=BY_FIELDS))


def _pdf_name(filename: str, invoice: Invoice) -> str:
    if filename.lower().endswith(".pdf"):
        return filename
    plain = "".join(sign if sign.isalnum() or sign in "-_" else "_" for sign in invoice.number)
    return f"{plain or 'facture'}.pdf"
