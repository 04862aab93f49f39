"""Nothing is lost: every value of every readable sample stands again, at its place, in what we write of it."""

from __future__ import annotations

import fnmatch
from collections import Counter
from collections.abc import Callable, Iterator

import pytest
from lxml import etree

from raccord.formats import cii, facturx, profile_of, read_invoice, ubl, xml
from raccord.formats.profile_fit import fitted, least_profile
from raccord.formats.profiles import URNS

pytestmark = pytest.mark.samples
SampleBytes = Callable[[str], bytes]
Rows = list[dict[str, str]]

UNREADABLE_BY_CHOICE = {"facturx-cas-limites/DATA-002_facture.pdf"}  # 30 February

EXCEPTIONS = {
    ("gobl.cii/invoice-fr-fr-choruspro.xml", "*/GuidelineSpecifiedDocumentContextParameter[1]/ID[1]"): (
        "the cadre stands where the profile should: it is read as the cadre and written at the place of a cadre"
    ),
    ("mustangproject/Extended_fremdwaehrung.xml", "*/BuyerTradeParty[1]/URIUniversalCommunication[1]/URIID[2]*"): (
        "a second electronic address, which the schema forbids"
    ),
    ("*", "*/EmailURIUniversalCommunication[1]/URIID[1]/@schemeID"): "an e-mail address is one by its element",
    ("*", "*/SellerTradeParty[1]/SpecifiedTaxRegistration[*"): "the VAT number is written first",
    ("*/BIS_Billing_30-Elnat.xml", "*/PartyTaxScheme[*]/CompanyID[1]"): "the VAT number is written first",
    ("*", "*/PartyTaxScheme[*]/TaxScheme[1]/ID[1]"): "BT-32 is under any scheme but VAT, whatever its name",
    ("factur-x/ubl-21-en16931.xml", "*/UBLVersionID[1]"): "always 2.1",
}
"""(file, path) -> why it is not written again. An entry that covers nothing any more fails the test."""


def test_every_value_of_every_sample_is_written_again_at_its_place(
    sample_rows: Rows, sample_bytes: SampleBytes, subtests: pytest.Subtests
) -> None:
    seen, used = 0, set()
    for row in sample_rows:
        if row["readable"] != "yes" or row["file"] in UNREADABLE_BY_CHOICE:
            continue
        with subtests.test(file=row["file"]):
            missing = []
            for path, value in _not_written_again(row, sample_bytes(row["file"])):
                known = _exception(row["file"], path)
                used.add(known)
                if known is None:
                    missing.append((path, value))
            assert missing == []
            seen += 1
    assert seen > 140
    assert set(EXCEPTIONS) - used == set(), "these no longer apply: strike them"


def _exception(file: str, path: str) -> tuple[str, str] | None:
    known = (key for key in EXCEPTIONS if _matches(file, key[0]) and _matches(path, key[1]))
    return next(known, None)


def _matches(text: str, pattern: str) -> bool:
    return fnmatch.fnmatchcase(_plain(text), _plain(pattern))


def _plain(text: str) -> str:
    """Brackets are no classes of characters here."""
    return text.translate(str.maketrans("[]", "()"))


def _not_written_again(row: dict[str, str], data: bytes) -> list[tuple[str, str]]:
    invoice = read_invoice(data, row["file"])
    own = ubl if row["syntax"].startswith("UBL") else cii
    source = facturx.extract_xml(data) if row["container"] == "PDF" else data
    before = dict(_leaves(xml.parse(source), invoice.currency))
    after = dict(_leaves(xml.parse(own.write(invoice)), invoice.currency))
    assert before
    return [(path, value) for path, value in before.items() if after.get(path) != value]


def _leaves(element: etree._Element, currency: str, path: str = "") -> Iterator[tuple[str, str]]:
    """Values and attributes by their path, each step with its rank among its namesakes."""
    value = " ".join((element.text or "").split())
    if value and len(element) == 0:
        yield path, value
    for name, text in element.attrib.items():
        if text.strip() and "schemaLocation" not in str(name) and (name, text) != ("currencyID", currency):
            yield f"{path}/@{name}", str(text)
    ranks: Counter[str] = Counter()
    for child in element:
        step = etree.QName(child).localname
        ranks[step] += 1
        yield from _leaves(child, currency, f"{path}/{step}[{ranks[step]}]")


def test_a_profile_is_raised_only_where_the_official_rules_say_that_it_is_broken(
    sample_rows: Rows, sample_bytes: SampleBytes, subtests: pytest.Subtests
) -> None:
    kept = 0
    for row in sample_rows:
        if row["readable"] != "yes" or row["file"] in UNREADABLE_BY_CHOICE:
            continue
        invoice = read_invoice(sample_bytes(row["file"]), row["file"])
        if profile_of(invoice.profile).is_facturx and row["valid_profile"] == "yes":
            with subtests.test(file=row["file"]):
                assert least_profile(invoice) in tuple(URNS)[: 1 + tuple(URNS).index(profile_of(invoice.profile))]
                assert fitted(invoice) is invoice
                kept += 1
    assert kept > 40
