"""Checks: what is wrong with an invoice, said before Chorus Pro says it.

:func:`check` goes through the gate, the container, the schema, the native rules, the official rule sheets
(when given) and the facts (when given), and answers a :class:`CheckReport`. The gateway is stricter than
Chorus Pro, and says what to type instead.
"""

from __future__ import annotations

from raccord.checks import (
    by_fields,
    chorus,
    chorus_attachments,
    chorus_parties,
    chorus_payment,
    en_amounts,
    en_codes,
    en_terms,
    en_vat,
)
from raccord.checks.context import Channel, Context, Limits
from raccord.checks.facts import DirectoryFacts, Facts, KnownInvoices, RecipientFacts, ServiceFacts
from raccord.checks.gate import safe_name
from raccord.checks.inspect import check
from raccord.checks.registry import Rule, catalogue
from raccord.checks.report import CheckReport

RULE_MODULES = (
    chorus,
    chorus_payment,
    chorus_parties,
    chorus_attachments,
    en_terms,
    en_amounts,
    en_vat,
    en_codes,
    by_fields,
)
"""Importing them fills the register."""

__all__ = [
    "RULE_MODULES",
    "Channel",
    "CheckReport",
    "Context",
    "DirectoryFacts",
    "Facts",
    "KnownInvoices",
    "Limits",
    "RecipientFacts",
    "Rule",
    "ServiceFacts",
    "catalogue",
    "check",
    "safe_name",
]
