"""The supplier's operations: search, read, complete, recycle, deal with a rejection, change the validator."""

from __future__ import annotations

from chorus_simulator import fields, lifecycle, rules, validation, values
from chorus_simulator.factures import answers, criteria, search
from chorus_simulator.factures.content import content
from chorus_simulator.factures.criteria import Test
from chorus_simulator.factures.errors import not_suspended, not_yours
from chorus_simulator.factures.rights import of_supplier, open_recipient
from chorus_simulator.model import Facture, PieceJointe
from chorus_simulator.operations import OK, Answer, Call
from chorus_simulator.refusals import Refusal, malformed
from chorus_simulator.writing import counters, minute, paging

TO_TREAT = (
    "BROUILLON",
    "A_VALIDER_1",
    "A_VALIDER_2",
    "ERREUR_FOURNISSEUR_SUR_VALIDEUR",
    "VALIDEE_1",
    "VALIDEE_2",
    "REFUSEE_1",
    "REFUSEE_2",
    "ERREUR_COTRAITANT_SUR_VALIDEUR",
    "ABSENCE_VALIDATION_1_HORS_DELAI",
    "ABSENCE_VALIDATION_2_HORS_DELAI",
    "DEPOSEE",
    "EN_COURS_ACHEMINEMENT",
    "MISE_A_DISPOSITION",
    "A_RECYCLER",
    "SUSPENDUE",
)


def rechercher_fournisseur(call: Call) -> Answer:
    """`rechercher/fournisseur` (api/factures.md §4): what the account's structures sent, or the account deposited
    for others. Nothing found is an empty list, or the code of the switch `recherche_vide_fournisseur`."""
    body, world = call.body, call.world
    asked = paging(fields.record(body, "rechercheFactureParFournisseur"), search.maximum(call))
    scope = search.scope(call, fields.number(body, "idFournisseur"))
    tests = criteria.common_tests(call, body) + _tests(call)
    found, known = search.candidates(call, body, scope, world.invoices.of_supplier, world.invoices.supplier_changes)
    rows, total = search.page(call, found, known, tests, asked)
    with_size = bool(fields.boolean(body, "recupererTaille"))
    code = int(world.switches.number("recherche_vide_fournisseur"))
    if not total and code:
        raise Refusal(code, "TRA_MSG_00.015")
    return {
        **OK,
        "parametresRetour": counters(asked, total),
        "listeFactures": [answers.issued(world, facture, with_size) for facture in rows],
    }


def _tests(call: Call) -> list[Test]:
    body = call.body
    tests: list[Test] = []
    by_other_way = bool(fields.text(body, "numeroFacture") or fields.text(body, "numeroFluxDepot"))
    if by_other_way:
        tests += [_mine(call), *criteria.within_period(body)]
        wanted = fields.number(body, "idFournisseur")
        if wanted is not None:
            tests.append(criteria.equals("idFournisseur", wanted))
    flux = fields.text(body, "numeroFluxDepot")
    if flux:
        tests.append(criteria.equals("numeroFluxDepot", flux))
    kind = fields.choice(call, body, "typeFacture", values.TYPES_FACTURE)
    if kind:
        tests.append(criteria.equals("typeFacture", kind))
    mode = fields.choice(call, body, "modeDepot", values.MODES_DEPOT)
    if mode:
        tests.append(criteria.equals("modeDepot", mode))
    validator = fields.number(body, "idStructureValideur")
    if validator is not None:
        tests.append(lambda f: validator in (f.idValideur1, f.idValideur2))
    dealt = fields.boolean(body, "rejetTraite")
    if dealt is not None:
        tests.append(criteria.equals("rejetTraite", dealt))
    return tests + _recipient_tests(call)


def _mine(call: Call) -> Test:
    reach, login = call.reach, call.login
    return lambda f: f.idFournisseur in reach or f.par == login


