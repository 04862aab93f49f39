"""Facts that others hold: the directory of public bodies and our own deposits, asked through two small
protocols.

The gateway passes objects that answer; a check without them simply skips these questions (and says so in its
rule sets).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from raccord.checks.context import Context
from raccord.checks.registry import Finding, as_fault, found_rule, rule
from raccord.domain.directory import Requirement
from raccord.domain.faults import Fault, Severity
from raccord.domain.identifiers import Siren, Siret
from raccord.domain.invoice import Invoice

DIRECTORY = "specifications/directory.md"


@dataclass(frozen=True, slots=True)
class RecipientFacts:
    """What the directory says of one structure. ``service_count``: 0 when its services are not known."""

    siret: str
    name: str
    active: bool
    requirement: Requirement


@dataclass(frozen=True, slots=True)
class ServiceFacts:
    """What the directory says of one service of a structure."""

    code: str
    name: str
    active: bool
    commitment_required: bool = False


class DirectoryFacts(Protocol):
    """The directory, as far as a check asks it. ``None`` means « not in the directory »."""

    def recipient(self, siret: Siret) -> RecipientFacts | None:
        """The structure of this SIRET."""
        ...

    def service(self, siret: Siret, code: str) -> ServiceFacts | None:
        """One of its services."""
        ...


class KnownInvoices(Protocol):
    """Our own deposits, as far as a check asks them."""

    def already_deposited(self, supplier: Siren, year: int, number: str) -> str | None:
        """A French phrase naming the deposit that bears the same triplet, or ``None``."""
        ...


class KnownSuppliers(Protocol):
    """The suppliers that a technical account reaches, as far as a check asks them."""

    def reaches(self, siret: Siret) -> bool | None:
        """Whether an active supplier of the account bears this SIRET; ``None`` when nobody can tell."""
        ...


@dataclass(frozen=True, slots=True)
class Facts:
    """What is at hand."""

    directory: DirectoryFacts | None = None
    known: KnownInvoices | None = None
    suppliers: KnownSuppliers | None = None


def _no_check(_invoice: Invoice) -> Iterator[Finding]:
    """These rules need facts: :func:`check_facts` applies them."""
    yield from ()


def _fact_rule(code: str, title: str, source: str, bt: str, severity: Severity = Severity.ERROR) -> None:
    rule(code, title=title, source=source, bt=bt, severity=severity)(_no_check)


_fact_rule("CP-DEST-01", "Destinataire présent dans l’annuaire", f"{DIRECTORY} §2", "BT-46")
_fact_rule("CP-DEST-02", "Destinataire actif", f"{DIRECTORY} §2", "BT-46")
_fact_rule("CP-DEST-03", "Code service exigé par le destinataire", f"{DIRECTORY} §5", "BT-10")
_fact_rule("CP-DEST-04", "Numéro d’engagement exigé par le destinataire", f"{DIRECTORY} §5", "BT-13")
_fact_rule("CP-DEST-05", "Service ou engagement exigé par le destinataire", f"{DIRECTORY} §5", "BT-10")
_fact_rule("CP-DEST-06", "Service présent dans l’annuaire", f"{DIRECTORY} §4", "BT-10")
_fact_rule("CP-DEST-07", "Service actif", f"{DIRECTORY} §4", "BT-10")
_fact_rule("CP-DEST-08", "Numéro d’engagement exigé par le service", f"{DIRECTORY} §4", "BT-13")
_fact_rule("CP-FOUR-01", "Fournisseur actif, rattaché au compte", "specifications/flux.md §7", "BT-29")
_fact_rule("CP-UNI-01", "Numéro jamais déposé", "specifications/flux.md §7", "BT-1")


def check_facts(invoice: Invoice, context: Context, facts: Facts) -> Iterator[Fault]:
    """The faults that the facts at hand reveal."""
    if facts.directory is not None:
        for code, finding in _directory(invoice, facts.directory):
            yield as_fault(found_rule(code), finding, context)
    if facts.suppliers is not None:
        for finding in _reached(invoice, facts.suppliers):
            yield as_fault(found_rule("CP-FOUR-01"), finding, context)
    if facts.known is not None:
        for finding in _unique(invoice, facts.known):
            yield as_fault(found_rule("CP-UNI-01"), finding, context)


def _directory(invoice: Invoice, directory: DirectoryFacts) -> Iterator[tuple[str, Finding]]:
    siret = invoice.recipient_siret
    if siret is None:
        return
    recipient = directory.recipient(siret)
    if recipient is None:
        yield (
            "CP-DEST-01",
            Finding(
                "buyer.identifiers",
                f"Le SIRET {siret} n’est pas dans l’annuaire de Chorus Pro : la facture n’arriverait pas.",
                "Vérifiez le SIRET sur le bon de commande ; ce n’est pas toujours celui du siège.",
                f"SIRET {siret} is not in the directory.",
            ),
        )
        return
    if not recipient.active:
        yield (
            "CP-DEST-02",
            Finding(
                "buyer.identifiers",
                f"{recipient.name} ({siret}) n’est plus active dans Chorus Pro : la facture serait rejetée.",
                "Demandez à l’acheteur le SIRET qui a pris la suite.",
                f"Structure {siret} is inactive.",
            ),
        )
    yield from _demands(invoice, recipient)
    if invoice.service:
        yield from _service(invoice, siret, recipient, directory)


def _demands(invoice: Invoice, recipient: RecipientFacts) -> Iterator[tuple[str, Finding]]:
    need = recipient.requirement
    both = need is Requirement.BOTH
    if (need is Requirement.SERVICE or both) and not invoice.service:
        yield "CP-DEST-03", _demand(recipient, "service", "un code service (BT-10)", "a service code")
    if (need is Requirement.COMMITMENT or both) and not invoice.commitment:
        yield "CP-DEST-04", _demand(recipient, "commitment", "un numéro d’engagement (BT-13)", "a commitment number")
    if need is Requirement.EITHER and not (invoice.service or invoice.commitment):
        wanted = "un code service (BT-10) ou un numéro d’engagement (BT-13)"
        yield "CP-DEST-05", _demand(recipient, "service", wanted, "a service code or a commitment number")


def _demand(recipient: RecipientFacts, path: str, what: str, english: str) -> Finding:
    return Finding(
        path,
        f"{recipient.name} exige {what} : sans lui, la facture serait rejetée.",
        "Recopiez-le du bon de commande, ou demandez-le à l’acheteur.",
        f"The recipient demands {english}.",
    )


def _service(
    invoice: Invoice, siret: Siret, recipient: RecipientFacts, directory: DirectoryFacts
) -> Iterator[tuple[str, Finding]]:
    service = directory.service(siret, invoice.service)
    if service is None:
        yield (
            "CP-DEST-06",
            Finding(
                "service",
                f"Le service « {invoice.service[:60]} » n’existe pas chez {recipient.name}.",
                "Choisissez un service de l’annuaire ; le code est sur le bon de commande.",
                "The service is unknown.",
            ),
        )
        return
    if not service.active:
        yield (
            "CP-DEST-07",
            Finding(
                "service",
                f"Le service « {service.code} » de {recipient.name} est fermé.",
                "Demandez à l’acheteur quel service l’a remplacé.",
                "The service is inactive.",
            ),
        )
    if service.commitment_required and not invoice.commitment:
        yield (
            "CP-DEST-08",
            _demand(recipient, "commitment", "un numéro d’engagement pour ce service", "a commitment number"),
        )


def _reached(invoice: Invoice, suppliers: KnownSuppliers) -> Iterator[Finding]:
    siret = invoice.supplier_siret
    if siret is not None and suppliers.reaches(siret) is False:
        yield Finding(
            "seller.identifiers",
            f"Le fournisseur {siret} n’est pas une structure active de ce compte : Chorus Pro rejetterait la facture.",
            "Vérifiez le SIRET du fournisseur, ou déposez par la connexion de ce fournisseur.",
            f"Supplier {siret} is not an active structure of this account.",
        )


def _unique(invoice: Invoice, known: KnownInvoices) -> Iterator[Finding]:
    siren, year = invoice.seller.siren, invoice.issue_year
    if siren is None or year is None or not invoice.number:
        return
    other = known.already_deposited(siren, year, invoice.number)
    if other:
        yield Finding(
            "number",
            f"Le numéro {invoice.number} a déjà été déposé en {year} pour ce fournisseur ({other}).",
            "Ne la renvoyez pas : suivez le premier dépôt. Si elle a été rejetée par l’acheteur, donnez un "
            "nouveau numéro.",
            "This number was already deposited by this supplier this year.",
        )
