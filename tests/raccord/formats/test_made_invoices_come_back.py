"""Any invoice that the model can hold goes through CII, UBL and JSON and comes back equal."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from raccord.domain.invoice import (
    Account,
    Address,
    AllowanceCharge,
    Attachment,
    Contact,
    Delivery,
    DirectDebit,
    Identifier,
    Invoice,
    Item,
    Line,
    Note,
    Party,
    PaymentMeans,
    Period,
    PrecedingInvoice,
    Price,
)
from raccord.formats import cii, invoice_json, ubl
from raccord.formats.totals import computed

words = st.text(
    alphabet=st.characters(min_codepoint=33, max_codepoint=0x24F, blacklist_characters="#"), min_size=1, max_size=20
)
TRANSFER = PaymentMeans(code="30", account=Account(iban="FR7630006000011234567890189", name="Compte"))
maybe = st.one_of(st.just(""), words)
amounts = st.decimals(min_value=Decimal("-99999.99"), max_value=Decimal("99999.99"), places=2)
prices = st.decimals(min_value=0, max_value=9999, places=4)
days = st.dates(min_value=date(2017, 1, 1), max_value=date(2030, 12, 31))
identifiers = st.builds(Identifier, value=words, scheme=st.sampled_from(["0002", "0009", "0088"]))
addresses = st.builds(Address, line1=words, line2=maybe, line3=maybe, city=words, postcode=maybe, country=st.just("FR"))
contacts = st.builds(Contact, name=words, phone=maybe, email=maybe)
parties = st.builds(
    Party,
    name=words,
    trading_name=maybe,
    identifiers=st.lists(identifiers, max_size=2).map(tuple),
    legal_id=st.one_of(st.none(), identifiers),
    vat_number=maybe,
    tax_registration=maybe,
    electronic_address=st.one_of(st.none(), identifiers),
    address=st.one_of(st.none(), addresses),
    contact=st.one_of(st.none(), contacts),
)
allowances = st.builds(
    AllowanceCharge,
    is_charge=st.booleans(),
    amount=amounts,
    percent=st.one_of(st.none(), prices),
    vat_category=st.just("S"),
    vat_rate=st.just(Decimal("20")),
    reason=words,
)
line_allowances = st.builds(AllowanceCharge, is_charge=st.booleans(), amount=amounts, reason=words)
lines = st.builds(
    Line,
    id=words,
    note=maybe,
    object_id=st.one_of(st.none(), identifiers),
    quantity=amounts,
    unit=st.just("C62"),
    net=amounts,
    order_line=maybe,
    accounting_reference=maybe,
    period=st.one_of(st.none(), st.builds(Period, start=days, end=days)),
    allowances_charges=st.lists(line_allowances, max_size=2).map(tuple),
    price=st.builds(Price, net=prices, base_quantity=st.one_of(st.none(), st.just(Decimal(100)))),
    vat_category=st.just("S"),
    vat_rate=st.sampled_from([Decimal("20"), Decimal("5.5"), Decimal("10.00")]),
    item=st.builds(
        Item,
        name=words,
        description=maybe,
        seller_id=maybe,
        buyer_id=maybe,
        standard_id=st.one_of(st.none(), identifiers),
        attributes=st.lists(st.tuples(words, words), max_size=2).map(tuple),
    ),
)
attachments = st.builds(
    Attachment,
    reference=words,
    description=maybe,
    content=st.binary(max_size=60),
    mime=st.just("application/pdf"),
    filename=words,
)
invoices = st.builds(
    Invoice,
    number=words,
    issue_date=days,
    type_code=st.sampled_from(["380", "381", "384"]),
    currency=st.just("EUR"),
    seller=parties,
    buyer=parties,
    lines=st.lists(lines, min_size=1, max_size=3).map(tuple),
    service=maybe,
    project=maybe,
    contract=maybe,
    commitment=maybe,
    sales_order=maybe,
    receiving_advice=maybe,
    despatch_advice=maybe,
    tender=maybe,
    object_id=st.one_of(st.none(), identifiers),
    accounting_reference=maybe,
    payment_terms=maybe,
    tax_point_code=st.sampled_from(["", "5", "29", "72"]),
    due_date=st.one_of(st.none(), days),
    notes=st.lists(st.builds(Note, text=words, subject=st.sampled_from(["", "PMT", "AAB"])), max_size=3).map(tuple),
    cadre=st.sampled_from(["", "A1", "A9"]),
    profile=st.just("urn:cen.eu:en16931:2017"),
    preceding=st.lists(st.builds(PrecedingInvoice, number=words, issue_date=days), max_size=2).map(tuple),
    payee=st.one_of(st.none(), st.builds(Party, name=words, legal_id=st.one_of(st.none(), identifiers))),
    delivery=st.one_of(st.none(), st.builds(Delivery, day=days, name=maybe)),
    period=st.one_of(st.none(), st.builds(Period, start=days, end=days)),
    payment_means=st.just(
        (PaymentMeans(code="30", account=Account(iban="FR7630006000011234567890189", name="Compte")),)
    ),
    remittance=maybe,
    direct_debit=st.one_of(st.none(), st.builds(DirectDebit, mandate=words, creditor=words, debited_account=words)),
    allowances_charges=st.lists(allowances, max_size=2).map(tuple),
    attachments=st.lists(attachments, max_size=2).map(tuple),
).map(computed)


@settings(max_examples=80, deadline=None)
@given(invoices)
def test_cii_gives_back_what_it_was_given(invoice: Invoice) -> None:
    assert cii.read(cii.write(invoice)) == invoice


@settings(max_examples=80, deadline=None)
@given(invoices)
def test_ubl_gives_back_what_it_was_given(invoice: Invoice) -> None:
    assert ubl.read(ubl.write(invoice)) == invoice


@settings(max_examples=60, deadline=None)
@given(invoices)
def test_the_two_syntaxes_say_the_same(invoice: Invoice) -> None:
    assert ubl.read(ubl.write(cii.read(cii.write(invoice)))) == cii.read(cii.write(ubl.read(ubl.write(invoice))))


@settings(max_examples=60, deadline=None)
@given(invoices)
def test_json_gives_back_what_it_was_given(invoice: Invoice) -> None:
    assert invoice_json.read(invoice_json.write(invoice)) == invoice


@given(invoices)
@settings(max_examples=40, deadline=None)
def test_computed_totals_are_a_fixed_point(invoice: Invoice) -> None:
    assert computed(replace(invoice, vat=invoice.vat)) == invoice


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=50))
def test_no_text_makes_an_unreadable_file(text: str) -> None:
    """Control characters that XML cannot carry are left out; everything else survives, outer blanks apart."""
    invoice = Invoice(
        number="1", issue_date=None, type_code="380", currency="EUR", seller=Party(name=text), buyer=Party(name="B")
    )
    for form in (cii, ubl):
        back = form.read(form.write(invoice)).seller.name
        kept = "".join(char for char in text if char in "\t\n\r" or ord(char) >= 0x20)
        assert "".join(back.split()) == "".join(kept.replace("\ufffe", "").replace("\uffff", "").split())
