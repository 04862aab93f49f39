"""What is refused before anyone reads the invoice, and which PDF is no Factur-X."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from raccord.checks import CheckReport, check, safe_name
from raccord.formats import Syntax, cii, facturx
from raccord.formats.sample import make_invoice, write_sample

TODAY = date(2026, 11, 22)


def codes(report: CheckReport) -> list[str]:
    return [fault.code for fault in report.faults]


def test_an_empty_file_stops_at_the_gate() -> None:
    assert codes(check(b"", "facture.pdf", today=TODAY)) == ["CP-FIC-01"]


def test_eleven_megabytes_stop_at_the_gate() -> None:
    report = check(write_sample(make_invoice(1), "ubl", size=11_000_000), "gros.xml", today=TODAY)
    assert codes(report) == ["CP-FIC-02"]
    assert "10,5 Mo" in report.faults[0].sentence
    one_too_many = check(b"<" * (10 * 1024 * 1024 + 1), "gros.xml", today=TODAY)
    assert "pèse 10,1 Mo : Chorus Pro accepte 10 Mo" in one_too_many.faults[0].sentence


def test_nine_megabytes_pass() -> None:
    assert check(write_sample(make_invoice(1), "ubl", size=9_500_000), "gros.xml", today=TODAY).ok


def test_a_forbidden_sign_in_a_name_is_replaced_not_refused() -> None:
    report = check(cii.write(make_invoice(1)), "Facture n°12 & avoir.xml", today=TODAY)
    assert report.ok
    assert codes(report) == ["CP-FIC-03"]
    assert "Facture_n12_avoir.xml" in report.faults[0].cure


@settings(max_examples=200)
@given(st.text(max_size=300))
def test_a_safe_name_is_always_safe(name: str) -> None:
    safe = safe_name(name)
    assert 0 < len(safe) <= 200
    assert not set(safe) & set('%$!&/\\:;«»"#@ ')
    assert safe.isascii()
    assert safe_name(safe) == safe


def test_a_spreadsheet_is_no_invoice() -> None:
    report = check(b"PK\x03\x04rest", "facture.xlsx", today=TODAY)
    assert codes(report) == ["CP-FMT-01"]


def test_a_deeply_nested_file_is_refused() -> None:
    data = b"<a>" * 200 + b"</a>" * 200
    assert codes(check(data, "x.xml", today=TODAY)) == ["CP-XML-05"]


def test_latin_1_is_advised_against() -> None:
    data = cii.write(make_invoice(1)).decode("utf-8")
    latin = data.replace("UTF-8", "ISO-8859-1", 1).replace("’", "'").encode("latin-1", "xmlcharrefreplace")
    report = check(latin, "x.xml", today=TODAY)
    assert report.ok
    assert "CP-XML-06" in codes(report)


def test_a_made_facturx_passes_every_step() -> None:
    report = check(facturx.write(make_invoice(1)), "facture.pdf", today=TODAY)
    assert report.faults == ()
    assert report.syntax is Syntax.FACTURX
    assert report.syntaxe_flux == "IN_DP_E2_CII_FACTURX"
    assert ("xsd", "Factur-X 1.09 EN 16931") in report.rule_sets


def changed(change: Callable[[pikepdf.Pdf], None]) -> bytes:
    target = io.BytesIO()
    with pikepdf.open(io.BytesIO(facturx.write(make_invoice(1)))) as made:
        change(made)
        made.save(target)
    return target.getvalue()


def open_action(pdf: pikepdf.Pdf) -> None:
    pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")


def hidden_action(pdf: pikepdf.Pdf) -> None:
    """An action on a link of the page, indirect, far from the root."""
    action = pdf.make_indirect(pikepdf.Dictionary(S=pikepdf.Name.Launch, F="calc.exe"))
    link = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[0, 0, 9, 9], A=action)
    pdf.pages[0].Annots = pikepdf.Array([link])


def chained_action(pdf: pikepdf.Pdf) -> None:
    """JavaScript as the second step of an innocent action."""
    script = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="1")
    pdf.pages[0].AA = pikepdf.Dictionary(O=pikepdf.Dictionary(S=pikepdf.Name.GoTo, D=0, Next=pikepdf.Array([script])))


def action_in_an_array(pdf: pikepdf.Pdf) -> None:
    """Annotations as one indirect array of direct dictionaries, the action seventy annotations down."""
    innocent = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[0, 0, 9, 9])
    script = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="1")
    nested = pikepdf.Dictionary(A=pikepdf.Dictionary(S=pikepdf.Name.GoTo, D=0, Next=pikepdf.Array([script])))
    pdf.pages[0].Annots = pdf.make_indirect(pikepdf.Array([*[innocent] * 70, nested]))


def words_about_scripts(pdf: pikepdf.Pdf) -> None:
    pdf.docinfo["/Subject"] = "La balise /JS et le mot /JavaScript"


def test_words_about_scripts_are_not_scripts() -> None:
    assert "CP-PDF-03" not in codes(check(changed(words_about_scripts), "facture.pdf", today=TODAY))


@pytest.mark.parametrize("change", [open_action, hidden_action, chained_action, action_in_an_array])
def test_active_content_is_found_wherever_it_hides(change: Callable[[pikepdf.Pdf], None]) -> None:
    report = check(changed(change), "facture.pdf", today=TODAY)
    assert "CP-PDF-03" in codes(report)
    assert not report.ok


def without_af(pdf: pikepdf.Pdf) -> None:
    del pdf.Root["/AF"]


def without_metadata(pdf: pikepdf.Pdf) -> None:
    del pdf.Root["/Metadata"]


def as_source(pdf: pikepdf.Pdf) -> None:
    pdf.Root.AF[0].AFRelationship = pikepdf.Name.Source


@pytest.mark.parametrize(
    ("change", "code", "stops"),
    [(without_af, "CP-PDF-08", True), (without_metadata, "CP-PDF-06", True), (as_source, "CP-PDF-09", False)],
)
def test_a_badly_packed_facturx_is_told(change: Callable[[pikepdf.Pdf], None], code: str, stops: bool) -> None:
    report = check(changed(change), "facture.pdf", today=TODAY)
    assert code in codes(report)
    assert report.ok is not stops


def test_the_pdf_cases_get_the_verdict_of_the_index(
    sample_rows: list[dict[str, str]], sample_bytes: Callable[[str], bytes], subtests: pytest.Subtests
) -> None:
    """« accept » speaks of the container alone: the XML inside may still be refused."""
    for row in sample_rows:
        if row["container_expected"]:
            with subtests.test(file=row["file"]):
                report = check(sample_bytes(row["file"]), today=TODAY)
                about_pdf = [fault for fault in report.errors if fault.code.startswith("CP-PDF")]
                assert bool(about_pdf) is (row["container_expected"] == "reject")


def test_a_plain_pdf_is_neither_refused_nor_read() -> None:
    """It travels with its data (``deposer/pdf`` then ``soumettre``): the report says PDF and holds no
    invoice.
    """
    plain = io.BytesIO()
    with pikepdf.new() as blank:
        blank.add_blank_page()
        blank.save(plain)
    report = check(plain.getvalue(), "facture.pdf", today=TODAY)
    assert report.ok
    assert report.syntax is Syntax.PDF
    assert report.invoice is None


@settings(max_examples=150, deadline=None)
@given(st.integers(min_value=0), st.binary(min_size=1, max_size=6))
def test_a_bitten_facturx_gets_a_verdict_never_a_crash(place: int, bite: bytes) -> None:
    position = place % len(PDF)
    report = check(PDF[:position] + bite + PDF[position + len(bite) :], "facture.pdf", today=TODAY)
    assert report.ok or report.errors[0].sentence


PDF = facturx.write(make_invoice(3, lines=1))
