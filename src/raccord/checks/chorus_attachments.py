"""Chorus Pro's own rules on attachments (`specifications/flux.md §6`, DEP-04)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from raccord.checks.context import MEGABYTE, Context, megabytes
from raccord.checks.registry import HISTORIC_ONLY, Finding, rule
from raccord.domain.faults import Severity
from raccord.domain.invoice import Attachment, Invoice

LIMITS = "specifications/flux.md §6"
EXTENSIONS = frozenset(
    [
        "bmp",
        "gif",
        "fax",
        "odt",
        "ppt",
        "tiff",
        "xls",
        "bz2",
        "gz",
        "jpeg",
        "p7s",
        "rtf",
        "txt",
        "xml",
        "csv",
        "gzip",
        "jpg",
        "pdf",
        "svg",
        "xhtml",
        "xlsx",
        "doc",
        "htm",
        "odp",
        "png",
        "tgz",
        "xlc",
        "zip",
        "docx",
        "html",
        "ods",
        "pps",
        "tif",
        "xlm",
        "pptx",
        "xsd",
        "xsl",
    ]
)
MIME_TYPES = frozenset(
    {
        "application/pdf",
        "image/png",
        "image/jpeg",
        "text/csv",
        "text/plain",
        "application/xml",
        "text/xml",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "application/vnd.oasis.opendocument.spreadsheet",
    }
)
_MAGIC = {
    "pdf": b"%PDF-",
    "png": b"\x89PNG",
    "jpg": b"\xff\xd8\xff",
    "jpeg": b"\xff\xd8\xff",
    "zip": b"PK",
    "gif": b"GIF8",
}
_TOTAL = 118 * MEGABYTE


def _held(invoice: Invoice) -> Iterator[tuple[int, Attachment]]:
    for position, attachment in enumerate(invoice.attachments):
        if attachment.content is not None:
            yield position, attachment


def _label(attachment: Attachment) -> str:
    return (attachment.filename or attachment.reference or "sans nom")[:80]


@rule(
    "CP-PJ-02", title="Nom de pièce jointe de 50 caractères au plus", source=LIMITS, bt="BT-125", channels=HISTORIC_ONLY
)
def attachment_name_length(invoice: Invoice, context: Context) -> Iterator[Finding]:
    """50 characters with the extension."""
    maximum = context.limits.attachment_name
    for position, attachment in _held(invoice):
        name = attachment.filename
        if len(name) > maximum:
            suffix = PurePosixPath(name).suffix
            yield Finding(
                f"attachments[{position}].filename",
                f"La pièce jointe « {_label(attachment)} » a un nom de {len(name)} caractères : {maximum} au plus.",
                f"Renommez-la, par exemple en « {name[: maximum - len(suffix)]}{suffix} ».",
                f"The attachment's name has {len(name)} characters; {maximum} at most.",
            )


@rule("CP-PJ-03", title="Extension de pièce jointe acceptée", source=LIMITS, bt="BT-125", channels=HISTORIC_ONLY)
def attachment_extension(invoice: Invoice) -> Iterator[Finding]:
    """An extension in the list of 35; none is refused."""
    for position, attachment in _held(invoice):
        extension = PurePosixPath(attachment.filename).suffix.lstrip(".").lower()
        if extension not in EXTENSIONS:
            yield Finding(
                f"attachments[{position}].filename",
                f"La pièce jointe « {_label(attachment)} » n’a pas une extension que Chorus Pro accepte.",
                "Convertissez-la en PDF, ou donnez-lui son extension (.pdf, .jpg, .xlsx, .zip…).",
                "The attachment's extension is not accepted.",
            )


@rule("CP-PJ-04", title="Pièce jointe non vide", source=LIMITS, bt="BT-125")
def attachment_not_empty(invoice: Invoice) -> Iterator[Finding]:
    """An empty file leads to rejection."""
    for position, attachment in _held(invoice):
        if not attachment.content:
            yield Finding(
                f"attachments[{position}].content",
                f"La pièce jointe « {_label(attachment)} » est vide : Chorus Pro rejetterait la facture.",
                "Joignez de nouveau le document, ou retirez-le.",
                "The attachment is empty.",
            )


@rule("CP-PJ-05", title="Pièce jointe de 10 Mo au plus", source=LIMITS, bt="BT-125")
def attachment_size(invoice: Invoice, context: Context) -> Iterator[Finding]:
    """10 MB each."""
    maximum = context.limits.attachment_bytes
    for position, attachment in _held(invoice):
        size = len(attachment.content or b"")
        if size >= maximum:
            weight = megabytes(size)
            yield Finding(
                f"attachments[{position}].content",
                f"La pièce jointe « {_label(attachment)} » pèse {weight} Mo : {maximum // MEGABYTE} Mo au plus.",
                "Compressez-la ou séparez-la en plusieurs documents.",
                "The attachment is too large.",
            )


@rule("CP-PJ-06", title="Pièces jointes de 118 Mo au plus en tout", source=LIMITS, bt="BG-24")
def attachments_total(invoice: Invoice) -> Iterator[Finding]:
    """120 MB a billing file, two kept for the invoice itself."""
    size = sum(len(attachment.content or b"") for _, attachment in _held(invoice))
    if size > _TOTAL:
        yield Finding(
            "attachments",
            f"Les pièces jointes pèsent {size / MEGABYTE:.0f} Mo en tout : 118 Mo au plus.",
            "Retirez ou compressez des documents.",
            "The attachments are too large together.",
        )


@rule(
    "CP-PJ-07",
    title="Contenu annoncé présent",
    source="specifications/flux.md §5",
    bt="BT-125",
    channels=HISTORIC_ONLY,
)
def attachment_has_content(invoice: Invoice) -> Iterator[Finding]:
    """« AttachmentBinaryObject est obligatoire » when a document is announced without its content or its
    address.
    """
    for position, attachment in enumerate(invoice.attachments):
        if attachment.content is None:
            yield Finding(
                f"attachments[{position}]",
                f"Le document « {_label(attachment)} » est annoncé mais son contenu n’est pas dans la facture.",
                "Joignez le fichier lui-même : Chorus Pro ne va pas le chercher à une adresse.",
                "A supporting document is announced without its content.",
            )


@rule("CP-PJ-08", title="Type réel de la pièce jointe", source=LIMITS, bt="BT-125", severity=Severity.WARNING)
def attachment_is_what_it_says(invoice: Invoice) -> Iterator[Finding]:
    """The first bytes must agree with the extension."""
    for position, attachment in _held(invoice):
        magic = _MAGIC.get(PurePosixPath(attachment.filename).suffix.lstrip(".").lower())
        if magic and attachment.content and magic not in attachment.content[:1024]:
            yield Finding(
                f"attachments[{position}].content",
                f"La pièce jointe « {_label(attachment)} » ne contient pas ce que son extension annonce.",
                "Vérifiez le fichier : il est peut-être abîmé ou mal renommé.",
                "The attachment's content does not match its extension.",
            )


@rule(
    "CP-PJ-09",
    title="Référence de pièce jointe de 50 caractères au plus",
    source="notes sur les formats §1.4",
    bt="BT-122",
    severity=Severity.WARNING,
)
def attachment_reference(invoice: Invoice) -> Iterator[Finding]:
    """Longer references are cut."""
    for position, attachment in enumerate(invoice.attachments):
        if len(attachment.reference) > 50:
            yield Finding(
                f"attachments[{position}].reference",
                f"La référence « {attachment.reference[:40]}… » dépasse 50 caractères : elle peut être coupée.",
                "Raccourcissez la référence du document.",
                "The reference of a supporting document exceeds 50 characters.",
            )


@rule("CP-PJ-10", title="Noms de pièces jointes différents", source=LIMITS, bt="BT-125", severity=Severity.WARNING)
def attachment_names_differ(invoice: Invoice) -> Iterator[Finding]:
    """Two attachments of one name: one would hide the other."""
    names = [attachment.filename for _, attachment in _held(invoice)]
    twice = sorted({name for name in names if name and names.count(name) > 1})
    if twice:
        yield Finding(
            "attachments",
            f"Plusieurs pièces jointes portent le nom « {twice[0]} ».",
            "Donnez un nom différent à chaque document.",
            "Two attachments share one name.",
        )


_FORBIDDEN_IN_NAMES = re.compile(r"""[%$!&/\\:;«»"#@\x00-\x1f]""")


@rule(
    "CP-PJ-11",
    title="Signes du nom de pièce jointe",
    source="specifications/flux.md §1",
    bt="BT-125",
    severity=Severity.WARNING,
)
def attachment_name_signs(invoice: Invoice) -> Iterator[Finding]:
    """None of % $ ! & / \\ : ; « » # @ in a file name."""
    for position, attachment in _held(invoice):
        if _FORBIDDEN_IN_NAMES.search(attachment.filename):
            yield Finding(
                f"attachments[{position}].filename",
                f"Le nom « {_label(attachment)} » contient un signe que Chorus Pro peut refuser.",
                f"Renommez-la, par exemple en « {_FORBIDDEN_IN_NAMES.sub('_', attachment.filename)[:50]} ».",
                "The attachment's name holds a forbidden sign.",
            )
