"""Chorus Pro's own rules on who invoices whom: SIRETs, names, the reserved service."""

from __future__ import annotations

from collections.abc import Iterator

from raccord.checks.registry import HISTORIC_ONLY, Finding, rule
from raccord.domain.faults import Severity
from raccord.domain.identifiers import IdScheme, InvalidIdentifier, Siret, luhn_ok
from raccord.domain.invoice import Invoice, Party

FLUX = "specifications/flux.md §7"
_FOREIGN = frozenset({IdScheme.EU_VAT, IdScheme.OUTSIDE_EU, IdScheme.RIDET, IdScheme.TAHITI, IdScheme.INDIVIDUAL})
RESERVED_SERVICE = "FACTURES_PUBLIQUES"
_NAME_MAX = 99


@rule(
    "CP-SIRET-01",
    title="SIRET du fournisseur présent",
    source="specifications/flux.md §5, §8",
    bt="BT-29",
    channels=HISTORIC_ONLY,
)
def supplier_siret_present(invoice: Invoice) -> Iterator[Finding]:
    """A SIREN or a VAT number in its place is refused; foreign suppliers have schemes of their own."""
    seller = invoice.seller
    if seller.siret_text or any(entry.scheme in _FOREIGN for entry in seller.identifiers) or _is_foreign(seller):
        return
    yield Finding(
        "seller.identifiers",
        "Le SIRET du fournisseur est absent : Chorus Pro ne peut pas reconnaître l’émetteur et rejetterait la facture.",
        "Ajoutez les 14 chiffres de votre SIRET comme identifiant du vendeur (schéma 0009) ; le SIREN ou le numéro de "
        "TVA ne suffit pas.",
        "The supplier's SIRET is missing.",
    )


def _is_foreign(party: Party) -> bool:
    return bool(party.address and party.address.country not in ("", "FR") and party.identifiers)


@rule(
    "CP-SIRET-02",
    title="SIRET du fournisseur de 14 chiffres",
    source="specifications/flux.md §5",
    bt="BT-29",
    channels=HISTORIC_ONLY,
)
def supplier_siret_digits(invoice: Invoice) -> Iterator[Finding]:
    """Fourteen digits, nothing else."""
    yield from _bad_siret(invoice.seller, "seller")


@rule("CP-SIRET-03", title="SIRET du destinataire présent", source=FLUX, bt="BT-46", channels=HISTORIC_ONLY)
def recipient_siret_present(invoice: Invoice) -> Iterator[Finding]:
    """The recipient must exist, be active and public: its SIRET is how it is found."""
    if not invoice.buyer.siret_text:
        yield Finding(
            "buyer.identifiers",
            "Le SIRET du destinataire est absent : Chorus Pro ne saurait pas à qui remettre la facture.",
            "Ajoutez les 14 chiffres du SIRET de la structure publique comme identifiant de l’acheteur (schéma 0009).",
            "The recipient's SIRET is missing.",
        )


@rule("CP-SIRET-04", title="SIRET du destinataire de 14 chiffres", source=FLUX, bt="BT-46", channels=HISTORIC_ONLY)
def recipient_siret_digits(invoice: Invoice) -> Iterator[Finding]:
    """Fourteen digits, nothing else."""
    yield from _bad_siret(invoice.buyer, "buyer")


def _bad_siret(party: Party, path: str) -> Iterator[Finding]:
    text = party.siret_text
    if not text:
        return
    try:
        Siret.parse(text)
    except InvalidIdentifier as error:
        yield Finding(
            f"{path}.identifiers",
            error.sentence,
            "Recopiez le SIRET de l’établissement : 14 chiffres.",
            f"{text[:40]!r} is not a SIRET.",
        )


