"""EN 16931: codes that must come from a list (BR-CL), those that people mistype most; the official sheets
know them all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from babel import Locale
from stdnum.fr import tva as french_vat

from raccord.checks.en_terms import NORM
from raccord.checks.en_vat import FAMILIES
from raccord.checks.registry import Finding, rule
from raccord.domain.faults import Severity
from raccord.domain.invoice import Address, Invoice, Party

_CATEGORIES = frozenset(FAMILIES) | {"L", "M", "B"}
_COUNTRY = re.compile(r"[A-Z]{2}")
_NOT_COUNTRIES = frozenset({"EU", "EZ", "UN", "XA", "XB", "ZZ", "QO", "AC", "CP", "CQ", "DG", "EA", "IC", "TA"})


@cache
def countries() -> frozenset[str]:
    """ISO 3166 alpha-2, as CLDR lists them, and ``1A`` and ``XI`` that the norm adds."""
    names = [str(code) for code in Locale("en").territories]
    return frozenset(code for code in names if _COUNTRY.fullmatch(code)) - _NOT_COUNTRIES | {"1A", "XI"}


@cache
def currencies() -> frozenset[str]:
    """ISO 4217 as CLDR lists them."""
    return frozenset(str(code) for code in Locale("en").currencies)


@rule("BR-CL-04", title="Devise ISO 4217", source=NORM, bt="BT-5")
def currency_code(invoice: Invoice) -> Iterator[Finding]:
    """EUR, in capitals."""
    for path, code in (("currency", invoice.currency), ("accounting_currency", invoice.accounting_currency)):
        if code and code != "EUR" and code not in currencies():
            yield Finding(
                path,
                f"« {code[:20]} » n’est pas un code de devise.",
                "Écrivez le code ISO en trois capitales : EUR.",
                f"{code[:20]!r} is no ISO 4217 code.",
            )


@rule("BR-CL-14", title="Pays ISO 3166", source=NORM, bt="BT-40")
def country_codes(invoice: Invoice) -> Iterator[Finding]:
    """FR, not FRA; GB, not UK."""
    for path, address in _addresses(invoice):
        code = address.country
        if code and code != "FR" and code not in countries():
            hint = {"UK": "GB", "EL": "GR", "FRA": "FR"}.get(code, "FR")
            yield Finding(
                f"{path}.address.country",
                f"« {code[:20]} » n’est pas un code de pays.",
                f"Écrivez le code ISO en deux capitales, par exemple {hint}.",
                f"{code[:20]!r} is no ISO 3166 code.",
            )


def _addresses(invoice: Invoice) -> Iterator[tuple[str, Address]]:
    holders: list[tuple[str, Party | None]] = [
        ("seller", invoice.seller),
        ("buyer", invoice.buyer),
        ("tax_representative", invoice.tax_representative),
    ]
    for path, party in holders:
        if party and party.address:
            yield path, party.address
    if invoice.delivery and invoice.delivery.address:
        yield "delivery", invoice.delivery.address


@rule("BR-CL-17", title="Code de TVA de la ventilation", source=NORM, bt="BT-118")
def breakdown_categories(invoice: Invoice) -> Iterator[Finding]:
    """UNCL 5305."""
    for position, entry in enumerate(invoice.vat):
        if entry.category and entry.category not in _CATEGORIES:
            yield _bad_category(f"vat[{position}].category", entry.category)


@rule("BR-CL-18", title="Code de TVA des lignes", source=NORM, bt="BT-151")
def line_categories(invoice: Invoice) -> Iterator[Finding]:
    """UNCL 5305."""
    for position, line in enumerate(invoice.lines):
        if line.vat_category and line.vat_category not in _CATEGORIES:
            yield _bad_category(f"lines[{position}].vat_category", line.vat_category)


def _bad_category(path: str, code: str) -> Finding:
    return Finding(
        path,
        f"« {code[:20]} » n’est pas un code de TVA.",
        "Utilisez S (taxé), Z (taux zéro), E (exonéré), AE (autoliquidation), K, G ou O (hors champ).",
        f"{code[:20]!r} is no VAT category.",
    )


@rule("BR-CO-09", title="Préfixe des numéros de TVA", source=NORM, bt="BT-31")
def vat_prefix(invoice: Invoice) -> Iterator[Finding]:
    """Two letters of the country first (EL for Greece)."""
    for path, party in _parties(invoice):
        prefix = party.vat_number[:2]
        if party.vat_number and prefix != "FR" and prefix not in countries() and prefix != "EL":
            yield Finding(
                f"{path}.vat_number",
                f"Le numéro de TVA « {party.vat_number[:30]} » ne commence pas par le code du pays.",
                "Écrivez-le en entier, par exemple FR suivi de 11 caractères.",
                "The VAT identifier lacks its country prefix.",
            )


@rule(
    "CP-TVA-02",
    title="Clé du numéro de TVA français",
    source="clé du numéro de TVA",
    bt="BT-31",
    severity=Severity.WARNING,
)
def french_vat_key(invoice: Invoice) -> Iterator[Finding]:
    """The key of a French number catches a mistyped digit."""
    for path, party in _parties(invoice):
        number = party.vat_number
        if number.startswith("FR") and not french_vat.is_valid(number):
            yield Finding(
                f"{path}.vat_number",
                f"Le numéro de TVA « {number[:30]} » a une clé fausse ou une longueur fausse.",
                "Recopiez-le : FR, deux caractères de clé, puis les 9 chiffres du SIREN.",
                "The French VAT identifier fails its key.",
            )


def _parties(invoice: Invoice) -> Iterator[tuple[str, Party]]:
    yield "seller", invoice.seller
    yield "buyer", invoice.buyer
    if invoice.tax_representative:
        yield "tax_representative", invoice.tax_representative
