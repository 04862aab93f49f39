"""The project's own invoices: plainly invented, valid for Chorus Pro's historic channel and for EN 16931, of
any size.

Used by the demonstration, the tests and the benchmarks. Everything follows from the arguments: the same call
gives the same invoice. Names are invented; SIRETs made here start with 00, which INSEE gives to nobody.
"""

from __future__ import annotations

import base64
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from raccord.domain.identifiers import IdScheme, Siret, french_vat_number, luhn
from raccord.domain.invoice import (
    Account,
    Address,
    Attachment,
    Contact,
    Delivery,
    Identifier,
    Invoice,
    Item,
    Line,
    Note,
    Party,
    PaymentMeans,
    PrecedingInvoice,
    Price,
)
from raccord.formats import cii, facturx, ubl
from raccord.formats.profiles import EN16931_URN
from raccord.formats.totals import computed

DEFAULT_DAY = date(2026, 11, 2)
IBAN = "FR7630006000011234567890189"
"""The example IBAN of the French banking guides: its key is right, the account is nobody's."""

_SELLERS = ("BÂTI-EXEMPLE SARL", "ÉLECTRICITÉ FICTIVE SAS", "PAPETERIE INVENTÉE SARL", "TRAVAUX IMAGINAIRES SA")
_BUYERS = ("COMMUNE DE VAL-FICTIF", "LYCÉE DE L’EXEMPLE", "HÔPITAL INVENTÉ", "DÉPARTEMENT DE NULLE-PART")
_GOODS = (
    ("Béton prêt à l’emploi C25/30", "MTQ"),
    ("Plaque de plâtre BA13", "C62"),
    ("Peinture acrylique blanche", "LTR"),
    ("Main-d’œuvre qualifiée", "HUR"),
    ("Location de nacelle", "DAY"),
    ("Câble R2V 3G2,5", "MTR"),
    ("Parquet stratifié chêne", "MTK"),
    ("Sable 0/4 livré", "TNE"),
)
_RATES = (Decimal("20"), Decimal("20"), Decimal("10"), Decimal("5.5"))
_MENTIONS = (
    Note(subject="PMT", text="Indemnité forfaitaire pour frais de recouvrement en cas de retard : 40 euros."),
    Note(
        subject="PMD",
        text="Retard de paiement : intérêts au taux de la BCE majoré de huit points (art. R2192-31 du CCP).",
    ),
    Note(subject="AAB", text="Pas d’escompte pour paiement anticipé."),
)


class SampleSyntax(StrEnum):
    """The three forms in which a sample is written."""

    FACTURX = "facturx"
    CII = "cii"
    UBL = "ubl"


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleLine:
    """One line asked for: ``price`` without VAT for one ``unit`` (UN/ECE rec 20), ``rate`` in percent."""

    name: str
    quantity: Decimal
    price: Decimal
    rate: Decimal = Decimal(20)
    unit: str = "C62"


def make_invoice(
    seed: int = 0,
    *,
    number: str = "",
    supplier: Siret | None = None,
    supplier_name: str = "",
    recipient: Siret | None = None,
    recipient_name: str = "",
    service: str = "SERV-TRAVAUX",
    commitment: str = "",
    contract: str = "",
    lines: int | Sequence[SampleLine] = 3,
    issue_date: date = DEFAULT_DAY,
    due_days: int = 30,
    cadre: str = "A1",
    type_code: str = "380",
    preceding: PrecedingInvoice | None = None,
    attachments: tuple[Attachment, ...] = (),
    profile: str = EN16931_URN,
) -> Invoice:
    """A complete invoice (or credit note, with ``type_code="381"`` and ``preceding``).

    ``seed`` draws what is not given. ``lines``: how many to draw, or the lines themselves. A credit note
    bears no payment means, as Chorus Pro demands (`specifications/flux.md §7`).
    """
    chance = random.Random(seed)  # noqa: S311  a sample is no secret
    drawn = _draw_lines(chance, lines) if isinstance(lines, int) else tuple(lines)
    invoice = Invoice(
        number=number or f"RAC{issue_date:%Y}-{seed:06d}",
        issue_date=issue_date,
        type_code=type_code,
        currency="EUR",
        seller=_seller(supplier or fictitious_siret(seed * 2 + 1), supplier_name or _SELLERS[seed % len(_SELLERS)]),
        buyer=_buyer(recipient or fictitious_siret(seed * 2 + 2), recipient_name or _BUYERS[seed % len(_BUYERS)]),
        lines=tuple(_line(position, line) for position, line in enumerate(drawn, start=1)),
        service=service,
        commitment=commitment or f"EJ{issue_date:%Y}{seed:06d}",
        contract=contract,
        notes=_MENTIONS,
        cadre=cadre,
        profile=profile,
        delivery=Delivery(day=issue_date - timedelta(days=3)),
        attachments=attachments,
    )
    return computed(_correcting(invoice, preceding) if type_code == "381" else _to_be_paid(invoice, due_days))


