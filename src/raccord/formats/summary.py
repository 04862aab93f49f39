"""An invoice from the few figures that a person reads on a PDF: for those whose software gives nothing else.

One line for each VAT rate, « selon le document joint »; the totals are computed. The PDF says the rest.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from raccord.domain.identifiers import IdScheme, Siret
from raccord.domain.invoice import (
    Account,
    Address,
    Identifier,
    Invoice,
    Item,
    Line,
    Party,
    PaymentMeans,
    PrecedingInvoice,
    Price,
    VatBreakdown,
)
from raccord.formats.profiles import EN16931_URN
from raccord.formats.totals import computed

_TRANSFER, _OTHER = "30", "1"
_LINE = "Selon le document joint"


@dataclass(frozen=True)
class Share:
    """What is invoiced at one rate: the amount without VAT, the rate in percent, the reason when it is 0."""

    base: Decimal
    rate: Decimal
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class Summary:
    """What a person reads on a PDF. `validator` is the SIRET of who validates a demand A9 or A12."""

    number: str
    issue_date: date
    supplier: Siret
    supplier_name: str
    recipient: Siret
    recipient_name: str
    shares: tuple[Share, ...]
    due_date: date | None = None
    type_code: str = "380"
    cadre: str = "A1"
    service: str = ""
    commitment: str = ""
    contract: str = ""
    iban: str = ""
    preceding: str = ""
    validator: Siret | None = None


def invoice_of(summary: Summary) -> Invoice:
    """The invoice, its totals computed."""
    credit = summary.type_code == "381"
    return computed(
        Invoice(
            number=summary.number,
            issue_date=summary.issue_date,
            type_code=summary.type_code,
            currency="EUR",
            seller=_party(summary.supplier, summary.supplier_name, vat_number=vat_number(summary.supplier)),
            buyer=_party(summary.recipient, summary.recipient_name),
            lines=tuple(_line(rank, share) for rank, share in enumerate(summary.shares, 1)),
            vat=tuple(_reason(share) for share in summary.shares if not share.rate),
            due_date=summary.due_date,
            payment_terms="" if summary.due_date else "Paiement à 30 jours",
            service=summary.service,
            commitment=summary.commitment,
            contract=summary.contract,
            cadre=summary.cadre,
            profile=EN16931_URN,
            preceding=(PrecedingInvoice(number=summary.preceding),) if summary.preceding else (),
            tax_representative=_validator(summary.validator) if summary.validator else None,
            payment_means=() if credit else (_means(summary.iban),),
        )
    )


def vat_number(siret: Siret) -> str:
    """The French VAT number of a firm: a key computed from its SIREN."""
    siren = str(siret)[:9]
    return f"FR{(12 + 3 * (int(siren) % 97)) % 97:02d}{siren}"


def _means(iban: str) -> PaymentMeans:
    plain = iban.replace(" ", "").upper()
    return PaymentMeans(code=_TRANSFER, account=Account(iban=plain)) if plain else PaymentMeans(code=_OTHER)


def _party(siret: Siret, name: str, vat_number: str = "") -> Party:
    return Party(
        name=name,
        identifiers=(Identifier(value=str(siret), scheme=IdScheme.SIRET.value),),
        legal_id=Identifier(value=str(siret)[:9], scheme=IdScheme.SIREN.value),
        vat_number=vat_number,
        address=Address(country="FR"),
    )


def _validator(siret: Siret) -> Party:
    """Who validates a demand A9 or A12, where Chorus Pro reads him in the profiles that have no place for him."""
    return _party(siret, "Valideur", vat_number=vat_number(siret))


def _line(rank: int, share: Share) -> Line:
    return Line(
        id=str(rank),
        quantity=Decimal(1),
        unit="C62",
        price=Price(net=share.base),
        vat_category="S" if share.rate else "E",
        vat_rate=share.rate,
        item=Item(name=_LINE),
    )


def _reason(share: Share) -> VatBreakdown:
    return VatBreakdown(base=share.base, amount=None, category="E", rate=share.rate, exemption_reason=share.reason)
