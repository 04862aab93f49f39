"""A Factur-X made here is a PDF/A-3 with its XML where the specification wants it, readable by another
implementation.
"""

from __future__ import annotations

import io
from dataclasses import replace

import facturx as other_implementation
import pikepdf
import pytest

from raccord.domain.invoice import Address, Extended, Invoice, Note, Party, Reference, Totals
from raccord.formats import ReadError, cii, facturx, pdf, profile_of, render
from raccord.formats.profile_fit import least_profile
from raccord.formats.profiles import URNS, Profile
from raccord.formats.sample import make_invoice


def test_the_xml_comes_out_as_it_went_in() -> None:
    invoice = make_invoice(5, lines=4)
    made = facturx.write(invoice)
    assert facturx.read(made) == invoice
    assert facturx.extract_xml(made) == cii.write(invoice)


def test_another_implementation_reads_it() -> None:
    invoice = make_invoice(5)
    name, xml = other_implementation.get_xml_from_pdf(facturx.write(invoice), check_xsd=True)
    assert name == "factur-x.xml"
    assert cii.read(xml) == invoice


def test_the_attachment_is_declared_as_pdf_a_demands() -> None:
    with pikepdf.open(io.BytesIO(facturx.write(make_invoice(5)))) as made:
        [associated] = made.Root.AF
        assert associated.AFRelationship == "/Data"
        assert associated.UF == "factur-x.xml"
        assert associated.EF.UF.Subtype == "/text/xml"
        assert "ModDate" in str(associated.EF.UF.Params.keys())
        assert "/OutputIntents" in made.Root
        assert not made.get_warnings()


def holding(profile: Profile) -> Invoice:
    """An invoice that says what this profile has a place for, and something that the one before has none for."""
    whole = make_invoice(5)
    plain = replace(whole, seller=replace(whole.seller, contact=None))
    sober = tuple(replace(line, item=replace(line.item, seller_id="")) for line in whole.lines)
    few = Totals(net=whole.totals.net, vat=whole.totals.vat, gross=whole.totals.gross, payable=whole.totals.payable)
    made = {
        Profile.MINIMUM: Invoice(
            number=whole.number,
            issue_date=whole.issue_date,
            type_code=whole.type_code,
            currency=whole.currency,
            seller=Party(name="A", legal_id=whole.seller.legal_id, address=Address(country="FR")),
            buyer=Party(name="B", legal_id=whole.buyer.legal_id),
            totals=few,
            service=whole.service,
            commitment=whole.commitment,
            cadre=whole.cadre,
        ),
        Profile.BASIC_WL: replace(plain, lines=()),
        Profile.BASIC: replace(plain, lines=sober),
        Profile.EN16931: whole,
        Profile.EXTENDED: replace(whole, extended=Extended(delivery_note=Reference(number="BL-7"))),
    }
    return replace(made[profile], profile=URNS[profile])


@pytest.mark.parametrize("profile", list(URNS))
def test_the_metadata_name_the_profile_with_its_space(profile: Profile) -> None:
    invoice = holding(profile)
    with pdf.open_pdf(facturx.write(invoice)) as made:
        xmp = pdf.read_xmp(made)
        metadata = made.Root.Metadata
        assert "/Filter" not in metadata, "the packet of a PDF/A stays readable as it is"
    assert (xmp.part, xmp.filename) == ("3", "factur-x.xml")
    assert xmp.level == {"basicwl": "BASIC WL", "en16931": "EN 16931"}.get(profile.value, profile.value.upper())
    assert profile_of(invoice.profile) is profile


@pytest.mark.parametrize("profile", list(URNS))
def test_what_is_inside_follows_the_schema_of_the_profile_that_is_declared(profile: Profile) -> None:
    invoice = holding(profile)
    assert least_profile(invoice) is profile
    made = facturx.write(invoice)
    assert facturx.read(made) == invoice
    assert other_implementation.get_xml_from_pdf(made, check_xsd=True)[0] == "factur-x.xml"


@pytest.mark.parametrize("held", list(URNS))
@pytest.mark.parametrize(
    "declared", [*URNS.values(), "urn:cen.eu:en16931:2017#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0", ""]
)
def test_a_profile_too_narrow_is_raised_and_nothing_is_cut(held: Profile, declared: str) -> None:
    invoice = replace(holding(held), profile=declared)
    made = facturx.write(invoice)
    back = facturx.read(made)
    with pdf.open_pdf(made) as document:
        assert pdf.read_xmp(document).level == profile_of(back.profile).xmp
    assert replace(back, profile="") == replace(invoice, profile="")
    rising = list(URNS)
    told, least = profile_of(declared), Profile.EN16931
    wanted = told if told in rising else least
    assert profile_of(back.profile) is max(held, wanted, key=rising.index)


def test_a_profile_is_not_raised_to_one_that_demands_what_is_not_there() -> None:
    """A VAT number of the buyer is too much for MINIMUM; but BASIC WL would want the VAT by rate, which nobody told."""
    least = holding(Profile.MINIMUM)
    told = replace(least, buyer=replace(least.buyer, vat_number="FR12345678901"))
    assert least_profile(told) is Profile.BASIC_WL
    assert facturx.read(facturx.write(told)) == told
    rated = replace(told, vat=holding(Profile.BASIC_WL).vat)
    assert facturx.read(facturx.write(rated)).profile == URNS[Profile.BASIC_WL]


def test_the_same_invoice_gives_the_same_bytes() -> None:
    assert facturx.write(make_invoice(8)) == facturx.write(make_invoice(8))


def test_a_facturx_made_from_a_facturx_holds_one_invoice() -> None:
    first, second = make_invoice(1), make_invoice(2)
    remade = facturx.write(second, facturx.write(first))
    assert facturx.read(remade) == second
    with pikepdf.open(io.BytesIO(remade)) as made:
        assert len(made.Root.AF) == 1
        assert len(made.attachments) == 1
        assert bytes(made.Root.Metadata.read_bytes()).count(b"<fx:ConformanceLevel") == 1


def test_a_plain_pdf_is_not_dressed_up_as_pdf_a() -> None:
    plain = io.BytesIO()
    with pikepdf.new() as blank:
        blank.add_blank_page()
        blank.save(plain)
    with pytest.raises(ReadError) as refused:
        facturx.write(make_invoice(1), plain.getvalue())
    assert refused.value.code == "CP-PDF-05"


def test_letters_that_no_font_draws_do_not_stop_the_invoice() -> None:
    invoice = replace(make_invoice(1), notes=(Note(text="Livré à 東京 – مرحبا 👷 — œuvre “terminée”"),))
    assert facturx.read(facturx.write(invoice)) == invoice


def test_text_is_never_taken_for_markup() -> None:
    invoice = replace(make_invoice(1), notes=(Note(text='#read("/etc/hostname") $x$ *b* _i_ <label> @ref \\ " ]'),))
    assert render.render_pdf(invoice).startswith(b"%PDF-")


def test_a_long_invoice_runs_over_pages() -> None:
    with pikepdf.open(io.BytesIO(render.render_pdf(make_invoice(1, lines=400)))) as made:
        assert len(made.pages) > 5
        assert "/StructTreeRoot" not in made.Root, "beyond 300 lines tags would weigh a megabyte"


def test_a_credit_note_is_drawn_without_payment() -> None:
    note = make_invoice(4, type_code="381")
    assert note.is_credit_note
    assert not note.payment_means
    assert facturx.read(facturx.write(note)) == note
