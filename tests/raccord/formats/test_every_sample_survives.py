"""Whatever can be read is written and read again without losing a term: every sample, in its own syntax and
in the other.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from raccord.domain.invoice import Invoice
from raccord.formats import ReadError, Syntax, cii, detect, facturx, invoice_json, read_invoice, ubl
from raccord.formats.convert import convert, unread

pytestmark = pytest.mark.samples
SampleBytes = Callable[[str], bytes]

UNREADABLE_BY_CHOICE = {
    "facturx-cas-limites/DATA-002_facture.pdf": "CP-DATE-01",  # 30 February: the file is readable, the day is not
}


def readable(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    return [row for row in rows if row["readable"] == "yes" and row["file"] not in UNREADABLE_BY_CHOICE]


def test_every_readable_sample_survives_its_own_syntax(
    sample_rows: list[dict[str, str]], sample_bytes: SampleBytes, subtests: pytest.Subtests
) -> None:
    survivors = 0
    for row in readable(sample_rows):
        with subtests.test(file=row["file"]):
            data = sample_bytes(row["file"])
            invoice = read_invoice(data, row["file"])
            own = ubl if row["syntax"].startswith("UBL") else cii
            assert own.read(own.write(invoice)) == invoice
            survivors += 1
    assert survivors > 140


def test_every_readable_sample_survives_json(
    sample_rows: list[dict[str, str]], sample_bytes: SampleBytes, subtests: pytest.Subtests
) -> None:
    for row in readable(sample_rows):
        with subtests.test(file=row["file"]):
            invoice = read_invoice(sample_bytes(row["file"]))
            if invoice.totals.payable is not None:  # JSON without totals gets computed ones
                assert invoice_json.read(invoice_json.write(invoice)) == invoice


def test_what_cannot_be_read_is_refused_with_its_reason(
    sample_rows: list[dict[str, str]], sample_bytes: SampleBytes, subtests: pytest.Subtests
) -> None:
    refused = [row["file"] for row in sample_rows if row["readable"] != "yes"]
    assert refused
    for name in [*refused, *UNREADABLE_BY_CHOICE]:
        with subtests.test(file=name):
            with pytest.raises(ReadError) as error:
                read_invoice(sample_bytes(name), Path(name).name)
            assert error.value.sentence
            assert error.value.cure
            assert error.value.code == UNREADABLE_BY_CHOICE.get(name, error.value.code)


def test_our_mutants_pass_from_cii_to_ubl_and_back_without_a_loss(
    sample_rows: list[dict[str, str]], sample_bytes: SampleBytes, subtests: pytest.Subtests
) -> None:
    for row in readable(sample_rows):
        if not row["file"].startswith("mutants/"):
            continue
        with subtests.test(file=row["file"]):
            invoice = read_invoice(sample_bytes(row["file"]))
            other, back = (
                (Syntax.CII, Syntax.UBL_INVOICE)
                if row["syntax"].startswith("UBL")
                else (Syntax.UBL_INVOICE, Syntax.CII)
            )
            data, losses = convert(invoice, other)
            assert not significant(losses, invoice)
            assert detect(data).syntax.is_ubl is (other is Syntax.UBL_INVOICE)
            assert not significant(convert(read_invoice(data), back)[1], invoice)


def significant(losses: tuple, invoice: Invoice) -> list:
    """A UBL credit note without payment means has no place for a due date."""
    return [loss for loss in losses if not (loss.path == "due_date" and not invoice.payment_means)]


def test_a_sample_in_our_vocabulary_leaves_nothing_unread(sample_bytes: SampleBytes) -> None:
    assert unread(sample_bytes("mutants/cii-ok-standard.xml")) == ()
    assert unread(sample_bytes("mutants/ubl-ok-standard.xml")) == ()


def test_what_no_term_of_ours_says_is_told_with_its_place_and_value(sample_bytes: SampleBytes) -> None:
    cii_file = sample_bytes("mutants/cii-ok-standard.xml")
    rich = cii_file.replace(b"</rsm:ExchangedDocument>", _PURPOSE + b"</rsm:ExchangedDocument>")
    assert rich != cii_file
    [text] = unread(rich)
    assert (text.path, text.before) == ("ExchangedDocument/PurposeCode", "9")
    assert "n’a pas de place" in text.sentence


def test_an_attachment_cut_in_lines_is_not_taken_for_lost(sample_bytes: SampleBytes) -> None:
    cut = b'<ram:AttachmentBinaryObject mimeCode="text/csv" filename="a.csv">YW\n  Jj</ram:AttachmentBinaryObject>'
    joined = b"<ram:IssuerAssignedID>PJ</ram:IssuerAssignedID><ram:TypeCode>916</ram:TypeCode>" + cut
    end = b"</ram:ApplicableHeaderTradeAgreement>"
    whole = b"<ram:AdditionalReferencedDocument>" + joined + b"</ram:AdditionalReferencedDocument>" + end
    rich = sample_bytes("mutants/cii-ok-standard.xml").replace(end, whole)
    assert cii.read(rich).attachments[-1].content == b"abc"
    assert unread(rich) == ()


_PURPOSE = b"<ram:PurposeCode>9</ram:PurposeCode>"


def test_a_sample_embedded_in_a_pdf_comes_out_byte_for_byte(sample_bytes: SampleBytes) -> None:
    xml = sample_bytes("mutants/cii-ok-standard.xml")
    made = facturx.write(cii.read(xml), xml=xml)
    assert facturx.extract_xml(made) == xml
