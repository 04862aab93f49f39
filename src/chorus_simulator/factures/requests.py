"""`rechercher/demandePaiement`: one search for every role (announced as not working in qualification)."""

from __future__ import annotations

from collections.abc import Iterator

from chorus_simulator import fields, values
from chorus_simulator.factures import answers, criteria, search
from chorus_simulator.factures.criteria import Test
from chorus_simulator.model import Facture
from chorus_simulator.operations import OK, Answer, Body, Call
from chorus_simulator.refusals import Refusal
from chorus_simulator.writing import Paging

MOST = 10_000
STRUCTURES = (
    ("structureFournisseur", "Fournisseur", "idFournisseur"),
    ("structureDestinataire", "Destinataire", "idDestinataire"),
    ("structureMoe", "Moe", "idMoe"),
    ("structureMoa", "Moa", "idMoa"),
    ("structureValideur", "Valideur", "idValideur1"),
)


def rechercher_demande_paiement(call: Call) -> Answer:
    """`rechercher/demandePaiement` (api/factures.md §22): no paging, at most `MOST` rows, the whole count in `total`
    and in each row. Answers 500 in qualification, as the true one does, unless `services_qualification` is on."""
    body, world = call.body, call.world
    if world.environment == "sandbox" and not world.switches.on("services_qualification"):
        raise Refusal(500, "Erreur interne du serveur", http=500)
    role = fields.choice(call, body, "roleUtilisateur", values.ROLES) or "FOURNISSEUR"
    archived = fields.choice(call, body, "dpOuDpArchive", ("DEMANDE_PAIEMENT", "DP_ARCHIVE")) == "DP_ARCHIVE"
    tests = [of_role(call, role), *criteria.common_tests(call, body), *criteria.within_period(body), *_tests(call)]
    found = iter(()) if archived else _candidates(call, role)
    rows, total = search.page(call, found, None, tests, Paging(size=MOST))
    listed = [answers.payment_request(world, facture, total) for facture in rows]
    return {**OK, "listeDemandePaiement": listed, "total": total}


def _candidates(call: Call, role: str) -> Iterator[Facture]:
    invoices = call.world.invoices
    if role in ("MOE", "MOA"):
        return (invoices.by_id[number] for _, number in reversed(invoices.works))
    lists = {"FOURNISSEUR": invoices.of_supplier, "DESTINATAIRE": invoices.of_recipient}
    return search.candidates(call, call.body, sorted(call.reach), lists.get(role, invoices.of_validator))[0]


def of_role(call: Call, role: str) -> Test:
    """Invoices that the account may see in this role."""
    reach = call.reach
    tests: dict[str, Test] = {
        "FOURNISSEUR": lambda f: f.idFournisseur in reach,
        "DESTINATAIRE": lambda f: f.idDestinataire in reach and f.id in call.world.invoices.shown,
        "VALIDEUR": lambda f: bool({f.idValideur1, f.idValideur2} & reach),
        "MOE": lambda f: f.idMoe in reach,
        "MOA": lambda f: f.idMoa in reach,
    }
    return tests["VALIDEUR" if role == "VALIDATEUR" else role]


def _tests(call: Call) -> list[Test]:
    body = call.body
    tests: list[Test] = []
    for name, attribute, known in (
        ("typeDemandePaiement", "typeDemandePaiement", values.TYPES_DEMANDE),
        ("typeFacture", "typeFacture", values.TYPES_FACTURE),
        ("typeFactureTravaux", "typeFactureTravaux", values.TYPES_TRAVAUX),
    ):
        wanted = fields.choice(call, body, name, known)
        if wanted:
            tests.append(criteria.equals(attribute, wanted))
    mandat = fields.text(body, "numeroDpMandat")
    if mandat:
        tests.append(criteria.equals("numeroDPMandat", mandat))
    for name, suffix, attribute in STRUCTURES:
        number = _number(call, fields.record(body, name), suffix)
        if number is not None:
            tests.append(criteria.equals(attribute, number))
    return tests


def _number(call: Call, wanted: Body, suffix: str) -> int | None:
    number = fields.number(wanted, f"idStructure{suffix}")
    identifiant = fields.text(wanted, f"identifiantStructure{suffix}")
    if number is None and identifiant:
        named = call.world.structure_of(identifiant)
        return named.idStructureCPP if named else -1
    return number
