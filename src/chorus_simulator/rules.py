"""Chorus Pro's own rules on a deposited invoice: what it refuses, in its words.

Not those of EN 16931: the platform takes invoices that the norm refuses, and the reverse (specifications/flux.md
§7). A rule is a function from a document and a world to the sentences of the rejection, none when it is met;
sentences marked in flux.md §5 are kept letter for letter, the others are ours.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from decimal import Decimal

from chorus_simulator.clock import paris_day
from chorus_simulator.documents.document import Attached, Document, Party
from chorus_simulator.memory import Memory
from chorus_simulator.parties import Structure

CADRES = tuple(f"A{rank}" for rank in range(1, 26))
AFNOR_CADRES = {
    **dict.fromkeys(("S1", "B1", "M1", "S4", "B4", "M4", "S5", "S7", "B7", "S8", "B8", "M8"), "A1"),
    **dict.fromkeys(("S2", "B2", "M2"), "A2"),
    "S3": "A9",
    "S6": "A12",
}
INVOICE_TYPES = ("380", "381", "384", "386", "389", "393", "326", "877", "875", "876")
PAYMENT_CODES = ("1", "10", "20", "30", "31", "42", "48", "49", "54", "57", "58", "59", "97", "ZZZ")
TRANSFERS = ("30", "31", "58")
DUPLICATE = "Vous avez déjà déposé une demande de paiement avec ce numéro de facture pour cette structure"
NUMBER = re.compile(r"[A-Za-z0-9\-_/+]+")
EXTENSIONS = frozenset(
    [
        "bmp",
        "gif",
        "fax",
        "odt",
        "ppt",
        "tiff",
        "xls",
        "bz2",
        "gz",
        "jpeg",
        "p7s",
        "rtf",
        "txt",
        "xml",
        "csv",
        "gzip",
        "jpg",
        "pdf",
        "svg",
        "xhtml",
        "xlsx",
        "doc",
        "htm",
        "odp",
        "png",
        "tgz",
        "xlc",
        "zip",
        "docx",
        "html",
        "ods",
        "pps",
        "tif",
        "xlm",
        "pptx",
        "xsd",
        "xsl",
    ]
)
SERVICE_BETWEEN_PUBLIC_BODIES = "FACTURES_PUBLIQUES"
CENT = Decimal("0.01")
Rule = Callable[[Memory, Document], Iterator[str]]


def judge(world: Memory, document: Document) -> list[str]:
    """Every sentence against the document, in the order of the rules; empty when it may be integrated."""
    return [sentence for rule in RULES for sentence in rule(world, document)]


def cadre_of(document: Document) -> str:
    """The historic cadre; none given counts for A1 (G)."""
    return AFNOR_CADRES.get(document.cadre, document.cadre or "A1")


def is_credit(document: Document) -> bool:
    """Whether it is a credit note: type 381, which UBL also tells by its root."""
    return document.type_code == "381"


def supplier_of(world: Memory, document: Document) -> Structure | None:
    """The supplier it names, None when the platform knows no such structure."""
    return _known(world, document.fournisseur)


def recipient_of(world: Memory, document: Document) -> Structure | None:
    """The recipient it names, None when the platform knows no such structure."""
    return world.structure_of(document.destinataire.identifiant)


def _known(world: Memory, party: Party) -> Structure | None:
    found = world.structure_of(party.identifiant)
    if found is None and world.switches.on("siren_fournisseur") and len(party.identifiant) == len("732829320"):
        same = world.structures_of_siren(party.identifiant)
        return same[0] if len(same) == 1 else None
    return found


def _missing(document: Document, field: str) -> str:
    return f"L'element {document.chemins[field]} est obligatoire."


def _tag(document: Document, field: str) -> str:
    """The path as the « balise » sentences give it: short enough for the whole sentence to stay within its 200."""
    return document.chemins[field].removeprefix("FichierXml.")


def numero(world: Memory, document: Document) -> Iterator[str]:
    """At most 20 characters, letters, digits and `- _ / +`, and not the date of the day (G1.05)."""
    if not document.numero:
        yield _missing(document, "numero")
    elif len(document.numero) > 20:
        yield f"Le numero de la demande de paiement (balise : {document.chemins['numero']}) depasse 20 caracteres."
    elif not NUMBER.fullmatch(document.numero):
        yield "Le numero de la demande de paiement contient un caractere non autorise."
    elif document.numero == paris_day(world.now()).replace("-", ""):
        yield "Le numero de la demande de paiement ne peut pas etre la date du jour."


def head(world: Memory, document: Document) -> Iterator[str]:
    """Date, type, currency, cadre (G1.02)."""
    if document.jour is None:
        yield _missing(document, "date")
    if document.type_code not in INVOICE_TYPES:
        yield f"Le type de facture (balise : {document.chemins['type']}) est absent ou n'est pas admis."
    if not re.fullmatch(r"[A-Z]{3}", document.devise):
        yield _missing(document, "devise")
    afnor = document.cadre in AFNOR_CADRES and world.switches.on("cadre_afnor")
    if document.cadre and document.cadre not in CADRES and not afnor:
        yield f"Le cadre de facturation (balise : {document.chemins['cadre']}) n'est pas compris entre A1 et A25."


def parties(world: Memory, document: Document) -> Iterator[str]:
    """Supplier and recipient exist, are active, and the recipient is public."""
    unknown = "(balise : {}) n'est pas reference dans notre systeme."
    supplier, recipient = supplier_of(world, document), recipient_of(world, document)
    if supplier is None:
        yield "L'identifiant fournisseur de la demande de paiement " + unknown.format(_tag(document, "fournisseur"))
    elif not supplier.active:
        yield "La structure du fournisseur de la demande de paiement est inactive."
    if recipient is None:
        yield "L'identifiant destinataire de la demande de paiement " + unknown.format(_tag(document, "destinataire"))
    elif not recipient.active:
        yield "La structure destinataire de la demande de paiement est inactive."
    elif not recipient.publique:
        yield "La structure destinataire de la demande de paiement n'est pas une structure publique."


def routing(world: Memory, document: Document) -> Iterator[str]:
    """Service and commitment, as the recipient and the service demand (directory.md §5)."""
    recipient, supplier = recipient_of(world, document), supplier_of(world, document)
    if recipient is not None:
        yield from routing_faults(recipient, supplier, document.service, document.engagement, document.chemins)


def routing_faults(
    recipient: Structure, supplier: Structure | None, service: str, engagement: str, chemins: dict[str, str]
) -> Iterator[str]:
    """The same for an invoice that came by fields; `chemins` names the two fields in the sentences."""
    needed = "L'engagement juridique ({}) est obligatoire"
    if recipient.gestionNumeroEJOuCodeService:
        if not service and not engagement:
            yield needed.format(chemins["service"])
    else:
        if recipient.codeServiceDoitEtreRenseigne and not service:
            yield needed.format(chemins["service"])
        if recipient.numeroEJDoitEtreRenseigne and not engagement:
            yield needed.format(chemins["engagement"])
    found = recipient.service(service)
    if service and recipient.services and (found is None or not found.estActif):
        yield "Le code service de la structure publique destinataire est inconnu ou inactif dans Chorus Pro"
    elif service == SERVICE_BETWEEN_PUBLIC_BODIES and supplier is not None and not supplier.publique:
        yield "Le code service de la structure publique destinataire est reserve aux entites publiques."
    if found is not None and found.numeroEngagement and not engagement and not recipient.numeroEJDoitEtreRenseigne:
        yield needed.format(chemins["engagement"])


def payment(world: Memory, document: Document) -> Iterator[str]:
    """A payment mode on every invoice (BT-81), none asked of a credit note; an IBAN for a transfer (S2.05)."""
    if is_credit(document):
        return
    if not document.paiement:
        yield _missing(document, "paiement")
    elif document.paiement not in PAYMENT_CODES:
        yield f"Le mode de paiement (balise : {document.chemins['paiement']}) n'est pas autorise."
    elif document.paiement in TRANSFERS and not document.iban and world.switches.on("iban_exige"):
        yield _missing(document, "iban")


def lengths(_: Memory, document: Document) -> Iterator[str]:
    """Commitment and contract numbers within 50 characters, service code within 100."""
    for field, maximum in (("engagement", 50), ("marche", 50), ("service", 100)):
        if len(getattr(document, field)) > maximum:
            yield f"La longueur de l'element {document.chemins[field]} depasse {maximum} caracteres."


def totals(_: Memory, document: Document) -> Iterator[str]:
    """Totals are there and agree with one another, to the cent."""
    missing = [name for name in ("ht", "ttc", "a_payer") if getattr(document, name) is None]
    for name in missing:
        yield _missing(document, name)
    if missing or document.ht is None or document.ttc is None:
        return
    tax = document.tva if document.tva is not None else Decimal(0)
    if abs(document.ht + tax - document.ttc) > CENT:
        yield "Les montants totaux de l'en-tete de la demande de paiement sont incoherents (HT + TVA = TTC)."


def attachments(world: Memory, document: Document) -> Iterator[str]:
    """Each attachment is there, not empty, within 10 MB, with a name of 50 characters at most and a known extension."""
    maximum = int(world.switches.number("fichier_mo") * 1024 * 1024)
    for attached in document.attaches:
        if attached.contenu is None:
            yield _missing(document, "piece")
        else:
            yield from _attachment(attached, attached.contenu, maximum)


def _attachment(attached: Attached, content: bytes, maximum: int) -> Iterator[str]:
    name = attached.nom[:60]
    if not content:
        yield f"La piece jointe {name} est vide."
    if len(content) > maximum:
        yield f"La piece jointe {name} depasse la taille maximale autorisee."
    if len(attached.nom) > 50:
        yield f"Le nom de la piece jointe {name} depasse 50 caracteres."
    if attached.nom.rpartition(".")[2].lower() not in EXTENSIONS:
        yield f"L'extension de la piece jointe {name} n'est pas autorisee."


def duplicate(world: Memory, document: Document) -> Iterator[str]:
    """Supplier SIREN, year of issue, number: once (flux.md §7)."""
    supplier = supplier_of(world, document)
    if supplier is None or document.jour is None:
        return
    if (supplier.siren, document.jour.year, document.numero) in world.invoices.triples:
        yield DUPLICATE


RULES: tuple[Rule, ...] = (numero, head, parties, routing, payment, lengths, totals, attachments, duplicate)
