"""Chorus Pro's own rules on the payment: its means, the account to credit.

Sources: `specifications/flux.md §5 and §7`, `specifications/diagnosis.md §9`, `specifications/api/enumerations.md §6`.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from stdnum import iban as stdnum_iban

from raccord.checks.context import Context
from raccord.checks.registry import HISTORIC_ONLY, Finding, rule
from raccord.domain.faults import Severity
from raccord.domain.invoice import Invoice
from raccord.formats.profiles import Profile

_FLUX = "specifications/flux.md §7"
_UNDEFINED = frozenset({"1", "ZZZ"})
_MEANS = frozenset({"10", "20", "30", "31", "42", "48", "49", "57", "58", "59", "97"})
_is_iban = lru_cache(maxsize=1000)(stdnum_iban.is_valid)
"""A supplier has one or two accounts, and invoices by the thousand."""


@rule(
    "CP-PAY-01",
    title="Mode de paiement présent sur une facture",
    source="specifications/flux.md §5 (BT-81, S2.05)",
    bt="BT-81",
    channels=HISTORIC_ONLY,
)
def payment_means_present(invoice: Invoice, context: Context) -> Iterator[Finding]:
    """Mass rejections of January 2025: the type code is compulsory whatever EN 16931 says (DEP-09)."""
    if invoice.is_credit_note or any(means.code for means in invoice.payment_means):
        return
    cure = "Indiquez le code du mode de paiement : 30 pour un virement, 49 pour un prélèvement, 20 pour un chèque."
    if context.profile is Profile.MINIMUM:
        cure = "Le profil MINIMUM n’a pas de place pour lui : exportez la facture en BASIC WL ou au-dessus."
    yield Finding(
        "payment_means",
        "Le mode de paiement est absent : Chorus Pro l’exige sur une facture et la rejetterait.",
        cure,
        "The payment means type code (BT-81) is missing.",
    )


@rule(
    "CP-PAY-02",
    title="Pas de mode de paiement sur un avoir",
    source="specifications/diagnosis.md DEP-09",
    bt="BT-81",
    severity=Severity.WARNING,
    channels=HISTORIC_ONLY,
)
def no_payment_means_on_a_credit_note(invoice: Invoice) -> Iterator[Finding]:
    """One client in production leaves it out because it is refused: advice, since nothing official says so."""
    if invoice.is_credit_note and invoice.payment_means:
        yield Finding(
            "payment_means",
            "L’avoir porte un mode de paiement : Chorus Pro n’en attend pas sur un avoir.",
            "Retirez le mode de paiement de l’avoir.",
            "A credit note should carry no payment means.",
        )


@rule(
    "CP-PAY-06",
    title="Mode de paiement admis",
    source=f"{_FLUX}, S2.05",
    bt="BT-81",
    channels=HISTORIC_ONLY,
)
def payment_means_allowed(invoice: Invoice) -> Iterator[Finding]:
    """A code outside of the list is a rejection (S2.05); « 1 » and « ZZZ », the undefined ones, are read."""
    if invoice.is_credit_note:
        return
    for position, means in enumerate(invoice.payment_means[:1]):
        if means.code and means.code not in _MEANS | _UNDEFINED:
            yield Finding(
                f"payment_means[{position}].code",
                f"Le mode de paiement « {means.code[:10]} » n’est pas admis : Chorus Pro rejetterait la facture.",
                "Indiquez 30 pour un virement, 49 pour un prélèvement, 20 pour un chèque, 10 pour des espèces.",
                "The payment means code (BT-81) is not allowed.",
            )


@rule(
    "CP-PAY-03",
    title="Mode de paiement de la liste",
    source="specifications/api/enumerations.md §6",
    bt="BT-81",
    severity=Severity.WARNING,
)
def payment_means_known(invoice: Invoice) -> Iterator[Finding]:
    """The pivot knows 10, 20, 30, 31, 42, 48, 49, 97; SEPA codes 57 to 59 are read but « not used »."""
    for position, means in enumerate(invoice.payment_means):
        if means.code and means.code not in _MEANS:
            yield Finding(
                f"payment_means[{position}].code",
                f"Le mode de paiement « {means.code[:20]} » n’est pas de ceux que Chorus Pro connaît.",
                "Utilisez 30 (virement), 49 (prélèvement), 20 (chèque), 10 (espèces), 48 (carte) ou 97 (report).",
                f"Payment means code {means.code[:20]} is unknown to Chorus Pro.",
            )


@rule("CP-PAY-04", title="IBAN présent pour un virement", source=_FLUX, bt="BT-84", channels=HISTORIC_ONLY)
def transfer_has_iban(invoice: Invoice) -> Iterator[Finding]:
    """IBAN needed for transfers; only IBAN accounts are accepted (DEP-08)."""
    transfers = [means for means in invoice.payment_means if means.code in ("30", "31", "42", "58")]
    if (
        transfers
        and not invoice.is_credit_note
        and not any(means.account and means.account.iban for means in transfers)
    ):
        yield Finding(
            "payment_means",
            "La facture demande un virement sans donner d’IBAN : Chorus Pro la refuserait.",
            "Ajoutez l’IBAN du compte à créditer (et déclarez-le aussi dans Chorus Pro).",
            "A credit transfer without an IBAN.",
        )


@rule("CP-PAY-05", title="IBAN bien formé", source=_FLUX, bt="BT-84", severity=Severity.WARNING)
def iban_well_formed(invoice: Invoice) -> Iterator[Finding]:
    """The key of an IBAN catches a mistyped digit before the payment is lost."""
    for position, means in enumerate(invoice.payment_means):
        number = means.account.iban if means.account else ""
        if number and not _is_iban(number):
            yield Finding(
                f"payment_means[{position}].account.iban",
                f"Le compte « {number[:40]} » n’est pas un IBAN valide : le paiement pourrait se perdre.",
                "Recopiez l’IBAN de votre RIB (27 caractères pour un compte français).",
                "The account is not a valid IBAN.",
            )
