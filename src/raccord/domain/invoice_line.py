"""One line of an invoice (BG-25): what is sold, at which price."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from raccord.domain.invoice_extended import LineExtended
from raccord.domain.invoice_party import Identifier
from raccord.domain.invoice_terms import AllowanceCharge, Period


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """The price of an item (BG-29). ``net`` = ``gross`` - ``discount``, for ``base_quantity`` units."""

    net: Decimal | None = None  # BT-146
    discount: Decimal | None = None  # BT-147
    gross: Decimal | None = None  # BT-148
    base_quantity: Decimal | None = None  # BT-149
    base_unit: str = ""  # BT-150


@dataclass(frozen=True, slots=True, kw_only=True)
class Classification:
    """An item's code in a classification (BT-158), such as ``CPV``."""

    code: str
    scheme: str = ""
    version: str = ""
    name: str = ""  # EXTENDED: what the code stands for


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """What is sold (BG-31)."""

    name: str = ""  # BT-153
    description: str = ""  # BT-154
    seller_id: str = ""  # BT-155
    buyer_id: str = ""  # BT-156
    standard_id: Identifier | None = None  # BT-157
    classifications: tuple[Classification, ...] = ()  # BT-158
    origin: str = ""  # BT-159
    attributes: tuple[tuple[str, str], ...] = ()  # BG-32: (BT-160 name, BT-161 value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line (BG-25)."""

    id: str  # BT-126
    note: str = ""  # BT-127
    object_id: Identifier | None = None  # BT-128
    quantity: Decimal | None = None  # BT-129
    unit: str = ""  # BT-130, UN/ECE rec 20 and 21: C62 piece, HUR hour, DAY, MTR...
    net: Decimal | None = None  # BT-131
    order_line: str = ""  # BT-132
    accounting_reference: str = ""  # BT-133
    period: Period | None = None  # BG-26
    allowances_charges: tuple[AllowanceCharge, ...] = ()  # BG-27, BG-28
    price: Price = field(default_factory=Price)  # BG-29
    vat_category: str = ""  # BT-151
    vat_rate: Decimal | None = None  # BT-152
    item: Item = field(default_factory=Item)  # BG-31
    extended: LineExtended | None = None  # what the EXTENDED profiles add to a line

    @property
    def is_summed(self) -> bool:
        """True of a line that the totals count: a GROUP repeats its details, an INFORMATION bills nothing."""
        return self.extended is None or self.extended.subtype not in ("GROUP", "INFORMATION")
