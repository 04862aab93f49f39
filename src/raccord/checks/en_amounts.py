"""EN 16931: the sums (BR-CO-10 to BR-CO-17) and the decimals (BR-DEC). To the cent, in ``Decimal``, without
tolerance where the norm has none: one cent rejects (`specifications/diagnosis.md` DEP-07).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal

from raccord.checks.context import Context
from raccord.checks.en_terms import NORM
from raccord.checks.registry import Finding, rule
from raccord.domain.faults import Severity
from raccord.domain.invoice import AllowanceCharge, Invoice
from raccord.domain.money import CENT, ZERO, cents, exact_product, exact_quotient, french, percent_of, scale, total
from raccord.formats.profiles import Profile
from raccord.formats.totals import signed_sum

_TOLERANCE = Decimal(1)


def _differs(path: str, name: str, written: Decimal, expected: Decimal, how: str) -> Finding:
    gap = abs(written - expected)
    return Finding(
        path,
        f"{name} vaut {french(written)} au lieu de {french(expected)} ({how}) : écart de {french(gap)}.",
        f"Recalculez {name[0].lower()}{name[1:]} : {french(expected)}.",
        f"{path} is {written}, expected {expected}.",
    )


def _equal(written: Decimal | None, expected: Decimal) -> bool:
    return written is None or written == expected


@rule("BR-CO-10", title="Somme des lignes", source=NORM, bt="BT-106")
def sum_of_lines(invoice: Invoice, context: Context) -> Iterator[Finding]:
    """BT-106 = sum of BT-131."""
    if not context.has_lines or not invoice.lines:
        return
    expected = total(line.net or ZERO for line in invoice.lines if line.is_summed)
    if not _equal(invoice.totals.lines, expected):
        yield _differs(
            "totals.lines", "La somme des lignes", invoice.totals.lines or ZERO, expected, "lignes additionnées"
        )


def _document_sum(invoice: Invoice, charge: bool) -> Decimal:
    return total(entry.amount or ZERO for entry in invoice.allowances_charges if entry.is_charge is charge)


@rule("BR-CO-11", title="Somme des remises", source=NORM, bt="BT-107")
def sum_of_allowances(invoice: Invoice) -> Iterator[Finding]:
    """BT-107 = sum of BT-92."""
    expected = _document_sum(invoice, charge=False)
    if (invoice.totals.allowances or ZERO) != expected:
        yield _differs(
            "totals.allowances",
            "Le total des remises",
            invoice.totals.allowances or ZERO,
            expected,
            "remises additionnées",
        )


@rule("BR-CO-12", title="Somme des frais", source=NORM, bt="BT-108")
def sum_of_charges(invoice: Invoice) -> Iterator[Finding]:
    """BT-108 = sum of BT-99."""
    expected = _document_sum(invoice, charge=True)
    if (invoice.totals.charges or ZERO) != expected:
        yield _differs(
            "totals.charges", "Le total des frais", invoice.totals.charges or ZERO, expected, "frais additionnés"
        )


@rule("BR-CO-13", title="Total hors taxes", source=NORM, bt="BT-109")
def net_total(invoice: Invoice) -> Iterator[Finding]:
    """BT-109 = BT-106 - BT-107 + BT-108."""
    totals = invoice.totals
    if totals.lines is None or totals.net is None:
        return
    expected = totals.lines - (totals.allowances or ZERO) + (totals.charges or ZERO)
    if totals.net != expected:
        yield _differs("totals.net", "Le total hors taxes", totals.net, expected, "lignes − remises + frais")


@rule("BR-CO-14", title="Total de TVA", source=NORM, bt="BT-110")
def vat_total(invoice: Invoice) -> Iterator[Finding]:
    """BT-110 = sum of BT-117."""
    if not invoice.vat:
        return
    expected = total(entry.amount or ZERO for entry in invoice.vat)
    if not _equal(invoice.totals.vat, expected):
        yield _differs(
            "totals.vat", "Le total de TVA", invoice.totals.vat or ZERO, expected, "TVA de chaque taux additionnée"
        )


@rule("BR-CO-15", title="Total TTC", source=NORM, bt="BT-112")
def gross_total(invoice: Invoice) -> Iterator[Finding]:
    """BT-112 = BT-109 + BT-110."""
    totals = invoice.totals
    if totals.net is None or totals.gross is None:
        return
    expected = totals.net + (totals.vat or ZERO)
    if totals.gross != expected:
        yield _differs("totals.gross", "Le total TTC", totals.gross, expected, "total HT + TVA")


@rule("BR-CO-16", title="Montant à payer", source=NORM, bt="BT-115")
def payable(invoice: Invoice, context: Context) -> Iterator[Finding]:
    """BT-115 = BT-112 - BT-113 + BT-114. MINIMUM cannot say what was paid."""
    totals = invoice.totals
    if totals.gross is None or totals.payable is None or context.profile is Profile.MINIMUM:
        return
    expected = totals.gross - (totals.prepaid or ZERO) + (totals.rounding or ZERO)
    if totals.payable != expected:
        yield _differs("totals.payable", "Le montant à payer", totals.payable, expected, "TTC − déjà payé + arrondi")


@rule("BR-CO-17", title="TVA de chaque taux", source=NORM, bt="BT-117")
def vat_amounts(invoice: Invoice, context: Context) -> Iterator[Finding]:
    """BT-117 = BT-116 x BT-119 / 100; the sheets tolerate one unit of currency (UBL: less than one)."""
    for position, written, expected in _vat_gaps(invoice):
        gap = abs(written - expected)
        if gap > _TOLERANCE or (gap == _TOLERANCE and context.syntax.is_ubl):
            yield _differs(f"vat[{position}].amount", "La TVA d’un taux", written, expected, "base × taux")


@rule(
    "CP-TVA-01",
    title="TVA au centime",
    source="specifications/diagnosis.md DEP-07",
    bt="BT-117",
    severity=Severity.WARNING,
)
def vat_to_the_cent(invoice: Invoice) -> Iterator[Finding]:
    """Within the norm's tolerance, but Chorus Pro has been seen to refuse a cent."""
    for position, written, expected in _vat_gaps(invoice):
        if CENT <= abs(written - expected) <= _TOLERANCE:
            yield _differs(f"vat[{position}].amount", "La TVA d’un taux", written, expected, "base × taux")


