"""``detect`` says what a file is, and under which name Chorus Pro takes it."""

from __future__ import annotations

import gzip
import io
import zipfile
from dataclasses import replace

import pikepdf
import pytest

from raccord.formats import Container, Syntax, cii, detect, facturx, invoice_json, read_invoice, ubl
from raccord.formats.profiles import URNS, Profile
from raccord.formats.sample import SampleSyntax, file_name, make_invoice, write_sample


def test_each_format_has_the_syntax_of_its_flux() -> None:
    invoice = make_invoice(1)
    expected = {
        cii.write(invoice): (Syntax.CII, "IN_DP_E1_CII_16B", Container.XML),
        ubl.write(invoice): (Syntax.UBL_INVOICE, "IN_DP_E1_UBL_INVOICE", Container.XML),
        facturx.write(invoice): (Syntax.FACTURX, "IN_DP_E2_CII_FACTURX", Container.PDF),
        invoice_json.write(invoice): (Syntax.JSON, "", Container.JSON),
    }
    for data, (syntax, flux, container) in expected.items():
        found = detect(data)
        assert (found.syntax, found.syntaxe_flux, found.container) == (syntax, flux, container)
        assert read_invoice(data) == invoice


def test_a_credit_note_has_its_own_root_in_ubl() -> None:
    assert detect(ubl.write(make_invoice(1, type_code="381"))).syntax is Syntax.UBL_CREDIT_NOTE


def test_a_minimal_cii_goes_as_a_mixed_flux() -> None:
    found = detect(cii.write(replace(make_invoice(1), profile=URNS[Profile.MINIMUM])))
    assert (found.profile, found.syntaxe_flux) == (Profile.MINIMUM, "IN_DP_E2_CII_MIN_16B")


def test_what_is_no_invoice_is_named_too() -> None:
    blank, packed = io.BytesIO(), io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(blank)
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.xml", "<a/>")
    assert detect(blank.getvalue()).syntax is Syntax.PDF
    assert detect(gzip.compress(b"x")).container is Container.GZIP
    assert detect(packed.getvalue()).container is Container.ZIP
    assert detect(b"<CPPFacturePivot xmlns='urn:x'/>").syntax is Syntax.PIVOT
    assert detect(b"<html/>").syntax is Syntax.XML
    assert detect(b"\x00\x01").syntax is Syntax.UNKNOWN


@pytest.mark.parametrize("size", [50_000, 400_000])
@pytest.mark.parametrize("syntax", list(SampleSyntax))
def test_samples_come_in_the_size_asked_for(syntax: SampleSyntax, size: int) -> None:
    data = write_sample(make_invoice(2), syntax, size=size)
    assert size <= len(data) < size * 1.6
    assert read_invoice(data).number == "RAC2026-000002"


def test_samples_are_told_apart_by_their_seed() -> None:
    numbers = {make_invoice(seed).number for seed in range(200)}
    assert len(numbers) == 200
    assert all(len(number) <= 20 for number in numbers)
    assert file_name(make_invoice(7), SampleSyntax.FACTURX) == "RAC2026-000007.pdf"
