"""The fields of `soumettre`, read and checked one group after the other (specifications/saisie.md)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from chorus_simulator import fields, rules, validation, values
from chorus_simulator.clock import PARIS
from chorus_simulator.factures.criteria import SHORT_CADRES
from chorus_simulator.factures.errors import not_yours, refused_amounts
from chorus_simulator.factures.rights import open_recipient
from chorus_simulator.model import LignePoste, LigneTva
from chorus_simulator.operations import Body, Call
from chorus_simulator.parties import Structure
from chorus_simulator.refusals import Refusal, malformed

TYPED = "SAISIE_API"
PATHS = {"service": "codeServiceExecutant", "engagement": "numeroBonCommande"}
RATES = {code: Decimal(value) for code, _, value in values.TAUX_TVA}
CENT = Decimal("0.01")


@dataclass
class Entry:
    """An invoice as its fields say it; `totals` by their name in `montantTotal`, `validator` a structure's id."""

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


def read_entry(call: Call, cadres: Collection[str]) -> Entry:
    """The invoice typed in, under one of these cadres. Refuses what is missing, incoherent, or not the account's."""
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
    entry = Entry(mode, supplier, recipient, cadre, day, numero)
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


def _validator(call: Call, entry: Entry, siret: str) -> int | None:
    if entry.cadre not in validation.WITH_VALIDATOR:
        return None
    found = call.world.structure_of(siret)
    if found is None or not found.active or found is entry.supplier:
        raise Refusal(20007, "La structure du valideur est absente, inconnue ou inactive.")
    return found.idStructureCPP


def _amounts(call: Call, entry: Entry) -> None:
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