def _vat_gaps(invoice: Invoice) -> Iterator[tuple[int, Decimal, Decimal]]:
    for position, entry in enumerate(invoice.vat):
        if entry.base is not None and entry.amount is not None:
            yield position, entry.amount, percent_of(entry.base, entry.rate or ZERO)


@rule("BR-CO-18", title="Ventilation de TVA présente", source=NORM, bt="BG-23")
def vat_breakdown_present(invoice: Invoice, context: Context) -> Iterator[Finding]:
    """One group of VAT at least, even when nothing is due."""
    if not invoice.vat and context.profile is not Profile.MINIMUM:
        yield Finding(
            "vat",
            "La ventilation de la TVA est absente : la facture serait refusée.",
            "Ajoutez une ligne de TVA par taux, même à zéro.",
            "The VAT breakdown is missing.",
        )


@rule("BR-45", title="Base de TVA de chaque groupe", source=NORM, bt="BT-116")
def vat_base_present(invoice: Invoice) -> Iterator[Finding]:
    """Each group of VAT has a base."""
    for position, entry in enumerate(invoice.vat):
        if entry.base is None:
            yield _vat_part(f"vat[{position}].base", "la base hors taxes")


@rule("BR-46", title="Montant de TVA de chaque groupe", source=NORM, bt="BT-117")
def vat_amount_present(invoice: Invoice) -> Iterator[Finding]:
    """Each group of VAT has an amount."""
    for position, entry in enumerate(invoice.vat):
        if entry.amount is None:
            yield _vat_part(f"vat[{position}].amount", "le montant de TVA")


