"""Invoices from the other side: made for a public body, moved by hand; and what the platform witnessed."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal, InvalidOperation
from random import Random
from typing import Any

from chorus_simulator import lifecycle, snapshot, values, works
from chorus_simulator.clock import PARIS
from chorus_simulator.control.people import account_card, application_card, structure_card
from chorus_simulator.control.room import Endpoint, Order, number, text
from chorus_simulator.model import Facture, HistoStatut, LignePoste, LigneTva, PieceJointe
from chorus_simulator.parties import Structure
from chorus_simulator.world import World

MOST = 200_000
SHOWN = 200
HEAVIEST = 50_000_000
RATE = Decimal(20)


def _party(order: Order, name: str, default: Structure | None) -> Structure:
    siret = text(order.body, name, default.identifiant if default else None)
    structure = order.world.structure_of(siret)
    if structure is None:
        raise LookupError(f"Structure inconnue : {siret}.")
    return structure


def make_invoices(order: Order) -> object:
    """Invoices from a supplier to a public body, as if they had come by the portal."""
    world, body = order.world, order.body
    count = int(number(body, "count", 1))
    if not 1 <= count <= MOST:
        raise ValueError(f"« count » va de 1 à {MOST}.")
    private = next((s for s in world.structures.values() if not s.publique), None)
    recipient, supplier = _party(order, "destinataire", None), _party(order, "fournisseur", private)
    if not recipient.publique:
        raise ValueError(f"Le destinataire {recipient.identifiant} n’est pas une structure publique.")
    statut = text(body, "statut", "MISE_A_DISPOSITION")
    if statut not in values.STATUTS:
        raise ValueError(f"Statut inconnu : {statut}.")
    try:
        amount = Decimal(str(body.get("montantHT", "100.00")))
    except InvalidOperation:
        raise ValueError("« montantHT » doit être un nombre.") from None
    made = [_make(world, (supplier, recipient), statut, amount, body) for _ in range(count)]
    return {"ids": [f.id for f in made], "numeros": [f.numero for f in made]}


def _make(
    world: World, parties: tuple[Structure, Structure], statut: str, amount: Decimal, body: dict[str, Any]
) -> Facture:
    supplier, recipient = parties
    rank, now, cadre = world.next_id("fabriquee"), world.now(), text(body, "cadre", "A1")
    tax = (amount * RATE / 100).quantize(Decimal("0.01"))
    day = now.astimezone(PARIS).date()
    services = [service for service in recipient.services if service.estActif]
    facture = Facture(
        id=world.next_id("facture"),
        numero=text(body, "numero", "") or f"SIM-{day.year}-{rank:07d}",
        idFournisseur=supplier.idStructureCPP,
        idDestinataire=recipient.idStructureCPP,
        dateFacture=day,
        dateDepot=now,
        montantHT=amount,
        montantTVA=tax,
        montantTTC=amount + tax,
        montantAPayer=amount + tax,
        modeDepot="SAISIE_PORTAIL",
        cadre=cadre,
        typeDemandePaiement=works.demand(cadre),
        typeFactureTravaux=works.TYPES.get(cadre),
        codeService=text(body, "service", services[0].codeService if services else ""),
        numeroBonCommande=text(body, "engagement", ""),
        iban=supplier.comptes[0].iban if supplier.comptes else "",
        dateEcheance=day + timedelta(days=30),
        tvas=[LigneTva(RATE, amount, tax)],
        lignes=[LignePoste(1, "Prestation fictive", prixUnitaireHT=amount, montantHT=amount, taux=RATE)],
        historique=[HistoStatut("DEPOSEE", now), HistoStatut(statut, now, text(body, "motif", ""))],
    )
    if octets := int(number(body, "octets", 0)):
        facture.pieces.append(_attachment(world, rank, octets))
    world.adopt(facture)
    return facture


def _attachment(world: World, rank: int, octets: int) -> PieceJointe:
    """Bytes that no compression shortens, the same for the same rank."""
    if not 0 < octets <= HEAVIEST:
        raise ValueError(f"« octets » va de 0 à {HEAVIEST}.")
    blob = world.spool.add(Random(rank).randbytes(octets))
    return PieceJointe(world.next_id("piece"), f"annexe-{rank}.bin", "application/octet-stream", blob)


def _facture(order: Order) -> Facture:
    number_asked = order.parts["id"]
    facture = order.world.factures.get(int(number_asked) if number_asked.isdecimal() else -1)
    if facture is None:
        raise LookupError(f"Facture inconnue : {number_asked}.")
    return facture


def set_status(order: Order) -> object:
    """A status of life-cycle.md §1 given outside its rules, signed by the recipient's main manager; the invoice's card.
    Raises `LookupError` for an unknown invoice, `ValueError` for a status outside the list."""
    order.world.settle()
    facture = _facture(order)
    statut, motif = text(order.body, "statut"), text(order.body, "motif", "")
    if statut not in values.STATUTS:
        raise ValueError(f"Statut inconnu : {statut}.")
    if text(order.body, "mandat", ""):
        facture.numeroDPMandat = text(order.body, "mandat")
    author = order.world.main_manager(facture.idDestinataire)
    lifecycle.set_status(order.world, facture, statut, author.login if author else "", motif)
    return invoice_card(order.world, facture)


def invoice_card(world: World, facture: Facture) -> dict[str, Any]:
    """One invoice for the control room: SIRETs of both sides, amounts as text, `depuis` the instant of its status."""
    return {
        "id": facture.id,
        "numero": facture.numero,
        "statut": facture.statut,
        "depuis": facture.etat_depuis.isoformat(),
        "commentaire": facture.etat_commentaire,
        "fournisseur": world.structures[facture.idFournisseur].identifiant,
        "destinataire": world.structures[facture.idDestinataire].identifiant,
        "flux": facture.numeroFluxDepot,
        "montantTTC": str(facture.montantTTC),
        "telechargee": facture.telechargee,
    }


def invoice_history(order: Order) -> object:
    """The card of an invoice, and every status that it passed through, oldest first."""
    order.world.settle()
    facture = _facture(order)
    passages = [
        {
            "statut": step.statut,
            "at": step.quand.isoformat(),
            "commentaire": step.commentaire,
            "auteur": " ".join(filter(None, (step.prenom, step.nom))),
        }
        for step in facture.historique
    ]
    return {**invoice_card(order.world, facture), "historique": passages}


def list_invoices(order: Order) -> object:
    """`total` of those that match, and the last `SHOWN` of them, oldest first."""
    order.world.settle()
    found = [
        facture
        for facture in order.world.factures.values()
        if order.query.get("numero", facture.numero) == facture.numero
        and order.query.get("statut", facture.statut) == facture.statut
    ]
    return {"total": len(found), "factures": [invoice_card(order.world, facture) for facture in found[-SHOWN:]]}


def ledger(order: Order) -> object:
    """Deposits in the order they came, changes, and calls per operation: what a client's own books are compared
    with."""
    order.world.settle()
    book = order.world.ledger
    return {
        "deposits": [
            {
                "operation": deposit.operation,
                "numeroFlux": deposit.reference,
                "at": deposit.at.isoformat(),
                "account": deposit.account,
                "fichier": deposit.fichier,
                "numbers": deposit.numbers,
                "refused": deposit.refused,
            }
            for deposit in book.deposits.values()
        ],
        "changes": [
            {
                "operation": change.operation,
                "idFacture": change.idFacture,
                "at": change.at.isoformat(),
                "account": change.account,
                "statut": change.statut,
            }
            for change in book.changes
        ],
        "calls": dict(book.calls),
        "statuses": {str(status): count for status, count in book.statuses.items()},
        "tokens": book.tokens,
        "refused_accounts": book.refused_accounts,
    }


def counts(order: Order) -> object:
    """The figures alone, for a load test: nothing is listed."""
    order.world.settle()
    book = order.world.ledger
    return {"calls": dict(book.calls), "deposits": len(book.deposits), "factures": len(order.world.factures)}


def state(order: Order) -> object:
    """The world in figures and cards, passwords included; no more than `SHOWN` structures."""
    world = order.world
    world.settle()
    by_status: dict[str, int] = {}
    for facture in world.factures.values():
        by_status[facture.statut] = by_status.get(facture.statut, 0) + 1
    return {
        "environment": world.environment,
        "now": world.now().isoformat(),
        "structures": [structure_card(s) for s in list(world.structures.values())[:SHOWN]],
        "technical_accounts": [account_card(world, account) for account in world.technical_accounts.values()],
        "applications": [application_card(application) for application in world.applications.values()],
        "persons": [
            {"login": person.login, "password": person.password, "name": person.civil_name}
            for person in world.persons.values()
        ],
        "factures": by_status,
        "flux": len(world.flux),
        "pending": len(world.agenda),
    }


def mails(order: Order) -> object:
    """Every mail that would have left, oldest first."""
    return [
        {"to": mail.to, "subject": mail.subject, "body": mail.body, "at": mail.sent_at.isoformat()}
        for mail in order.world.mails
    ]


def sollicitations(order: Order) -> object:
    """Requests to support, oldest first, with the login of their author."""
    return [
        {
            "id": one.id,
            "auteur": one.auteur,
            "objet": one.objet,
            "texte": one.texte,
            "etat": one.etat,
            "at": one.created_at.isoformat(),
        }
        for one in order.world.sollicitations
    ]


def export_world(order: Order) -> object:
    """The whole environment as a `Snapshot`, bytes of files included; `import_world` takes it back."""
    return snapshot.take(order.world)


def import_world(order: Order) -> object:
    """Replace the environment by the snapshot in the body. Raises `ValueError` on what is not a world."""
    snapshot.restore(order.world, snapshot.decode(snapshot.encode_any(order.body)))
    return {"structures": len(order.world.structures), "factures": len(order.world.factures)}


ENDPOINTS = (
    Endpoint("GET", "/state", "Le monde en bref : structures, comptes, applications, personnes, compteurs.", state),
    Endpoint("GET", "/ledger", "Tout ce que la plateforme a reçu, et le nombre d’appels par opération.", ledger),
    Endpoint("GET", "/counts", "Les compteurs seuls.", counts),
    Endpoint("GET", "/mails", "Les courriels qui seraient partis.", mails),
    Endpoint("GET", "/sollicitations", "Les demandes au support, émises depuis le portail.", sollicitations),
    Endpoint("GET", "/factures", "Les factures ; ?numero= et ?statut= les choisissent.", list_invoices),
    Endpoint(
        "POST",
        "/factures",
        "Fabriquer des factures pour une structure publique.",
        make_invoices,
        {
            "destinataire": "SIRET",
            "fournisseur": "SIRET, sinon le premier fournisseur",
            "count": "combien (1)",
            "statut": "MISE_A_DISPOSITION par défaut",
            "montantHT": "100.00 par défaut",
            "service": "code",
            "engagement": "numéro",
            "numero": "numéro de facture",
            "motif": "commentaire du statut",
            "cadre": "A1",
            "octets": "poids d’une pièce jointe (0 : aucune)",
        },
    ),
    Endpoint("GET", "/factures/{id}", "Une facture, et chaque statut par où elle est passée.", invoice_history),
    Endpoint(
        "POST",
        "/factures/{id}/statut",
        "Donner un statut, hors de toute règle.",
        set_status,
        {"statut": "code", "motif": "texte", "mandat": "numéro"},
    ),
    Endpoint("GET", "/world", "Le monde entier, en JSON.", export_world),
    Endpoint("PUT", "/world", "Remplacer le monde par un autre.", import_world),
)
