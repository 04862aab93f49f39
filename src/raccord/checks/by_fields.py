"""What `soumettre` cannot carry: asked of an invoice given as data that is to travel by that road only.

Source: specifications/saisie.md §4. The rules stand in the catalogue like the others; :func:`check_fields` applies
them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from raccord.checks.context import Context
from raccord.checks.registry import Finding, as_fault, catalogue, rule
from raccord.domain.faults import Fault
from raccord.domain.identifiers import Siret
from raccord.domain.invoice import Invoice

SOURCE = "specifications/saisie.md §4"
CADRES = {
    "A1": "A1_FACTURE_FOURNISSEUR",
    "A2": "A2_FACTURE_FOURNISSEUR_DEJA_PAYEE",
    "A9": "A9_FACTURE_SOUSTRAITANT",
    "A12": "A12_FACTURE_COTRAITANT",
}
"""The only cadres that `soumettre` takes, and their names there."""
DEFAULT_CADRE = "A1"
_VALIDATED = ("A9", "A12")
_EXEMPT = ("E", "AE", "K", "G")


def _elsewhere(_invoice: Invoice) -> Iterator[Finding]:
    """These rules hold on one road: :func:`check_fields` applies them."""
    yield from ()


for _code, _title, _bt in (
    ("CP-SAI-01", "Cadre admis par la saisie", "BT-23"),
    ("CP-SAI-02", "Valideur désigné pour A9 et A12", "EXT-FR-FE-BG-03"),
    ("CP-SAI-03", "Motif d’exonération de TVA donné", "BT-120"),
):
    rule(_code, title=_title, source=SOURCE, bt=_bt)(_elsewhere)


def check_fields(invoice: Invoice, today: date) -> tuple[Fault, ...]:
    """The faults that would keep `soumettre` from taking this invoice."""
    rules, context = {entry.code: entry for entry in catalogue()}, Context(today=today)
    return tuple(as_fault(rules[code], finding, context) for code, finding in _findings(invoice))


def validator_of(invoice: Invoice) -> Siret | None:
    """Who validates a demand A9 or A12: the sales agent, or the tax representative where older flux name him."""
    named = (party.siret for party in (invoice.sales_agent, invoice.tax_representative) if party)
    return next((siret for siret in named if siret), None)


def is_exempt(invoice: Invoice) -> bool:
    """Whether the whole invoice is exempt from VAT for a reason that must be given."""
    return bool(invoice.vat) and all(line.category in _EXEMPT for line in invoice.vat)


def _findings(invoice: Invoice) -> Iterable[tuple[str, Finding]]:
    cadre = invoice.cadre or DEFAULT_CADRE
    if cadre not in CADRES:
        sentence = f"Le cadre {cadre[:10]} ne peut pas être saisi par données : Chorus Pro refuserait cette facture."
        cure = "Choisissez l’envoi en Factur-X pour cette facture, ou l’un des cadres A1, A2, A9, A12."
        yield "CP-SAI-01", Finding("cadre", sentence, cure, "This billing frame cannot be submitted by fields.")
    if cadre in _VALIDATED and validator_of(invoice) is None:
        who = "du titulaire du marché" if cadre == "A9" else "du mandataire du groupement"
        sentence = f"Le SIRET {who}, qui doit valider cette facture, manque : Chorus Pro la refuserait."
        cure = f"Indiquez le SIRET {who} dans « sales_agent »."
        yield "CP-SAI-02", Finding("sales_agent", sentence, cure, "The validator's SIRET is missing.")
    if is_exempt(invoice) and not any(line.exemption_reason or line.exemption_code for line in invoice.vat):
        sentence = "La facture est exonérée de TVA sans dire pourquoi : Chorus Pro la refuserait."
        cure = "Indiquez le motif d’exonération (par exemple « Autoliquidation »)."
        yield "CP-SAI-03", Finding("vat", sentence, cure, "The reason for the VAT exemption is missing.")
