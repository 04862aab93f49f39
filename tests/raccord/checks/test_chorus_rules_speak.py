"""Each rule of Chorus Pro's own, told as a story: what was typed, what is said, what to type instead."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from raccord.checks import Channel, CheckReport, Limits, catalogue, check
from raccord.domain.faults import Severity
from raccord.domain.invoice import (
    Account,
    AllowanceCharge,
    Attachment,
    Identifier,
    Invoice,
    Note,
    Party,
    PaymentMeans,
    PrecedingInvoice,
)
from raccord.formats import cii, ubl
from raccord.formats.profiles import URNS, Profile
from raccord.formats.sample import make_invoice
from raccord.formats.totals import computed

TODAY = date(2026, 11, 22)
Change = Callable[[Invoice], Invoice]


def judged(invoice: Invoice, channel: Channel = Channel.HISTORIC) -> CheckReport:
    return check(ubl.write(invoice), "facture.xml", today=TODAY, channel=channel)


def codes(invoice: Invoice) -> set[str]:
    return {fault.code for fault in judged(invoice).faults}


def with_attachment(**terms: object) -> Change:
    base = Attachment(reference="BL", content=b"%PDF-1.7 x", mime="application/pdf", filename="bon.pdf")
    return lambda invoice: replace(invoice, attachments=(replace(base, **terms),))


def with_seller(**terms: object) -> Change:
    return lambda invoice: replace(invoice, seller=replace(invoice.seller, **terms))


def with_buyer(**terms: object) -> Change:
    return lambda invoice: replace(invoice, buyer=replace(invoice.buyer, **terms))


def with_(**terms: object) -> Change:
    return lambda invoice: replace(invoice, **terms)


def siret(value: str) -> tuple[Identifier, ...]:
    return (Identifier(value=value, scheme="0009"),)


STORIES: list[tuple[str, Severity, Change]] = [
    ("CP-NUM-01", Severity.ERROR, with_(number="")),
    ("CP-NUM-02", Severity.ERROR, with_(number="M1A156109_12345678901")),
    ("CP-NUM-03", Severity.ERROR, with_(number="FA 2026/é")),
    ("CP-NUM-04", Severity.ERROR, with_(number="20261122")),
    ("CP-NUM-04", Severity.ERROR, with_(number="20261102")),
    ("CP-DATE-02", Severity.ERROR, with_(issue_date=TODAY + timedelta(days=40), due_date=None)),
    ("CP-DATE-02", Severity.ERROR, with_(issue_date=date(1999, 1, 1), due_date=None)),
    ("CP-DATE-03", Severity.WARNING, with_(due_date=date(2026, 10, 1))),
    ("CP-SERV-01", Severity.ERROR, with_(service="S" * 101)),
    ("CP-SERV-02", Severity.ERROR, with_(service="FACTURES_PUBLIQUES")),
    ("CP-ENG-01", Severity.ERROR, with_(commitment="E" * 51)),
    ("CP-MAR-01", Severity.ERROR, with_(contract="M" * 51)),
    ("CP-NOTE-01", Severity.WARNING, with_(notes=(Note(text="x" * 1025),))),
    ("CP-CAD-01", Severity.ERROR, with_(cadre="A26")),
    ("CP-CAD-01", Severity.ERROR, with_(cadre="urn:fdc:peppol.eu:2017:poacc:billing:01:1.0")),
    ("CP-CAD-02", Severity.WARNING, with_(cadre="S1")),
    ("CP-CAD-03", Severity.INFO, with_(cadre="")),
    ("CP-TYPE-01", Severity.ERROR, with_(type_code="389")),
    ("CP-DEV-01", Severity.ERROR, with_(currency="USD")),
    ("CP-PAY-01", Severity.ERROR, with_(payment_means=())),
    ("CP-PAY-03", Severity.WARNING, with_(payment_means=(PaymentMeans(code="68"),))),
    ("CP-PAY-04", Severity.ERROR, with_(payment_means=(PaymentMeans(code="30"),))),
    (
        "CP-PAY-05",
        Severity.WARNING,
        with_(payment_means=(PaymentMeans(code="30", account=Account(iban="FR7630006000011234567890188")),)),
    ),
    ("CP-SIRET-01", Severity.ERROR, with_seller(identifiers=())),
    ("CP-SIRET-02", Severity.ERROR, with_seller(identifiers=siret("732829320"))),
    ("CP-SIRET-03", Severity.ERROR, with_buyer(identifiers=())),
    ("CP-SIRET-04", Severity.ERROR, with_buyer(identifiers=siret("2175000160001X"))),
    ("CP-SIRET-05", Severity.WARNING, with_buyer(identifiers=siret("21750001600018"), legal_id=None)),
    ("CP-SIRET-06", Severity.WARNING, with_buyer(identifiers=siret("21750001600019"))),
    ("CP-SIRET-07", Severity.ERROR, lambda invoice: replace(invoice, buyer=invoice.seller)),
    ("CP-NOM-02", Severity.WARNING, with_seller(name="N" * 100)),
    ("CP-BEN-01", Severity.WARNING, with_(payee=Party(name="Affactureur"))),
    ("CP-PJ-02", Severity.ERROR, with_attachment(filename="n" * 47 + ".pdf")),
    ("CP-PJ-03", Severity.ERROR, with_attachment(filename="programme.exe")),
    ("CP-PJ-03", Severity.ERROR, with_attachment(filename="sans-extension")),
    ("CP-PJ-04", Severity.ERROR, with_attachment(content=b"")),
    ("CP-PJ-07", Severity.ERROR, with_attachment(content=None, mime="", filename="", uri="https://example.org/a")),
    ("CP-PJ-08", Severity.WARNING, with_attachment(content=b"MZ not a pdf")),
    ("CP-PJ-09", Severity.WARNING, with_attachment(reference="R" * 51)),
    ("CP-PJ-11", Severity.WARNING, with_attachment(filename="bon&livraison.pdf")),
]


@pytest.mark.parametrize(
    ("code", "severity", "change"), STORIES, ids=[f"{story[0]}-{n}" for n, story in enumerate(STORIES)]
)
def test_a_fault_is_named_and_says_what_to_type(code: str, severity: Severity, change: Change) -> None:
    good = make_invoice(11)
    assert code not in codes(good)
    [fault] = [fault for fault in judged(change(good)).faults if fault.code == code]
    assert fault.severity is severity
    assert fault.sentence.endswith((".", "»"))
    assert fault.cure.endswith(".")
    assert fault.sentence_en
    assert fault.rule_set == "raccord"


def test_a_good_invoice_passes_without_a_word() -> None:
    for invoice in (make_invoice(11), make_invoice(12, lines=40), make_invoice(3, type_code="381")):
        for data in (ubl.write(invoice), cii.write(invoice)):
            assert check(data, "facture.xml", today=TODAY).faults == ()


def test_a_credit_note_without_payment_means_is_right_and_with_them_is_advised() -> None:
    note = make_invoice(3, type_code="381")
    assert judged(note).ok
    paid = replace(note, payment_means=(PaymentMeans(code="30", account=Account(iban="FR7630006000011234567890189")),))
    report = judged(paid)
    assert report.ok
    assert [fault.code for fault in report.warnings] == ["CP-PAY-02"]


def test_a_minimum_invoice_is_told_which_profile_to_take() -> None:
    bare = replace(make_invoice(1), profile=URNS[Profile.MINIMUM], payment_means=(), lines=(), notes=())
    report = check(cii.write(bare), today=TODAY)
    [fault] = [fault for fault in report.errors if fault.code == "CP-PAY-01"]
    assert "BASIC WL" in fault.cure


def test_factored_invoices_pass_and_self_billed_ones_do_not() -> None:
    assert "CP-TYPE-01" not in codes(make_invoice(1, type_code="393"))
    assert "CP-TYPE-01" in codes(make_invoice(1, type_code="501"))


def test_a_credit_note_names_one_invoice() -> None:
    note = make_invoice(3, type_code="381")
    assert "CP-AV-01" in codes(replace(note, preceding=()))
    two = (PrecedingInvoice(number="A"), PrecedingInvoice(number="B"))
    assert "CP-AV-01" in codes(replace(note, preceding=two))


def test_every_cadre_of_the_historic_channel_is_taken() -> None:
    for number in range(1, 26):
        assert "CP-CAD-01" not in codes(make_invoice(1, cadre=f"A{number}"))


def test_a_public_body_may_use_the_reserved_service() -> None:
    from raccord.domain.identifiers import Siret

    town = make_invoice(1, supplier=Siret.parse("21750001600019"), service="FACTURES_PUBLIQUES")
    assert "CP-SERV-02" not in codes(town)


def test_a_foreign_supplier_is_known_by_its_own_scheme() -> None:
    german = with_seller(identifiers=(Identifier(value="DE123456789", scheme="0223"),), legal_id=None)
    assert "CP-SIRET-01" not in codes(german(make_invoice(1)))


def test_one_cent_is_seen_and_counted() -> None:
    invoice = make_invoice(1)
    gross = invoice.totals.gross
    assert gross is not None
    wrong = replace(invoice, totals=replace(invoice.totals, gross=gross + Decimal("0.01")))
    sentences = {fault.code: fault.sentence for fault in judged(wrong).errors}
    assert sentences.keys() == {"BR-CO-15", "BR-CO-16"}
    assert "écart de 0,01" in sentences["BR-CO-15"]


def test_a_document_allowance_needs_a_reason_and_counts_in_its_rate() -> None:
    allowance = AllowanceCharge(
        is_charge=False, amount=Decimal("10.00"), vat_category="S", vat_rate=Decimal("20"), reason="Remise"
    )
    from raccord.formats.sample import SampleLine

    lines = (SampleLine(name="Sable", quantity=Decimal(3), price=Decimal("33.33")),)
    invoice = computed(replace(make_invoice(1, lines=lines), allowances_charges=(allowance,)))
    assert judged(invoice).ok
    assert codes(replace(invoice, allowances_charges=())) >= {"BR-CO-11", "BR-S-08"}
    assert "BR-33" in codes(replace(invoice, allowances_charges=(replace(allowance, reason=""),)))


def test_the_afnor_channel_has_its_own_cadres() -> None:
    report = judged(make_invoice(1, cadre="S1"), channel=Channel.AFNOR)
    assert not [fault for fault in report.faults if fault.code.startswith("CP-CAD")]


def test_an_operator_may_change_a_weight() -> None:
    data = ubl.write(make_invoice(1, cadre="S1"))
    stricter = check(data, today=TODAY, severities={"CP-CAD-02": Severity.ERROR})
    assert not stricter.ok
    assert check(data, today=TODAY).ok


def test_limits_are_settable() -> None:
    data = ubl.write(make_invoice(1))
    report = check(data, today=TODAY, limits=Limits(file_bytes=1000))
    assert [fault.code for fault in report.errors] == ["CP-FIC-02"]
    assert report.invoice is None


def test_codes_are_for_life_and_sentences_complete() -> None:
    """A code that leaves this count was given up: never give its number to another rule."""
    rules = catalogue()
    assert len(rules) == len({entry.code for entry in rules})
    assert len(rules) >= 198
    assert all(entry.title and entry.source for entry in rules)
