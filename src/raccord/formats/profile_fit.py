"""The least profile of Factur-X that has a place for all that an invoice says, and the profile to declare.

A file that declares less than it holds breaks its schema and is refused; what it holds is never cut, its declaration
is raised. The lists follow the specification of Factur-X 1.09, where each profile holds the one before; what stands in
none of them is EXTENDED.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from functools import cache

from raccord.domain.invoice import Invoice
from raccord.formats.profiles import URNS, Profile, profile_of

_RISING = (Profile.MINIMUM, Profile.BASIC_WL, Profile.BASIC, Profile.EN16931, Profile.EXTENDED)

_ADDRESS = "line1 line2 line3 city postcode region country"
_ALLOWANCE = "is_charge amount base percent reason reason_code"

_TERMS = {
    Profile.MINIMUM: {
        "": "number issue_date type_code currency cadre profile service commitment",
        "seller": "name legal_id vat_number tax_registration",
        "seller.address": "country",
        "buyer": "name legal_id",
        "totals": "net vat gross payable",
    },
    Profile.BASIC_WL: {
        "": (
            "accounting_currency tax_point_date tax_point_code due_date contract despatch_advice payment_terms"
            " remittance accounting_reference notes.text notes.subject preceding.number preceding.issue_date period"
            " direct_debit"
        ),
        "seller": "trading_name identifiers electronic_address",
        "seller.address": _ADDRESS,
        "buyer": "trading_name identifiers vat_number electronic_address",
        "buyer.address": _ADDRESS,
        "payee": "name identifiers legal_id",
        "tax_representative": "name vat_number",
        "tax_representative.address": _ADDRESS,
        "delivery": "name location day",
        "delivery.address": _ADDRESS,
        "payment_means": "code account.iban",
        "totals": "lines allowances charges vat_accounting prepaid",
        "vat": "base amount category rate exemption_reason exemption_code",
        "allowances_charges": f"{_ALLOWANCE} vat_category vat_rate",
    },
    Profile.BASIC: {
        "lines": "id note quantity unit net period vat_category vat_rate",
        "lines.price": "net gross discount base_quantity base_unit",
        "lines.item": "name standard_id",
        "lines.allowances_charges": _ALLOWANCE,
    },
    Profile.EN16931: {
        "": "project sales_order receiving_advice tender object_id",
        "seller": "legal_information",
        "seller.contact": "name phone email",
        "buyer.contact": "name phone email",
        "payment_means": "text account.name account.bic card",
        "totals": "rounding",
        "attachments": "reference description uri content mime filename",
        "lines": "object_id order_line accounting_reference",
        "lines.item": "description seller_id buyer_id origin attributes",
        "lines.item.classifications": "code scheme version",
    },
}


@cache
def _places() -> dict[str, int]:
    """Each term and the rank of the first profile that has it."""
    places: dict[str, int] = {}
    for rank, profile in enumerate(_RISING):
        for group, names in _TERMS.get(profile, {}).items():
            for name in names.split():
                places.setdefault(f"{group}.{name}" if group else name, rank)
    return places


def least_profile(invoice: Invoice) -> Profile:
    """The first of the five profiles that has a place for every term that ``invoice`` holds."""
    rank = 0
    for place in _ranks(invoice, ""):
        rank = max(rank, place)
        if rank == len(_RISING) - 1:
            break
    return _RISING[rank]


def _ranks(value: object, path: str) -> Iterator[int]:
    if value is None or value is False or value in ("", ()):  # a zero is said
        return
    place = _places().get(path)
    if place is not None:
        yield place
    elif isinstance(value, tuple):
        for entry in value:
            yield from _ranks(entry, path)
    elif is_dataclass(value):
        for field in fields(value):
            yield from _ranks(getattr(value, field.name), f"{path}.{field.name}" if path else field.name)
    else:
        yield len(_RISING) - 1


def _has_what_it_demands(invoice: Invoice, profile: Profile) -> bool:
    """False when raising to it would only exchange one fault for another: it wants the VAT by rate, or lines."""
    return bool(invoice.vat) and (bool(invoice.lines) or profile.has_no_lines)


def fitted(invoice: Invoice) -> Invoice:
    """``invoice`` under the profile (BT-24) that it declares, or under the least that holds it when that is not one of
    Factur-X, or too narrow. One that is too narrow stays when the invoice lacks what every wider one demands.
    """
    declared, least = profile_of(invoice.profile), least_profile(invoice)
    if declared is Profile.EXTENDED_CTC_FR:
        least = Profile.EXTENDED
    elif not declared.is_facturx:
        least = max(least, Profile.EN16931, key=_RISING.index)
    wide_enough = declared.is_facturx and _RISING.index(declared) >= _RISING.index(least)
    if wide_enough or (declared.is_facturx and not _has_what_it_demands(invoice, least)):
        return invoice
    return replace(invoice, profile=URNS[least])


def fitted_if_facturx(invoice: Invoice) -> Invoice:
    """The same for a CII on its own, which may follow another specification than Factur-X: that one is kept."""
    return fitted(invoice) if profile_of(invoice.profile).is_facturx else invoice
