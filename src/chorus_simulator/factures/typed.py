"""`soumettre`: an invoice entered by fields, in its three modes (specifications/saisie.md)."""

from __future__ import annotations

from collections.abc import Collection

from chorus_simulator import fields, integration, rules, validation, values, works
from chorus_simulator.clock import paris_day
from chorus_simulator.factures.entry import TYPED, Entry, read_entry
from chorus_simulator.factures.errors import not_submittable
from chorus_simulator.factures.supplier import attach
from chorus_simulator.model import Facture
from chorus_simulator.operations import OK_GCU, Answer, Body, Call
from chorus_simulator.refusals import Refusal, malformed

SUBMITTABLE = ("BROUILLON", "ERREUR_FOURNISSEUR_SUR_VALIDEUR", "A_RECYCLER")


def soumettre(call: Call) -> Answer:
    """`soumettre` (api/factures.md §3), under the cadres A1, A2, A9 and A12. Refuses as `submit` does."""
    return submit(call, values.CADRES_SOUMETTRE)


def submit(call: Call, cadres: Collection[str]) -> Answer:
    """Submit an invoice under one of these cadres; works invoices come here with theirs."""
    entry = read_entry(call, cadres)
    references = fields.record(call.body, "references")
    known = call.world.invoices.triples.get((entry.supplier.siren, entry.day.year, entry.numero))
    facture = call.world.factures[known] if known is not None else None
    if facture is not None and facture.statut not in SUBMITTABLE:
        raise Refusal(20012, rules.DUPLICATE)
    if facture is not None:
        return _again(call, facture, entry)
    facture = _build(call, entry, references)
    _attach_files(call, facture)
    call.world.ledger.deposited("soumettre", f"facture:{facture.id}", facture.dateDepot, call.login, "").numbers.append(
        facture.numero
    )
    integration.accept(call.world, facture, facture.dateDepot)
    return _submitted(facture, entry)


def _submitted(facture: Facture, entry: Entry) -> Answer:
    waits = facture.statut in validation.AWAITING
    return {
        **OK_GCU,
        "identifiantFactureCPP": facture.id,
        "numeroFacture": facture.numero,
        "statutFacture": facture.statut if waits else "DEPOSEE",
        "dateDepot": paris_day(facture.dateDepot),
        "identifiantStructure": entry.supplier.identifiant,
        "empreinteCertificatDepot": facture.empreinte,
    }


def _again(call: Call, facture: Facture, entry: Entry) -> Answer:
    """Submit once more an invoice that its validator sent back."""
    if facture.statut != "ERREUR_FOURNISSEUR_SUR_VALIDEUR":
        raise not_submittable()
    former: set[int | None] = {facture.idValideur1, facture.idValideur2}
    facture.idValideur1 = entry.validator
    call.world.invoices.moved(facture, facture.idDestinataire, former)
    validation.await_validators(call.world, facture, call.world.now())
    return _submitted(facture, entry)


def _build(call: Call, entry: Entry, references: Body) -> Facture:
    world, now = call.world, call.world.now()
    totals, (vat, reason) = entry.totals, _vat(call, references)
    kind = fields.choice(call, references, "typeFacture", ("FACTURE", "AVOIR"), needed=True)
    return Facture(
        id=world.next_id("facture"),
        numero=entry.numero,
        idFournisseur=entry.supplier.idStructureCPP,
        idDestinataire=entry.recipient.idStructureCPP,
        dateFacture=entry.day,
        dateDepot=now,
        montantHT=totals["montantHtTotal"],
        montantTVA=totals["montantTVA"],
        montantTTC=totals["montantTtcTotal"] or totals["montantAPayer"],
        montantAPayer=totals["montantAPayer"],
        historique=[world.signed("DEPOSEE", now, call.login)],
        typeDemandePaiement=works.demand(entry.cadre),
        typeFactureTravaux=works.TYPES.get(entry.cadre),
        typeFacture=kind,
        cadre=entry.cadre,
        devise=fields.required(references, "deviseFacture", 3),
        modeDepot=entry.mode,
        typeTva=vat,
        motifExoneration=reason,
        modePaiement=fields.choice(call, references, "modePaiement", values.MODES_PAIEMENT, needed=True),
        iban=_iban(call, entry),
        numeroMarche=fields.text(references, "numeroMarche", 50),
        numeroBonCommande=entry.engagement,
        numeroFactureOrigine=fields.text(references, "numeroFactureOrigine", 20),
        codeService=entry.service,
        idValideur1=entry.validator,
        tvas=entry.taxes,
        lignes=entry.lines,
        commentaire=fields.text(call.body, "commentaire", 2000),
        empreinte="".join(world.random.choices("0123456789abcdef", k=40)),
        par=call.login,
    )


def _vat(call: Call, references: Body) -> tuple[str, str]:
    """The kind of VAT and, for an exemption, its reason."""
    vat = fields.choice(call, references, "typeTva", values.TYPES_TVA, needed=True)
    reason = fields.text(references, "motifExonerationTva")
    if vat == "EXONERATION" and not reason:
        raise malformed("Le champ motifExonerationTva est obligatoire.")
    return vat, reason


def _iban(call: Call, entry: Entry) -> str:
    number = fields.number(fields.record(call.body, "fournisseur"), "codeCoordonneesBancairesFournisseur")
    if number is None:
        return ""
    account = next((c for c in entry.supplier.comptes if c.idCoordonneeBancaire == number), None)
    if account is None:
        raise Refusal(20008, "Les coordonnées bancaires n'appartiennent pas au fournisseur.")
    return account.iban


def _attach_files(call: Call, facture: Facture) -> None:
    """The main PDF comes as an object, or as an array of one (quirks.md 16)."""
    main = fields.record(call.body, "pieceJointePrincipale")
    number = fields.number(main, "pieceJointePrincipaleId")
    if number is None and facture.modeDepot != TYPED:
        raise malformed("Le champ pieceJointePrincipale.pieceJointePrincipaleId est obligatoire.")
    piece = call.world.pieces.get(number) if number is not None else None
    if number is not None and (piece is None or piece.proprietaire != call.login):
        raise Refusal(20015, f"La pièce jointe {number} n'existe pas ou n'appartient pas à l'utilisateur.")
    if piece is not None:
        piece.type_pj, piece.code_type = "01", "FACTURE"
        piece.designation = fields.text(main, "pieceJointePrincipaleDesignation", 100) or piece.nom
        piece.idLiaison = call.world.next_id("liaison")
        facture.pieces.append(piece)
    attach(call, facture)
