"""What Raccord promises to software that has data and a PDF, and no electronic invoice: two roads, the same care."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pikepdf
import pytest

from raccord.domain.clock import PARIS
from raccord.domain.deposit import DepositState, NewDeposit, Road
from raccord.domain.errors import Conflict, Invalid
from raccord.domain.identifiers import Siret
from raccord.domain.invoice import Attachment, Extended, Identifier, Instalment, PaymentCondition, Reference
from raccord.formats import facturx, invoice_json
from raccord.formats.profiles import URNS, Profile
from raccord.formats.sample import make_invoice
from raccord.store import entries

if TYPE_CHECKING:
    from collections.abc import Callable

    from raccord.domain.connection import Connection
    from raccord.domain.invoice import Invoice
    from raccord.engine.gateway import Gateway

SUPPLIER, RECIPIENT = Siret.parse("45251785100010"), Siret.parse("12345678200051")


def _plain_pdf() -> bytes:
    """A PDF that any office program could make: no PDF/A, no data."""
    document = pikepdf.new()
    document.add_blank_page()
    target = io.BytesIO()
    document.save(target, deterministic_id=True)
    return target.getvalue()


def _invoice(number: str, **more: Any) -> Invoice:
    day = datetime.now(PARIS).date()
    return make_invoice(7, number=number, supplier=SUPPLIER, recipient=RECIPIENT, service="", issue_date=day, **more)


def _data(number: str, **more: Any) -> bytes:
    return invoice_json.write(_invoice(number, **more))


def _give(gateway: Gateway, number: str, road: Road = Road.FIELDS, **more: Any) -> Any:
    key = more.pop("key", "")
    terms = more.pop("terms", None) or _data(number, **more)
    new = NewDeposit("c1", _plain_pdf(), f"{number}.pdf", terms=terms, road=road, idempotency_key=key)
    return gateway.outbox.accept(new)


def _work(gateway: Gateway, diary: Any, turns: int = 6, **span: float) -> None:
    for _ in range(turns):
        gateway.jobs.run_due()
        diary.passes(**(span or {"seconds": 10}))


def test_data_alone_becomes_a_facturx_that_chorus_pro_integrates(
    gateway: Gateway, online: Connection, bench: Any, diary: Any
) -> None:
    accepted = gateway.outbox.accept(NewDeposit("c1", _data("J-1"), "J-1.json"))
    assert accepted.deposit.state is DepositState.READY, accepted.deposit.faults
    assert accepted.deposit.syntaxe_flux == "IN_DP_E2_CII_FACTURX"
    assert accepted.deposit.filename == "J-1.pdf"
    made = facturx.read(gateway.outbox.original(accepted.deposit.id))
    assert made.totals == _invoice("J-1").totals
    _work(gateway, diary)
    assert gateway.outbox.get(accepted.deposit.id).state is DepositState.INTEGRATED
    assert "J-1" in bench.invoices()


def test_data_that_say_more_than_the_norm_leave_under_the_profile_that_holds_them(
    gateway: Gateway, online: Connection, bench: Any, diary: Any
) -> None:
    """The delivery note and the discount have no place in the profile EN 16931: its schema would refuse the file."""
    plain = _invoice("J-6")
    discount = PaymentCondition(percent=Decimal("2.00"), period=Decimal(10), period_unit="DAY")
    instalment = Instalment(text=plain.payment_terms, due_date=plain.due_date, discount=discount)
    told = replace(plain, extended=Extended(delivery_note=Reference(number="BL-6"), instalments=(instalment,)))
    accepted = gateway.outbox.accept(NewDeposit("c1", invoice_json.write(told), "J-6.json"))
    assert accepted.deposit.state is DepositState.READY, accepted.deposit.faults
    made = facturx.read(gateway.outbox.original(accepted.deposit.id))
    assert made == replace(told, profile=URNS[Profile.EXTENDED])
    _work(gateway, diary)
    assert gateway.outbox.get(accepted.deposit.id).state is DepositState.INTEGRATED


def test_an_ordinary_pdf_is_not_lost_when_a_facturx_is_made(gateway: Gateway, offline: Connection) -> None:
    """It is no PDF/A, and claiming that it is one would be a lie: it travels as an attachment of a drawn page."""
    accepted = _give(gateway, "J-2", Road.FACTURX)
    assert accepted.deposit.state is DepositState.READY, accepted.deposit.faults
    made = facturx.read(gateway.outbox.original(accepted.deposit.id))
    assert [attachment.content for attachment in made.attachments] == [_plain_pdf()]


def test_the_same_data_given_twice_make_one_deposit(gateway: Gateway, offline: Connection) -> None:
    first, again = _give(gateway, "J-3", key="k"), _give(gateway, "J-3", key="k")
    assert again.replayed
    assert again.deposit.id == first.deposit.id
    with pytest.raises(Conflict, match="DEPOT_CLE_REUTILISEE"):
        _give(gateway, "J-4", key="k")


def test_what_was_given_is_kept_as_it_came(gateway: Gateway, offline: Connection) -> None:
    accepted = _give(gateway, "J-5")
    with gateway.store.read() as conn:
        files = {file.kind: file for file in entries.files_of(conn, accepted.deposit.id)}
    assert gateway.archive.get(files["terms"].sha256) == _data("J-5")
    assert gateway.archive.get(files["pdf"].sha256) == _plain_pdf()
    assert gateway.archiving.verify("alice@exemple.fr").sound


def test_data_travel_by_fields_with_their_pdf(gateway: Gateway, online: Connection, bench: Any, diary: Any) -> None:
    note = Attachment(reference="BL-1", filename="bon.pdf", mime="application/pdf", content=_plain_pdf())
    accepted = _give(gateway, "S-1", attachments=(note,))
    assert accepted.deposit.state is DepositState.READY, accepted.deposit.faults
    _work(gateway, diary)
    deposit = gateway.outbox.get(accepted.deposit.id)
    assert deposit.state is DepositState.INTEGRATED
    assert deposit.id_facture
    assert deposit.platform_status
    calls = bench.calls()
    assert (calls["factures/deposer/pdf"], calls["factures/soumettre"], calls["transverses/ajouter/fichier"]) == (
        1,
        1,
        1,
    )
    assert "factures/deposer/flux" not in calls
    assert bench.received() == ["S-1"]


def test_a_credit_note_travels_by_fields(gateway: Gateway, online: Connection, bench: Any, diary: Any) -> None:
    accepted = _give(gateway, "AV-1", type_code="381")
    assert accepted.deposit.state is DepositState.READY, accepted.deposit.faults
    _work(gateway, diary)
    assert gateway.outbox.get(accepted.deposit.id).state is DepositState.INTEGRATED


@pytest.mark.parametrize("arrived", [True, False])
def test_a_submission_without_answer_is_asked_about_before_it_leaves_again(
    gateway: Gateway, online: Connection, bench: Any, diary: Any, arrived: bool
) -> None:
    bench.fails("reset", "*/soumettre", when="after" if arrived else "before")
    accepted = _give(gateway, "S-2")
    gateway.jobs.run_due()
    assert gateway.outbox.get(accepted.deposit.id).state is DepositState.UNCERTAIN
    _work(gateway, diary, turns=40, minutes=5)
    assert gateway.outbox.get(accepted.deposit.id).state is DepositState.INTEGRATED
    assert bench.received() == ["S-2"]
    kinds = [event.kind for event in gateway.outbox.events(accepted.deposit.id)]
    assert ("deposit.not_found" in kinds) is not arrived


def test_a_failure_before_the_submission_needs_no_question(
    gateway: Gateway, online: Connection, bench: Any, diary: Any
) -> None:
    """Nothing but `soumettre` makes an invoice: a lost answer about the PDF only costs another PDF."""
    bench.fails("reset", "*/deposer/pdf", when="after")
    accepted = _give(gateway, "S-3")
    _work(gateway, diary, turns=6, minutes=2)
    assert gateway.outbox.get(accepted.deposit.id).state is DepositState.INTEGRATED
    kinds = [event.kind for event in gateway.outbox.events(accepted.deposit.id)]
    assert "deposit.uncertain" not in kinds


def test_a_worker_dead_in_the_middle_of_a_submission_leaves_a_question(
    make_gateway: Callable[..., Gateway], connect: Any, bench: Any, diary: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = make_gateway()
    connect(first, bench.base_url, bench.application(), bench.account(SUPPLIER))
    accepted = _give(first, "S-4")

    def die(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("raccord.engine.deposits.submitting.Submitting._conclude", die)
        with pytest.raises(KeyboardInterrupt):
            first.jobs.run_due()
    assert bench.received() == ["S-4"]
    second = make_gateway()
    diary.passes(hours=1)
    second.jobs.run_due()
    from raccord.engine.deposits.submitting import find_orphan_entries

    assert find_orphan_entries(second.ground) == 1
    _work(second, diary, turns=6, minutes=10)
    assert second.outbox.get(accepted.deposit.id).state is DepositState.INTEGRATED
    assert bench.received() == ["S-4"]


def test_a_refused_submission_says_why_and_frees_its_number(
    gateway: Gateway, online: Connection, bench: Any, diary: Any
) -> None:
    wrong = _invoice("S-5")
    nowhere = replace(
        wrong, buyer=replace(wrong.buyer, identifiers=(Identifier(value="99999999900017", scheme="0009"),))
    )
    first = _give(gateway, "S-5", terms=invoice_json.write(nowhere))
    _work(gateway, diary, turns=2)
    refused = gateway.outbox.get(first.deposit.id)
    assert refused.state is DepositState.REFUSED
    assert refused.faults[-1].cure
    again = _give(gateway, "S-5")
    _work(gateway, diary, turns=2)
    assert gateway.outbox.get(again.deposit.id).state is DepositState.INTEGRATED
    assert gateway.outbox.corrects(again.deposit.id) == first.deposit.id
    assert gateway.outbox.corrected_by(first.deposit.id) == (again.deposit.id,)


def test_what_fields_cannot_say_is_told_before_sending(gateway: Gateway, offline: Connection) -> None:
    by_fields = _give(gateway, "T-1", terms=invoice_json.write(replace(_invoice("T-1"), cadre="A4"))).deposit
    assert by_fields.state is DepositState.FAULTY
    assert "CP-SAI-01" in {fault.code for fault in by_fields.faults}
    subcontractor = _give(gateway, "T-2", cadre="A9").deposit
    assert "CP-SAI-02" in {fault.code for fault in subcontractor.faults}


def test_a_plain_pdf_alone_is_refused_with_the_way_out(gateway: Gateway, offline: Connection) -> None:
    with pytest.raises(Invalid) as refusal:
        gateway.outbox.accept(NewDeposit("c1", _plain_pdf(), "facture.pdf"))
    assert refusal.value.code == "FICHIER_PDF_SANS_DONNEES"
    assert "JSON" in refusal.value.cure


def test_a_slip_in_the_data_names_the_field(gateway: Gateway, offline: Connection) -> None:
    wrong = _data("J-6").replace(b'"issue_date"', b'"isue_date"')
    with pytest.raises(Invalid, match="issue_date"):
        gateway.outbox.accept(NewDeposit("c1", wrong, "J-6.json"))
