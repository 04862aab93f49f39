"""The verdicts agree with those that others computed: on 154 samples, and on the unit tests of the European
artefacts.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from lxml import etree

from raccord.checks import Channel, catalogue, check
from raccord.checks.context import Context
from raccord.checks.registry import run
from raccord.checks.schematron import Schematron
from raccord.formats import ReadError, Syntax, cii, pdf, ubl, xml
from raccord.formats.detect import detect_root

pytestmark = pytest.mark.samples
SampleBytes = Callable[[str], bytes]
TODAY = date(2026, 11, 22)
DISAGREEMENTS = Path(__file__).with_name("disagreements.toml")
Disagreement = tuple[str, str]
"""A file of the samples, and the code of the rule about which the index and Raccord differ."""

REFUSED_BY_CONTAINER = {
    # Older ZUGFeRD PDFs: valid XML in a PDF without output intent or with fonts left out, so no PDF/A-3.
    "corpus/XRECHNUNG_Einfach.pdf",
    "corpus/zugferd_2p0_BASIC_Einfach.pdf",
    "corpus/zugferd_2p0_EXTENDED_Kostenrechnung.pdf",
    "corpus/zugferd_2p0_EXTENDED_Warenrechnung.pdf",
}
CHORUS_READY = (
    # Marked valid in the index, with the SIRETs and the payment means that the historic channel demands.
    "big/ubl_1000.xml",
    "factur-x/ubl-21-en16931.xml",
    "mutants/cii-ok-allowance-charge.xml",
    "mutants/cii-ok-credit-note.xml",
    "mutants/cii-ok-exempt.xml",
    "mutants/cii-ok-reverse-charge.xml",
    "mutants/cii-ok-standard.xml",
    "mutants/ubl-ok-allowance-charge.xml",
    "mutants/ubl-ok-credit-note.xml",
    "mutants/ubl-ok-exempt.xml",
    "mutants/ubl-ok-reverse-charge.xml",
    "mutants/ubl-ok-standard.xml",
    "pdf-cases/pdf-ok-credit-note.pdf",
    "pdf-cases/pdf-ok-weasyprint.pdf",
    "pdf-cases/pdf-two-xml.pdf",
)


def embedded(data: bytes) -> bytes:
    if not pdf.looks_like_pdf(data):
        return data
    with pdf.open_pdf(data) as document:
        found = pdf.invoice_file(document)
        assert found is not None
        return found.read()


def test_official_rules_fire_as_the_index_says(
    sample_rows: list[dict[str, str]], sample_bytes: SampleBytes, official: Schematron, subtests: pytest.Subtests
) -> None:
    """UBL against EN 16931 1.3.16, CII against the Factur-X 1.09 sheet of its profile, both against
    BR-FR-Flux2.
    """
    judged = 0
    for row in sample_rows:
        if row["readable"] != "yes" or row["valid_xsd"] != "yes":
            continue
        with subtests.test(file=row["file"]):
            root = xml.parse(embedded(sample_bytes(row["file"])))
            detected = detect_root(root)
            answer = official.check(root, detected.syntax, detected.profile, Channel.AFNOR)
            fired = {fault.code for fault in answer.faults if fault.is_error}
            expected = set((row["rules_en"] if detected.syntax.is_ubl else row["rules_fx"]).split())
            expected |= set(row["rules_fr"].split())
            if row["file"] == "mutants/cii-no-guideline.xml":
                expected.add("BR-01")  # the index judged it against no Factur-X sheet, for want of a profile
            assert fired == expected
            judged += 1
    assert judged > 130


def test_a_native_rule_never_contradicts_a_valid_sample(
    sample_rows: list[dict[str, str]], sample_bytes: SampleBytes, subtests: pytest.Subtests
) -> None:
    """No rule of EN 16931 fires natively on a file that the official rules call valid."""
    for row in sample_rows:
        if row["valid_profile"] == "yes":
            with subtests.test(file=row["file"]):
                report = check(sample_bytes(row["file"]), today=TODAY)
                assert [fault.code for fault in report.errors if fault.code.startswith("BR-")] == []


def test_broken_schemas_are_named_by_our_check_too(
    sample_rows: list[dict[str, str]], sample_bytes: SampleBytes, subtests: pytest.Subtests
) -> None:
    for row in sample_rows:
        if row["valid_xsd"] in ("yes", "no"):
            with subtests.test(file=row["file"]):
                codes = {fault.code for fault in check(sample_bytes(row["file"]), today=TODAY).faults}
                refused_before = row["file"] in REFUSED_BY_CONTAINER or row["container_expected"] == "reject"
                if not refused_before:
                    assert ("CP-XSD-01" in codes) is (row["valid_xsd"] == "no")


@pytest.mark.parametrize("name", CHORUS_READY)
def test_samples_marked_valid_and_made_for_chorus_pro_pass(
    name: str, sample_bytes: SampleBytes, official: Schematron
) -> None:
    report = check(sample_bytes(name), Path(name).name, today=TODAY, official=official)
    assert report.ok, [(fault.code, fault.sentence) for fault in report.errors]
    assert report.syntaxe_flux


@pytest.mark.parametrize("channel", Channel)
def test_every_verdict_of_the_index_is_ours_but_for_a_list_with_reasons(
    channel: Channel, sample_rows: list[dict[str, str]], sample_bytes: SampleBytes, official: Schematron
) -> None:
    """The whole check, on every file: accepted where the index accepts, and the same rules, or `disagreements.toml`
    says why. An entry that no longer disagrees fails too.
    """
    found: dict[str, set[Disagreement]] = {"told": set(), "untold": set()}
    unexplained = []
    for row in sample_rows:
        if row["readable"]:
            report = check(
                sample_bytes(row["file"]), Path(row["file"]).name, today=TODAY, channel=channel, official=official
            )
            ours = {fault.code for fault in report.errors}
            if _shut(row):  # the file itself is refused: what says so agrees with the index, the rules are not asked
                assert ours
                assert all(code.startswith(("CP-PDF-", "CP-XML-")) for code in ours), (row["file"], ours)
                continue
            theirs = _rules_of_the_index(row, channel)
            found["told"] |= {(row["file"], code) for code in ours - theirs}
            found["untold"] |= {(row["file"], code) for code in theirs - ours}
            if report.ok is not _accepted(row, channel) and ours == theirs:
                unexplained.append(row["file"])
    assert unexplained == []
    for side, disagreements in found.items():
        listed = _disagreements(side, channel)
        assert disagreements - listed == set(), f"{side}, without an entry in disagreements.toml"
        assert listed - disagreements == set(), f"{side}, listed, and no longer so"


def _shut(row: dict[str, str]) -> bool:
    return row["readable"] == "no" or row["container_expected"] == "reject"


def _accepted(row: dict[str, str], channel: Channel) -> bool:
    return row["valid_fr" if channel is Channel.AFNOR else "valid_profile"] == "yes"


def _rules_of_the_index(row: dict[str, str], channel: Channel) -> set[str]:
    rules = _identifiers(row["rules_en"] if row["syntax"].startswith("UBL") else row["rules_fx"])
    if channel is Channel.AFNOR:
        rules |= _identifiers(row["rules_fr"])
    return rules | {"CP-XSD-01"} if row["valid_xsd"] == "no" else rules


def _identifiers(cell: str) -> set[str]:
    """The failing rules of a cell; "ERROR: …" tells that the sheet itself broke on the file, and judged nothing."""
    return set() if cell.startswith("ERROR:") else set(cell.split())


def _disagreements(side: str, channel: Channel) -> set[Disagreement]:
    with DISAGREEMENTS.open("rb") as file:
        entries = tomllib.load(file)[side]
    assert all(entry["because"].endswith(".") for entry in entries)
    return {
        (file, code)
        for entry in entries
        if channel.value in entry["channels"]
        for file in entry["files"]
        for code in entry["codes"]
    }


def test_the_mutants_of_the_public_sector_are_caught_natively(sample_bytes: SampleBytes) -> None:
    """One fault each, in both syntaxes; no official sheet covers them."""
    expected = {
        "account-28": "CP-PAY-05",
        "attach-name-51": "CP-PJ-02",
        "attach-ref-51": "CP-PJ-09",
        "buyer-100": "CP-NOM-02",
        "name-100": "CP-NOM-02",
        "no-buyer-siret": "CP-SIRET-03",
        "note-1025": "CP-NOTE-01",
        "number-21": "CP-NUM-02",
        "payee-no-siret": "CP-BEN-01",
    }
    for kind in ("cii", "ubl"):
        for mutation, code in expected.items():
            report = check(sample_bytes(f"mutants/{kind}-b2g-{mutation}.xml"), today=TODAY)
            assert code in {fault.code for fault in report.faults}, (kind, mutation)


UNIT_MISSES = {
    "BR-55": "the reference is absent altogether: the model holds none, and nothing is wrong with it",
    "BR-CO-15": "two VAT totals in one currency: the model keeps the first, the official sheet sees both",
}


def test_the_european_unit_tests_agree(samples: Path, subtests: pytest.Subtests) -> None:
    """Every native rule that bears a code of the norm, asked the unit tests of that code."""
    native = {entry.code for entry in catalogue()}
    asked = 0
    for file in sorted((samples / "en16931-unit-tests").rglob("*.xml")):
        for root, success, failures in unit_tests(file):
            codes = native_codes(root)
            if codes is None:
                continue
            for code in (set(success) | set(failures)) & native:
                asked += 1
                with subtests.test(file=file.name, code=code):
                    if code in failures and code in UNIT_MISSES and code not in codes:
                        continue
                    assert (code in codes) is (code in failures)
    assert asked > 450


def unit_tests(file: Path) -> Iterator[tuple[etree._Element, list[str], list[str]]]:
    parser = etree.XMLParser(remove_comments=True, resolve_entities=False)
    for test in etree.parse(file, parser).getroot().iter("{*}test"):
        [invoice] = [child for child in test if not str(child.tag).endswith("}assert")]
        told = {
            kind: [entry.text.strip() for entry in test.iterfind(f"{{*}}assert/{{*}}{kind}")]
            for kind in ("success", "error", "fatal")
        }
        yield etree.fromstring(etree.tostring(invoice)), told["success"], told["error"] + told["fatal"]


def native_codes(root: etree._Element) -> set[str] | None:
    """``None`` when a value cannot be read at all (« 123 » as a date): that is told before the rules."""
    is_cii = root.tag == cii.ROOT
    try:
        invoice = cii.read_root(root) if is_cii else ubl.read_root(root)
    except ReadError:
        return None
    context = Context(today=TODAY, syntax=Syntax.CII if is_cii else Syntax.UBL_INVOICE)
    return {fault.code for fault in run(invoice, context)}