def _recipient_tests(call: Call) -> list[Test]:
    """`listeDestinataire`: any of these recipients, by id (or all of the same SIREN), by name, by services."""
    wanted = fields.records(call.body, "listeDestinataire")
    if not wanted:
        return []
    by_siren = bool(fields.boolean(call.body, "rechercheSirenDestinataire"))
    structures = call.world.structures

    def matches(facture: Facture) -> bool:
        recipient = structures[facture.idDestinataire]
        for criterion in wanted:
            number = fields.number(criterion, "idDestinataire")
            name = fields.text(criterion, "raisonSocialeStuctDmd").lower()
            other = call.world.structure(number)
            same = other is recipient or (by_siren and other is not None and other.siren == recipient.siren)
            if (number is None or same) and name in recipient.designation.lower():
                services = fields.listed(criterion, "listeIdServiceExecutant")
                found = recipient.service(facture.codeService)
                if not services or (found is not None and found.idService in services):
                    return True
        return False

    return [matches]


def rechercher_a_traiter(call: Call) -> Answer:
    """`rechercher/atraiter/fournisseur` (api/factures.md §5): what is not over, rejections included until they are
    dealt with."""
    body, world = call.body, call.world
    asked = paging(fields.record(body, "rechercheFactureATraiterParFournisseur"), search.maximum(call))
    scope = search.scope(call, fields.number(body, "idStructure"))
    hidden = bool(fields.boolean(body, "masquerRejetee"))
    statuses = set(TO_TREAT) if hidden else {*TO_TREAT, "REJETEE"}
    tests: list[Test] = [lambda f: f.statut in statuses and not (f.statut == "REJETEE" and f.rejetTraite)]
    found, known = search.candidates(call, {}, scope, world.invoices.of_supplier)
    rows, total = search.page(call, found, known, tests, asked)
    with_size = bool(fields.boolean(body, "recupererTaille"))
    return {
        **OK,
        "parametresRetour": counters(asked, total),
        "listeFactures": [answers.to_treat_by_supplier(world, facture, with_size) for facture in rows],
    }


def consulter_fournisseur(call: Call) -> Answer:
    """`consulter/fournisseur` (api/factures.md §6): the whole invoice; its paging objects under their names of 2020
    and 2023."""
    facture = of_supplier(call, fields.needed_number(call.body, "identifiantFactureCPP"))
    pages = (
        fields.record(call.body, "getpLigneRecapTva", "pLigneRecapTva"),
        fields.record(call.body, "getpListePiecesJointes", "pListePiecesJointes"),
        fields.record(call.body, "getpLignesPoste", "pLignesPoste"),
    )
    return {**OK, "facture": content(call.world, facture, pages, issued=True)}


def attach(call: Call, facture: Facture) -> None:
    """`pieceJointeComplementaire`: files added before by `ajouter/fichier` now belong to the invoice."""
    for row in fields.records(call.body, "pieceJointeComplementaire"):
        number = fields.needed_number(row, "pieceJointeComplementaireId")
        piece = call.world.pieces.get(number)
        if piece is None or piece.proprietaire != call.login:
            raise Refusal(20015, f"La pièce jointe {number} n'existe pas ou n'appartient pas à l'utilisateur.")
        facture.pieces.append(
            PieceJointe(
                piece.id,
                piece.nom,
                piece.mime,
                piece.blob,
                code_type=fields.text(row, "pieceJointeComplementaireType", 30) or "DOCUMENT_ANNEXE",
                designation=fields.text(row, "pieceJointeComplementaireDesignation", 100) or piece.nom,
                proprietaire=piece.proprietaire,
                idLiaison=call.world.next_id("liaison"),
                numeroLigne=fields.number(row, "pieceJointeComplementaireNumeroLigneFacture"),
            )
        )


def completer(call: Call) -> Answer:
    """`completer` (api/factures.md §7): files and a comment after a suspension; 20002 `GDP_MSG_11.033` in any other
    status."""
    facture = of_supplier(call, fields.needed_number(call.body, "identifiantFactureCPP"))
    comment = fields.text(call.body, "commentaire", 2000)
    if facture.statut != "SUSPENDUE":
        raise not_suspended()
    attach(call, facture)
    call.world.complete(facture, call.login, comment)
    return {
        **OK,
        "identifiantFactureCPP": facture.id,
        "numeroFacture": facture.numero,
        "dateTraitement": minute(call.world.now()),
    }


