"""The recipient's operations: search, read, give a status (specifications/recipient.md)."""

from __future__ import annotations

from chorus_simulator import fields, values
from chorus_simulator.clock import paris_day
from chorus_simulator.factures import answers, criteria, search
from chorus_simulator.factures.content import content
from chorus_simulator.factures.criteria import Test
from chorus_simulator.factures.errors import nothing_received
from chorus_simulator.factures.rights import of_recipient
from chorus_simulator.operations import OK, Answer, Call
from chorus_simulator.writing import counters, paging

TO_TREAT = ("MISE_A_DISPOSITION", "COMPLETEE")


def rechercher_recipiendaire(call: Call) -> Answer:
    """`rechercher/recipiendaire` (api/factures.md §12): what the account's structures received, counters at the top
    level. Nothing found is 20000 `TRA_MSG_00.015`, the list absent."""
    body, world = call.body, call.world
    asked = paging(fields.record(body, "paramRecherche"), search.maximum(call))
    scope = search.scope(call, fields.number(body, "idDestinataire"))
    tests = [*criteria.common_tests(call, body), *_tests(call)]
    if fields.text(body, "numeroFacture"):
        tests += [lambda f: f.idDestinataire in scope and f.id in world.invoices.shown, *criteria.within_period(body)]
    found, known = search.candidates(call, body, scope, world.invoices.of_recipient, world.invoices.recipient_changes)
    rows, total = search.page(call, found, known, tests, asked)
    if not total:
        raise nothing_received()
    with_size = bool(fields.boolean(body, "recupererTaille"))
    listed = [answers.received(world, facture, with_size) for facture in rows]
    return {**OK, "listeFactures": listed, **counters(asked, total)}


def _tests(call: Call) -> list[Test]:
    body = call.body
    request = fields.choice(call, body, "typeDemandePaiement", ("FACTURE", "FACTURE_TRAVAUX"))
    tests = criteria.kinds(call, body, request)
    downloaded = fields.boolean(body, "factureTelechargeeParDestinataire")
    if downloaded is not None:
        tests.append(lambda f: f.telechargee is downloaded)
    return tests + criteria.service(call, body) + _supplier_tests(call)


def _supplier_tests(call: Call) -> list[Test]:
    rows = fields.records(call.body, "listeFournisseurs")
    wanted = {number for row in rows if (number := fields.number(row, "idFournisseur")) is not None}
    if not wanted:
        return []
    if fields.boolean(call.body, "rechercheSirenFournisseur"):
        structures = call.world.structures
        sirens = {structures[number].siren for number in wanted if number in structures}
        return [lambda f: structures[f.idFournisseur].siren in sirens]
    return [lambda f: f.idFournisseur in wanted]


def rechercher_a_traiter(call: Call) -> Answer:
    """`rechercher/atraiter/recipiendaire` (api/factures.md §13): what waits on the recipient's desk; 20000 when
    nothing does."""
    body, world = call.body, call.world
    asked = paging(fields.record(body, "parametreRechercheFactureATraiterParRecipiendaire"), search.maximum(call))
    scope = search.scope(call, fields.number(body, "idStructure"))
    found, known = search.candidates(call, {}, scope, world.invoices.of_recipient)
    rows, total = search.page(call, found, known, [lambda f: f.statut in TO_TREAT], asked)
    if not total:
        raise nothing_received()
    with_size = bool(fields.boolean(body, "recupererTaille"))
    return {
        **OK,
        "listeFactures": [answers.received(world, facture, with_size) for facture in rows],
        "parametresRetour": counters(asked, total),
    }


def consulter_recipiendaire(call: Call) -> Answer:
    """`consulter/recipiendaire` (api/factures.md §14): the whole invoice; reading does not mark it as downloaded."""
    facture = of_recipient(call, fields.needed_number(call.body, "identifiantFactureCPP"))
    pages = (
        fields.record(call.body, "rechercheligneTvaRecap", "rechercheLigneTvaRecap"),
        fields.record(call.body, "recherchePj"),
        fields.record(call.body, "rechercheLignePoste"),
    )
    return {**OK, "facture": content(call.world, facture, pages, issued=False)}


def traiter_recue(call: Call) -> Answer:
    """`traiter/recue` (api/factures.md §15): a status by the rules of life-cycle.md §4; 20002 when the transition is
    not allowed."""
    body, world = call.body, call.world
    facture = of_recipient(call, fields.needed_number(body, "idFacture"))
    statut = fields.choice(call, body, "nouveauStatut", values.STATUTS, needed=True)
    motif, mandat = fields.text(body, "motif"), fields.text(body, "numeroDPMandat", 50)
    world.treat(facture, statut, call.login, motif=motif, mandat=mandat)
    return {
        **OK,
        "idFacture": facture.id,
        "numeroFacture": facture.numero,
        "dateTraitement": paris_day(world.now()),
        "nouveauStatut": statut,
    }
