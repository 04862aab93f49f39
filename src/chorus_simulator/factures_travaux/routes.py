"""The works invoices: one path is proven (`rechercher`), the others are deduced, so are their fields (G).

Specifications: api/factures-travaux.md. The chain supplier, MOE, MOA, financial service is reduced to the steps
whose statuses have a plain meaning.
"""

from __future__ import annotations

from chorus_simulator import fields, integration, lifecycle, values
from chorus_simulator.clock import paris_day
from chorus_simulator.factures import answers, search, supplier, typed
from chorus_simulator.factures.content import content
from chorus_simulator.factures.requests import of_role
from chorus_simulator.factures.rights import of_recipient, of_supplier, readable
from chorus_simulator.factures.search import Test
from chorus_simulator.factures_travaux.errors import not_works, nothing_found
from chorus_simulator.model import Facture
from chorus_simulator.operations import OK, Answer, Call, Handler, Operation
from chorus_simulator.refusals import Refusal, incoherent_status
from chorus_simulator.writing import counters, paging

WORKS = "FACTURE_TRAVAUX"
CADRES = tuple(values.CADRES[code] for code in integration.WORKS_CADRES)


def rechercher(call: Call) -> Answer:
    role = fields.choice(call, call.body, "roleUtilisateur", values.ROLES) or "DESTINATAIRE"
    return _found(call, of_role(call, role))


def rechercher_a_traiter(call: Call) -> Answer:
    role = fields.choice(call, call.body, "roleUtilisateur", values.ROLES) or "DESTINATAIRE"
    mine = of_role(call, role)
    return _found(call, lambda f: mine(f) and f.statut in ("MISE_A_DISPOSITION", "COMPLETEE", "A_VALIDER_MOE"))


def _found(call: Call, mine: Test) -> Answer:
    body, world = call.body, call.world
    maximum = int(world.switches.number("resultats_maximum"))
    asked = paging(fields.record(body, "rechercheFactureTravaux"), maximum)
    tests = [mine, *search.common_tests(call, body), *search.within_period(body), *_tests(call)]
    found = (world.factures[number] for _, number in reversed(world.invoices.works))
    rows, total = search.page(call, found, None, tests, asked)
    if not total:
        raise nothing_found()
    listed = [_row(call, facture) for facture in rows]
    return {**OK, "listeFacturesTravaux": listed, "parametresRetour": counters(asked, total)}


def _row(call: Call, facture: Facture) -> Answer:
    return {**answers.for_validator(call.world, facture), **answers.received(call.world, facture)}


def _is_works(facture: Facture) -> bool:
    return facture.typeDemandePaiement == WORKS


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
    facture = _works(readable(call, _number(call)))
    return {**OK, "factureTravaux": content(call.world, facture, ({}, {}, {}), issued=False)}


def consulter_dossier(call: Call) -> Answer:
    """Every document of the same contract between the same two parties."""
    facture = _works(readable(call, _number(call)))
    same = [
        other
        for other in (call.world.factures[number] for _, number in call.world.invoices.works)
        if (other.idFournisseur, other.idDestinataire) == (facture.idFournisseur, facture.idDestinataire)
        and other.numeroMarche == facture.numeroMarche
    ]
    return {**OK, "listeFactureTravaux": [_row(call, other) for other in same]}


def completer(call: Call) -> Answer:
    call.body = {**call.body, "identifiantFactureCPP": _works(of_supplier(call, _number(call))).id}
    return supplier.completer(call)


def completer_moe(call: Call) -> Answer:
    """The MOE or the MOA asks for a complement: the document is suspended."""
    facture = _works(readable(call, _number(call)))
    comment = fields.required(call.body, "commentaire", lifecycle.MOTIF_MAXIMUM)
    if facture.statut not in lifecycle.OPEN_TO_RECIPIENT:
        raise incoherent_status()
    return _treated(call, facture, "A_COMPLETER", comment)


def refuser(call: Call) -> Answer:
    facture = _works(of_recipient(call, _number(call)))
    motif = fields.required(call.body, "motif", lifecycle.MOTIF_MAXIMUM)
    if facture.statut in lifecycle.FINAL:
        raise incoherent_status()
    if "MONTANT" in motif.upper():
        raise Refusal(20003, "Un rejet total pour montant est impossible sur une facture de travaux.")
    return _treated(call, facture, "REJETEE", motif)


def demander_recyclage(call: Call) -> Answer:
    facture = _works(of_recipient(call, _number(call)))
    if facture.statut in lifecycle.FINAL:
        raise incoherent_status()
    return _treated(call, facture, "EN_ATTENTE_RECYCLAGE_FOURNISSEUR", fields.text(call.body, "commentaire"))


def recycler(call: Call) -> Answer:
    call.body = {**call.body, "identifiantFactureCPP": _works(of_supplier(call, _number(call))).id}
    return supplier.recycler(call)


def _treated(call: Call, facture: Facture, statut: str, motif: str) -> Answer:
    call.world.set_status(facture, statut, call.login, motif)
    return {
        **OK,
        "idFacture": facture.id,
        "numeroFacture": facture.numero,
        "dateTraitement": paris_day(supplier.changed(call, f"travaux:{statut}", facture)),
        "nouveauStatut": facture.statut,
    }


def soumettre(call: Call) -> Answer:
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