def recycler(call: Call) -> Answer:
    """Change the routing of an A_RECYCLER invoice and send it again under its number."""
    world, body = call.world, call.body
    facture = of_supplier(call, fields.needed_number(body, "identifiantFactureCPP"))
    if facture.statut != "A_RECYCLER":
        raise Refusal(20004, 'Le statut de la demande de paiement n\'est pas défini à "A recycler".')
    where, reference = fields.record(body, "destinataire"), fields.record(body, "reference", "references")
    siret = fields.text(where, "codeDestinataire")
    recipient = open_recipient(world.structure_of(siret) if siret else world.structure(facture.idDestinataire))
    service = fields.text(where, "codeServiceExecutant", 100) or facture.codeService
    engagement = fields.text(reference, "numeroBonCommande", 50) or facture.numeroBonCommande
    supplier = world.structures[facture.idFournisseur]
    paths = {"service": "codeServiceExecutant", "engagement": "numeroBonCommande"}
    for sentence in rules.routing_faults(recipient, supplier, service, engagement, paths):
        raise Refusal(20006, sentence)
    former = facture.idDestinataire
    facture.idDestinataire, facture.codeService, facture.numeroBonCommande = (
        recipient.idStructureCPP,
        service,
        engagement,
    )
    facture.telechargee = False
    world.invoices.moved(facture, former, {facture.idValideur1, facture.idValideur2})
    lifecycle.set_status(world, facture, "DEPOSEE", call.login, fields.text(body, "commentaire", 2000))
    now = lifecycle.changed(world, "recycler", facture, call.login)
    validation.route(world, facture, now)
    return {
        **OK,
        "identifiantFactureCPP": facture.id,
        "numeroFacture": facture.numero,
        "statutFacture": "DEPOSEE",
        "dateDepot": minute(now),
    }


def traiter_rejet(call: Call) -> Answer:
    """`traiterRejet` (api/factures.md §9): close the file of rejected invoices; all of them or, on the first
    refusal, none."""
    rows = fields.records(call.body, "listeDemandePaiement")
    if not rows:
        raise malformed("Le champ listeDemandePaiement est obligatoire.")
    factures = [of_supplier(call, fields.needed_number(row, "idDemandePaiement")) for row in rows]
    if any(facture.statut != "REJETEE" for facture in factures):
        raise Refusal(20002, 'Le statut de la demande de paiement n\'est pas défini à "Rejetée".')
    for facture in factures:
        call.world.close_rejection(facture, call.login)
    return dict(OK)


def corriger_valideur(call: Call) -> Answer:
    """Another validator for an invoice that the first one refused as not his."""
    world, body = call.world, call.body
    facture = of_supplier(call, fields.needed_number(body, "idFacture"))
    if facture.statut not in ("ERREUR_FOURNISSEUR_SUR_VALIDEUR", "ERREUR_COTRAITANT_SUR_VALIDEUR"):
        raise Refusal(20002, "Le statut de la demande de paiement ne permet pas de corriger le valideur.")
    number = fields.number(body, "idStructure")
    validator = world.structure(number)
    validator = validator or world.structure_of(fields.text(body, "identifiantStructure"))
    if validator is None or not validator.active:
        raise Refusal(20003, "La structure du valideur n'existe pas ou est inactive.")
    if validator.idStructureCPP == facture.idFournisseur:
        raise not_yours()
    former: set[int | None] = {facture.idValideur1, facture.idValideur2}
    rank = 1 if facture.statut == "ERREUR_FOURNISSEUR_SUR_VALIDEUR" else 2
    if rank == 1:
        facture.idValideur1 = validator.idStructureCPP
    else:
        facture.idValideur2 = validator.idStructureCPP
    world.invoices.moved(facture, facture.idDestinataire, former)
    validation.await_validators(world, facture, world.now(), rank)
    lifecycle.changed(world, "corriger/valideur/facture", facture, call.login)
    return {**OK, "idFacture": facture.id}