@rule("BR-47", title="Code de TVA de chaque groupe", source=NORM, bt="BT-118")
def vat_category_present(invoice: Invoice) -> Iterator[Finding]:
    """Each group of VAT has a category."""
    for position, entry in enumerate(invoice.vat):
        if not entry.category:
            yield _vat_part(f"vat[{position}].category", "le code de TVA")


@rule("BR-48", title="Taux de TVA de chaque groupe", source=NORM, bt="BT-119")
def vat_rate_present(invoice: Invoice) -> Iterator[Finding]:
    """Each group of VAT has a rate, but for what is outside VAT (O)."""
    for position, entry in enumerate(invoice.vat):
        if entry.rate is None and entry.category != "O":
            yield _vat_part(f"vat[{position}].rate", "le taux de TVA")


def _vat_part(path: str, name: str) -> Finding:
    return Finding(
        path,
        f"Il manque {name} dans la ventilation de la TVA : la facture serait refusée.",
        f"Renseignez {name} pour chaque taux.",
        f"{path} is missing.",
    )


@rule(
    "CP-LIG-01",
    title="Montant de ligne = quantité × prix",
    source="specifications/diagnosis.md DEP-07",
    bt="BT-131",
    severity=Severity.WARNING,
)
def line_amounts(invoice: Invoice) -> Iterator[Finding]:
    """The norm has no rule for it, the buyer's accountant does. Two cents of rounding are let through."""
    for position, line in enumerate(invoice.lines):
        price, quantity, net = line.price.net, line.quantity, line.net
        base = line.price.base_quantity or Decimal(1)
        if price is None or quantity is None or net is None or not base:
            continue
        raw = exact_product(quantity, price) if base == 1 else exact_quotient(exact_product(quantity, price), base)
        expected = raw + signed_sum(line.allowances_charges) if line.allowances_charges else raw
        if abs(net - expected) > 2 * CENT:
            yield _differs(
                f"lines[{position}].net", f"Le montant de la ligne {line.id}", net, cents(expected), "quantité × prix"
            )


def _two_decimals(code: str, bt: str, path: str, name: str, get: Callable[[Invoice], Decimal | None]) -> None:
    @rule(code, title=f"Deux décimales : {name}", source=NORM, bt=bt)
    def check(invoice: Invoice) -> Iterator[Finding]:
        amount = get(invoice)
        if amount is not None and scale(amount) > 2:
            yield _decimals(path, name, amount)


def _decimals(path: str, name: str, amount: Decimal) -> Finding:
    return Finding(
        path,
        f"{name} ({amount}) a plus de deux décimales : la facture serait refusée.",
        f"Arrondissez au centime : {french(cents(amount))}.",
        f"{path} has more than two decimals.",
    )


_two_decimals("BR-DEC-09", "BT-106", "totals.lines", "La somme des lignes", lambda i: i.totals.lines)
_two_decimals("BR-DEC-10", "BT-107", "totals.allowances", "Le total des remises", lambda i: i.totals.allowances)
_two_decimals("BR-DEC-11", "BT-108", "totals.charges", "Le total des frais", lambda i: i.totals.charges)
_two_decimals("BR-DEC-12", "BT-109", "totals.net", "Le total hors taxes", lambda i: i.totals.net)
_two_decimals("BR-DEC-13", "BT-110", "totals.vat", "Le total de TVA", lambda i: i.totals.vat)
_two_decimals("BR-DEC-14", "BT-112", "totals.gross", "Le total TTC", lambda i: i.totals.gross)
_two_decimals(
    "BR-DEC-15", "BT-111", "totals.vat_accounting", "La TVA en devise comptable", lambda i: i.totals.vat_accounting
)
_two_decimals("BR-DEC-16", "BT-113", "totals.prepaid", "Le montant déjà payé", lambda i: i.totals.prepaid)
_two_decimals("BR-DEC-17", "BT-114", "totals.rounding", "L’arrondi", lambda i: i.totals.rounding)
_two_decimals("BR-DEC-18", "BT-115", "totals.payable", "Le montant à payer", lambda i: i.totals.payable)


