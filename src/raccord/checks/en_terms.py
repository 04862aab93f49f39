"""EN 16931: the terms that an invoice must hold (BR-01 to BR-65). Codes are those of the norm, for life.

The official rule sheets remain the authority; these say it first, in French, and name the field.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from raccord.checks.context import Context
from raccord.checks.registry import Finding, rule
from raccord.domain.invoice import AllowanceCharge, Invoice, Line, Party
from raccord.formats.profiles import Profile

NORM = "EN 16931-1"
ALL = frozenset(Profile)
FROM_BASIC_WL = ALL - {Profile.MINIMUM}
WITH_LINES = FROM_BASIC_WL - {Profile.BASIC_WL}


def _absent(path: str, name: str, english: str) -> Finding:
    return Finding(
        path,
        f"Il manque {name} : la facture serait refusée.",
        f"Renseignez {name} dans votre logiciel.",
        f"{english} is missing.",
    )


def _required(
    code: str,
    bt: str,
    path: str,
    names: tuple[str, str],
    get: Callable[[Invoice], object],
    *,
    profiles: frozenset[Profile] = ALL,
) -> None:
    """Register « it must be there ». ``names``: in French with its article (« la date d'émission »), in
    English.
    """
    name, english = names

    @rule(code, title=f"Présence : {name}", source=NORM, bt=bt)
    def check(invoice: Invoice, context: Context) -> Iterator[Finding]:
        if context.profile in profiles and get(invoice) in (None, "", ()):
            yield _absent(path, name, english)


_required(
    "BR-01",
    "BT-24",
    "profile",
    ("l’identifiant du profil", "The specification identifier"),
    lambda i: i.profile,
)
_required("BR-03", "BT-2", "issue_date", ("la date d’émission", "The issue date"), lambda i: i.issue_date)
_required("BR-04", "BT-3", "type_code", ("le type de document", "The invoice type code"), lambda i: i.type_code)
_required("BR-05", "BT-5", "currency", ("la devise", "The currency"), lambda i: i.currency)
_required("BR-06", "BT-27", "seller.name", ("le nom du fournisseur", "The seller's name"), lambda i: i.seller.name)
_required("BR-07", "BT-44", "buyer.name", ("le nom du destinataire", "The buyer's name"), lambda i: i.buyer.name)
_required(
    "BR-08", "BG-5", "seller.address", ("l’adresse du fournisseur", "The seller's address"), lambda i: i.seller.address
)
_required(
    "BR-10",
    "BG-8",
    "buyer.address",
    ("l’adresse du destinataire", "The buyer's address"),
    lambda i: i.buyer.address,
    profiles=FROM_BASIC_WL,
)
_required(
    "BR-12",
    "BT-106",
    "totals.lines",
    ("la somme des lignes hors taxes", "The sum of line net amounts"),
    lambda i: i.totals.lines,
    profiles=FROM_BASIC_WL,
)
_required("BR-13", "BT-109", "totals.net", ("le total hors taxes", "The total without VAT"), lambda i: i.totals.net)
_required("BR-14", "BT-112", "totals.gross", ("le total TTC", "The total with VAT"), lambda i: i.totals.gross)
_required("BR-15", "BT-115", "totals.payable", ("le montant à payer", "The amount due"), lambda i: i.totals.payable)
_required(
    "BR-16",
    "BG-25",
    "lines",
    ("au moins une ligne de facture", "At least one invoice line"),
    lambda i: i.lines,
    profiles=WITH_LINES,
)


def _country(
    code: str, bt: str, path: str, name: str, get: Callable[[Invoice], Party | None], *, profiles: frozenset[Profile]
) -> None:
    @rule(code, title=f"Présence : {name}", source=NORM, bt=bt)
    def check(invoice: Invoice, context: Context) -> Iterator[Finding]:
        party = get(invoice)
        if context.profile in profiles and party and party.address and not party.address.country:
            yield _absent(path, name, "The country code")


_country("BR-09", "BT-40", "seller.address.country", "le pays du fournisseur", lambda i: i.seller, profiles=ALL)
_country(
    "BR-11", "BT-55", "buyer.address.country", "le pays du destinataire", lambda i: i.buyer, profiles=FROM_BASIC_WL
)
_country(
    "BR-20",
    "BT-69",
    "tax_representative.address.country",
    "le pays du représentant fiscal",
    lambda i: i.tax_representative,
    profiles=ALL,
)


@rule("BR-57", title="Présence : le pays de livraison", source=NORM, bt="BT-80")
def delivery_country(invoice: Invoice) -> Iterator[Finding]:
    """A delivery address has a country."""
    address = invoice.delivery.address if invoice.delivery else None
    if address and not address.country:
        yield _absent("delivery.address.country", "le pays de livraison", "The delivery country")


@rule("BR-17", title="Nom du bénéficiaire", source=NORM, bt="BT-59")
def payee_name(invoice: Invoice) -> Iterator[Finding]:
    """A payee has a name."""
    if invoice.payee and not invoice.payee.name:
        yield _absent("payee.name", "le nom du bénéficiaire du paiement", "The payee's name")


@rule("BR-18", title="Nom du représentant fiscal", source=NORM, bt="BT-62")
def representative_name(invoice: Invoice) -> Iterator[Finding]:
    """A tax representative has a name."""
    if invoice.tax_representative and not invoice.tax_representative.name:
        yield _absent("tax_representative.name", "le nom du représentant fiscal", "The tax representative's name")


@rule("BR-56", title="Numéro de TVA du représentant fiscal", source=NORM, bt="BT-63")
def representative_vat(invoice: Invoice) -> Iterator[Finding]:
    """A tax representative has a VAT number."""
    if invoice.tax_representative and not invoice.tax_representative.vat_number:
        yield _absent("tax_representative.vat_number", "le numéro de TVA du représentant fiscal", "The VAT number")


def _line_term(code: str, bt: str, field: str, names: tuple[str, str], missing: Callable[[Line], bool]) -> None:
    name, english = names

    @rule(code, title=f"Ligne : {name}", source=NORM, bt=bt)
    def check(invoice: Invoice) -> Iterator[Finding]:
        for position, line in enumerate(invoice.lines):
            if missing(line):
                place = f"{name} (ligne {line.id or position + 1})"
                yield _absent(f"lines[{position}].{field}", place, f"Line {line.id or position + 1}: {english}")


_line_term("BR-21", "BT-126", "id", ("le numéro de ligne", "its identifier"), lambda line: not line.id)
_line_term("BR-22", "BT-129", "quantity", ("la quantité", "the quantity"), lambda line: line.quantity is None)
_line_term("BR-23", "BT-130", "unit", ("l’unité de la quantité", "the unit"), lambda line: not line.unit)
_line_term("BR-24", "BT-131", "net", ("le montant hors taxes", "the net amount"), lambda line: line.net is None)
_line_term(
    "BR-25", "BT-153", "item.name", ("la désignation de l’article", "the item's name"), lambda line: not line.item.name
)
_line_term(
    "BR-26", "BT-146", "price.net", ("le prix unitaire net", "the net price"), lambda line: line.price.net is None
)
_line_term(
    "BR-CO-04", "BT-151", "vat_category", ("le code de TVA", "the VAT category"), lambda line: not line.vat_category
)


@rule("BR-27", title="Prix net positif", source=NORM, bt="BT-146")
def price_not_negative(invoice: Invoice) -> Iterator[Finding]:
    """A discount is a negative quantity, not a negative price."""
    for position, line in enumerate(invoice.lines):
        if line.price.net is not None and line.price.net < 0:
            yield Finding(
                f"lines[{position}].price.net",
                f"La ligne {line.id} a un prix unitaire négatif : la facture serait refusée.",
                "Mettez le signe moins sur la quantité, ou faites une remise.",
                f"Line {line.id} has a negative price.",
            )


@rule("BR-28", title="Prix brut positif", source=NORM, bt="BT-148")
def gross_price_not_negative(invoice: Invoice) -> Iterator[Finding]:
    """The price before discount is not negative either."""
    for position, line in enumerate(invoice.lines):
        if line.price.gross is not None and line.price.gross < 0:
            yield Finding(
                f"lines[{position}].price.gross",
                f"La ligne {line.id} a un prix brut négatif : la facture serait refusée.",
                "Mettez le signe moins sur la quantité, ou faites une remise.",
                f"Line {line.id} has a negative gross price.",
            )


@rule("BR-29", title="Période de facturation dans l’ordre", source=NORM, bt="BT-74")
def period_ordered(invoice: Invoice) -> Iterator[Finding]:
    """The end does not precede the start."""
    period = invoice.period
    if period and period.start and period.end and period.end < period.start:
        yield _reversed("period")


@rule("BR-30", title="Période de ligne dans l’ordre", source=NORM, bt="BT-135")
def line_period_ordered(invoice: Invoice) -> Iterator[Finding]:
    """The end does not precede the start."""
    for position, line in enumerate(invoice.lines):
        period = line.period
        if period and period.start and period.end and period.end < period.start:
            yield _reversed(f"lines[{position}].period")


def _reversed(path: str) -> Finding:
    return Finding(
        path,
        "La période de facturation finit avant de commencer.",
        "Corrigez la date de début ou la date de fin.",
        "The invoicing period ends before it starts.",
    )


def _allowance_term(
    code: str,
    bt: str,
    name: str,
    applies: Callable[[AllowanceCharge], bool],
    missing: Callable[[AllowanceCharge], bool],
) -> None:
    """Document allowances or charges: a term that each must hold."""

    @rule(code, title=f"Remise ou frais : {name}", source=NORM, bt=bt)
    def check(invoice: Invoice) -> Iterator[Finding]:
        for position, entry in enumerate(invoice.allowances_charges):
            if applies(entry) and missing(entry):
                yield _absent(
                    f"allowances_charges[{position}]", f"{name} d’une remise ou de frais", "A term of an allowance"
                )


def _is_allowance(entry: AllowanceCharge) -> bool:
    return not entry.is_charge


def _is_charge(entry: AllowanceCharge) -> bool:
    return entry.is_charge


def _no_reason(entry: AllowanceCharge) -> bool:
    return not (entry.reason or entry.reason_code)


_allowance_term("BR-31", "BT-92", "le montant", _is_allowance, lambda entry: entry.amount is None)
_allowance_term("BR-32", "BT-95", "le code de TVA", _is_allowance, lambda entry: not entry.vat_category)
_allowance_term("BR-33", "BT-97", "le motif", _is_allowance, _no_reason)
_allowance_term("BR-36", "BT-99", "le montant", _is_charge, lambda entry: entry.amount is None)
_allowance_term("BR-37", "BT-102", "le code de TVA", _is_charge, lambda entry: not entry.vat_category)
_allowance_term("BR-38", "BT-104", "le motif", _is_charge, _no_reason)


def _line_allowance(code: str, bt: str, name: str, charge: bool, missing: Callable[[AllowanceCharge], bool]) -> None:
    @rule(code, title=f"Remise ou frais de ligne : {name}", source=NORM, bt=bt)
    def check(invoice: Invoice) -> Iterator[Finding]:
        for position, line in enumerate(invoice.lines):
            if any(entry.is_charge is charge and missing(entry) for entry in line.allowances_charges):
                place = f"{name} d’une remise ou de frais (ligne {line.id})"
                yield _absent(f"lines[{position}].allowances_charges", place, f"Line {line.id}: a term of an allowance")


_line_allowance("BR-41", "BT-136", "le montant", False, lambda entry: entry.amount is None)
_line_allowance("BR-42", "BT-139", "le motif", False, _no_reason)
_line_allowance("BR-43", "BT-141", "le montant", True, lambda entry: entry.amount is None)
_line_allowance("BR-44", "BT-144", "le motif", True, _no_reason)


@rule("BR-49", title="Code du mode de paiement", source=NORM, bt="BT-81")
def means_code(invoice: Invoice) -> Iterator[Finding]:
    """Payment instructions say how to pay."""
    for position, means in enumerate(invoice.payment_means):
        if not means.code:
            yield _absent(f"payment_means[{position}].code", "le code du mode de paiement", "The payment means code")


@rule("BR-52", title="Référence d’un document justificatif", source=NORM, bt="BT-122")
def document_reference(invoice: Invoice) -> Iterator[Finding]:
    """A supporting document has a reference."""
    for position, attachment in enumerate(invoice.attachments):
        if not attachment.reference:
            yield _absent(f"attachments[{position}].reference", "la référence d’un document joint", "The reference")


@rule("BR-53", title="TVA en devise comptable", source=NORM, bt="BT-111")
def vat_in_accounting_currency(invoice: Invoice) -> Iterator[Finding]:
    """A second currency for VAT needs the amount in it."""
    if invoice.accounting_currency and invoice.totals.vat_accounting is None:
        other = invoice.accounting_currency != invoice.currency
        if other:
            yield _absent("totals.vat_accounting", f"le total de TVA en {invoice.accounting_currency}", "BT-111")


@rule("BR-54", title="Attribut d’article complet", source=NORM, bt="BT-160")
def attribute_complete(invoice: Invoice) -> Iterator[Finding]:
    """An attribute has a name and a value."""
    for position, line in enumerate(invoice.lines):
        if any(not (name and value) for name, value in line.item.attributes):
            yield _absent(
                f"lines[{position}].item.attributes", f"le nom ou la valeur d’un attribut (ligne {line.id})", "A value"
            )


@rule("BR-55", title="Numéro de la facture d’origine", source=NORM, bt="BT-25")
def preceding_number(invoice: Invoice) -> Iterator[Finding]:
    """A reference to a preceding invoice holds its number."""
    if any(not entry.number for entry in invoice.preceding):
        yield _absent("preceding", "le numéro de la facture d’origine", "The preceding invoice's number")


@rule("BR-62", title="Schéma de l’adresse électronique du fournisseur", source=NORM, bt="BT-34")
def seller_endpoint_scheme(invoice: Invoice) -> Iterator[Finding]:
    """An electronic address without its scheme leads nowhere."""
    yield from _endpoint(invoice.seller, "seller", "du fournisseur")


@rule("BR-63", title="Schéma de l’adresse électronique du destinataire", source=NORM, bt="BT-49")
def buyer_endpoint_scheme(invoice: Invoice) -> Iterator[Finding]:
    """An electronic address without its scheme leads nowhere."""
    yield from _endpoint(invoice.buyer, "buyer", "du destinataire")


def _endpoint(party: Party, path: str, whose: str) -> Iterator[Finding]:
    if party.electronic_address and not party.electronic_address.scheme:
        yield _absent(
            f"{path}.electronic_address", f"le schéma de l’adresse électronique {whose}", "The scheme identifier"
        )


@rule("BR-64", title="Schéma de l’identifiant standard d’article", source=NORM, bt="BT-157")
def standard_id_scheme(invoice: Invoice) -> Iterator[Finding]:
    """A standard identifier says whose standard it is."""
    for position, line in enumerate(invoice.lines):
        if line.item.standard_id and not line.item.standard_id.scheme:
            place = f"le schéma de l’identifiant standard (ligne {line.id})"
            yield _absent(f"lines[{position}].item.standard_id", place, "The scheme identifier")


@rule("BR-65", title="Schéma de la classification d’article", source=NORM, bt="BT-158")
def classification_scheme(invoice: Invoice) -> Iterator[Finding]:
    """A classification code says which classification."""
    for position, line in enumerate(invoice.lines):
        if any(not entry.scheme for entry in line.item.classifications):
            place = f"le schéma de la classification (ligne {line.id})"
            yield _absent(f"lines[{position}].item.classifications", place, "The scheme identifier")


@rule("BR-CO-26", title="Un identifiant du fournisseur", source=NORM, bt="BT-29")
def seller_is_identified(invoice: Invoice) -> Iterator[Finding]:
    """BT-29, BT-30 or BT-31: one at least, so that the buyer recognises the supplier by itself."""
    seller = invoice.seller
    if not (seller.identifiers or seller.legal_id or seller.vat_number):
        yield _absent(
            "seller.identifiers", "un identifiant du fournisseur (SIRET, SIREN ou numéro de TVA)", "An identifier"
        )
