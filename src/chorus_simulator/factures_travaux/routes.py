"""The works invoices: one path is proven (`rechercher`), the others are deduced, so are their fields (G).

Specifications: api/factures-travaux.md. The road of a document is in `works`; only who calls is checked here.
"""

from __future__ import annotations

from chorus_simulator import fields, lifecycle, validation, values, works
from chorus_simulator.clock import paris_day
from chorus_simulator.factures import answers, criteria, search, supplier, typed
from chorus_simulator.factures.content import content
from chorus_simulator.factures.criteria import Test
from chorus_simulator.factures.requests import of_role
from chorus_simulator.factures.rights import of_supplier, readable
from chorus_simulator.factures_travaux.errors import not_works, nothing_found
from chorus_simulator.model import Facture
from chorus_simulator.operations import OK, Answer, Call, Handler, Operation
from chorus_simulator.refusals import not_suspended
from chorus_simulator.writing import counters, paging

CADRES = tuple(values.CADRES[code] for code in works.CADRES)


def rechercher(call: Call) -> Answer:
    """`rechercher` (api/factures-travaux.md §1): documents seen under one role, the recipient's by default; 20007
    when none."""
    role = fields.choice(call, call.body, "roleUtilisateur", values.ROLES) or "DESTINATAIRE"
    return _found(call, of_role(call, role))


def rechercher_a_traiter(call: Call) -> Answer:
    """What lies on the desk of the role."""
    role = fields.choice(call, call.body, "roleUtilisateur", values.ROLES) or "DESTINATAIRE"
    mine, waiting = of_role(call, role), works.ON_DESK.get(role, validation.AWAITING)
    return _found(call, lambda f: mine(f) and f.statut in waiting)


def _found(call: Call, mine: Test) -> Answer:
    body, world = call.body, call.world
    maximum = int(world.switches.number("resultats_maximum"))
    asked = paging(fields.record(body, "rechercheFactureTravaux"), maximum)
    tests = [mine, *criteria.common_tests(call, body), *criteria.within_period(body), *_tests(call)]
    found = (world.factures[number] for _, number in reversed(world.invoices.works))
    rows, total = search.page(call, found, None, tests, asked)
    if not total:
        raise nothing_found()
    listed = [_row(call, facture) for facture in rows]
    return {**OK, "listeFacturesTravaux": listed, "parametresRetour": counters(asked, total)}


def _row(call: Call, facture: Facture) -> Answer:
    return {**answers.for_validator(call.world, facture), **answers.received(call.world, facture)}


def _is_works(facture: Facture) -> bool:
    return facture.typeDemandePaiement == works.WORKS


def _tests(call: Call) -> list[Test]:
    body = call.body
    tests: list[Test] = []
    statuses = set(fields.choices(call, body, "listeStatutCourant", values.STATUTS))
    if statuses:
        tests.append(lambda f: f.statut in statuses)
    recipient = fields.number(body, "idDestinataire")
    if recipient is not None:
        tests.append(lambda f: f.idDestinataire == recipient)
    downloaded = fields.boolean(body, "flagTelecharge")
    if downloaded is not None:
        tests.append(lambda f: f.telechargee is downloaded)
    return tests


def _works(facture: Facture) -> Facture:
    if not _is_works(facture):
        raise not_works()
    return facture


def _number(call: Call) -> int:
    number = fields.number(call.body, "identifiantFactureCPP")
    return fields.needed_number(call.body, "idFacture") if number is None else number


def consulter(call: Call) -> Answer:
    """Reading a document on one's desk takes it up."""
    facture = _works(readable(call, _number(call)))
    works.take_up(call.world, facture, call.reach, call.login)
    return {**OK, "factureTravaux": content(call.world, facture, ({}, {}, {}), issued=False)}


def consulter_dossier(call: Call) -> Answer:
    """Every document of the same contract, whoever sent it; without a contract, of the same two parties."""
    facture = _works(readable(call, _number(call)))
    documents = (call.world.factures[number] for _, number in call.world.invoices.works)
    same = [_row(call, other) for other in documents if _dossier(other) == _dossier(facture)]
    return {**OK, "listeFactureTravaux": same}


def _dossier(facture: Facture) -> tuple[int, str, int]:
    return facture.idDestinataire, facture.numeroMarche, 0 if facture.numeroMarche else facture.idFournisseur


def completer(call: Call) -> Answer:
    """Files and a comment from the supplier, on A_COMPLETER or SUSPENDUE; 20002 otherwise (api/factures-travaux.md
    §2, G)."""
    facture = _works(of_supplier(call, _number(call)))
    comment = fields.text(call.body, "commentaire", 2000)
    if facture.statut not in ("A_COMPLETER", "SUSPENDUE"):
        raise not_suspended()
    supplier.attach(call, facture)
    works.complete(call.world, facture, call.login, comment)
    return _treated(call, facture)


def completer_moe(call: Call) -> Answer:
    """The MOE, the MOA or the financial service asks for a complement."""
    facture = _works(readable(call, _number(call)))
    comment = fields.required(call.body, "commentaire", lifecycle.MOTIF_MAXIMUM)
    works.ask_complement(call.world, facture, call.reach, call.login, comment)
    return _treated(call, facture)


def refuser(call: Call) -> Answer:
    """Refuse a document on one's desk, with a motif; 20002 elsewhere, 20003 for a motif of amount
    (api/factures-travaux.md §2, G)."""
    facture = _works(readable(call, _number(call)))
    motif = fields.required(call.body, "motif", lifecycle.MOTIF_MAXIMUM)
    works.refuse(call.world, facture, call.reach, call.login, motif)
    return _treated(call, facture)


def demander_recyclage(call: Call) -> Answer:
    """Whoever has the document on its desk wants it sent again; 20002 elsewhere (api/factures-travaux.md §2, G)."""
    facture = _works(readable(call, _number(call)))
    comment = fields.text(call.body, "commentaire", lifecycle.MOTIF_MAXIMUM)
    works.ask_recycling(call.world, facture, call.reach, call.login, comment)
    return _treated(call, facture)


def recycler(call: Call) -> Answer:
    """The supplier sends a recycled document again under its number (api/factures-travaux.md §2, G)."""
    facture = _works(of_supplier(call, _number(call)))
    works.send_again(call.world, facture, call.login, fields.text(call.body, "commentaire", 2000))
    return _treated(call, facture)


def _treated(call: Call, facture: Facture) -> Answer:
    return {
        **OK,
        "idFacture": facture.id,
        "numeroFacture": facture.numero,
        "dateTraitement": paris_day(call.world.now()),
        "nouveauStatut": facture.statut,
    }


def soumettre(call: Call) -> Answer:
    """The `soumettre` of the Factures API under the works cadres (api/factures-travaux.md §2, G)."""
    return typed.submit(call, CADRES)


def _operation(tail: str, handler: Handler, mark: str = "G") -> Operation:
    note = "" if mark != "G" else "chemin et champs déduits"
    return Operation(f"/cpro/facturesTravaux/v1/{tail}", handler, mark, "api/factures-travaux.md", note=note)


OPERATIONS = (
    _operation("rechercher", rechercher, "C1"),
    _operation("consulter", consulter),
    _operation("consulter/dossierfacturation", consulter_dossier),
    _operation("rechercher/atraiter", rechercher_a_traiter),
    _operation("recycler", recycler),
    _operation("completer", completer),
    _operation("completermoe", completer_moe),
    _operation("refuser", refuser),
    _operation("demander/recyclage", demander_recyclage),
    _operation("soumettre", soumettre),
)