@rule("BR-DEC-19", title="Deux décimales : base de TVA", source=NORM, bt="BT-116")
def base_decimals(invoice: Invoice) -> Iterator[Finding]:
    """Bases of VAT in cents."""
    for position, entry in enumerate(invoice.vat):
        if entry.base is not None and scale(entry.base) > 2:
            yield _decimals(f"vat[{position}].base", "La base de TVA", entry.base)


@rule("BR-DEC-20", title="Deux décimales : montant de TVA", source=NORM, bt="BT-117")
def vat_decimals(invoice: Invoice) -> Iterator[Finding]:
    """Amounts of VAT in cents."""
    for position, entry in enumerate(invoice.vat):
        if entry.amount is not None and scale(entry.amount) > 2:
            yield _decimals(f"vat[{position}].amount", "Le montant de TVA", entry.amount)


@rule("BR-DEC-23", title="Deux décimales : montant de ligne", source=NORM, bt="BT-131")
def line_decimals(invoice: Invoice) -> Iterator[Finding]:
    """Net amounts of lines in cents."""
    for position, line in enumerate(invoice.lines):
        if line.net is not None and scale(line.net) > 2:
            yield _decimals(f"lines[{position}].net", f"Le montant de la ligne {line.id}", line.net)


def _allowance_decimals(code: str, bt: str, charge: bool, get: Callable[[AllowanceCharge], Decimal | None]) -> None:
    kind = "frais" if charge else "remises"

    @rule(code, title=f"Deux décimales : {kind} du document", source=NORM, bt=bt)
    def check(invoice: Invoice) -> Iterator[Finding]:
        for position, entry in enumerate(invoice.allowances_charges):
            amount = get(entry)
            if entry.is_charge is charge and amount is not None and scale(amount) > 2:
                yield _decimals(f"allowances_charges[{position}]", f"Un montant des {kind}", amount)


_allowance_decimals("BR-DEC-01", "BT-92", False, lambda entry: entry.amount)
_allowance_decimals("BR-DEC-02", "BT-93", False, lambda entry: entry.base)
_allowance_decimals("BR-DEC-05", "BT-99", True, lambda entry: entry.amount)
_allowance_decimals("BR-DEC-06", "BT-100", True, lambda entry: entry.base)


@rule(
    "CP-QTE-01",
    title="Quatre décimales aux quantités",
    source="specifications/saisie.md §4",
    bt="BT-129",
    severity=Severity.WARNING,
)
def quantity_decimals(invoice: Invoice) -> Iterator[Finding]:
    """Quantities are kept with four decimals at most."""
    for position, line in enumerate(invoice.lines):
        if line.quantity is not None and scale(line.quantity) > 4 and scale(line.quantity.normalize()) > 4:
            yield Finding(
                f"lines[{position}].quantity",
                f"La quantité de la ligne {line.id} ({line.quantity}) a plus de quatre décimales : elle serait "
                "arrondie.",
                "Arrondissez-la à quatre décimales.",
                f"The quantity of line {line.id} has more than four decimals.",
            )


@rule(
    "CP-PRIX-01",
    title="Six décimales aux prix",
    source="notes sur les formats §1.3",
    bt="BT-146",
    severity=Severity.WARNING,
)
def price_decimals(invoice: Invoice) -> Iterator[Finding]:
    """Prices are kept with six decimals at most."""
    for position, line in enumerate(invoice.lines):
        price = line.price.net
        if price is not None and scale(price) > 6 and scale(price.normalize()) > 6:
            yield Finding(
                f"lines[{position}].price.net",
                f"Le prix de la ligne {line.id} ({price}) a plus de six décimales : il serait arrondi.",
                "Arrondissez-le à six décimales.",
                f"The price of line {line.id} has more than six decimals.",
            )
