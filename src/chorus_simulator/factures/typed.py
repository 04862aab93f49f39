"""Entering an invoice by fields: `deposer/pdf`, then `soumettre` in its three modes (specifications/saisie.md)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from chorus_simulator import fields, integration, rules, validation, values, works
from chorus_simulator.clock import PARIS, paris_day
from chorus_simulator.documents import container
from chorus_simulator.documents.document import Document, Inadmissible
from chorus_simulator.factures.criteria import SHORT_CADRES
from chorus_simulator.factures.deposit import MEGABYTE, decoded, file_name
from chorus_simulator.factures.errors import not_submittable, not_yours, refused_amounts
from chorus_simulator.factures.rights import open_recipient
from chorus_simulator.factures.supplier import attach
from chorus_simulator.model import Facture, HistoStatut, LignePoste, LigneTva, PieceJointe
from chorus_simulator.operations import OK_GCU, Answer, Body, Call
from chorus_simulator.parties import Structure
from chorus_simulator.refusals import Refusal, TooLarge, malformed

TYPED = "SAISIE_API"
SUBMITTABLE = ("BROUILLON", "ERREUR_FOURNISSEUR_SUR_VALIDEUR", "A_RECYCLER")
PATHS = {"service": "codeServiceExecutant", "engagement": "numeroBonCommande"}
RATES = {code: Decimal(value) for code, _, value in values.TAUX_TVA}
CENT = Decimal("0.01")
READ_BY_OCR = (
    "numeroFacture",
    "dateFacture",
    "codeDestinataire",
    "codeServiceExecutant",
    "codeFournisseur",
    "codeDeviseFacture",
    "typeFacture",
    "typeTva",
    "numeroBonCommande",
    "montantTtcAvantRemiseGlobalTTC",
    "montantAPayer",
    "montantHtTotal",
    "montantTVA",
)


def deposer_pdf(call: Call) -> Answer:
    """Store a PDF; what recognition reads is null, except in a PDF that carries its own data (G)."""
    world, body = call.world, call.body
    fields.choice(call, body, "formatDepot", values.FORMATS_PDF, needed=True)
    name, data = file_name(body), decoded(body, "fichierFacture")
    if len(data) > world.switches.number("fichier_mo") * MEGABYTE:
        raise TooLarge
    if not data.startswith(container.PDF):
        raise malformed("Le champ fichierFacture n'est pas un fichier PDF.")
    number = world.next_id("piece")
    world.pieces[number] = PieceJointe(number, name, "application/pdf", world.spool.add(data), proprietaire=call.login)
    world.ledger.deposited("deposer/pdf", f"piece:{number}", world.now(), call.login, name)
    world.touch()
    read = dict.fromkeys(READ_BY_OCR, None) | _recognised(data)
    return {**OK_GCU, **read, "pieceJointeId": number}


def _recognised(data: bytes) -> Answer:
    try:
        document = container.read_any(data)
    except Inadmissible:
        return {}
    return _suggestions(document)


def _suggestions(document: Document) -> Answer:
    return {
        "numeroFacture": document.numero[:20] or None,
        "dateFacture": document.jour.isoformat() if document.jour else None,
        "codeDestinataire": document.destinataire.identifiant[:14] or None,
        "codeServiceExecutant": document.service or None,
        "codeFournisseur": document.fournisseur.identifiant[:18] or None,
        "codeDeviseFacture": document.devise or None,
        "typeFacture": "AVOIR" if rules.is_credit(document) else "FACTURE",
        "numeroBonCommande": document.engagement or None,
        "montantTtcAvantRemiseGlobalTTC": document.ttc,
        "montantAPayer": document.a_payer,
        "montantHtTotal": document.ht,
        "montantTVA": document.tva,
    }


@dataclass
class _Entry:
    """The fields of `soumettre`, read and checked one group after the other."""

    mode: str
    supplier: Structure
    recipient: Structure
    cadre: str
    day: date
    numero: str
    validator: int | None = None
    service: str = ""
    engagement: str = ""
    totals: dict[str, Decimal] = field(default_factory=dict)
    taxes: list[LigneTva] = field(default_factory=list)
    lines: list[LignePoste] = field(default_factory=list)


def soumettre(call: Call) -> Answer:
    """`soumettre` (api/factures.md §3), under the cadres A1, A2, A9 and A12. Refuses as `submit` does."""
    return submit(call, values.CADRES_SOUMETTRE)


def submit(call: Call, cadres: Collection[str]) -> Answer:
    """Submit an invoice under one of these cadres; works invoices come here with theirs."""
    entry = _entry(call, cadres)
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


def _submitted(facture: Facture, entry: _Entry) -> Answer:
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


def _again(call: Call, facture: Facture, entry: _Entry) -> Answer:
    """Submit once more an invoice that its validator sent back."""
    if facture.statut != "ERREUR_FOURNISSEUR_SUR_VALIDEUR":
        raise not_submittable()
    former: set[int | None] = {facture.idValideur1, facture.idValideur2}
    facture.idValideur1 = entry.validator
    call.world.invoices.moved(facture, facture.idDestinataire, former)
    validation.await_validators(call.world, facture, call.world.now())
    return _submitted(facture, entry)


def _entry(call: Call, cadres: Collection[str]) -> _Entry:
    body, world = call.body, call.world
    mode = fields.choice(call, body, "modeDepot", values.MODES_SOUMETTRE, needed=True)
    supplier = world.structures.get(fields.needed_number(fields.record(body, "fournisseur"), "idFournisseur"))
    if supplier is None or supplier.idStructureCPP not in call.reach:
        raise not_yours()
    where = fields.record(body, "destinataire")
    recipient = open_recipient(world.structure_of(fields.required(where, "codeDestinataire")))
    frame = fields.record(body, "cadreDeFacturation")
    cadre = SHORT_CADRES[fields.choice(call, frame, "codeCadreFacturation", cadres, needed=True)]
    day, numero = _identity(call, mode)
    entry = _Entry(mode, supplier, recipient, cadre, day, numero)
    entry.service = fields.text(where, "codeServiceExecutant", 100)
    entry.engagement = fields.text(fields.record(body, "references"), "numeroBonCommande", 50)
    for sentence in rules.routing_faults(recipient, supplier, entry.service, entry.engagement, PATHS):
        raise Refusal(20006, sentence)
    entry.validator = _validator(call, entry, fields.text(frame, "codeStructureValideur"))
    _amounts(call, entry)
    return entry


def _identity(call: Call, mode: str) -> tuple[date, str]:
    """Date and number: given in the PDF modes, made by the platform in SAISIE_API."""
    body, world = call.body, call.world
    given = fields.moment(body, "dateFacture")
    if mode == TYPED:
        if given is not None and world.switches.on("dates_saisie_api_500"):
            raise Refusal(500, "Erreur interne du serveur", http=500)
        day = world.now().astimezone(PARIS).date()
        return day, f"{day.year}{world.next_id('saisie'):016d}"
    if given is None:
        raise malformed("Le champ dateFacture est obligatoire.")
    numero = fields.required(body, "numeroFactureSaisi")
    if len(numero) > 20 or not rules.NUMBER.fullmatch(numero):
        raise malformed("Le champ numeroFactureSaisi dépasse 20 caractères ou contient un caractère interdit.")
    return given.astimezone(PARIS).date(), numero


def _validator(call: Call, entry: _Entry, siret: str) -> int | None:
    if entry.cadre not in validation.WITH_VALIDATOR:
        return None
    found = call.world.structure_of(siret)
    if found is None or not found.active or found is entry.supplier:
        raise Refusal(20007, "La structure du valideur est absente, inconnue ou inactive.")
    return found.idStructureCPP


def _amounts(call: Call, entry: _Entry) -> None:
    body = call.body
    total = fields.record(body, "montantTotal")
    names = ("montantHtTotal", "montantTVA", "montantTtcTotal", "montantRemiseGlobaleTTC", "montantAPayer")
    entry.totals = {name: fields.amount(total, name) or Decimal(0) for name in names}
    for name in ("montantHtTotal", "montantAPayer"):
        if fields.amount(total, name) is None:
            raise malformed(f"Le champ montantTotal.{name} est obligatoire.")
    entry.taxes = [_tax(call, row) for row in fields.records(body, "ligneTva")]
    entry.lines = [_line(call, rank, row) for rank, row in enumerate(fields.records(body, "lignePoste"), 1)]
    if entry.mode == TYPED and not entry.lines:
        raise malformed("Le champ lignePoste doit contenir au moins une ligne.")
    kind = fields.choice(call, fields.record(body, "references"), "typeTva", values.TYPES_TVA, needed=True)
    if kind != "SANS_TVA" and not entry.taxes:
        raise malformed("Le champ ligneTva est obligatoire.")
    ttc = entry.totals["montantTtcTotal"] or entry.totals["montantAPayer"]
    discount = entry.totals["montantRemiseGlobaleTTC"]
    expected = entry.totals["montantHtTotal"] + entry.totals["montantTVA"]
    if abs(expected - ttc) > CENT and abs(expected - discount - ttc) > CENT:
        raise refused_amounts("Le montant TTC n'est pas égal à la somme du montant HT et du montant de la TVA.")
    if entry.taxes and abs(sum(tax.montant for tax in entry.taxes) - entry.totals["montantTVA"]) > CENT:
        raise Refusal(20303, "Le montant total de la TVA n'est pas égal à la somme des montants par taux.")


def _rate(call: Call, row: Body, code_field: str, manual_field: str) -> tuple[Decimal, str]:
    code = fields.choice(call, row, code_field, RATES)
    manual = fields.amount(row, manual_field)
    if not code and manual is None:
        raise malformed(f"Le champ {code_field} ou {manual_field} est obligatoire.")
    return (RATES[code] if code else manual or Decimal(0)), code


def _tax(call: Call, row: Body) -> LigneTva:
    rate, code = _rate(call, row, "ligneTvaTaux", "ligneTvaTauxManuel")
    base = fields.amount(row, "ligneTvaMontantBaseHtParTaux") or Decimal(0)
    return LigneTva(rate, base, fields.amount(row, "ligneTvaMontantTvaParTaux") or Decimal(0), code)


def _line(call: Call, rank: int, row: Body) -> LignePoste:
    rate, code = _rate(call, row, "lignePosteTauxTva", "lignePosteTauxTvaManuel")
    quantity = fields.amount(row, "lignePosteQuantite")
    price, discount = fields.amount(row, "lignePosteMontantUnitaireHT"), fields.amount(row, "lignePosteMontantRemiseHT")
    if quantity is None or price is None:
        raise malformed("Les champs lignePosteQuantite et lignePosteMontantUnitaireHT sont obligatoires.")
    net = quantity * price - (discount or Decimal(0))
    return LignePoste(
        fields.number(row, "lignePosteNumero") or rank,
        fields.required(row, "lignePosteDenomination", 255),
        fields.text(row, "lignePosteReference", 50),
        quantity,
        fields.text(row, "lignePosteUnite", 50),
        price,
        discount or Decimal(0),
        net,
        rate,
        code,
    )


def _build(call: Call, entry: _Entry, references: Body) -> Facture:
    world, now = call.world, call.world.now()
    totals, author = entry.totals, world.author(call.login)
    vat = fields.choice(call, references, "typeTva", values.TYPES_TVA, needed=True)
    reason = fields.text(references, "motifExonerationTva")
    if vat == "EXONERATION" and not reason:
        raise malformed("Le champ motifExonerationTva est obligatoire.")
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
        historique=[HistoStatut("DEPOSEE", now, "", author.nom, author.prenom, author.email, author.telephone)],
        typeDemandePaiement=works.WORKS if entry.cadre in works.CADRES else "FACTURE",
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


def _iban(call: Call, entry: _Entry) -> str:
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
