"""The validator's operations: search, read, accept or refuse (specifications/life-cycle.md §5)."""

from __future__ import annotations

from chorus_simulator import fields, validation, values
from chorus_simulator.clock import paris_day
from chorus_simulator.factures import answers, criteria, search
from chorus_simulator.factures.content import content
from chorus_simulator.factures.criteria import Test
from chorus_simulator.factures.rights import of_validator
from chorus_simulator.operations import OK, Answer, Call
from chorus_simulator.refusals import Refusal, not_yours
from chorus_simulator.writing import counters, paging

VISIBLE = (
    "A_VALIDER_1",
    "A_VALIDER_2",
    "VALIDEE_1",
    "VALIDEE_2",
    "REFUSEE_1",
    "REFUSEE_2",
    "ABSENCE_VALIDATION_1_HORS_DELAI",
    "ABSENCE_VALIDATION_2_HORS_DELAI",
    "ERREUR_FOURNISSEUR_SUR_VALIDEUR",
    "ERREUR_COTRAITANT_SUR_VALIDEUR",
)
ACTIONS = ("VALIDATION", "REFUS", "SUSPENSION", "REJET", "MISE_EN_RECYCLAGE", "MISE_EN_PAIEMENT")


def rechercher_valideur(call: Call) -> Answer:
    """`rechercher/valideur` (api/factures.md §17): every invoice that names one of the account's structures as
    validator."""
    body = call.body
    asked = paging(fields.record(body, "pagination"), search.maximum(call))
    scope = search.scope(call, fields.number(body, "idStructureValideur"))
    tests = [*criteria.common_tests(call, body), *criteria.within_period(body), *_tests(call)]
    if fields.text(body, "numeroFacture"):
        tests.append(lambda f: bool({f.idValideur1, f.idValideur2} & set(scope)))
    found, known = search.candidates(call, body, scope, call.world.invoices.of_validator)
    rows, total = search.page(call, found, known, tests, asked)
    return {
        **OK,
        "parametresRetour": counters(asked, total),
        "listeFactures": [answers.for_validator(call.world, facture) for facture in rows],
    }


def _tests(call: Call) -> list[Test]:
    body, structures = call.body, call.world.structures
    tests = criteria.kinds(call, body, fields.choice(call, body, "typeDemandePaiement", values.TYPES_DEMANDE))
    for name, attribute in (("Fournisseur", "idFournisseur"), ("Destinataire", "idDestinataire")):
        wanted = fields.number(body, f"id{name}")
        if wanted is not None:
            by_siren = bool(fields.boolean(body, f"rechercheSiren{name}"))
            same = {
                n
                for n, s in structures.items()
                if by_siren and wanted in structures and s.siren == structures[wanted].siren
            }
            tests.append(criteria.among(attribute, same | {wanted}))
    engagement = fields.text(body, "numeroEngagement")
    if engagement:
        tests.append(criteria.equals("numeroBonCommande", engagement))
    tests += criteria.service(call, body)
    for name, attribute in (("idStructureMoe", "idMoe"), ("idStructureMoa", "idMoa")):
        wanted = fields.number(body, name)
        if wanted is not None:
            tests.append(criteria.equals(attribute, wanted))
    return tests


def rechercher_a_traiter(call: Call) -> Answer:
    """`rechercher/aTraiter/valideur` (api/factures.md §18): those whose turn it is; the second validator waits for
    the first."""
    body = call.body
    asked = paging(fields.record(body, "pagination"), search.maximum(call))
    named = call.world.structure_of(fields.text(body, "identifiantStructure"))
    wanted = fields.number(body, "idStructure")
    scope = search.scope(call, named.idStructureCPP if wanted is None and named else wanted)
    found, known = search.candidates(call, {}, scope, call.world.invoices.of_validator)
    rows, total = search.page(call, found, known, [lambda f: validation.awaited(f) in scope], asked)
    return {
        **OK,
        "parametresRetour": counters(asked, total),
        "listeFactures": [answers.for_validator(call.world, facture) for facture in rows],
    }


def consulter_valideur(call: Call) -> Answer:
    """`consulter/valideur` (api/factures.md §19): the whole invoice, in the shape of the supplier's."""
    facture = of_validator(call, fields.needed_number(call.body, "identifiantFactureCPP"))
    pages = (
        fields.record(call.body, "rechercheLigneTvaRecap", "rechercheligneTvaRecap"),
        fields.record(call.body, "recherchePj"),
        fields.record(call.body, "rechercheLignePoste"),
    )
    return {**OK, "facture": content(call.world, facture, pages, issued=True)}


def traiter_facture_a_valider(call: Call) -> Answer:
    """VALIDATION accepts, REFUS and REJET refuse with a reason of the list; the other actions are those of works
    validators, refused here."""
    body = call.body
    facture = of_validator(call, fields.needed_number(body, "idFacture"))
    action = fields.choice(call, body, "action", ACTIONS, needed=True)
    motif = fields.choice(call, body, "motifRefus", values.MOTIFS)
    awaited = validation.awaited(facture)
    if awaited is not None and awaited not in call.reach:
        raise not_yours()
    if action not in ("VALIDATION", "REFUS", "REJET"):
        raise Refusal(20004, "L'action demandée n'est pas permise sur cette facture.")
    validation.decide(call.world, facture, action == "VALIDATION", call.login, motif)
    comment = fields.text(body, "complementInfo", 2000)
    if comment:
        facture.commentaire = comment
    return {
        **OK,
        "idFacture": facture.id,
        "numeroFacture": facture.numero,
        "dateTraitement": paris_day(call.world.now()),
        "statutFacture": facture.statut,
    }


def statuts_visibles(_: Call) -> Answer:
    """`recuperer/statutsFactureVisibles/valideur` (api/factures.md §21): the same list for everybody."""
    return {**OK, "listeStatutFacture": [{"codeStatutFacture": statut} for statut in VISIBLE]}