def _correcting(invoice: Invoice, preceding: PrecedingInvoice | None) -> Invoice:
    day = invoice.issue_date or DEFAULT_DAY
    return replace(invoice, preceding=(preceding or PrecedingInvoice(number=f"RAC{day:%Y}-ORIGINE"),))


def _to_be_paid(invoice: Invoice, due_days: int) -> Invoice:
    return replace(
        invoice,
        due_date=(invoice.issue_date or DEFAULT_DAY) + timedelta(days=due_days),
        payment_terms=f"Paiement à {due_days} jours par virement",
        payment_means=(PaymentMeans(code="30", account=Account(iban=IBAN)),),
    )


def fictitious_siret(seed: int) -> Siret:
    """A SIRET that belongs to nobody (it starts with 00) and whose two Luhn keys are right."""
    siren = _keyed(f"00{seed % 1_000_000:06d}")
    return Siret.parse(_keyed(f"{siren}0001"))


def _keyed(digits: str) -> str:
    return next(digits + str(key) for key in range(10) if luhn(digits + str(key)))


def _seller(siret: Siret, name: str) -> Party:
    return Party(
        name=name,
        identifiers=(Identifier(value=str(siret), scheme=IdScheme.SIRET.value),),
        legal_id=Identifier(value=str(siret.siren), scheme=IdScheme.SIREN.value),
        vat_number=french_vat_number(siret.siren),
        address=Address(line1="12 rue des Fabriques inventées", city="Exempleville", postcode="97400", country="FR"),
        contact=Contact(name="Service facturation", phone="0262000000", email="facturation@fournisseur.example"),
    )


def _buyer(siret: Siret, name: str) -> Party:
    return Party(
        name=name,
        identifiers=(Identifier(value=str(siret), scheme=IdScheme.SIRET.value),),
        legal_id=Identifier(value=str(siret.siren), scheme=IdScheme.SIREN.value),
        address=Address(line1="1 place de la Mairie", city="Val-Fictif", postcode="97420", country="FR"),
    )


def _draw_lines(chance: random.Random, count: int) -> tuple[SampleLine, ...]:
    return tuple(_draw_line(chance) for _ in range(count))


def _draw_line(chance: random.Random) -> SampleLine:
    name, unit = chance.choice(_GOODS)
    price = Decimal(chance.randint(150, 90_000)) / 100
    quantity = Decimal(chance.randint(1, 40))
    return SampleLine(name=name, unit=unit, quantity=quantity, price=price, rate=chance.choice(_RATES))


def _line(position: int, line: SampleLine) -> Line:
    return Line(
        id=str(position),
        quantity=line.quantity,
        unit=line.unit,
        price=Price(net=line.price),
        vat_category="S" if line.rate else "Z",
        vat_rate=line.rate,
        item=Item(name=line.name, seller_id=f"REF-{position:05d}"),
    )


def write_sample(invoice: Invoice, syntax: SampleSyntax | str, *, size: int | None = None) -> bytes:
    """``invoice`` as a file. ``size``: bytes to reach at least, by an attached delivery note of filling text."""
    kind = SampleSyntax(syntax)
    data = _write(invoice, kind)
    if size is None or len(data) >= size:
        return data
    # Base64 grows by a third; inside a PDF the compression takes that third back, or nearly.
    missing = size - len(data) + 256
    return _write(with_filling(invoice, missing * 21 // 20 if kind is SampleSyntax.FACTURX else missing * 3 // 4), kind)


def with_filling(invoice: Invoice, size: int) -> Invoice:
    """``invoice`` with one more attachment: a text of ``size`` letters, drawn so that it hardly compresses."""
    chance = random.Random(invoice.number)  # noqa: S311  a sample is no secret
    content = base64.b64encode(chance.randbytes(size * 3 // 4 + 3))[:size]
    attachment = Attachment(
        reference="BL-1", description="Bon de livraison", content=content, mime="text/csv", filename="bon.csv"
    )
    return replace(invoice, attachments=(*invoice.attachments, attachment))


def _write(invoice: Invoice, syntax: SampleSyntax) -> bytes:
    writers = {SampleSyntax.FACTURX: facturx.write, SampleSyntax.CII: cii.write, SampleSyntax.UBL: ubl.write}
    return writers[syntax](invoice)


def file_name(invoice: Invoice, syntax: SampleSyntax | str) -> str:
    """A name without any sign that Chorus Pro refuses: ``RAC2026-000001.pdf``."""
    extension = "pdf" if SampleSyntax(syntax) is SampleSyntax.FACTURX else "xml"
    safe = "".join(char if char.isalnum() or char in "-_" else "_" for char in invoice.number)
    return f"{safe}.{extension}"
