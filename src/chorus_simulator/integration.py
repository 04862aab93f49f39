"""Judging a flux when its time has come: each invoice in it is integrated, or refused with its sentences.

All good: IN_INTEGRE; some: IN_INTEGRE_PARTIEL; none, or an inadmissible file: IN_REJETE (flux.md §4). A refused
invoice leaves its number free; an integrated one takes it.
"""

from __future__ import annotations

import unicodedata
from datetime import datetime
from decimal import Decimal

from chorus_simulator import rules, validation, works
from chorus_simulator.documents import container
from chorus_simulator.documents.document import Document, Inadmissible
from chorus_simulator.memory import Memory
from chorus_simulator.model import Blob, ErreurDP, ErreurTechnique, Facture, Flux, PieceJointe
from chorus_simulator.parties import Structure

MODES = {
    **dict.fromkeys(("30", "31", "42", "58"), "VIREMENT"),
    **dict.fromkeys(("49", "59"), "PRELEVEMENT"),
    "10": "ESPECE",
    "20": "CHEQUE",
    "97": "REPORT",
}


def integrate(world: Memory, key: str, when: datetime) -> None:
    """Called by `happenings` for the flux `key`, due at `when`."""
    flux = world.flux.get(key)
    if flux is None or flux.final is not None:
        return
    data = world.spool.read(flux.blob)
    try:
        for name, content in container.members(flux.nomFichier, data):
            _member(world, flux, name, content, when, whole=content is data)
    except Inadmissible as inadmissible:
        _technical(world, flux, inadmissible)
    flux.final = _verdict(flux)
    world.touch()


def _verdict(flux: Flux) -> str:
    if not flux.factures:
        return "IN_REJETE"
    return "IN_INTEGRE_PARTIEL" if flux.erreurs or flux.techniques else "IN_INTEGRE"


def _member(world: Memory, flux: Flux, name: str, content: bytes, when: datetime, *, whole: bool) -> None:
    try:
        document = container.read(content, flux.syntaxe)
    except Inadmissible as inadmissible:
        _technical(world, flux, inadmissible)
        return
    sentences = rules.judge(world, document)
    deposit = world.ledger.deposits.get(flux.numero)
    if sentences:
        flux.erreurs += [_refused(world, document, sentence) for sentence in sentences]
        if deposit:
            deposit.refused.append(document.numero)
        return
    blob = flux.blob if whole else world.spool.add(content)
    facture = build(world, document, flux, (name, blob), when)
    flux.factures.append(facture.id)
    if deposit:
        deposit.numbers.append(facture.numero)
    accept(world, facture, when)


def build(world: Memory, document: Document, flux: Flux, original: tuple[str, Blob], when: datetime) -> Facture:
    """The invoice of a document that passed every rule."""
    supplier, recipient = rules.supplier_of(world, document), rules.recipient_of(world, document)
    if supplier is None or recipient is None or document.jour is None:
        raise ValueError("a document that passed the rules names its parties and its date")
    cadre = rules.cadre_of(document)
    ht, ttc = document.ht or Decimal(0), document.ttc or Decimal(0)
    facture = Facture(
        id=world.next_id("facture"),
        numero=document.numero,
        idFournisseur=supplier.idStructureCPP,
        idDestinataire=recipient.idStructureCPP,
        dateFacture=document.jour,
        dateDepot=flux.dateDepot,
        montantHT=ht,
        montantTVA=document.tva if document.tva is not None else ttc - ht,
        montantTTC=ttc,
        montantAPayer=document.a_payer if document.a_payer is not None else ttc,
        typeDemandePaiement=works.demand(cadre),
        typeFactureTravaux=works.TYPES.get(cadre),
        typeFacture=_kind(document),
        cadre=cadre,
        devise=document.devise,
        numeroFluxDepot=flux.numero,
        motifExoneration=document.motif_exoneration[:100],
        typeTva="EXONERATION" if document.motif_exoneration else "TVA_SUR_DEBIT",
        modePaiement=MODES.get(document.paiement, "AUTRE"),
        iban=document.iban,
        numeroMarche=document.marche,
        numeroBonCommande=document.engagement,
        numeroFactureOrigine=document.origine[:20],
        codeService=document.service,
        dateLivraison=document.livraison,
        dateEcheance=document.echeance,
        tvas=document.tvas,
        par=flux.par,
    )
    _attach(world, facture, document, original)
    _validators(world, facture, supplier, document.valideur)
    facture.historique = [world.signed("DEPOSEE", when, flux.par)]
    return facture


def _kind(document: Document) -> str:
    return {"381": "AVOIR", "386": "ACOMPTE"}.get(document.type_code, "FACTURE")


def _attach(world: Memory, facture: Facture, document: Document, original: tuple[str, Blob]) -> None:
    name, blob = original
    mime = "application/pdf" if name.lower().endswith(".pdf") else "application/xml"
    add_piece(world, facture, name, mime, blob, main=True)
    for attached in document.attaches:
        if attached.contenu is not None:
            add_piece(world, facture, attached.nom, attached.mime, world.spool.add(attached.contenu), main=False)


def add_piece(world: Memory, facture: Facture, name: str, mime: str, blob: Blob, *, main: bool) -> PieceJointe:
    """A file of an invoice, known by a new id."""
    number = world.next_id("piece")
    piece = PieceJointe(number, name, mime, blob, "01" if main else "02", proprietaire=facture.par)
    piece.code_type = "FACTURE" if main else "DOCUMENT_ANNEXE"
    piece.designation, piece.idLiaison = name[:100], world.next_id("liaison")
    facture.pieces.append(piece)
    world.pieces[number] = piece
    return piece


def _validators(world: Memory, facture: Facture, supplier: Structure, identifiant: str) -> None:
    """The validator named by the file, else the holders that the supplier's record knows (G)."""
    if facture.cadre not in validation.WITH_VALIDATOR:
        return
    named = world.structure_of(identifiant)
    holders = [named.idStructureCPP] if named else supplier.titulaires
    facture.idValideur1 = holders[0] if holders else None
    facture.idValideur2 = holders[1] if len(holders) > 1 else None


def accept(world: Memory, facture: Facture, when: datetime) -> None:
    """Index a new invoice, DEPOSEE, and send it on its way: to its validator, its MOE, or its recipient."""
    works_document = facture.typeDemandePaiement == works.WORKS
    if works_document:
        works.join_contract(world, facture)
    world.adopt(facture)
    if works_document:
        works.set_out(world, facture, when)
    elif facture.cadre in validation.WITH_VALIDATOR:
        validation.await_validators(world, facture, when)
    else:
        validation.route(world, facture, when)


def _refused(world: Memory, document: Document, sentence: str) -> ErreurDP:
    label = _label(world, sentence)
    return ErreurDP(document.numero, label, document.fournisseur.identifiant, document.destinataire.identifiant)


def _technical(world: Memory, flux: Flux, inadmissible: Inadmissible) -> None:
    flux.techniques.append(ErreurTechnique(inadmissible.code, _label(world, inadmissible.libelle)))


def _label(world: Memory, sentence: str) -> str:
    if world.switches.on("libelle_sans_accent"):
        sentence = "".join(c for c in unicodedata.normalize("NFD", sentence) if not unicodedata.combining(c))
    return sentence[: int(world.switches.number("libelle_longueur"))]
