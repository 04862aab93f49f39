"""Files that attack the reader are refused before they do anything, with a sentence and without reading
anything else.
"""

from __future__ import annotations

import io
import zlib
from decimal import Decimal
from pathlib import Path
from types import ModuleType

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from raccord.formats import ReadError, cii, detect, facturx, read_invoice, ubl
from raccord.formats.pdf import invoice_file, open_pdf
from raccord.formats.sample import SampleLine, make_invoice
from raccord.formats.xml import parse

BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    b'<l x="&b;">&b;</l>'
)


def test_a_doctype_is_refused_even_a_harmless_one() -> None:
    with pytest.raises(ReadError) as refused:
        parse(b'<!DOCTYPE note SYSTEM "note.dtd"><note/>')
    assert refused.value.code == "CP-XML-02"


@pytest.mark.parametrize("disguise", [b"", b"<!-- x --> ", b"<?pi x?>\n", b"\xef\xbb\xbf", b"<!-- <a> --><?p <b>?>  "])
def test_a_doctype_cannot_hide_behind_comments(disguise: bytes) -> None:
    body = BOMB.removeprefix(b'<?xml version="1.0"?>')
    with pytest.raises(ReadError) as refused:
        parse(disguise + body)
    assert refused.value.code == "CP-XML-02"


def test_an_entity_never_reads_a_file(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("confidentiel")
    evil = f'<!DOCTYPE r [<!ENTITY x SYSTEM "{secret.as_uri()}">]><r>&x;</r>'.encode()
    with pytest.raises(ReadError) as refused:
        parse(evil)
    assert "confidentiel" not in str(refused.value)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32", "utf-7"])
def test_an_exotic_encoding_cannot_smuggle_a_doctype(encoding: str) -> None:
    text = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE r><r/>'
    with pytest.raises(ReadError) as refused:
        parse(text.encode(encoding))
    assert refused.value.code in ("CP-XML-02", "CP-XML-03")


def test_latin_1_that_says_so_is_read_and_latin_1_that_lies_is_named() -> None:
    honest = '<?xml version="1.0" encoding="ISO-8859-1"?><r>é</r>'.encode("latin-1")
    assert parse(honest).text == "é"
    with pytest.raises(ReadError) as refused:
        parse('<?xml version="1.0" encoding="UTF-8"?><r>é</r>'.encode("latin-1"))
    assert refused.value.code == "CP-XML-04"


def test_a_truncated_file_says_where_it_broke() -> None:
    data = cii.write(make_invoice(1))
    with pytest.raises(ReadError) as refused:
        cii.read(data[: len(data) // 2])
    assert refused.value.code == "CP-XML-01"
    assert "ligne" in refused.value.path


def test_an_amount_with_a_comma_names_its_element() -> None:
    data = cii.write(make_invoice(1)).replace(b"<ram:GrandTotalAmount>", b"<ram:GrandTotalAmount>1,")
    with pytest.raises(ReadError) as refused:
        cii.read(data)
    assert refused.value.code == "CP-MNT-01"
    assert "GrandTotalAmount" in refused.value.sentence


def test_a_day_that_does_not_exist_names_its_element() -> None:
    data = ubl.write(make_invoice(1)).replace(b"2026-11-02</cbc:IssueDate>", b"2026-02-30</cbc:IssueDate>")
    with pytest.raises(ReadError) as refused:
        ubl.read(data)
    assert refused.value.code == "CP-DATE-01"
    assert "IssueDate" in refused.value.sentence


def test_a_small_pdf_cannot_inflate_into_gigabytes() -> None:
    made = facturx.write(make_invoice(1))
    with open_pdf(made) as pdf:
        found = invoice_file(pdf)
        assert found is not None
        bomb = zlib.compress(b"\0" * 40_000_000, 9)
        found.stream.write(bomb, filter=pikepdf.Name.FlateDecode)
        target = io.BytesIO()
        pdf.save(target)
    assert len(target.getvalue()) < 300_000
    with pytest.raises(ReadError) as refused:
        facturx.read(target.getvalue())
    assert refused.value.code == "CP-PDF-04"


def test_an_encrypted_pdf_is_refused_even_with_an_empty_password() -> None:
    target = io.BytesIO()
    with pikepdf.open(io.BytesIO(facturx.write(make_invoice(1)))) as pdf:
        pdf.save(target, encryption=pikepdf.Encryption(owner="o", user=""))
    with pytest.raises(ReadError) as refused:
        facturx.read(target.getvalue())
    assert refused.value.code == "CP-PDF-02"


DUE = b"</ram:DueDateDateTime>"
WRONG_NUMBERS = [
    (cii, b'unitCode="C62">', b'unitCode="C62">x', "BilledQuantity"),
    (cii, DUE, DUE + b"<ram:PartialPaymentAmount>x</ram:PartialPaymentAmount>", "PartialPaymentAmount"),
    (ubl, b'unitCode="C62">', b'unitCode="C62">x', "InvoicedQuantity"),
    (ubl, b"<cbc:IssueDate>", b"<cbc:IssueDate>x", "IssueDate"),
]


@pytest.mark.parametrize(("form", "right", "wrong", "name"), WRONG_NUMBERS)
def test_a_number_that_is_none_is_named_by_its_element(form: ModuleType, right: bytes, wrong: bytes, name: str) -> None:
    line = SampleLine(name="Sable", quantity=Decimal(2), price=Decimal(10))
    data = form.write(make_invoice(3, lines=[line])).replace(right, wrong, 1)
    assert wrong in data
    with pytest.raises(ReadError) as refused:
        form.read(data)
    assert f"élément {name}" in refused.value.sentence
    assert name in refused.value.cure


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_named_or_refused_never_a_crash(data: bytes) -> None:
    detect(data)
    with pytest.raises(ReadError):
        read_invoice(data)


@settings(max_examples=60, deadline=None)
@given(st.integers(min_value=0), st.binary(min_size=1, max_size=4))
def test_a_bitten_pdf_is_read_or_refused_never_a_crash(place: int, bite: bytes) -> None:
    position = place % len(PDF)
    damaged = PDF[:position] + bite + PDF[position + len(bite) :]
    detect(damaged)
    assert _read_or_refused(damaged)


def _read_or_refused(data: bytes) -> object:
    try:
        return read_invoice(data)
    except ReadError as refused:
        return refused.sentence


PDF = facturx.write(make_invoice(3, lines=1))
