"""Chorus Pro's own rules on the head of an invoice: number, service, engagement, cadre, type, currency.

No official rule sheet covers them. Sources: `specifications/flux.md §5 and §7`, `specifications/saisie.md
§4`, `specifications/diagnosis.md §9`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

from raccord.checks.context import Context
from raccord.checks.registry import HISTORIC_ONLY, Finding, rule
from raccord.domain.cadres import WORKS_BY_FLUX, cadre_label, is_works
from raccord.domain.faults import Severity
from raccord.domain.identifiers import (
    COMMITMENT_NUMBER_MAX,
    CONTRACT_NUMBER_MAX,
    INVOICE_NUMBER_MAX,
    SERVICE_CODE_MAX,
)
from raccord.domain.invoice import Invoice

FLUX = "specifications/flux.md §7"
_NUMBER = re.compile(r"[A-Za-z0-9\-_/+]+")
_CADRE = re.compile(r"A(?:[1-9]|1[0-9]|2[0-5])")
_AFNOR_CADRE = re.compile(r"[SBM][1-8]")
_TYPES = frozenset({"380", "381", "384", "386", "393", "396", "472", "262", "326", "875", "876", "877"})
_SELF_BILLED = frozenset({"389", "261", "471", "473", "500", "501", "502", "503"})


@rule("CP-NUM-01", title="Numéro de facture présent", source=FLUX, bt="BT-1")
def number_present(invoice: Invoice) -> Iterator[Finding]:
    """An invoice without a number cannot be told from another."""
    if not invoice.number:
        yield Finding(
            "number",
            "Le numéro de facture est absent : Chorus Pro refuse une facture sans numéro.",
            "Saisissez le numéro de la facture.",
            "The invoice number is missing.",
        )


@rule("CP-NUM-02", title="Numéro de 20 caractères au plus", source=FLUX, bt="BT-1")
def number_length(invoice: Invoice) -> Iterator[Finding]:
    """20 characters towards the public sector, where the norm allows more (rule G1.05)."""
    length = len(invoice.number)
    if length > INVOICE_NUMBER_MAX:
        yield Finding(
            "number",
            f"Le numéro « {invoice.number[:60]} » compte {length} caractères : Chorus Pro en accepte 20 au plus.",
            f"Raccourcissez-le, par exemple en « {invoice.number[-INVOICE_NUMBER_MAX:]} », sur la facture aussi.",
            f"The invoice number has {length} characters; 20 at most are accepted.",
        )


@rule("CP-NUM-03", title="Caractères du numéro", source=FLUX, bt="BT-1")
def number_characters(invoice: Invoice) -> Iterator[Finding]:
    """Letters without accent, digits and - _ / + only."""
    if invoice.number and not _NUMBER.fullmatch(invoice.number):
        clean = re.sub(r"[^A-Za-z0-9\-_/+]", "-", invoice.number)
        yield Finding(
            "number",
            f"Le numéro « {invoice.number[:60]} » contient un caractère que Chorus Pro refuse.",
            f"N’utilisez que des lettres sans accent, des chiffres et - _ / +, par exemple « {clean[:20]} ».",
            "The invoice number holds a character outside A-Z a-z 0-9 - _ / +.",
        )


@rule("CP-NUM-04", title="Numéro qui n’est pas seulement la date du jour", source=FLUX, bt="BT-1")
def number_is_not_the_day(invoice: Invoice, context: Context) -> Iterator[Finding]:
    """The good-practice page refuses ``20230305``: the next invoice of the day would be a duplicate."""
    days = {context.today, invoice.issue_date} - {None} if len(invoice.number) == 8 else ()
    if any(day and invoice.number in (f"{day:%Y%m%d}", f"{day:%d%m%Y}") for day in days):
        yield Finding(
            "number",
            f"Le numéro « {invoice.number} » n’est que la date du jour : il ne sera pas unique.",
            f"Ajoutez un numéro d’ordre, par exemple « {invoice.number}-001 ».",
            "The invoice number is only the date.",
        )


@rule("CP-DATE-02", title="Date d’émission plausible", source=FLUX, bt="BT-2")
def issue_date_plausible(invoice: Invoice, context: Context) -> Iterator[Finding]:
    """A date in the future, or before Chorus Pro existed, is a slip of the keyboard."""
    day = invoice.issue_date
    if day and (day > context.today + timedelta(days=1) or day.year < 2012):
        yield Finding(
            "issue_date",
            f"La date d’émission {day:%d/%m/%Y} n’est pas plausible (nous sommes le {context.today:%d/%m/%Y}).",
            "Vérifiez la date de la facture : elle compte pour l’unicité du numéro et pour le délai de paiement.",
            f"The issue date {day} is not plausible.",
        )


@rule("CP-DATE-03", title="Échéance après l’émission", source=FLUX, bt="BT-9", severity=Severity.WARNING)
def due_date_after_issue(invoice: Invoice) -> Iterator[Finding]:
    """The due date does not count for a public body, but a wrong one betrays a wrong invoice."""
    if invoice.due_date and invoice.issue_date and invoice.due_date < invoice.issue_date:
        yield Finding(
            "due_date",
            f"L’échéance ({invoice.due_date:%d/%m/%Y}) précède la date d’émission ({invoice.issue_date:%d/%m/%Y}).",
            "Corrigez l’une des deux dates.",
            "The due date precedes the issue date.",
        )


@rule("CP-SERV-01", title="Code service de 100 caractères au plus", source=FLUX, bt="BT-10")
def service_length(invoice: Invoice) -> Iterator[Finding]:
    """Annex: code service ≤ 100."""
    yield from _too_long("service", "Le code service", invoice.service, SERVICE_CODE_MAX)


@rule("CP-ENG-01", title="Numéro d’engagement de 50 caractères au plus", source=FLUX, bt="BT-13")
def commitment_length(invoice: Invoice) -> Iterator[Finding]:
    """Mapping sheet: engagement ≤ 50."""
    yield from _too_long("commitment", "Le numéro d’engagement", invoice.commitment, COMMITMENT_NUMBER_MAX)


@rule("CP-MAR-01", title="Numéro de marché de 50 caractères au plus", source=FLUX, bt="BT-12")
def contract_length(invoice: Invoice) -> Iterator[Finding]:
    """Mapping sheet: marché ≤ 50."""
    yield from _too_long("contract", "Le numéro de marché", invoice.contract, CONTRACT_NUMBER_MAX)


def _too_long(path: str, name: str, value: str, maximum: int) -> Iterator[Finding]:
    if len(value) > maximum:
        yield Finding(
            path,
            f"{name} compte {len(value)} caractères : Chorus Pro en accepte {maximum} au plus.",
            "Recopiez la référence exacte du bon de commande, sans commentaire.",
            f"{path} has {len(value)} characters; {maximum} at most are accepted.",
        )


@rule(
    "CP-NOTE-01",
    title="Note de 1024 caractères au plus",
    source="notes sur les formats §1.3",
    bt="BT-22",
    severity=Severity.WARNING,
)
def note_length(invoice: Invoice) -> Iterator[Finding]:
    """Longer notes are cut or refused on the way to the buyer."""
    for position, note in enumerate(invoice.notes):
        if len(note.text) > 1024:
            yield Finding(
                f"notes[{position}]",
                f"La note n° {position + 1} compte {len(note.text)} caractères : au-delà de 1024, elle peut être "
                "coupée.",
                "Raccourcissez-la, ou mettez ce texte dans une pièce jointe.",
                "A note exceeds 1024 characters.",
            )


@rule(
    "CP-CAD-01",
    title="Cadre de facturation A1 à A25",
    source="specifications/flux.md §5 (G1.02)",
    bt="BT-23",
    channels=HISTORIC_ONLY,
)
def cadre_known(invoice: Invoice) -> Iterator[Finding]:
    """The historic channel knows A1 to A25 only; empty means A1 (told by CP-CAD-03)."""
    cadre = invoice.cadre
    if cadre and not _CADRE.fullmatch(cadre) and not _AFNOR_CADRE.fullmatch(cadre):
        yield Finding(
            "cadre",
            f"Le cadre de facturation « {cadre[:60]} » n’existe pas dans Chorus Pro : la facture serait rejetée.",
            "Indiquez A1 (facture de fournisseur), A2 (déjà payée), A9 (sous-traitant) ou A12 (cotraitant).",
            f"The business process {cadre[:60]!r} is no cadre of Chorus Pro.",
        )


@rule(
    "CP-CAD-02",
    title="Cadre de la réforme dans le canal historique",
    source="specifications/flux.md §7 (BT-23 of the 2026 reform collides)",
    bt="BT-23",
    severity=Severity.WARNING,
    channels=HISTORIC_ONLY,
)
def cadre_of_the_reform(invoice: Invoice) -> Iterator[Finding]:
    """S1, B1... belong to approved platforms. What Chorus Pro does with them in its own channel is not
    written.
    """
    if _AFNOR_CADRE.fullmatch(invoice.cadre):
        near = {"2": "A2", "3": "A9", "6": "A12"}.get(invoice.cadre[1], "A1")
        yield Finding(
            "cadre",
            f"Le cadre « {invoice.cadre} » appartient à la réforme de 2026 : le dépôt direct attend un cadre A1 à A25.",
            f"Indiquez {near} pour un dépôt direct sur Chorus Pro.",
            f"{invoice.cadre} belongs to the channel of approved platforms.",
        )


@rule(
    "CP-CAD-03",
    title="Cadre de facturation indiqué",
    source="specifications/flux.md §8",
    bt="BT-23",
    severity=Severity.INFO,
    channels=HISTORIC_ONLY,
)
def cadre_said(invoice: Invoice) -> Iterator[Finding]:
    """Without a cadre the platform takes A1: wrong for a subcontractor."""
    if not invoice.cadre:
        yield Finding(
            "cadre",
            "Le cadre de facturation n’est pas indiqué : Chorus Pro retiendra A1 (facture de fournisseur).",
            "Indiquez A9 si vous êtes sous-traitant, A12 si vous êtes cotraitant, A2 si la facture est déjà payée.",
            "No cadre de facturation: A1 will be assumed.",
        )


@rule(
    "CP-CAD-04",
    title="Cadre de travaux admis par flux",
    source="specifications/api/factures-travaux.md §4",
    bt="BT-23",
    severity=Severity.WARNING,
    channels=HISTORIC_ONLY,
)
def cadre_travels(invoice: Invoice) -> Iterator[Finding]:
    """Documents of the MOE and of the MOA are made on the portal, in the folder of the contract."""
    cadre = invoice.cadre
    if is_works(cadre) and cadre not in WORKS_BY_FLUX:
        yield Finding(
            "cadre",
            f"Le cadre {cadre_label(cadre)}, n’est pas de ceux que Chorus Pro reçoit par flux : il s’établit sur le "
            "portail.",
            f"Par flux, indiquez {', '.join(WORKS_BY_FLUX[:-1])} ou {WORKS_BY_FLUX[-1]} ; sinon, saisissez ce document "
            "dans l’espace « Factures de travaux » du portail.",
            f"Cadre {cadre} is not among those that the platform takes in a flux.",
        )


@rule("CP-TYPE-01", title="Type de document accepté", source="notes sur les formats §1.3", bt="BT-3")
def type_accepted(invoice: Invoice) -> Iterator[Finding]:
    """Invoices, credit notes, corrections, prepayments, factored or partial ones; no self-billing."""
    if invoice.type_code and invoice.type_code not in _TYPES:
        self_billed = invoice.type_code in _SELF_BILLED
        reason = "l’autofacturation n’est pas prise en charge" if self_billed else "ce type n’est pas accepté"
        yield Finding(
            "type_code",
            f"Le type de document {invoice.type_code} sera refusé par Chorus Pro : {reason}.",
            "Utilisez 380 (facture), 381 (avoir), 384 (facture rectificative) ou 386 (acompte).",
            f"Document type {invoice.type_code} is not accepted.",
        )


@rule("CP-DEV-01", title="Une seule devise, l’euro", source=FLUX, bt="BT-5")
def currency_is_euro(invoice: Invoice) -> Iterator[Finding]:
    """One currency per invoice; another than EUR needs the VAT in EUR too (BT-6, BT-111)."""
    if invoice.currency and invoice.currency != "EUR" and invoice.accounting_currency != "EUR":
        yield Finding(
            "currency",
            f"La facture est en {invoice.currency} sans le montant de TVA en euros.",
            "Facturez en EUR, ou ajoutez la devise comptable EUR (BT-6) et la TVA en euros (BT-111).",
            "A currency other than EUR needs the VAT amount in EUR.",
        )


@rule(
    "CP-AV-01",
    title="Facture d’origine d’un avoir",
    source="notes sur les formats §1.3",
    bt="BT-25",
    severity=Severity.WARNING,
)
def credit_note_names_its_invoice(invoice: Invoice) -> Iterator[Finding]:
    """The buyer must know what the credit note is about; in B2G one invoice only."""
    if invoice.is_credit_note and len(invoice.preceding) != 1:
        many = bool(invoice.preceding)
        yield Finding(
            "preceding",
            "L’avoir renvoie à plusieurs factures : Chorus Pro n’en retient qu’une."
            if many
            else "L’avoir n’indique pas la facture d’origine : le service ne saura pas à quoi le rattacher.",
            "Faites un avoir par facture." if many else "Indiquez le numéro et la date de la facture d’origine.",
            "A credit note should name exactly one preceding invoice.",
        )