@rule(
    "CP-SIRET-05",
    title="Clé de Luhn des SIRET",
    source="specifications/reform.md §6",
    bt="BT-29",
    severity=Severity.WARNING,
)
def siret_keys(invoice: Invoice) -> Iterator[Finding]:
    """Advice only: fictitious SIRETs of the qualification platform fail it, La Poste's have a rule of their
    own.
    """
    for path, party in (("seller", invoice.seller), ("buyer", invoice.buyer)):
        siret = party.siret
        if siret and not luhn_ok(siret):
            who = "fournisseur" if path == "seller" else "destinataire"
            yield Finding(
                f"{path}.identifiers",
                f"Le SIRET {siret} du {who} a une clé de contrôle fausse : un chiffre est peut-être mal recopié.",
                "Vérifiez-le ; ignorez cet avis sur la plateforme de qualification.",
                f"SIRET {siret} fails its Luhn key.",
            )


@rule(
    "CP-SIRET-06",
    title="SIRET et SIREN d’une même entreprise",
    source="specifications/reform.md §6",
    bt="BT-30",
    severity=Severity.WARNING,
)
def siret_matches_siren(invoice: Invoice) -> Iterator[Finding]:
    """The legal identifier (SIREN) must open the SIRET."""
    for path, party in (("seller", invoice.seller), ("buyer", invoice.buyer)):
        siret, legal = party.siret, party.legal_id
        if siret and legal and legal.scheme == IdScheme.SIREN and legal.value[:9] != siret.siren:
            yield Finding(
                f"{path}.legal_id",
                f"Le SIREN {legal.value[:20]} ne correspond pas au SIRET {siret} : ce sont deux entreprises "
                "différentes.",
                "Corrigez l’un des deux.",
                "The SIREN does not open the SIRET.",
            )


@rule("CP-SIRET-07", title="Fournisseur et destinataire différents", source=FLUX, bt="BT-46")
def parties_differ(invoice: Invoice) -> Iterator[Finding]:
    """One does not invoice oneself."""
    siret = invoice.seller.siret
    if siret and siret == invoice.buyer.siret:
        yield Finding(
            "buyer.identifiers",
            f"Le fournisseur et le destinataire portent le même SIRET ({siret}).",
            "Corrigez le SIRET du destinataire.",
            "Seller and buyer bear the same SIRET.",
        )


@rule("CP-SERV-02", title="Service réservé aux structures publiques", source=FLUX, bt="BT-10", channels=HISTORIC_ONLY)
def reserved_service(invoice: Invoice) -> Iterator[Finding]:
    """FACTURES_PUBLIQUES is for titles between public bodies; a private issuer may not use it.

    A public body is recognised by a SIREN that opens with 1 or 2 (administrations, local authorities)."""
    siren = invoice.seller.siren
    if invoice.service.strip().upper() == RESERVED_SERVICE and not (siren and siren[0] in "12"):
        yield Finding(
            "service",
            "Le service FACTURES_PUBLIQUES est réservé aux factures entre structures publiques.",
            "Choisissez le service indiqué sur le bon de commande.",
            "The service FACTURES_PUBLIQUES is reserved to public issuers.",
        )


@rule(
    "CP-NOM-02",
    title="Noms de 99 caractères au plus",
    source="notes sur les formats §1.4",
    bt="BT-27",
    severity=Severity.WARNING,
)
def name_length(invoice: Invoice) -> Iterator[Finding]:
    """Longer names are cut on the way."""
    for path, party in (("seller", invoice.seller), ("buyer", invoice.buyer)):
        if len(party.name) > _NAME_MAX:
            yield Finding(
                f"{path}.name",
                f"Le nom « {party.name[:40]}… » compte {len(party.name)} caractères : au-delà de 99, il peut être "
                "coupé.",
                "Raccourcissez la raison sociale.",
                "A party's name exceeds 99 characters.",
            )


@rule(
    "CP-BEN-01",
    title="SIRET du bénéficiaire",
    source="notes sur les formats §1.3",
    bt="BT-60",
    severity=Severity.WARNING,
)
def payee_siret(invoice: Invoice) -> Iterator[Finding]:
    """A payee other than the seller is known to Chorus Pro by its SIRET."""
    if invoice.payee and not invoice.payee.siret:
        yield Finding(
            "payee.identifiers",
            "Le bénéficiaire du paiement n’a pas de SIRET : Chorus Pro pourrait ne pas le reconnaître.",
            "Ajoutez son SIRET (schéma 0009).",
            "The payee has no SIRET.",
        )
