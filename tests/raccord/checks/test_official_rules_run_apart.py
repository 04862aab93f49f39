"""The official rule sheets run in processes of their own, bounded, replaced when they die, never fooled into
reading files.
"""

from __future__ import annotations

import os
import signal
import threading
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from lxml import etree

from raccord.checks import Channel, check
from raccord.checks.schematron import Schematron
from raccord.checks.sheets import SHEETS, light_sheet, sheets_for
from raccord.domain.invoice import Attachment
from raccord.formats import Profile, Syntax, cii, facturx, ubl
from raccord.formats.sample import make_invoice, with_filling

TODAY = date(2026, 11, 22)


def test_a_good_invoice_satisfies_the_official_rules_in_three_forms(official: Schematron) -> None:
    invoice = make_invoice(21, lines=12)
    for data in (cii.write(invoice), ubl.write(invoice), facturx.write(invoice)):
        report = check(data, today=TODAY, official=official)
        assert report.faults == ()
        assert {"facturx-en16931", "en16931-ubl"} & {name for name, _ in report.rule_sets}


def test_a_credit_note_satisfies_them_too(official: Schematron) -> None:
    note = make_invoice(22, type_code="381")
    for data in (cii.write(note), ubl.write(note)):
        assert check(data, today=TODAY, official=official).faults == ()


def test_what_only_the_official_rules_know_is_told_with_its_version(official: Schematron) -> None:
    invoice = make_invoice(1)
    odd = replace(invoice, lines=(replace(invoice.lines[0], unit="PIECE"), *invoice.lines[1:]))
    [fault] = check(ubl.write(odd), today=TODAY, official=official).errors
    assert (fault.code, fault.rule_set, fault.rule_version) == ("BR-CL-23", "en16931-ubl", "1.3.16")
    assert "C62" in fault.sentence
    assert "InvoiceLine" in fault.path


def test_a_rule_told_natively_is_not_told_twice(official: Schematron) -> None:
    invoice = make_invoice(1)
    gross = invoice.totals.gross
    assert gross is not None
    wrong = replace(invoice, totals=replace(invoice.totals, gross=gross + Decimal("0.01")))
    told = [fault.code for fault in check(ubl.write(wrong), today=TODAY, official=official).faults]
    assert sorted(told) == ["BR-CO-15", "BR-CO-16"]


def test_french_rules_speak_in_the_afnor_channel_only(official: Schematron) -> None:
    data = cii.write(make_invoice(1))
    historic = check(data, today=TODAY, official=official)
    afnor = check(data, today=TODAY, official=official, channel=Channel.AFNOR)
    assert historic.ok
    assert {"BR-FR-12_BT-49", "BR-FR-13_BT-34"} <= {fault.code for fault in afnor.errors}


def test_a_killed_worker_is_replaced_and_the_invoice_still_judged() -> None:
    data = ubl.write(make_invoice(1))
    with Schematron(workers=1) as official:
        assert check(data, today=TODAY, official=official).ok
        [worker] = official._all
        os.kill(worker._process.pid, signal.SIGKILL)
        report = check(data, today=TODAY, official=official)
        assert report.faults == ()
        assert ("en16931-ubl", "1.3.16") in report.rule_sets
        assert official._all.isdisjoint({worker})


def test_an_invoice_that_exhausts_its_time_is_not_called_right() -> None:
    with Schematron(workers=1, seconds_base=0.0, seconds_per_megabyte=0.0) as official:
        report = check(ubl.write(make_invoice(1)), today=TODAY, official=official)
    assert [fault.code for fault in report.faults] == ["CP-OFF-01"]
    assert "en16931-ubl" not in dict(report.rule_sets)


def test_workers_are_renewed_after_their_share_of_work() -> None:
    data = ubl.write(make_invoice(1, lines=1))
    with Schematron(workers=1, jobs_per_worker=1) as official:
        assert check(data, today=TODAY, official=official).ok
        assert not official._all
        assert check(data, today=TODAY, official=official).ok


def test_threads_share_the_pool() -> None:
    good, bad = ubl.write(make_invoice(1)), ubl.write(replace(make_invoice(2), currency="EURO"))
    verdicts: list[tuple[bool, ...]] = []
    with Schematron(workers=1) as official:

        def work() -> None:
            for _ in range(4):
                verdicts.extend([tuple(check(data, today=TODAY, official=official).ok for data in (good, bad))])

        threads = [threading.Thread(target=work) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert verdicts == [(True, False)] * 12


def test_closing_leaves_no_process() -> None:
    official = Schematron(workers=1)
    official.warm()
    [worker] = official._all
    official.close()
    assert worker._process.poll() is not None


def test_a_heavy_attachment_does_not_weigh_on_the_rules(official: Schematron) -> None:
    heavy = with_filling(make_invoice(1), 6_000_000)
    report = check(ubl.write(heavy), today=TODAY, official=official)
    assert report.ok
    assert report.invoice is not None
    assert len(report.invoice.attachments[0].content or b"") == 6_000_000, "the stub stood for it only while judging"


def test_an_attachment_that_chorus_pro_takes_is_not_refused_by_the_norm(official: Schematron) -> None:
    document = Attachment(reference="P", content=b"PK plan", mime="application/zip", filename="plans.zip")
    data = ubl.write(replace(make_invoice(1), attachments=(document,)))
    historic = check(data, today=TODAY, official=official)
    assert historic.ok
    assert [fault.code for fault in historic.warnings] == ["BR-CL-24"]
    assert not check(data, today=TODAY, official=official, channel=Channel.AFNOR).ok


def test_saxon_is_given_no_protocol(official: Schematron, tmp_path: Path) -> None:
    """Even past the gate, an entity would read nothing: the worker answers an error, not the secret."""
    secret = tmp_path / "secret"
    secret.write_text("confidentiel")
    text = f'<!DOCTYPE r [<!ENTITY x SYSTEM "{secret.as_uri()}">]><Invoice>&x;</Invoice>'
    answer = official._ask(("en16931-ubl",), text)
    assert "confidentiel" not in str(answer)


@pytest.mark.parametrize("name", sorted(SHEETS))
def test_sheets_are_made_light_without_losing_an_assertion(name: str) -> None:
    from raccord.checks.sheets import sheet_path

    light, whole = light_sheet(name), sheet_path(name).read_text(encoding="utf-8")
    assert "<svrl:fired-rule" not in light
    root = etree.fromstring(light.encode("utf-8"))
    assert not [when for when in root.iter("{*}when") if "document(" in when.get("test", "")]
    assert len(list(root.iter("{*}failed-assert"))) == whole.count("<svrl:failed-assert")


def test_each_profile_has_its_sheet() -> None:
    assert sheets_for(Syntax.UBL_CREDIT_NOTE, Profile.PEPPOL, Channel.HISTORIC) == ("en16931-ubl",)
    assert sheets_for(Syntax.CII, Profile.BASIC_WL, Channel.HISTORIC) == ("facturx-basicwl",)
    assert sheets_for(Syntax.CII, Profile.OTHER, Channel.HISTORIC) == ("facturx-en16931",)
    assert sheets_for(Syntax.CII, Profile.EXTENDED_CTC_FR, Channel.AFNOR) == ("extended-ctc-fr-cii", "br-fr-flux2-cii")
