"""EN 16931: what each VAT category demands (BR-S, BR-Z, BR-E, BR-AE, BR-IC, BR-G, BR-O), one family of rules
per category.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from raccord.checks.context import Context
from raccord.checks.en_terms import NORM
from raccord.checks.registry import Finding, rule
from raccord.domain.invoice import Invoice
from raccord.domain.money import ZERO, cents, french, total
from raccord.formats.profiles import Profile
from raccord.formats.totals import vat_bases

FAMILIES = {
    "S": ("S", "taux normal ou réduit"),
    "Z": ("Z", "taux zéro"),
    "E": ("E", "exonération"),
    "AE": ("AE", "autoliquidation"),
    "K": ("IC", "livraison intracommunautaire"),
    "G": ("G", "exportation"),
    "O": ("O", "hors champ de la TVA"),
}
_NEEDS_REASON = frozenset({"E", "AE", "K", "G", "O"})
_EXTENDED = frozenset({Profile.EXTENDED, Profile.EXTENDED_CTC_FR})


def _uses(invoice: Invoice, category: str) -> bool:
    return any(line.vat_category == category for line in invoice.lines) or any(
        entry.vat_category == category for entry in invoice.allowances_charges
    )


def _rates(invoice: Invoice, category: str) -> Iterator[tuple[str, Decimal | None]]:
    for position, line in enumerate(invoice.lines):
        if line.vat_category == category:
            yield f"lines[{position}].vat_rate", line.vat_rate


def _document_rates(invoice: Invoice, category: str, charge: bool) -> Iterator[tuple[str, Decimal | None]]:
    for position, entry in enumerate(invoice.allowances_charges):
        if entry.is_charge is charge and entry.vat_category == category:
            yield f"allowances_charges[{position}].vat_rate", entry.vat_rate


def _family(category: str) -> None:
    prefix, name = FAMILIES[category]
    _presence(category, prefix, name)
    _seller_number(category, prefix, name)
    _rate_rules(category, prefix, name)
    _base(category, prefix, name)
    _amount(category, prefix, name)
    _reason(category, prefix, name)


def _presence(category: str, prefix: str, name: str) -> None:
    """Lines and breakdown name the same categories: one group each, but for S which has one per rate."""

    @rule(f"BR-{prefix}-01", title=f"Ventilation de TVA : {name}", source=NORM, bt="BT-118")
    def check(invoice: Invoice, context: Context) -> Iterator[Finding]:
        groups = sum(entry.category == category for entry in invoice.vat)
        if _uses(invoice, category):
            if not groups or (groups > 1 and category != "S"):
                yield _group_missing(category, name, groups)
        elif groups and context.has_lines:
            yield _group_alone(category, name)


def _group_missing(category: str, name: str, groups: int) -> Finding:
    said = f"en compte {groups} groupes au lieu d’un" if groups else "n’en dit rien"
    return Finding(
        "vat",
        f"Des lignes sont en TVA « {category} » ({name}) mais la ventilation de la TVA {said}.",
        f"Mettez un groupe de TVA « {category} » dans la ventilation.",
        f"The VAT breakdown needs one group of category {category}.",
    )


def _group_alone(category: str, name: str) -> Finding:
    return Finding(
        "vat",
        f"La ventilation de la TVA a un groupe « {category} » ({name}) qu’aucune ligne n’utilise.",
        "Retirez ce groupe, ou corrigez le code de TVA des lignes.",
        f"No line uses the VAT category {category} of the breakdown.",
    )


def _seller_number(category: str, prefix: str, name: str) -> None:
    @rule(f"BR-{prefix}-02", title=f"Numéros de TVA : {name}", source=NORM, bt="BT-31")
    def check(invoice: Invoice) -> Iterator[Finding]:
        if not any(line.vat_category == category for line in invoice.lines):
            return
        if category == "O":
            yield from _numbers_outside_vat(invoice)
        elif not _has_tax_number(invoice, allow_local=category not in ("AE", "K", "G") or category == "AE"):
            yield Finding(
                "seller.vat_number",
                f"Le numéro de TVA du fournisseur manque alors que des lignes sont en TVA « {category} » ({name}).",
                "Ajoutez votre numéro de TVA intracommunautaire (FR…).",
                "The seller's VAT identifier is missing.",
            )
        elif category in ("AE", "K") and not _buyer_known_to_tax(invoice, category):
            yield Finding(
                "buyer.vat_number",
                f"Le numéro de TVA du destinataire manque ({name}).",
                "Ajoutez le numéro de TVA intracommunautaire du destinataire.",
                "The buyer's VAT identifier is missing.",
            )


def _has_tax_number(invoice: Invoice, *, allow_local: bool) -> bool:
    representative = invoice.tax_representative
    local = allow_local and invoice.seller.tax_registration
    return bool(invoice.seller.vat_number or local or (representative and representative.vat_number))


def _buyer_known_to_tax(invoice: Invoice, category: str) -> bool:
    return bool(invoice.buyer.vat_number or (category == "AE" and invoice.buyer.legal_id))


def _numbers_outside_vat(invoice: Invoice) -> Iterator[Finding]:
    representative = invoice.tax_representative
    if invoice.seller.vat_number or invoice.buyer.vat_number or (representative and representative.vat_number):
        yield Finding(
            "seller.vat_number",
            "Une facture hors champ de la TVA (« O ») porte un numéro de TVA.",
            "Retirez les numéros de TVA, ou utilisez « E » (exonération) pour une franchise en base.",
            "An invoice outside the scope of VAT bears a VAT identifier.",
        )


def _rate_rules(category: str, prefix: str, name: str) -> None:
    def findings(rates: Iterable[tuple[str, Decimal | None]]) -> Iterator[Finding]:
        for path, rate in rates:
            if not _rate_fits(category, rate):
                yield _bad_rate(path, category, name, rate)

    @rule(f"BR-{prefix}-05", title=f"Taux de ligne : {name}", source=NORM, bt="BT-152")
    def lines(invoice: Invoice) -> Iterator[Finding]:
        yield from findings(_rates(invoice, category))

    @rule(f"BR-{prefix}-06", title=f"Taux de remise : {name}", source=NORM, bt="BT-96")
    def allowances(invoice: Invoice) -> Iterator[Finding]:
        yield from findings(_document_rates(invoice, category, charge=False))

    @rule(f"BR-{prefix}-07", title=f"Taux de frais : {name}", source=NORM, bt="BT-103")
    def charges(invoice: Invoice) -> Iterator[Finding]:
        yield from findings(_document_rates(invoice, category, charge=True))


def _rate_fits(category: str, rate: Decimal | None) -> bool:
    if category == "S":
        return rate is not None and rate > 0
    return rate is None if category == "O" else rate is not None and rate == 0


def _bad_rate(path: str, category: str, name: str, rate: Decimal | None) -> Finding:
    shown = "absent" if rate is None else f"de {french(rate)} %"
    expected = {"S": "un taux supérieur à zéro", "O": "aucun taux"}.get(category, "un taux de 0 %")
    return Finding(
        path,
        f"Le taux de TVA est {shown} alors que le code « {category} » ({name}) demande {expected}.",
        "Corrigez le taux, ou le code de TVA : S (taxé), E (exonéré), AE (autoliquidation), O (hors champ).",
        f"The VAT rate does not fit category {category}.",
    )


def _base(category: str, prefix: str, name: str) -> None:
    @rule(f"BR-{prefix}-08", title=f"Base de TVA : {name}", source=NORM, bt="BT-116")
    def check(invoice: Invoice, context: Context) -> Iterator[Finding]:
        # EXTENDED admits two ways of computing the breakdown: the official sheet judges it alone.
        if not context.has_lines or not invoice.lines or context.profile in _EXTENDED:
            return
        bases = vat_bases(invoice)
        for position, entry in enumerate(invoice.vat):
            if entry.category != category or entry.base is None:
                continue
            expected = cents(_expected_base(bases, category, entry.rate))
            if entry.base != expected:
                yield Finding(
                    f"vat[{position}].base",
                    f"La base de TVA « {category} » {_percent(entry.rate)}vaut {french(entry.base)} au lieu de "
                    f"{french(expected)} (lignes − remises + frais) : écart de {french(abs(entry.base - expected))}.",
                    f"Recalculez la base de ce taux : {french(expected)}.",
                    f"The taxable amount is {entry.base}, expected {expected}.",
                )


def _percent(rate: Decimal | None) -> str:
    return f"à {french(rate)} % " if rate else ""


def _expected_base(bases: dict[tuple[str, Decimal | None], Decimal], category: str, rate: Decimal | None) -> Decimal:
    """By rate for S; for the others by category alone, as the norm says."""
    if category == "S":
        return bases.get((category, rate), ZERO)
    return total(amount for (found, _), amount in bases.items() if found == category)


def _amount(category: str, prefix: str, name: str) -> None:
    if category == "S":
        return  # BR-S-09 says what BR-CO-17 says: one fault is enough

    @rule(f"BR-{prefix}-09", title=f"Montant de TVA nul : {name}", source=NORM, bt="BT-117")
    def check(invoice: Invoice) -> Iterator[Finding]:
        for position, entry in enumerate(invoice.vat):
            if entry.category == category and entry.amount:
                yield Finding(
                    f"vat[{position}].amount",
                    f"Le code de TVA « {category} » ({name}) ne donne pas de TVA, or le montant est "
                    f"{french(entry.amount)}.",
                    "Mettez 0,00, ou corrigez le code de TVA.",
                    f"Category {category} bears no VAT.",
                )


def _reason(category: str, prefix: str, name: str) -> None:
    @rule(f"BR-{prefix}-10", title=f"Motif d’exonération : {name}", source=NORM, bt="BT-120")
    def check(invoice: Invoice) -> Iterator[Finding]:
        for position, entry in enumerate(invoice.vat):
            given = bool(entry.exemption_reason or entry.exemption_code)
            if entry.category == category and given is not (category in _NEEDS_REASON):
                yield _reason_finding(f"vat[{position}].exemption_reason", category, name, given)


def _reason_finding(path: str, category: str, name: str, given: bool) -> Finding:
    if given:
        sentence = f"Un motif d’exonération accompagne la TVA « {category} » ({name}), qui n’en veut pas."
        return Finding(path, sentence, "Retirez le motif, ou corrigez le code de TVA.", "Unexpected exemption reason.")
    return Finding(
        path,
        f"Le motif manque pour la TVA « {category} » ({name}) : la facture serait refusée.",
        "Indiquez le motif, par exemple « TVA non applicable, art. 293 B du CGI » ou « Autoliquidation ».",
        "The VAT exemption reason is missing.",
    )


for _category in FAMILIES:
    _family(_category)


@rule("BR-IC-11", title="Date de livraison intracommunautaire", source=NORM, bt="BT-72")
def intra_community_date(invoice: Invoice) -> Iterator[Finding]:
    """A delivery date or a period."""
    dated = (invoice.delivery and invoice.delivery.day) or invoice.period
    if any(entry.category == "K" for entry in invoice.vat) and not dated:
        yield Finding(
            "delivery.day",
            "Une livraison intracommunautaire n’a pas de date.",
            "Indiquez la date de livraison ou la période.",
            "An intra-community supply needs a delivery date.",
        )


@rule("BR-IC-12", title="Pays de livraison intracommunautaire", source=NORM, bt="BT-80")
def intra_community_country(invoice: Invoice) -> Iterator[Finding]:
    """The country where it was delivered."""
    address = invoice.delivery.address if invoice.delivery else None
    if any(entry.category == "K" for entry in invoice.vat) and not (address and address.country):
        yield Finding(
            "delivery.address.country",
            "Une livraison intracommunautaire n’indique pas le pays de livraison.",
            "Indiquez l’adresse de livraison, avec son pays.",
            "An intra-community supply needs the delivery country.",
        )
